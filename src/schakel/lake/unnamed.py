"""What do importers buy of partners that no source names: secret, not specified, territories without a code?

Kept beside a FlowSet's years, because it is no flow between two countries and yet bounds what the named suppliers' shares can be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schakel.lake.engine import quote

if TYPE_CHECKING:
    import duckdb

    from schakel.lake.flowset import FlowSet

_FILE = "unnamed.parquet"


def keep(con: duckdb.DuckDBPyConnection, relation: str, flows: FlowSet) -> None:
    """Write the imports without a named supplier beside the flows.

    Parameters
    ----------
    relation
        Table or view on `con` in the columns of the lake table ``unallocated``: year, side, reporter, product, rule, and the value in the flows' currency.
        A country's trade with itself is left out; cells whose value is secret too cannot bound anything.
    """
    value = f"value_{flows.currency.lower()}"
    if value not in {row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()}:
        return
    target = flows.directory / _FILE
    con.execute(
        f"""COPY (SELECT year, reporter AS importer, product, CAST(round(sum({value}) * {flows.scale}) AS BIGINT) AS value
                  FROM {relation}
                  WHERE side = 'import' AND rule <> 'self-trade' AND {value} > 0
                  GROUP BY ALL ORDER BY year, product, importer)
            TO {quote(target)} (FORMAT PARQUET)"""
    )


def of_product(flows: FlowSet, year: int, product: str) -> dict[str, int]:
    """Return imports without a named supplier by importer, in the units of the flows; empty where the source tells of none."""
    import pyarrow.parquet as pq

    path = flows.directory / _FILE
    if not path.exists():
        return {}
    found = pq.read_table(path, filters=[("year", "==", year), ("product", "==", product)])
    return dict(zip(found["importer"].to_pylist(), found["value"].to_pylist(), strict=True))
