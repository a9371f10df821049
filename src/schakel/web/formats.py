"""How are rows written as JSON, CSV, Parquet or an Arrow stream?"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, get_type_hints

from schakel.plain import guarded
from schakel.web.service import Comparison, Criterion, Row, Text

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.stream",
}
_KINDS: tuple[tuple[type, str], ...] = ((str, "text"), (bool, "bool"), (int, "int"), (float, "float"))


@dataclass(frozen=True, slots=True)
class Table:
    """Flat rows with their columns: (name, one of text, int, float, bool)."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Any, ...], ...]


def criterion_json(c: Criterion) -> dict[str, Any]:
    """Return a criterion as ``schakel screen`` writes it."""
    return {"value": c.value, "threshold": c.threshold, "passes": c.passes, "distance": c.distance, "why": c.why.en}


def row_json(row: Row) -> dict[str, Any]:
    """Return a row as ``schakel screen`` writes it."""
    return {
        "product": row.product,
        "import_value_usd": row.import_value_usd,
        "import_value_eur": row.import_value_eur,
        "criteria": {c.name: criterion_json(c) for c in row.criteria},
        "dependent": row.dependent,
        "top_supplier": row.top_supplier,
        "top_supplier_share": row.top_supplier_share,
    }


def comparison_json(item: Comparison) -> dict[str, Any]:
    """Return one definition of a comparison."""
    flips = [{"criterion": f.criterion, "threshold": f.threshold, "flips_at": f.flips_at} for f in item.flips]
    criteria = {c.name: criterion_json(c) for c in item.criteria}
    return {"method": item.method, "dependent": item.dependent, "criteria": criteria, "flips": flips}


def plain(value: Any) -> Any:
    """Return a flat dataclass as a JSON-ready mapping; texts become ``{"en", "nl"}``."""
    if isinstance(value, Text):
        return {"en": value.en, "nl": value.nl}
    if hasattr(value, "__dataclass_fields__"):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, tuple | list) else value


def flat(cls: type, items: Iterable[Any]) -> Table:
    """Return a table of flat dataclasses; a `Text` takes two columns, nested tuples are left out."""
    columns: list[tuple[str, str]] = []
    readers: list[Callable[[Any], Any]] = []
    for name, hint in get_type_hints(cls).items():
        if hint is Text:
            for lang in ("en", "nl"):
                columns.append((f"{name}_{lang}", "text"))
                readers.append(lambda item, name=name, lang=lang: getattr(item, name).in_(lang))  # type: ignore[misc]
            continue
        parts = (hint, *getattr(hint, "__args__", ()))
        kinds = [kind for part in parts for base, kind in _KINDS if isinstance(part, type) and issubclass(part, base)]
        if kinds and getattr(hint, "__origin__", None) is not tuple:
            columns.append((name, kinds[0]))
            readers.append(lambda item, name=name: getattr(item, name))  # type: ignore[misc]
    return Table(tuple(columns), tuple(tuple(read(item) for read in readers) for item in items))


def screen_table(rows: Sequence[Row]) -> Table:
    """Return screen rows flat, four columns a criterion: ``NAME_value``, ``_threshold``, ``_passes``, ``_distance``."""
    names = sorted({c.name for row in rows for c in row.criteria})
    columns = [("product", "text"), ("import_value_usd", "int"), ("import_value_eur", "int"), ("dependent", "bool")]
    columns += [("top_supplier", "text"), ("top_supplier_share", "float")]
    for name in names:
        columns += [(f"{name}_value", "float"), (f"{name}_threshold", "float")]
        columns += [(f"{name}_passes", "bool"), (f"{name}_distance", "float")]
    out = []
    for r in rows:
        cells: list[Any] = [r.product, r.import_value_usd, r.import_value_eur, r.dependent]
        cells += [r.top_supplier, r.top_supplier_share]
        for name in names:
            c = r.criterion(name)
            cells += [c.value, c.threshold, c.passes, c.distance] if c else [None] * 4
        out.append(tuple(cells))
    return Table(tuple(columns), tuple(out))


def comparison_table(items: Sequence[Comparison]) -> Table:
    """Return a comparison flat: one row a definition and criterion."""
    columns = [("method", "text"), ("dependent", "bool"), ("criterion", "text"), ("value", "float")]
    columns += [("threshold", "float"), ("passes", "bool"), ("distance", "float"), ("flips_at", "float")]
    out = []
    for item in items:
        flips = {f.criterion: f.flips_at for f in item.flips}
        for c in item.criteria:
            verdict = (item.method, item.dependent, c.name)
            out.append((*verdict, c.value, c.threshold, c.passes, c.distance, flips.get(c.name)))
    return Table(tuple(columns), tuple(out))


def encode(table: Table, form: str) -> bytes:
    """Write a table as ``csv`` (UTF-8, comma, empty for unknown, an apostrophe before texts that look like formulas), ``parquet`` or ``arrow`` (stream)."""
    if form == "csv":
        return _csv(table)
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"text": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_()}
    schema = pa.schema([(name, types[kind]) for name, kind in table.columns])
    columns = [pa.array([row[i] for row in table.rows], field.type) for i, field in enumerate(schema)]
    built = pa.Table.from_arrays(columns, schema=schema)
    sink = pa.BufferOutputStream()
    if form == "parquet":
        pq.write_table(built, sink)
    else:
        with pa.ipc.new_stream(sink, schema) as writer:
            writer.write_table(built)
    return bytes(sink.getvalue())


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return guarded(value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else value


def _csv(table: Table) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([name for name, _ in table.columns])
    for row in table.rows:
        writer.writerow([_cell(v) for v in row])
    return text.getvalue().encode()
