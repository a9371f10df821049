"""schakel shock: what a scenario costs under each lens, which mitigation buys what, and what to find out next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click

from schakel.cli.options import format_option, language, threads_option
from schakel.cli.shock_files import check, list_, new, open_scenario, write_answer
from schakel.cli.shock_report import report
from schakel.cli.shock_resolution import resolution

LENSES = ("floor", "centre", "ceiling", "long_run")


@click.group()
def shock() -> None:
    """Scenarios: who withholds what from whom, and what that costs over time.

    \b
    Example:
      schakel shock run neon-2022 --draws 4
    """


@contextmanager
def _progress(total: float | None = None) -> Iterator[Callable[[str, int, int], None]]:
    from schakel.lake.progress import bar

    done: dict[str, int] = {}
    with bar("scenario", total) as step:

        def tell(label: str, now: int, total: int) -> None:
            step(now - done.get(label, 0))
            done[label] = now

        yield tell


def _named(tell: Callable[[str, int, int], None], name: str, label: str, now: int, total: int) -> None:
    tell(f"{name}: {label}", now, total)


def _keep(found: Any, draws: int | None, keep: Path | None) -> Path:
    from schakel import settings

    if keep is not None:
        return keep
    count = found.draws if draws is None else draws
    return Path(settings.load().home) / "runs" / f"{found.id}-{found.sha256[:12]}-{count}.jsonl"


@shock.command()
@click.argument("scenario", metavar="SCENARIO")
@click.option(
    "--draws", type=click.IntRange(0, 4096), help="Draws of the uncertain numbers; 0 takes every number at its point."
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File with finished parts; the same command goes on where it stopped.",
)
@click.option(
    "--resolution",
    type=click.IntRange(0, 1024),
    default=0,
    show_default=True,
    help="Coarser tables to draw for the band of resolution; 0 leaves it out.",
)
@threads_option
@format_option
def run(
    scenario: str,
    draws: int | None,
    keep: Path | None,
    resolution: int,
    threads: int | None,
    format_: str,
    out: Path | None,
    lang: str | None,
) -> None:
    """Run a scenario through every lens.

    A run that is stopped goes on where it was when the same command is given again.

    \b
    Example:
      schakel shock run taiwan-blockade --draws 4
    """
    from schakel.cli import shock_tables
    from schakel.shocks import kept
    from schakel.shocks import run as room

    tongue = language(lang)
    found = open_scenario(scenario)
    path = _keep(found, draws, keep)
    with _progress(_work(found, draws, resolution)) as tell:
        answer = room.run(
            found, draws=draws, threads=threads, keep=path, passing=keep is None, groupings=resolution, progress=tell
        )
    kept.keep(answer)
    write_answer(
        answer,
        shock_tables.runs(answer, format_, tongue),
        shock_tables.run_columns(format_),
        format_,
        out,
        tongue,
        shock_tables.title_of(found.content, tongue),
        [*shock_tables.places(answer, tongue), *shock_tables.run_notes(answer, tongue)],
    )


def _work(found: Any, draws: int | None, groupings: int = 0) -> int:
    """Return how many draws all lenses take together, for the bar; a coarser table counts as one."""
    count = found.draws if draws is None else max(1, draws)
    worlds = [k for k in ("table", "graph") if found.content.get(k)]
    coarse = (groupings + 1) * len(found.lenses) if groupings and "table" in worlds else 0
    return coarse + int(count * sum(k == "table" or lens != "long_run" for k in worlds for lens in found.lenses))


@shock.command()
@click.argument("scenarios", metavar="SCENARIO SCENARIO...", nargs=-1, required=True)
@click.option("--draws", type=click.IntRange(0, 4096), help="Draws; 0 takes every number at its point.")
@threads_option
@format_option
def compare(
    scenarios: tuple[str, ...], draws: int | None, threads: int | None, format_: str, out: Path | None, lang: str | None
) -> None:
    """Run several scenarios and put their results side by side.

    \b
    Example:
      schakel shock compare taiwan-blockade neon-2022 --draws 0
    """
    from schakel.cli import shock_tables
    from schakel.reports.model import Column
    from schakel.shocks import run as room

    tongue = language(lang)
    answers, rows = [], []
    opened = [open_scenario(name) for name in scenarios]
    with _progress(sum(_work(found, draws) for found in opened)) as tell:
        for name, found in zip(scenarios, opened, strict=True):
            answer = room.run(
                found,
                draws=draws,
                threads=threads,
                progress=partial(_named, tell, name),
            )
            answers.append(answer)
            rows += shock_tables.runs(answer, format_, tongue)
    columns = shock_tables.run_columns(format_)
    if format_ in shock_tables.PEOPLE:
        named = Column("scenario", {"en": "scenario", "nl": "scenario"}, kind="code")
        columns = [named, *columns]
    envelope = {
        "scenarios": answers,
        "licences": list({k["id"]: k for a in answers for k in a["licences"]}.values()),
        "warnings": list(dict.fromkeys(w for a in answers for w in a["warnings"])),
    }
    most = max(r["draws"] for a in answers for r in a["lenses"].values())
    title = ", ".join(found.id for found in opened)
    write_answer(envelope, rows, columns, format_, out, tongue, title, [shock_tables.reading(most, tongue)])


def _lens_options(function: Any) -> Any:
    for option in (
        click.option(
            "--on", type=click.Choice(["table", "graph"]), default="table", show_default=True, help="World to run on."
        ),
        click.option("--lens", type=click.Choice(LENSES), default="centre", show_default=True, help="Lens to run."),
        click.argument("scenario", metavar="SCENARIO"),
    ):
        function = option(function)
    return function


@shock.command()
@_lens_options
@click.option("--draws", type=click.IntRange(0, 4096), help="Draws; 0 takes every number at its point.")
@threads_option
@format_option
def mitigate(
    scenario: str,
    lens: str,
    on: str,
    draws: int | None,
    threads: int | None,
    format_: str,
    out: Path | None,
    lang: str | None,
) -> None:
    """Compare the mitigations of a scenario: money saved, days bought, benefit per euro and per day.

    \b
    Example:
      schakel shock mitigate neon-2022 --draws 0
    """
    from schakel.cli import shock_tables
    from schakel.shocks import kept
    from schakel.shocks import mitigate as room

    tongue = language(lang)
    found = open_scenario(scenario)
    with _progress() as tell:
        answer = room.compare(found, lens=lens, on=on, draws=draws, threads=threads, progress=tell)
    kept.keep(answer, "mitigate")
    rows, columns = shock_tables.mitigations(answer, format_, tongue)
    notes = shock_tables.mitigation_notes(answer, tongue)
    write_answer(answer, rows, columns, format_, out, tongue, shock_tables.title_of(found.content, tongue), notes)


@shock.command()
@_lens_options
@click.option(
    "--base", type=click.IntRange(2, 4096), default=32, show_default=True, help="Base points, a power of two."
)
@threads_option
@format_option
def sensitivity(
    scenario: str, lens: str, on: str, base: int, threads: int | None, format_: str, out: Path | None, lang: str | None
) -> None:
    """Show which uncertain number moves the loss most: what to find out next.

    \b
    Example:
      schakel shock sensitivity taiwan-blockade --lens long_run --base 8
    """
    from schakel.cli import shock_tables
    from schakel.reports.model import Column
    from schakel.shocks import kept
    from schakel.shocks import sensitivity as room

    tongue = language(lang)
    found = open_scenario(scenario)
    with _progress() as tell:
        answer = room.indices(found, lens=lens, on=on, base=base, threads=threads, progress=tell)
    kept.keep(answer, "sensitivity")
    columns = [
        Column("number", {"en": "number", "nl": "getal"}, kind="code"),
        Column("first_order", {"en": "by itself", "nl": "op zichzelf"}, kind="number", digits=2),
        Column("total", {"en": "in all", "nl": "in totaal"}, kind="number", digits=2),
        Column("total_p05", {"en": "5 %", "nl": "5 %"}, kind="number", digits=2),
        Column("total_p95", {"en": "95 %", "nl": "95 %"}, kind="number", digits=2),
    ]
    title = shock_tables.title_of(found.content, tongue)
    write_answer(
        answer, answer["rows"], columns, format_, out, tongue, title, shock_tables.sensitivity_notes(answer, tongue)
    )


for command in (new, check, list_, report, resolution):
    shock.add_command(command)
