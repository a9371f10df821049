"""schakel screen: which imports of a reporter meet a definition?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from schakel.cli.options import flows_argument, format_option, language, open_flows, threads_option


@click.command()
@flows_argument
@click.option("--reporter", required=True, help="Country (alpha-3) or bloc, for example NLD or EU27.")
@click.option("--method", default="ec2021", show_default=True, help="Definition, or the path of a .toml of your own.")
@click.option("--year", type=int, required=True, help="Year of the flows.")
@click.option(
    "--bloc",
    type=click.Choice(["one", "members"]),
    help="The bloc as one country, or its members apart; the definition's own when left out.",
)
@click.option("--dependent", is_flag=True, help="Only rows that meet the definition or stay undecided.")
@threads_option
@format_option
def screen(
    flows: str,
    reporter: str,
    method: str,
    year: int,
    bloc: str | None,
    dependent: bool,
    threads: int | None,
    format_: str,
    out: Path | None,
    lang: str | None,
    **reading: Any,
) -> None:
    """Say which products of FLOWS meet a definition of import dependence.

    FLOWS is a CSV or Parquet file with the columns year, exporter, importer, product, value_usd, the word `reference` for the embedded tables, or a data set of
    the lake. With --format json the whole answer is given, receipt included.

    \b
    Example:
      schakel screen reference --reporter NLD --method ec2021 --year 2023
    """
    from schakel.cli import tables
    from schakel.dependency.presets import preset
    from schakel.dependency.screen import screen as run

    answer = run(
        open_flows(flows, threads=threads, **reading),
        reporter=reporter,
        method=method,
        year=year,
        bloc=bloc,
        threads=threads,
    )
    rows = [r for r in answer.rows if not dependent or r["dependent"] is not False]
    full = answer.as_dict()
    if dependent:
        full["rows"] = rows
        full["warnings"] = [
            *full["warnings"],
            f"{len(answer.rows) - len(rows)} rows that do not meet the definition are not shown; the receipt covers all rows",
        ]
    tongue = language(lang)
    shown = tables.with_names(rows, tongue)
    verdicts = [r["dependent"] for r in answer.rows]
    yes, open_, all_ = verdicts.count(True), verdicts.count(None), len(verdicts)
    counts = (
        f"{yes} van {all_} producten afhankelijk, {open_} onbeslist"
        if tongue == "nl"
        else f"{yes} of {all_} products dependent, {open_} undecided"
    )
    tables.write(
        tables.for_people(shown, tongue) if format_ in ("table", "md") else shown,
        tables.screen_columns(rows, format_, [c.name for c in preset(method).criteria]),
        format_,
        out,
        tongue,
        title=f"{answer.reporter} {answer.year}, {answer.method}: {counts}",
        envelope=full,
        licences=[x["id"] for x in answer.licences],
        warnings=answer.warnings,
    )
