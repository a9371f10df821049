"""schakel compare and schakel churn: how much of an answer is a matter of definition, and of the year?"""

from __future__ import annotations

from itertools import chain, repeat
from pathlib import Path
from typing import Any

import click

from schakel.cli.options import flows_argument, format_option, language, open_flows


@click.command()
@flows_argument
@click.option("--reporter", required=True, help="Country (alpha-3) or bloc.")
@click.option("--product", required=True, help="Product code as in the flows.")
@click.option("--year", type=int, required=True, help="Year of the flows.")
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
    from schakel import api
    from schakel.cli import tables
    from schakel.dependency.embedded import product_name
    from schakel.reports.model import Column, Kind
    from schakel.reports.words import shown

    data = open_flows(flows, **reading)
    answer = api.compare(data, reporter=reporter, product=product, year=year, methods=methods or None, bloc=bloc).answer
    tongue = language(lang)
    people = format_ in ("table", "md")

    def show(value: float | None, name: str, blank: str = "") -> float | str | None:
        return tables.figure(value, name, tongue, blank) if people else value

    rows: list[dict[str, Any]] = []
    for entry in answer["methods"]:
        turns = {f["criterion"]: f["flips_at"] for f in entry["flips"] if f["turns_verdict"]}
        for first, (name, c) in zip(chain([True], repeat(False)), entry["criteria"].items(), strict=False):
            bounds = entry["bounds"]["criteria"].get(name, {})
            endless = "∞" if c["why"] == "nothing exported" else "–" if c["why"].startswith("undefined") else "?"
            rows.append(
                {
                    "method": entry["method"],
                    "dependent": entry["dependent"],
                    "verdict": f"{entry['method']}: {shown(entry['dependent'], 'boolean', tongue)}" if first else "",
                    "criterion": tables.CRITERION[name][tongue] if people else name,
                    "value": show(c["value"], name, endless),
                    "threshold": show(c["threshold"], name, "?"),
                    "passes": c["passes"],
                    "flips_at": show(turns.get(name), name),
                    "low": show(bounds.get("low"), name),
                    "high": show(bounds.get("high"), name, "∞" if bounds else ""),
                    "range": f"{show(bounds['low'], name, '0')} – {show(bounds['high'], name, '∞')}" if bounds else "",
                    "why": c["why"],
                }
            )
    agreement = answer["agreement"]
    kind: Kind = "text" if people else "number"
    columns = [
        *(
            [Column("verdict", {"en": "definition", "nl": "definitie"})]
            if people
            else [
                Column("method", {"en": "definition", "nl": "definitie"}, kind="code"),
                Column("dependent", {"en": "dependent", "nl": "afhankelijk"}, kind="boolean"),
            ]
        ),
        Column("criterion", {"en": "criterion", "nl": "criterium"}),
        Column("value", {"en": "value", "nl": "waarde"}, kind=kind),
        Column("threshold", {"en": "threshold", "nl": "drempel"}, kind=kind),
        Column("passes", {"en": "met", "nl": "gehaald"}, kind="boolean"),
        Column("flips_at", {"en": "verdict turns at", "nl": "oordeel kantelt bij"}, kind=kind),
        *(
            [
                Column(
                    "range",
                    {"en": "range by re-exports", "nl": "marge door wederuitvoer"},
                    detail=data.coverage != "world",
                )
            ]
            if people
            else [
                Column("low", {"en": "low, re-exports", "nl": "laag, wederuitvoer"}, kind=kind),
                Column("high", {"en": "high, re-exports", "nl": "hoog, wederuitvoer"}, kind=kind),
            ]
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
@click.option("--method", default="ec2021", show_default=True, help="Definition, or the path of a .toml of your own.")
@click.option("--from", "first", type=int, required=True, help="First year.")
@click.option("--to", "second", type=int, required=True, help="Second year.")
@click.option(
    "--bloc",
    type=click.Choice(["one", "members"]),
    help="The bloc as one country, or its members apart; the definition's own when left out.",
)
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
    from schakel import api
    from schakel.cli import tables
    from schakel.reports.model import Column
    from schakel.reports.words import shown

    data = open_flows(flows, **reading)
    answer = api.churn(data, reporter=reporter, first=first, second=second, method=method, bloc=bloc)
    tongue = language(lang)
    rows = [{"product": p, "change": kind} for kind in ("entered", "left", "open", "stayed") for p in answer[kind]]
    columns = [
        Column("product", "product", kind="code"),
        Column("product_name", {"en": "name", "nl": "naam"}),
        Column("change", {"en": "change", "nl": "verandering"}),
    ]
    if tongue == "nl" and format_ in ("table", "md"):
        dutch = {"entered": "erbij", "left": "eraf", "open": "onbeslist", "stayed": "gebleven"}
        rows = [{**r, "change": dutch[r["change"]]} for r in rows]
    share = answer["left_share"]
    title = f"{answer['reporter']} {method} {first}-{second}" + (
        f": {shown(share, 'share', tongue, 1)} {'eraf' if tongue == 'nl' else 'left'}" if share is not None else ""
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
