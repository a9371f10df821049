"""schakel reverse and schakel mutual: who leans on whom?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from schakel.cli.options import flows_argument, format_option, language, open_flows, threads_option


@click.command()
@flows_argument
@click.option("--reporter", required=True, help="Country (alpha-3) or bloc others may lean on.")
@click.option("--year", type=int, required=True)
@click.option("--method", default="ec2021", show_default=True, help="Definition for the partners' own verdicts.")
@click.option(
    "--by",
    type=click.Choice(["partner", "product", "control"]),
    default="partner",
    show_default=True,
    help="Sum by partner, list products, or control-point profiles.",
)
@click.option("--bloc", type=click.Choice(["one", "members"]))
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
    from schakel.cli import tables
    from schakel.dependency import reverse as room
    from schakel.reports.model import Column

    data = open_flows(flows, threads=threads, **reading)
    tongue = language(lang)
    rows = room.reverse(data, reporter, method, year, bloc, threads=threads)
    shown: list[dict[str, Any]]
    if by == "partner":
        shown = room.by_partner(rows)
        columns = [
            Column("partner", {"en": "partner", "nl": "partner"}, kind="code"),
            Column("partner_name", {"en": "name", "nl": "naam"}),
            Column("products", {"en": "products", "nl": "producten"}, kind="integer"),
            Column("value", {"en": "value", "nl": "waarde"}, unit=data.currency, kind="money"),
            Column(
                "majority_products",
                {"en": "more than half from reporter", "nl": "meer dan de helft van de rapporteur"},
                kind="integer",
            ),
            Column("majority_value", {"en": "of value", "nl": "ter waarde van"}, unit=data.currency, kind="money"),
            Column("reverse", {"en": "dependencies", "nl": "afhankelijkheden"}, kind="integer"),
            Column("reverse_possible", {"en": "at most", "nl": "hoogstens"}, kind="integer"),
        ]
    elif by == "control":
        from schakel.dependency.control_points import control_point
        from schakel.dependency.screen import setting

        where = setting(reporter, method, year, bloc)
        shown = [control_point(data, where, p, year).as_dict() for p in sorted({r["product"] for r in rows})]
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
        shown = rows
        columns = [
            Column("partner", {"en": "partner", "nl": "partner"}, kind="code"),
            Column("partner_name", {"en": "name", "nl": "naam"}),
            Column("product", "product", kind="code"),
            Column("product_name", {"en": "product name", "nl": "productnaam"}),
            Column("value", {"en": "value", "nl": "waarde"}, unit=data.currency, kind="money"),
            Column("reliance", {"en": "reliance", "nl": "aangewezen"}, kind="share"),
            Column("dependent", {"en": "partner dependent", "nl": "partner afhankelijk"}, kind="boolean"),
            Column("reverse_dependency", {"en": "on the reporter", "nl": "van de rapporteur"}, kind="boolean"),
        ]
    envelope = {
        "reporter": reporter,
        "year": year,
        "method": method,
        "by": by,
        "rows": shown,
        "warnings": list(data.warnings),
        "licences": list(data.licences),
    }
    tables.write(
        tables.with_names(shown, tongue),
        columns,
        format_,
        out,
        tongue,
        title=f"{reporter} {year}, {method}",
        envelope=envelope,
        licences=data.licences,
        warnings=data.warnings,
    )


@click.command()
@flows_argument
@click.argument("parties", nargs=-1, required=True)
@click.option("--year", type=int, required=True)
@click.option("--method", default="ec2021", show_default=True)
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
    from schakel.cli import tables
    from schakel.dependency import reverse as room
    from schakel.errors import InputError
    from schakel.reports.model import Column

    data = open_flows(flows, threads=threads, **reading)
    tongue = language(lang)
    if common:
        if len(parties) != 2:
            raise InputError("common dependencies are asked of two parties", where=" ".join(parties), remedy="name two")
        rows = room.common(data, parties[0], parties[1], method, year, threads=threads)
        columns = [
            Column("product", "product", kind="code"),
            Column("product_name", {"en": "name", "nl": "naam"}),
            Column("third", {"en": "third country", "nl": "derde land"}, kind="code"),
            Column("third_name", {"en": "name of third", "nl": "naam derde land"}),
        ]
    else:
        rows = room.mutual(data, parties, method, year, threads=threads)
        columns = [
            Column("importer_name", {"en": "depends", "nl": "hangt af"}),
            Column("supplier_name", {"en": "on", "nl": "van"}),
            Column("count", {"en": "products", "nl": "producten"}, kind="integer"),
            Column("count_possible", {"en": "at most", "nl": "hoogstens"}, kind="integer"),
            Column("value", {"en": "value", "nl": "waarde"}, unit=data.currency, kind="money"),
            Column("asymmetry", {"en": "asymmetry", "nl": "asymmetrie"}, kind="integer"),
            Column("ratio", {"en": "ratio", "nl": "verhouding"}, kind="number"),
        ]
    envelope = {
        "parties": list(parties),
        "year": year,
        "method": method,
        "rows": rows,
        "warnings": list(data.warnings),
        "licences": list(data.licences),
    }
    tables.write(
        tables.with_names(rows, tongue),
        columns,
        format_,
        out,
        tongue,
        title=f"{', '.join(parties)} {year}, {method}",
        envelope=envelope,
        licences=data.licences,
        warnings=data.warnings,
    )
