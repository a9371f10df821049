"""schakel compare and schakel churn: how much of an answer is a matter of definition, and of the year?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from schakel.cli.options import flows_argument, format_option, language, open_flows


@click.command()
@flows_argument
@click.option("--reporter", required=True, help="Country (alpha-3) or bloc.")
@click.option("--product", required=True, help="Product code as in the flows.")
@click.option("--year", type=int, required=True)
@click.option(
    "--bloc", type=click.Choice(["one", "members"]), help="Treatment of the bloc; each definition's own when left out."
)
@click.option("--method", "methods", multiple=True, help="Definitions to compare; all when left out. May be repeated.")
@format_option
def compare(
    flows: str,
    reporter: str,
    product: str,
    year: int,
    bloc: str | None,
    methods: tuple[str, ...],
    format_: str,
    out: Path | None,
    lang: str | None,
    **reading: Any,
) -> None:
    """Show one product under all definitions: verdicts, how far thresholds can move, and the range that re-exports leave.

    \b
    Example:
      schakel compare reference --reporter NLD --product 26139000 --year 2023
    """
    from schakel.cli import tables
    from schakel.dependency.compare import compare as run
    from schakel.dependency.embedded import product_name
    from schakel.reports.model import Column, Kind
    from schakel.reports.words import number

    data = open_flows(flows, **reading)
    answer = run(data, reporter, product, year, methods=methods or None, bloc=bloc)
    tongue = language(lang)
    people = format_ in ("table", "md")

    def show(value: float | None, blank: str = "") -> float | str | None:
        return value if not people else blank if value is None else number(value, tongue, 3 if abs(value) < 1000 else 0)

    rows: list[dict[str, Any]] = []
    for entry in answer["methods"]:
        near = [f for f in entry["flips"] if f["turns_verdict"]]
        nearest = min(near, key=lambda f: abs(f["move_relative"] or f["move"]), default=None)
        for name, c in entry["criteria"].items():
            bounds = entry["bounds"]["criteria"].get(name, {})
            rows.append(
                {
                    "method": entry["method"],
                    "dependent": entry["dependent"],
                    "criterion": tables.CRITERION[name][tongue] if people else name,
                    "value": show(c["value"], "?"),
                    "threshold": show(c["threshold"], "?"),
                    "passes": c["passes"],
                    "flips_at": show(nearest["flips_at"] if nearest and nearest["criterion"] == name else None),
                    "low": show(bounds.get("low")),
                    "high": show(bounds.get("high"), "∞" if bounds else ""),
                    "why": c["why"],
                }
            )
    agreement = answer["agreement"]
    kind: Kind = "text" if people else "number"
    columns = [
        Column("method", {"en": "definition", "nl": "definitie"}, kind="code"),
        Column("dependent", {"en": "dependent", "nl": "afhankelijk"}, kind="boolean"),
        Column("criterion", {"en": "criterion", "nl": "criterium"}),
        Column("value", {"en": "value", "nl": "waarde"}, kind=kind),
        Column("threshold", {"en": "threshold", "nl": "drempel"}, kind=kind),
        Column("passes", {"en": "met", "nl": "gehaald"}, kind="boolean"),
        Column("flips_at", {"en": "verdict turns at", "nl": "oordeel kantelt bij"}, kind=kind),
        Column(
            "low", {"en": "low, re-exports", "nl": "laag, wederuitvoer"}, kind=kind, detail=data.coverage != "world"
        ),
        Column(
            "high", {"en": "high, re-exports", "nl": "hoog, wederuitvoer"}, kind=kind, detail=data.coverage != "world"
        ),
        Column("why", {"en": "why unknown", "nl": "waarom onbekend"}, detail=True),
    ]
    counts = (
        f"ja {agreement['yes']}, nee {agreement['no']}, onbeslist {agreement['open']}"
        if tongue == "nl"
        else f"yes {agreement['yes']}, no {agreement['no']}, undecided {agreement['open']}"
    )
    title = f"{product} {product_name(product, tongue)}, {answer['reporter']} {year}: {counts}"
    tables.write(
        rows,
        columns,
        format_,
        out,
        tongue,
        title=title,
        envelope=answer,
        licences=data.licences,
        warnings=data.warnings,
    )


@click.command()
@flows_argument
@click.option("--reporter", required=True, help="Country (alpha-3) or bloc.")
@click.option("--method", default="ec2021", show_default=True)
@click.option("--from", "first", type=int, required=True, help="First year.")
@click.option("--to", "second", type=int, required=True, help="Second year.")
@click.option("--bloc", type=click.Choice(["one", "members"]))
@format_option
def churn(
    flows: str,
    reporter: str,
    method: str,
    first: int,
    second: int,
    bloc: str | None,
    format_: str,
    out: Path | None,
    lang: str | None,
    **reading: Any,
) -> None:
    """Show which products entered or left the list of dependencies between two years.

    \b
    Example:
      schakel churn reference --reporter EU27 --method crma --from 2022 --to 2024
    """
    from schakel.cli import tables
    from schakel.dependency.compare import churn as run
    from schakel.reports.model import Column

    data = open_flows(flows, **reading)
    answer = run(data, reporter, method, first, second, bloc)
    tongue = language(lang)
    rows = [{"product": p, "change": kind} for kind in ("entered", "left", "open", "stayed") for p in answer[kind]]
    columns = [
        Column("product", "product", kind="code"),
        Column("product_name", {"en": "name", "nl": "naam"}),
        Column("change", {"en": "change", "nl": "verandering"}),
    ]
    share = answer["left_share"]
    title = f"{answer['reporter']} {method} {first}-{second}" + (
        f": {100 * share:.1f} % left" if share is not None else ""
    )
    tables.write(
        tables.with_names(rows, tongue),
        columns,
        format_,
        out,
        tongue,
        title=title,
        envelope=answer,
        licences=data.licences,
        warnings=data.warnings,
    )
