"""schakel reverse and schakel mutual: who leans on whom?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from schakel.cli.options import flows_argument, format_option, language, open_flows, threads_option


@click.command()
@flows_argument
@click.option("--reporter", required=True, help="Country (alpha-3) or bloc others may lean on.")
@click.option("--year", type=int, required=True, help="Year of the flows.")
@click.option("--method", default="ec2021", show_default=True, help="Definition for the partners' own verdicts.")
@click.option(
    "--by",
    type=click.Choice(["partner", "product", "control"]),
    default="partner",
    show_default=True,
    help="Sum by partner, list products, or control-point profiles.",
)
@click.option(
    "--bloc",
    type=click.Choice(["one", "members"]),
    help="The bloc as one country, or its members apart; the definition's own when left out.",
)
@threads_option
@format_option
def reverse(
    flows: str,
    reporter: str,
    year: int,
    method: str,
    by: str,
    bloc: str | None,
    threads: int | None,
    format_: str,
    out: Path | None,
    lang: str | None,
    **reading: Any,
) -> None:
    """Show what others import from the reporter, and where they take more than half from it.

    \b
    Example:
      schakel reverse reference --reporter NLD --year 2023
    """
    from schakel import api
    from schakel.cli import tables
    from schakel.reports.model import Column

    data = open_flows(flows, threads=threads, **reading)
    tongue = language(lang)
    answer = api.reverse(data, reporter=reporter, year=year, method=method, by=by, bloc=bloc, threads=threads)
    name = answer.answer["reporter"]
    titles = {
        "partner": {"en": f"Who leans on {name}, {year}, {method}", "nl": f"Wie leunt op {name}, {year}, {method}"},
        "product": {
            "en": f"In what others lean on {name}, {year}, {method}",
            "nl": f"Waarin anderen leunen op {name}, {year}, {method}",
        },
        "control": {"en": f"Control points of {name}, {year}", "nl": f"Controlepunten van {name}, {year}"},
    }
    if by == "partner":
        columns = [
            Column("partner", {"en": "partner", "nl": "partner"}, kind="code"),
            Column("partner_name", {"en": "name", "nl": "naam"}),
            Column("products", {"en": "products", "nl": "producten"}, kind="integer"),
            Column("value", {"en": "value", "nl": "waarde"}, unit=data.currency, kind="money"),
            Column(
                "majority_products",
                {"en": f"over half from {name}", "nl": f"ruim de helft uit {name}"},
                kind="integer",
            ),
            Column("majority_value", {"en": "their value", "nl": "waarde daarvan"}, unit=data.currency, kind="money"),
            Column("reverse", {"en": "depends in", "nl": "afhankelijk bij"}, kind="integer"),
            Column("reverse_possible", {"en": "at most", "nl": "hoogstens"}, kind="integer"),
        ]
    elif by == "control":
        columns = [
            Column("product", "product", kind="code"),
            Column("product_name", {"en": "name", "nl": "naam"}),
            Column("unique", {"en": "unique: HHI world exports", "nl": "uniek: HHI werelduitvoer"}, kind="number"),
            Column("world_share", {"en": "world share", "nl": "wereldaandeel"}, kind="share"),
            Column("valuable", {"en": "valuable: unit value ratio", "nl": "waardevol: prijsverhouding"}, kind="number"),
            Column("depended_upon", {"en": "partners above one half", "nl": "partners boven de helft"}, kind="integer"),
            Column("reciprocal", {"en": "reciprocal: asymmetry", "nl": "wederkerig: asymmetrie"}, kind="number"),
            Column(
                "domestic_share", {"en": "share without re-exports", "nl": "aandeel zonder wederuitvoer"}, kind="share"
            ),
        ]
    else:
        columns = [
            Column("partner", {"en": "partner", "nl": "partner"}, kind="code"),
            Column("partner_name", {"en": "name", "nl": "naam"}),
            Column("product", "product", kind="code"),
            Column("product_name", {"en": "product name", "nl": "productnaam"}),
            Column("value", {"en": "value", "nl": "waarde"}, unit=data.currency, kind="money"),
            Column("reliance", {"en": "reliance", "nl": "aangewezen"}, kind="share"),
            Column("dependent", {"en": "partner dependent", "nl": "partner afhankelijk"}, kind="boolean"),
            Column("reverse_dependency", {"en": f"on {name}", "nl": f"van {name}"}, kind="boolean"),
        ]
    tables.write(
        tables.with_names(answer.rows, tongue),
        columns,
        format_,
        out,
        tongue,
        title=titles[by][tongue],
        envelope=answer.answer,
        licences=data.licences,
        warnings=data.warnings,
    )


@click.command()
@flows_argument
@click.argument("parties", nargs=-1, required=True)
@click.option("--year", type=int, required=True, help="Year of the flows.")
@click.option("--method", default="ec2021", show_default=True, help="Definition, or the path of a .toml of your own.")
@click.option(
    "--common", is_flag=True, help="Instead, list products in which the first two depend on the same third country."
)
@threads_option
@format_option
def mutual(
    flows: str,
    parties: tuple[str, ...],
    year: int,
    method: str,
    common: bool,
    threads: int | None,
    format_: str,
    out: Path | None,
    lang: str | None,
    **reading: Any,
) -> None:
    """Show in how many products each of PARTIES depends on each other one, and the asymmetry.

    \b
    Example:
      schakel mutual reference NLD DEU BEL --year 2023 --method crma
    """
    from schakel import api
    from schakel.cli import tables
    from schakel.reports.model import Column

    data = open_flows(flows, threads=threads, **reading)
    tongue = language(lang)
    answer = api.mutual(data, parties, year=year, method=method, common=common, threads=threads)
    rows = list(answer.rows)
    if common:
        columns = [
            Column("product", "product", kind="code"),
            Column("product_name", {"en": "name", "nl": "naam"}),
            Column("third", {"en": "third country", "nl": "derde land"}, kind="code"),
            Column("third_name", {"en": "name of third", "nl": "naam derde land"}),
        ]
    else:
        columns = [
            Column("importer_name", {"en": "depends", "nl": "hangt af"}),
            Column("supplier_name", {"en": "on", "nl": "van"}),
            Column("count", {"en": "products", "nl": "producten"}, kind="integer"),
            Column("count_possible", {"en": "at most", "nl": "hoogstens"}, kind="integer"),
            Column("value", {"en": "value", "nl": "waarde"}, unit=data.currency, kind="money"),
            Column("asymmetry", {"en": "asymmetry", "nl": "asymmetrie"}, kind="integer"),
            Column("ratio", {"en": "ratio", "nl": "verhouding"}, kind="number"),
        ]
        if format_ in ("table", "md"):  # what there is first; no products either way leave no ratio
            rows = sorted(rows, key=lambda r: (-r["count"], -r["count_possible"]))
            rows = [r if r["ratio"] is not None else {**r, "ratio": "–"} for r in rows]
    tables.write(
        tables.with_names(rows, tongue),
        columns,
        format_,
        out,
        tongue,
        title=f"{', '.join(parties)}: {'wie hangt van wie af' if tongue == 'nl' else 'who depends on whom'}, {year}, {method}",
        envelope=answer.answer,
        licences=data.licences,
        warnings=data.warnings,
    )
