"""schakel batch: what do all definitions say of all importers, year by year?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from schakel.cli.options import flows_argument, open_flows, threads_option
from schakel.cli.speech import note, tell


@click.command()
@flows_argument
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder for year=YYYY.parquet and batch.json; made when it is not there.",
)
@click.option("--year", "years", type=int, multiple=True, help="A year; may be given again. All years when left out.")
@click.option(
    "--reporter",
    "reporters",
    multiple=True,
    help="Country or the bloc; may be given again. Everybody when left out.",
)
@click.option(
    "--method", "methods", multiple=True, help="Definition; may be given again. All that come with the program."
)
@click.option("--values", is_flag=True, help="Also write the value of every criterion.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to write the summary.",
)
@threads_option
def batch(
    flows: str,
    out: Path,
    years: tuple[int, ...],
    reporters: tuple[str, ...],
    methods: tuple[str, ...],
    values: bool,
    format_: str,
    threads: int | None,
    **reading: Any,
) -> None:
    """Ask all definitions about every importer in FLOWS, year by year, and write the verdicts as Parquet.

    Each file has a row an importer and product: import value, top supplier with its share, a column a definition (true, false, or empty where an input is
    missing), and how many definitions are met or open. Memory does not grow with the number of years.

    \b
    Example:
      schakel batch reference --year 2023 --out batch-out
    """
    import json

    from schakel.dependency.batch import run
    from schakel.lake.progress import bar
    from schakel.reports.files import to_stdout

    opened = open_flows(flows, threads=threads, **reading)
    with bar("years", len(years or opened.years)) as done:
        answer = run(
            opened,
            out,
            years=years or None,
            methods=methods or None,
            reporters=reporters or None,
            values=values,
            threads=threads,
            done=done,
        )
    for warning in answer.warnings:
        note(f"warning: {warning}")
    if format_ == "json":
        to_stdout((json.dumps(answer.as_dict(), ensure_ascii=False) + "\n").encode())
        return
    tell(f"{'year':<6}{'definition':<16}{'dependent':>12}{'not':>12}{'undecided':>12}")
    for t in answer.tallies:
        tell(f"{t.year:<6}{t.method:<16}{t.dependent:>12,}{t.not_dependent:>12,}{t.undecided:>12,}")
    tell(f"{answer.rows:,} rows in {out}")
