"""schakel shock report: a result as HTML, PDF/A, docx and xlsx."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from schakel.cli.options import language
from schakel.cli.speech import note


@click.command()
@click.argument("scenario", metavar="SCENARIO|RESULT.json")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("shock-out"),
    show_default=True,
    help="Folder for the report files.",
)
@click.option("--files", default="html,pdf,docx,xlsx", show_default=True, help="Report files to write.")
@click.option(
    "--mitigations",
    type=click.Path(path_type=Path, dir_okay=False),
    help="What schakel shock mitigate --format json wrote; the one kept last when left out.",
)
@click.option("--lang", type=click.Choice(["en", "nl"]), default=None, help="Language of the report.")
@click.option("--date", default=None, help="Date printed on the report; today when left out.")
def report(scenario: str, out: Path, files: str, mitigations: Path | None, lang: str | None, date: str | None) -> None:
    """Write the report of a result: of RESULT.json, or the one kept last of a scenario.

    \b
    Example:
      schakel shock run neon-2022 --draws 4
      schakel shock report neon-2022 --out report --lang nl
    """
    import datetime

    from schakel.errors import InputError
    from schakel.reports.shock_report import shock_report
    from schakel.reports.write import FORMATS, write_report
    from schakel.shocks import kept

    wanted = [f.strip() for f in files.split(",") if f.strip()]
    unknown = [f for f in wanted if f not in FORMATS]
    if unknown or not wanted:
        what = f"there is no report format {unknown[0]!r}" if unknown else "no report format is named"
        raise InputError(what, where="--files", remedy=f"use {', '.join(FORMATS)}")
    answer = _answer(scenario)
    if "lenses" not in answer:
        raise InputError(
            "the file holds no run of a scenario", where=f"file {scenario}", remedy="give what schakel shock run wrote"
        )
    beside = _beside(answer, mitigations)
    tongue = language(lang)
    full = shock_report(
        answer,
        tongue,
        date or datetime.date.today().isoformat(),
        mitigated=beside,
        sensitivity=kept.beside(answer, "sensitivity"),
        resolution=kept.beside(answer, "resolution"),
    )
    for kind in wanted:
        written = write_report(full, out / f"shock-{answer['scenario']}-{tongue}.{kind}")
        note(f"wrote {written}")


def _answer(name: str) -> dict[str, Any]:
    """Return a result: of a file, or kept of a scenario named by file or by name."""
    from schakel.shocks import kept, scenario

    path = Path(name)
    if path.suffix.lower() == ".json":
        return kept.read(path)
    if path.suffix or path.exists() or len(path.parts) > 1:
        return kept.kept(scenario.read(path).id)
    return kept.kept(name)


def _beside(answer: dict[str, Any], path: Path | None) -> dict[str, Any] | None:
    from schakel.errors import InputError
    from schakel.shocks import kept

    if path is None:
        return kept.beside(answer, "mitigate")
    found = kept.read(path)
    if "waterfall" not in found or found["scenario"] != answer["scenario"]:
        raise InputError(
            f"the file compares no mitigations of {answer['scenario']}",
            where=f"file {path}",
            remedy="give what schakel shock mitigate --format json wrote",
        )
    return found
