"""schakel shock new, check and list: scenario files themselves, before anything runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from schakel.cli.options import format_option, language
from schakel.cli.speech import note, tell


def open_scenario(name: str) -> Any:
    """Return a scenario by file or by name in the library."""
    from schakel.shocks import scenario

    return scenario.read(Path(name))


def write_answer(
    answer: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], columns: Sequence[Any], format_: str, out: Path | None,
    lang: str, title: str, notes: Sequence[str] = (),
) -> None:  # fmt: skip
    """Write an answer; notes and warnings go to standard error unless they are in the JSON."""
    from schakel.cli import shock_tables, tables

    tables.write(
        rows, columns, format_, out, lang, title=title, envelope=answer,
        licences=[k["id"] for k in answer.get("licences", ())], warnings=[*notes, *shock_tables.warned(answer, lang)],
    )  # fmt: skip


@click.command()
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
        tell(text.removesuffix("\n"))
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
    note(f"wrote {out}")


@click.command()
@click.argument("scenario", metavar="SCENARIO")
@format_option
def check(scenario: str, format_: str, out: Path | None, lang: str | None) -> None:
    """Check a scenario file without running it, and show what is uncertain in it.

    \b
    Example:
      schakel shock check taiwan-blockade
    """
    from schakel.cli import shock_tables
    from schakel.reports.model import Column
    from schakel.shocks.draws import draw
    from schakel.shocks.yamlfile import shown

    tongue = language(lang)
    found = open_scenario(scenario)
    rows = [
        {
            "number": shown(path),
            "point": n.point,
            "distribution": n.kind or "-",
            **dict(zip(("p05", "p95"), n.at([0.05, 0.95]).tolist(), strict=True)),
        }
        for path, n in found.numbers.items()
    ]
    people = format_ in shock_tables.PEOPLE
    kind: Any = "code" if people else "number"
    columns = [
        Column("number", {"en": "number", "nl": "getal"}, kind="code"),
        Column("point", {"en": "point", "nl": "punt"}, kind=kind),
        Column("distribution", {"en": "drawn", "nl": "trekking"}, kind="code"),
        Column("p05", {"en": "5 %", "nl": "5 %"}, kind=kind),
        Column("p95", {"en": "95 %", "nl": "95 %"}, kind=kind),
    ]
    said = [{**r, **{k: shock_tables.plainly(r[k], tongue) for k in ("point", "p05", "p95")}} for r in rows]
    answer = {
        "scenario": found.id,
        "sha256": found.sha256,
        "uncertain": list(draw(found, 1).names),
        "numbers": rows,
        "warnings": [],
    }
    title = shock_tables.title_of(found.content, tongue)
    write_answer(answer, said if people else rows, columns, format_, out, tongue, title, [f"sha256 {found.sha256}"])


@click.command("list")
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
        found = open_scenario(name)
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
    write_answer({"scenarios": rows}, rows, columns, format_, out, tongue, "schakel")
