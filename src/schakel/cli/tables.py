"""How are results laid out for people and for machines on the command line?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from schakel.reports.model import Column
from schakel.reports.tabular import write_rows

CRITERION = {
    "extra_bloc_hhi": {"en": "HHI outside bloc", "nl": "HHI buiten blok"},
    "partner_hhi": {"en": "HHI partners", "nl": "HHI partners"},
    "extra_bloc_import_share": {"en": "share outside", "nl": "aandeel buiten"},
    "import_export_ratio": {"en": "imports / exports", "nl": "invoer / uitvoer"},
    "world_export_hhi": {"en": "HHI world exports", "nl": "HHI werelduitvoer"},
    "top_supplier_share": {"en": "top share", "nl": "grootste aandeel"},
    "centrality": {"en": "centrality", "nl": "centraliteit"},
    "spof": {"en": "SPOF", "nl": "SPOF"},
    "persistent_years": {"en": "years met", "nl": "jaren gehaald"},
    "import_value": {"en": "value tested", "nl": "getoetste waarde"},
}
MACHINE = ("csv", "parquet", "xlsx")


def write(
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[Column],
    format_: str,
    out: Path | None,
    lang: str,
    *,
    title: str,
    envelope: Any = None,
    licences: Iterable[str] = (),
    warnings: Iterable[str] = (),
) -> None:
    """Write rows in the format asked for; warnings go to standard error unless they are in the JSON."""
    write_rows(rows, columns, format_, out, lang, title=title, envelope=envelope, licences=tuple(licences))
    if format_ != "json":
        for text in warnings:
            click.echo(f"note: {text}", err=True)


def with_names(rows: Sequence[Mapping[str, Any]], lang: str) -> list[dict[str, Any]]:
    """Add names of products and countries, for people."""
    from schakel.dependency.embedded import product_name
    from schakel.nomenclature import countries

    out = []
    for row in rows:
        named = dict(row)
        if "product" in row:
            named["product_name"] = product_name(row["product"], lang)
        for key in ("top_supplier", "partner", "importer", "supplier", "exporter", "third"):
            if row.get(key):
                named[f"{key}_name"] = countries.name(row[key], lang)
        out.append(named)
    return out


def screen_columns(rows: Sequence[Mapping[str, Any]], format_: str, tests: Sequence[str]) -> list[Column]:
    """Return the columns of a screen: the definition's own criteria for people, every value for machines."""
    used = list(rows[0]["criteria"]) if rows else []
    euro = bool(rows) and rows[0]["import_value_usd"] is None
    value = "import_value_eur" if euro else "import_value_usd"
    columns = [
        Column("product", {"en": "product", "nl": "product"}, kind="code"),
        Column("product_name", {"en": "name", "nl": "naam"}),
        Column(value, {"en": "imports", "nl": "invoer"}, unit="EUR" if euro else "USD", kind="money"),
    ]
    for name in used if format_ in MACHINE else tests:
        columns.append(Column(f"criteria.{name}.value", CRITERION[name], kind="number"))
        if format_ in MACHINE:
            columns.append(Column(f"criteria.{name}.threshold", kind="number"))
            columns.append(Column(f"criteria.{name}.passes", kind="boolean"))
    columns += [
        Column("dependent", {"en": "dependent", "nl": "afhankelijk"}, kind="boolean"),
        Column("top_supplier_name", {"en": "top supplier", "nl": "grootste leverancier"}),
        Column("top_supplier", {"en": "code", "nl": "code"}, kind="code", detail=True),
        Column("top_supplier_share", {"en": "share", "nl": "aandeel"}, kind="share"),
    ]
    return columns
