"""How are the verdicts of many definitions laid out in one table, and hashed whatever way the rows were divided?"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from schakel.dependency import measures as ms
from schakel.dependency.evaluate import Evaluated
from schakel.dependency.indicators import YearIndicators
from schakel.lake.flowset import FlowSet

if TYPE_CHECKING:
    import pyarrow as pa

CODED = ["year", "importer", "product", "top_supplier"]  # columns of few different values, by which readers also choose


def table(flows: FlowSet, y: YearIndicators, answers: Sequence[Evaluated], values: bool) -> pa.Table:
    """Return the rows of a range of products, one a product and importer, as an Arrow table; see `batch.run` for the columns."""
    import pyarrow as pa

    def coded(index: Any, names: Sequence[str]) -> Any:
        return pa.DictionaryArray.from_arrays(pa.array(index, mask=index < 0), pa.array(names, pa.string()))

    def flag(found: ms.Flags) -> Any:
        return pa.array(found == ms.PASS, mask=found == ms.UNKNOWN)

    n = len(y.product)
    money = y.m_all if flows.scale == 1 else y.m_all / flows.scale
    verdicts = np.stack([a.verdict for a in answers])
    columns = {
        "year": pa.array(np.full(n, y.year, np.int16)),
        "importer": coded(y.importer, y.countries),
        "product": coded(y.product, y.products),
        f"import_value_{flows.currency.lower()}": pa.array(money),
        "top_supplier": coded(y.arg_all, y.countries),
        "top_supplier_share": pa.array(ms.share(y.top_all, y.m_all).value),
        **{a.preset.name: flag(a.verdict) for a in answers},
        "definitions_met": pa.array((verdicts == ms.PASS).sum(axis=0, dtype=np.int8)),
        "definitions_open": pa.array((verdicts == ms.UNKNOWN).sum(axis=0, dtype=np.int8)),
    }
    if values:
        for answer in answers:
            for name, judged in answer.criteria.items():
                columns[f"{answer.preset.name}.{name}"] = pa.array(judged.value, mask=np.isnan(judged.value))
    return pa.table(columns)


def add_to_digest(rows: pa.Table, digest: dict[str, Any]) -> None:
    """Add the rows to a hash a column, which does not depend on how the rows were divided."""
    for name in rows.column_names:
        column = rows[name].combine_chunks()
        if hasattr(column, "indices"):
            column = column.indices
        absent = column.is_null().to_numpy(zero_copy_only=False)
        if column.null_count:
            column = column.fill_null(False if column.type == "bool" else 0)
        for key, values in ((f"{name} absent", absent), (name, column.to_numpy(zero_copy_only=False))):
            digest.setdefault(key, hashlib.sha256()).update(values.tobytes())
