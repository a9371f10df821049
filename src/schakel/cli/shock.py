"""schakel shock: what a scenario costs under each lens, which mitigation buys what, and what to find out next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from schakel.cli.options import format_option, language, threads_option

LENS = {
    "floor": {"en": "floor: best possible allocation", "nl": "vloer: best mogelijke verdeling"},
    "centre": {"en": "centre: stocks, orders, delays", "nl": "midden: voorraden, orders, vertraging"},
    "ceiling": {"en": "ceiling: nothing replaced", "nl": "plafond: niets vervangen"},
    "long_run": {"en": "long run: trade has adjusted", "nl": "lange termijn: handel aangepast"},
}


@click.group()
def shock() -> None:
    """Scenarios: who withholds what from whom, and what that costs over time.

    \b
    Example:
      schakel shock new | head -5
    """


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    from schakel.lake.progress import bar

    done: dict[str, int] = {}
    with bar("scenario") as step:

        def tell(label: str, now: int, total: int) -> None:
            step(now - done.get(label, 0))
            done[label] = now

        yield tell


def _open(name: str) -> Any:
    from schakel.shocks import scenario

    return scenario.read(Path(name))


def _write(
    answer: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], columns: Sequence[Any], format_: str, out: Path | None,
    lang: str, title: str, notes: Sequence[str] = (),
) -> None:  # fmt: skip
    from schakel.cli import tables

    tables.write(
        rows, columns, format_, out, lang, title=title, envelope=answer,
        licences=[k["id"] for k in answer.get("licences", ())], warnings=[*notes, *answer.get("warnings", ())],
    )  # fmt: skip


@shock.command()
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file, which must not exist yet."
)
def new(out: Path | None) -> None:
    """Write a commented scenario to start from.

    \b
    Example:
      schakel shock new --out my-scenario.yaml
    """
    from schakel.errors import InputError, MachineError
    from schakel.shocks import scenario

    text = scenario.template()
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        with out.open("x", encoding="utf-8") as handle:
            handle.write(text)
    except FileExistsError:
        raise InputError("the file is already there", where=f"file {out}", remedy="choose another name") from None
    except OSError as error:
        raise MachineError(
            f"cannot be written: {error.strerror}", where=f"file {out}", remedy="choose another folder"
        ) from None
    click.echo(f"written: {out}", err=True)


@shock.command()
@click.argument("scenario", metavar="SCENARIO")
@format_option
def check(scenario: str, format_: str, out: Path | None, lang: str | None) -> None:
    """Check a scenario file without running it, and show what is uncertain in it.

    \b
    Example:
      schakel shock check taiwan-blockade
    """
    from schakel.reports.model import Column
    from schakel.shocks.draws import draw
    from schakel.shocks.yamlfile import shown

    tongue = language(lang)
    found = _open(scenario)
    rows = [
        {
            "number": shown(path),
            "point": n.point,
            "distribution": n.kind or "-",
            **dict(zip(("p05", "p95"), n.at([0.05, 0.95]).tolist(), strict=True)),
        }
        for path, n in found.numbers.items()
    ]
    columns = [
        Column("number", {"en": "number", "nl": "getal"}, kind="code"),
        Column("point", {"en": "point", "nl": "punt"}, kind="number"),
        Column("distribution", {"en": "distribution", "nl": "verdeling"}),
        Column("p05", kind="number"),
        Column("p95", kind="number"),
    ]
    answer = {
        "scenario": found.id,
        "sha256": found.sha256,
        "uncertain": list(draw(found, 1).names),
        "numbers": rows,
        "warnings": [],
    }
    _write(answer, rows, columns, format_, out, tongue, found.id, [f"sha256 {found.sha256}"])


@shock.command("list")
@format_option
def list_(format_: str, out: Path | None, lang: str | None) -> None:
    """List the scenarios that come along.

    \b
    Example:
      schakel shock list
    """
    from schakel.reports.model import Column
    from schakel.shocks import library

    tongue = language(lang)
    rows = []
    for name in library.names():
        found = _open(name)
        title = found.content["title"]
        rows.append(
            {
                "scenario": name,
                "title": title.get(tongue) or title["en"],
                "start": found.content["time"]["start"],
                "days": found.horizon,
            }
        )
    columns = [
        Column("scenario", {"en": "scenario", "nl": "scenario"}, kind="code"),
        Column("title", {"en": "title", "nl": "titel"}),
        Column("start", {"en": "start", "nl": "begin"}, kind="code"),
        Column("days", {"en": "days", "nl": "dagen"}, kind="integer"),
    ]
    _write({"scenarios": rows}, rows, columns, format_, out, tongue, "schakel")


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
@threads_option
@format_option
def run(
    scenario: str,
    draws: int | None,
    keep: Path | None,
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
    from schakel.shocks import run as room

    tongue = language(lang)
    found = _open(scenario)
    path = _keep(found, draws, keep)
    with _progress() as tell:
        answer = room.run(found, draws=draws, threads=threads, keep=path, progress=tell)
    if keep is None:
        path.unlink(missing_ok=True)
    rows = _rows(answer, tongue)
    _write(
        answer, rows, _columns(), format_, out, tongue, f"{found.id}: {_title(found, tongue)}", _notes(answer, tongue)
    )


def _title(found: Any, lang: str) -> str:
    title = found.content["title"]
    return str(title.get(lang) or title["en"])


def _rows(answer: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    rows = []
    for world, lenses in (("", answer["lenses"]), ("chain", answer.get("chain") or {})):
        for lens, r in lenses.items():
            loss = r["loss_usd"] or {}
            share = r["loss_share"] or {}
            rows.append(
                {
                    "lens": LENS[lens][lang] + (f" ({r['world']})" if world else ""),
                    "loss_usd": loss.get("median"),
                    "p05": loss.get("p05"),
                    "p95": loss.get("p95"),
                    "share": share.get("median"),
                    "share_p05": share.get("p05"),
                    "share_p95": share.get("p95"),
                    "first_stop_day": r["first_stop_day"],
                    "draws": r["draws"],
                }
            )
    return rows


def _columns() -> list[Any]:
    from schakel.reports.model import Column

    return [
        Column("lens", {"en": "lens", "nl": "lens"}),
        Column("loss_usd", {"en": "loss, median", "nl": "verlies, mediaan"}, unit="USD", kind="money"),
        Column("p05", {"en": "5 %", "nl": "5 %"}, unit="USD", kind="money"),
        Column("p95", {"en": "95 %", "nl": "95 %"}, unit="USD", kind="money"),
        Column("share", {"en": "of value added", "nl": "van toegevoegde waarde"}, kind="number"),
        Column("share_p05", {"en": "5 %", "nl": "5 %"}, kind="number", detail=True),
        Column("share_p95", {"en": "95 %", "nl": "95 %"}, kind="number", detail=True),
        Column("first_stop_day", {"en": "first stop, day", "nl": "eerste stilstand, dag"}, kind="number"),
        Column("draws", {"en": "draws", "nl": "trekkingen"}, kind="integer"),
    ]


def _notes(answer: Mapping[str, Any], lang: str) -> list[str]:
    notes = []
    for e in answer["expected"]:
        met = {
            "en": {True: "within", False: "outside", None: "not held"},
            "nl": {True: "binnen", False: "buiten", None: "niet vergeleken met"},
        }[lang][e["met"]]
        ours = "-" if e["ours"] is None else f"{e['ours']:.6g}"
        notes.append(
            f"{e['measure']} ({e['lens']}): {ours}, {met} [{e['low']:g}, {e['high']:g}]; {e['published']} ({e['source']}, {e['mark']})"
        )
    word = {"en": "lacks data", "nl": "mist gegevens"}[lang]
    notes += [f"{where} {word}: {why}" for where, why in answer["lacking"].items()]
    return notes


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
    from schakel.reports.model import Column
    from schakel.shocks import run as room

    tongue = language(lang)
    answers, rows = [], []
    with _progress() as tell:
        for name in scenarios:
            found = _open(name)
            answer = room.run(
                found,
                draws=draws,
                threads=threads,
                progress=lambda label, now, total, n=name: tell(f"{n}: {label}", now, total),
            )
            answers.append(answer)
            rows += [{"scenario": found.id, **row} for row in _rows(answer, tongue)]
    columns = [Column("scenario", {"en": "scenario", "nl": "scenario"}, kind="code"), *_columns()]
    envelope = {
        "scenarios": answers,
        "licences": list({k["id"]: k for a in answers for k in a["licences"]}.values()),
        "warnings": list(dict.fromkeys(w for a in answers for w in a["warnings"])),
    }
    _write(envelope, rows, columns, format_, out, tongue, ", ".join(scenarios))


def _lens_options(function: Any) -> Any:
    for option in (
        click.option(
            "--on", type=click.Choice(["table", "graph"]), default="table", show_default=True, help="World to run on."
        ),
        click.option("--lens", type=click.Choice(list(LENS)), default="centre", show_default=True, help="Lens to run."),
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
    """Compare the mitigations of a scenario: money saved, days bought, benefit per dollar.

    \b
    Example:
      schakel shock mitigate taiwan-blockade --draws 0
    """
    from schakel.reports.model import Column
    from schakel.shocks import mitigate as room

    tongue = language(lang)
    found = _open(scenario)
    with _progress() as tell:
        answer = room.compare(found, lens=lens, on=on, draws=draws, threads=threads, progress=tell)
    rows = [
        {
            **r,
            "alone": r["saved_alone"]["median"],
            "last": r["saved_last"]["median"],
            "ratio": (r["benefit_per_usd"] or {}).get("median"),
            "days": (r["days_bought"]["days"] or {}).get("median"),
            "avoided": r["days_bought"]["avoided"],
        }
        for r in answer["rows"]
    ]
    money: dict[str, Any] = {"unit": answer["unit"], "kind": "money" if answer["unit"] == "USD" else "number"}
    columns = [
        Column("mitigation", {"en": "mitigation", "nl": "maatregel"}, kind="code"),
        Column("alone", {"en": "saved alone", "nl": "bespaard, alleen"}, **money),
        Column("last", {"en": "saved on top of the others", "nl": "bespaard bovenop de andere"}, **money),
        Column("cost_usd", {"en": "cost", "nl": "kosten"}, unit="USD", kind="money"),
        Column("ratio", {"en": "saved per dollar", "nl": "bespaard per dollar"}, kind="number"),
        Column("days", {"en": "days bought", "nl": "dagen gewonnen"}, kind="number"),
        Column("avoided", {"en": "draws without a stop", "nl": "trekkingen zonder stilstand"}, kind="integer"),
    ]
    steps = [f"{w['after']}: {w['loss']['median']:.6g} {answer['unit']}" for w in answer["waterfall"]]
    label = {"en": "loss as mitigations are added", "nl": "verlies naarmate maatregelen erbij komen"}[tongue]
    _write(answer, rows, columns, format_, out, tongue, found.id, [f"{label}: {' > '.join(steps)}"])


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
    from schakel.reports.model import Column
    from schakel.shocks import sensitivity as room

    tongue = language(lang)
    found = _open(scenario)
    with _progress() as tell:
        answer = room.indices(found, lens=lens, on=on, base=base, threads=threads, progress=tell)
    columns = [
        Column("number", {"en": "number", "nl": "getal"}, kind="code"),
        Column("first_order", {"en": "by itself", "nl": "op zichzelf"}, kind="number"),
        Column("total", {"en": "in all", "nl": "in totaal"}, kind="number"),
        Column("total_p05", {"en": "5 %", "nl": "5 %"}, kind="number"),
        Column("total_p95", {"en": "95 %", "nl": "95 %"}, kind="number"),
    ]
    _write(answer, answer["rows"], columns, format_, out, tongue, found.id)
