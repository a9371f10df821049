"""Who are the largest exporters of a product, and what do they hold of world exports (a small table from UN Comtrade)?

Columns ``hs6, year, n_reporters, world_exports_usd, rank, exporter_m49, exporter, exports_usd, share``: sums over all
reporters, gross of re-exports, without partners. The printed share must be exports over world exports.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from schakel.errors import InputError
from schakel.sources import small
from schakel.sources.reader import Head, Loaded, ReadOptions, staged

_COLUMNS = {"hs6", "year", "nreporters", "worldexportsusd", "rank", "exporterm49", "exportsusd"}
SHARE_ROUNDING = 1e-6  # shares are printed with six decimals


def fits(head: Head) -> bool:
    """Say whether a file has this header."""
    return head.columns >= _COLUMNS


def read(heads: Sequence[Head], stage: Path, options: ReadOptions, dataset: str) -> Loaded:
    """Write ``world_exports``: year, product, exporter (ISO), rank, reporters, exports_usd, world_exports_usd.

    Raises
    ------
    InputError
        If a value, country or share is not as expected.
    """
    import pyarrow as pa

    from schakel.nomenclature import countries

    codes = {small.code_text(code): iso for code, iso in countries.code_table("comtrade").items()}
    money = pa.decimal128(20, 3)
    with staged(stage) as work:
        rows: list[dict[str, Any]] = []
        seen: dict[tuple[str, ...], small.Row] = {}
        for head in heads:
            for row in small.rows(head.path, work, options):
                iso = codes.get(small.code_text(row["exporterm49"]))
                if iso is None:
                    raise row.fault("exporterm49", f"unknown country code {row['exporterm49']!r}", "correct the code")
                world, own = row.decimal("worldexportsusd"), row.decimal("exportsusd")
                if own > world:
                    raise row.fault("exportsusd", "exports exceed world exports", "correct the values")
                share = row.get("share")
                if share and abs(row.number("share") - float(own / world if world else Decimal(0))) > SHARE_ROUNDING:
                    raise row.fault("share", f"share {share} is not exports over world exports", "correct the row")
                product = row["hs6"]
                if not (product.isdigit() and len(product) == 6):
                    raise row.fault("hs6", f"not a six-digit code: {product!r}", "keep the leading zero")
                small.unique(seen, (row["year"], product, iso), row)
                rows.append(
                    {
                        "year": row.year("year"),
                        "product": product,
                        "exporter": iso,
                        "rank": row.integer("rank"),
                        "reporters": row.integer("nreporters"),
                        "exports_usd": own,
                        "world_exports_usd": world,
                    }
                )
        schema = pa.schema(
            [
                ("year", pa.int16()),
                ("product", pa.string()),
                ("exporter", pa.string()),
                ("rank", pa.int16()),
                ("reporters", pa.int16()),
                ("exports_usd", money),
                ("world_exports_usd", money),
            ]
        )
        if not rows:
            raise InputError("the file has a header but no rows", where=str(heads[0].path), remedy="export it again")
        folder = small.write(rows, schema, stage, "world_exports")
        years = sorted({row["year"] for row in rows})
    return Loaded(
        options.dataset or dataset,
        options.version or (str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"),
        {"world_exports": folder},
        len(rows),
        len(rows),
        {},
        ("Gross exports, re-exports included; only the largest exporters have a row.",),
        "exports",
    )
