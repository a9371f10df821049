"""How are results laid out for people and for machines on the command line?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from schakel.cli.speech import note
from schakel.reports.model import Column
from schakel.reports.tabular import write_rows
from schakel.reports.words import number

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
_NOTE = {"en": "note", "nl": "let op"}
WHOLE = ("persistent_years", "import_value")  # criteria counted, not measured
_COUNTRIES = ("top_supplier", "partner", "importer", "supplier", "exporter", "third")


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
    licences = tuple(licences)
    write_rows(rows, columns, format_, out, lang, title=title, envelope=envelope, licences=licences)
    if format_ != "json":
        passed_on = sorted(set(licences) - {"user-supplied"})
        label = {"en": "licence of the data", "nl": "licentie van de gegevens"}[lang]
        for text in (*warnings, *([f"{label}: {', '.join(passed_on)}"] if passed_on else [])):
            note(f"{_NOTE[lang]}: {text}")


def with_names(rows: Sequence[Mapping[str, Any]], lang: str) -> list[dict[str, Any]]:
    """Add names of products and countries, for people; a product without a name of its own gets that of its chapter."""
    from schakel.dependency.embedded import product_name
    from schakel.nomenclature import countries, products

    out = []
    for row in rows:
        named = dict(row)
        if "product" in row:
            code = str(row["product"])
            name = product_name(code, lang)
            chapter = products.chapter(code) if name == code and code[:2].isdigit() else None
            named["product_name"] = f"{chapter.name(lang)} ({code[:2]})" if chapter else name
        for key in _COUNTRIES:
            if isinstance(row.get(key), str):
                named[f"{key}_name"] = countries.name(row[key], lang)
        out.append(named)
    return out


def for_people(rows: Sequence[Mapping[str, Any]], lang: str) -> list[dict[str, Any]]:
    """Replace the blanks of screen rows that are no unknowns: nothing exported is infinitely more, nothing to divide by is a dash."""
    out = []
    for row in rows:
        shown = dict(row)
        shown["criteria"] = {name: _speaking(c) for name, c in row["criteria"].items()}
        if row["top_supplier"] is None:
            shown["top_supplier_name"] = shown["top_supplier_share"] = "–"
        out.append(shown)
    return out


def _speaking(criterion: Mapping[str, Any]) -> dict[str, Any]:
    shown = dict(criterion)
    if shown["value"] is None and shown["why"] == "nothing exported":
        shown["value"] = math.inf
    elif shown["value"] is None and shown["why"].startswith("undefined"):
        shown["value"] = "–"
    return shown


def figure(value: float | None, name: str, lang: str, blank: str = "") -> str:
    """Write a criterion's value or threshold as people read it, whole numbers without decimals."""
    if value is None:
        return blank
    return number(value, lang, 0 if name in WHOLE or abs(value) >= 1000 else 3)


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
        columns.append(
            Column(f"criteria.{name}.value", CRITERION[name], kind="number", digits=0 if name in WHOLE else None)
        )
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
