"""How are the flows of one run held: typed, integer-coded, sorted, one Parquet file a year?"""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schakel import scratch
from schakel.errors import InputError
from schakel.evidence import InputRef

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

ROW_GROUP = 1_000_000
_MAX_UNITS = 2**53  # sums up to here are exact in a double, which the dense kernel relies on
AMOUNTS = ("value_usd", "value_eur", "re_export_usd", "quantity_t")


class Folder:
    """A folder that goes when nobody uses it any more."""

    def __init__(self, path: Path) -> None:
        weakref.finalize(self, scratch.remove, path)


@dataclass(frozen=True, eq=False)
class FlowSet:
    """Flows as the dependency engine reads them.

    Each year's Parquet file has ``product`` INTEGER and ``importer``, ``exporter`` SMALLINT (positions in `products` and `countries`, both sorted, so
    that the smallest position is the first in the alphabet), ``value`` BIGINT, ``value_eur``, ``re_export`` and ``quantity_kg`` BIGINT (nullable);
    sorted by product, importer, exporter; one row per key; no self-trade; no zero values.

    Attributes
    ----------
    scale
        Units of ``value`` in one currency unit: 1 for whole dollars, 1000 or 1000000 when the input holds fractions.
    currency
        Currency of ``value``: USD, or EUR when the input has no dollar column.
    coverage
        "world" when every country's imports are in; "imports" when only the importers present are, so that exports and world trade are unknown.
    reading
        How the input was read (delimiter, decimal mark, HS revision, coverage), where a second reading must know.
    """

    directory: Path
    years: tuple[int, ...]
    countries: tuple[str, ...]
    products: tuple[str, ...]
    scale: int
    currency: str
    has_eur: bool
    has_re_export: bool
    coverage: str
    inputs: tuple[InputRef, ...]
    warnings: tuple[str, ...] = ()
    sources: tuple[dict[str, str], ...] = ()
    licences: tuple[str, ...] = ("user-supplied",)
    reading: tuple[tuple[str, Any], ...] = ()
    keep: Any = field(default=None, repr=False, compare=False)

    def path(self, year: int) -> Path:
        """Return the Parquet file of one year."""
        return self.directory / f"year={year}.parquet"

    def country_index(self, iso3: str) -> int:
        """Return the position of a country, or -1 when it does not trade here."""
        return self.countries.index(iso3) if iso3 in self.countries else -1


def build(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    *,
    inputs: Sequence[InputRef],
    coverage: str = "world",
    warnings: Sequence[str] = (),
    sources: Sequence[dict[str, str]] = (),
    licences: Sequence[str] = ("user-supplied",),
    reading: Mapping[str, Any] | None = None,
    directory: Path | None = None,
) -> FlowSet:
    """Write a FlowSet from a typed relation.

    Parameters
    ----------
    relation
        Name of a table or view on `con` with year, exporter, importer (alpha-3), product, and value_usd, value_eur, re_export_usd, quantity_t as DECIMAL(24,6).

    Raises
    ------
    InputError
        When values are too large to be summed exactly.
    """
    keep = None
    if directory is None:
        directory = scratch.folder("schakel-flows-")
        keep = Folder(directory)
    n_usd, n_eur, n_re = con.execute(
        f"SELECT count(value_usd), count(value_eur), count(re_export_usd) FROM {relation}"
    ).fetchall()[0]
    currency = "EUR" if n_eur and not n_usd else "USD"
    value = "value_usd" if currency == "USD" else "value_eur"
    scale, notes = _scale(con, relation, value)
    countries = _distinct(con, f"SELECT exporter AS c FROM {relation} UNION SELECT importer FROM {relation}")
    products = _distinct(con, f"SELECT DISTINCT product AS c FROM {relation}")
    years = tuple(int(y) for y in _distinct(con, f"SELECT DISTINCT year AS c FROM {relation}"))
    for name, codes, kind in (("country_code", countries, "SMALLINT"), ("product_code", products, "INTEGER")):
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT unnest(?::VARCHAR[]) AS code, unnest(range(?))::{kind} AS idx",
            [list(codes), len(codes)],
        )
    for year in years:
        target = str(directory / f"year={year}.parquet").replace("'", "''")
        con.execute(
            f"""COPY (SELECT p.idx AS product, i.idx AS importer, e.idx AS exporter,
                             CAST(round({value} * {scale}) AS BIGINT) AS value,
                             CAST(round(value_eur * {scale}) AS BIGINT) AS value_eur,
                             CAST(round(re_export_usd * {scale}) AS BIGINT) AS re_export,
                             CAST(round(quantity_t * 1000) AS BIGINT) AS quantity_kg
                      FROM {relation} f
                      JOIN product_code p ON p.code = f.product
                      JOIN country_code i ON i.code = f.importer
                      JOIN country_code e ON e.code = f.exporter
                      WHERE f.year = {year} AND round({value} * {scale}) > 0 AND f.exporter <> f.importer
                      ORDER BY 1, 2, 3)
                TO '{target}' (FORMAT PARQUET, COMPRESSION ZSTD, ROW_GROUP_SIZE {ROW_GROUP})"""
        )
    return FlowSet(
        directory=directory,
        years=years,
        countries=countries,
        products=products,
        scale=scale,
        currency=currency,
        has_eur=bool(n_eur),
        has_re_export=bool(n_re),
        coverage=coverage,
        inputs=tuple(inputs),
        warnings=(*warnings, *notes),
        sources=tuple(sources),
        licences=tuple(licences),
        reading=tuple(sorted((reading or {}).items())),
        keep=keep,
    )


def _scale(con: duckdb.DuckDBPyConnection, relation: str, value: str) -> tuple[int, list[str]]:
    """Choose the smallest power of a thousand that holds the values exactly and still sums exactly."""
    whole, milli, largest = con.execute(
        f"""SELECT coalesce(bool_and(w), true), coalesce(bool_and(m), true), coalesce(max(s), 0) FROM (
                SELECT bool_and({value} = trunc({value})) AS w, bool_and({value} * 1000 = trunc({value} * 1000)) AS m, sum({value}) AS s
                FROM {relation} GROUP BY year)"""
    ).fetchall()[0]
    scale = 1 if whole else 1000 if milli else 1_000_000
    notes: list[str] = []
    wanted = scale
    while scale > 1 and largest * scale >= _MAX_UNITS:
        scale //= 1000
    if scale < wanted:
        notes.append(f"{value} was rounded to {1 / scale:g} so that sums stay exact")
    if largest * scale >= _MAX_UNITS:
        raise InputError(
            f"one year sums to {largest:,.0f}, more than the world's trade",
            where=f"column {value}",
            remedy="check the unit of the values; the column is in single currency units",
        )
    return scale, notes


def _distinct(con: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    return tuple(row[0] for row in con.execute(f"SELECT c FROM ({query}) ORDER BY c").fetchall())


def from_table(table: pa.Table, **options: Any) -> FlowSet:
    """Build a FlowSet from an Arrow table in the canonical flows columns, checked by the caller."""
    from schakel.lake.engine import connect

    con = connect()
    have = set(table.column_names)
    money = ", ".join(f"CAST({name if name in have else 'NULL'} AS DECIMAL(24,6)) AS {name}" for name in AMOUNTS)
    con.register("incoming", table)
    con.execute(
        f"CREATE TEMP VIEW typed AS SELECT CAST(year AS SMALLINT) AS year, exporter, importer, product, {money} FROM incoming"
    )
    return build(con, "typed", **options)
