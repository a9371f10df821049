"""Which table does each staged row of a trade file belong to, and which are left out by which rule?

Every row gets the first rule that fits it, or none and is kept:

``world``                    partner World: kept apart in ``world_totals``
``total-lines``              product TOTAL and the like
``other-aggregation-level``  a product of which the same reporter, period and side also has a finer code
``confidential-product``     a suppressed product code (letters): kept apart in ``unallocated``
``pseudo-partner:NAME``      a partner that is no country: kept apart in ``unallocated``
``pseudo-reporter:NAME``     a reporter that is no country (a bloc)
``self-trade``               reporter equals partner: kept apart in ``unallocated``
``merged``                   rows of one flow under several source codes or months, added up into one row

Values are added up exactly in DECIMAL. A total of the world minus what stands in ``flows`` and ``unallocated`` is zero
where the publisher's own rows add up.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from schakel.lake.engine import machine_faults, quote
from schakel.sources.trade import Staged

if TYPE_CHECKING:
    import duckdb


def classify(con: duckdb.DuckDBPyConnection, staged: Staged, work: Path, first_rules: str = "") -> None:
    """Make the view ``ruled``: the staged rows with ``rep``, ``par`` (ISO) and ``rule`` (NULL = kept).

    Staged columns needed: ``year, month, period, side, reporter, partner, product, value, kg``; ``side`` is M
    (imports), X (exports), RX (re-exports) or any other code that ``first_rules`` leaves out.

    Parameters
    ----------
    first_rules
        ``WHEN ... THEN 'rule'`` clauses of the source that go before the shared ones.
    """
    bilateral = "partner NOT IN (SELECT code FROM code WHERE pseudo = 'world')"
    con.execute(
        f"""CREATE OR REPLACE TABLE finer AS
            SELECT DISTINCT rep, period, side, product[:n] AS product
            FROM (SELECT DISTINCT coalesce(iso, pseudo) AS rep, period, side, product
                  FROM {staged.sql()} JOIN code ON reporter = code WHERE {bilateral}),
                 (SELECT unnest([2, 4, 6]) AS n)
            WHERE length(product) > n AND regexp_full_match(product, '[0-9]+')"""
    )
    target = work / "ruled.parquet"
    with machine_faults(str(work)):
        con.execute(
            f"""COPY (
                SELECT r.* EXCLUDE (fault, shown, file_row_number, filename), a.iso AS rep, b.iso AS par, CASE
                    {first_rules}
                    WHEN a.iso IS NULL THEN 'pseudo-reporter:' || a.pseudo
                    WHEN b.pseudo = 'world' THEN 'world'
                    WHEN r.product IN ('TOTAL', 'AG1', 'AG2', 'AG4', 'AG6') THEN 'total-lines'
                    WHEN f.product IS NOT NULL THEN 'other-aggregation-level'
                    WHEN NOT regexp_full_match(r.product, '[0-9]+') THEN 'confidential-product'
                    WHEN b.iso IS NULL THEN 'pseudo-partner:' || b.pseudo
                    WHEN a.iso = b.iso THEN 'self-trade'
                END AS rule
                FROM {staged.sql()} r JOIN code a ON r.reporter = a.code JOIN code b ON r.partner = b.code
                LEFT JOIN finer f
                    ON (f.rep, f.period, f.side, f.product) = (coalesce(a.iso, a.pseudo), r.period, r.side, r.product)
            ) TO {quote(target)} (FORMAT parquet)"""
        )
    con.execute(f"CREATE OR REPLACE VIEW ruled AS SELECT * FROM read_parquet({quote(target)})")


@dataclass(frozen=True, slots=True)
class Account:
    """Tables written, and where each row went."""

    tables: dict[str, Path]
    read: int
    kept: int
    left_out: dict[str, int]

    @property
    def coverage(self) -> str:
        """Whose declarations the flows are."""
        return "imports" if "flows" in self.tables else "exports" if "exports_declared" in self.tables else ""


def write_tables(con: duckdb.DuckDBPyConnection, stage: Path, currency: str, *, fractions: bool) -> Account:
    """Write ``flows``, ``exports_declared``, ``world_totals`` and ``unallocated`` from ``ruled``.

    Parameters
    ----------
    currency
        ``usd`` or ``eur``.
    fractions
        Keep three decimals in the value columns instead of whole units.
    """
    exact = "::DECIMAL(20,3)" if fractions else "::BIGINT"
    total = "sum(value) FILTER (side <> 'RX')"
    again = "sum(value) FILTER (side = 'RX')"
    total, again = (text if fractions else f"round({text})" for text in (total, again))
    other = "usd" if currency == "eur" else "eur"
    re_export = f"({again}){exact}" if currency == "usd" else "NULL::BIGINT"
    money = {currency: f"({total}){exact}", other: "NULL::BIGINT"}
    values = f"""{money["usd"]} AS value_usd, {money["eur"]} AS value_eur,
                 (sum(kg) FILTER (side <> 'RX') / 1000)::DOUBLE AS quantity_t, {re_export} AS re_export_usd"""
    rows = dict(con.execute("SELECT coalesce(rule, ''), count(*) FROM ruled GROUP BY 1").fetchall())
    tables: dict[str, Path] = {}
    written = {}
    for table, sides, exporter, importer in (
        ("flows", "('M')", "par", "rep"),
        ("exports_declared", "('X', 'RX')", "rep", "par"),
    ):
        query = f"""SELECT year, {exporter} AS exporter, {importer} AS importer, product, {values}
                    FROM ruled WHERE rule IS NULL AND side IN {sides} GROUP BY ALL 
                    HAVING count(*) FILTER (side <> 'RX') > 0"""
        written[table] = write_years(con, query, stage, table, "product, importer, exporter")
    for table, condition in (
        ("world_totals", "rule = 'world'"),
        ("unallocated", "rule LIKE 'pseudo-partner%' OR rule IN ('self-trade', 'confidential-product')"),
    ):
        query = f"""SELECT year, CASE side WHEN 'M' THEN 'import' ELSE 'export' END AS side, rep AS reporter, product,
                           rule, partner AS partner_code, {values}
                    FROM ruled WHERE {condition} GROUP BY ALL HAVING count(*) FILTER (side <> 'RX') > 0"""
        written[table] = write_years(con, query, stage, table, "side, product, reporter, partner_code, rule")
    tables = {table: stage / table for table, count in written.items() if count}
    main = "rule IS NULL"
    kept = written["flows"] + written["exports_declared"]
    if not rows.get("") and rows.get("world"):  # a file of totals: its rows are the table
        main, kept = "rule = 'world'", written["world_totals"]
        rows.pop("world")
    left_out = {rule: count for rule, count in rows.items() if rule}
    into, matched, loose = con.execute(
        f"""WITH main AS (SELECT year, rep, coalesce(par, partner) AS par, product, side FROM ruled WHERE {main}),
                 again AS (SELECT main.*, x.year IS NOT NULL AS has_export FROM main
                           LEFT JOIN (SELECT DISTINCT year, rep, par, product FROM main WHERE side = 'X'
                                      AND EXISTS (SELECT 1 FROM main WHERE side = 'RX')) x
                           USING (year, rep, par, product) WHERE side = 'RX')
            SELECT (SELECT count(*) FROM main WHERE side <> 'RX'), count(*) FILTER (has_export),
                   count(*) FILTER (NOT has_export) FROM again"""
    ).fetchall()[0]
    left_out |= {"merged": into - kept, "re-exports-in-column": matched, "re-exports-unmatched": loose}
    left_out = {rule: count for rule, count in sorted(left_out.items()) if count}
    return Account(tables, sum(left_out.values()) + kept, kept, left_out)


def years_of(con: duckdb.DuckDBPyConnection) -> str:
    """Return the years of the rows as ``2023`` or ``2018-2022``."""
    first, last = con.execute("SELECT min(year), max(year) FROM ruled").fetchall()[0]
    return str(first) if first == last else f"{first}-{last}"


def write_years(con: duckdb.DuckDBPyConnection, query: str, stage: Path, table: str, order: str = "") -> int:
    """Write a query's rows as ``<stage>/<table>/year=YYYY/part.parquet``; return their number.

    The query must have a column ``year``.
    """
    total = 0
    with machine_faults(str(stage)):
        years = [row[0] for row in con.execute(f"SELECT DISTINCT year FROM ({query}) ORDER BY 1").fetchall()]
        for year in years:
            part = stage / table / f"year={year}" / "part.parquet"
            part.parent.mkdir(parents=True, exist_ok=True)
            by = f"ORDER BY {order}" if order else ""
            con.execute(
                f"COPY (SELECT * FROM ({query}) WHERE year = {int(year)} {by}) TO {quote(part)} "
                "(FORMAT parquet, COMPRESSION zstd)"
            )
            total += con.execute(f"SELECT count(*) FROM read_parquet({quote(part)})").fetchall()[0][0]
    return total


def months_caveat(con: duckdb.DuckDBPyConnection, where: str = "month < 52") -> str:
    """Return a sentence on years of which not all twelve months are in the files, or nothing."""
    rows = con.execute(
        f"SELECT year, count(DISTINCT month) AS n FROM ruled WHERE {where} GROUP BY 1 HAVING n < 12 ORDER BY 1"
    ).fetchall()
    if not rows:
        return ""
    return "Not whole years: " + ", ".join(f"{year} ({count} of 12 months)" for year, count in rows) + "."


def gaps_caveat(con: duckdb.DuckDBPyConnection, shown: int = 5) -> str:
    """Return a sentence on products of which whole years are not in the files, or nothing."""
    rows = con.execute(
        """WITH present AS (SELECT DISTINCT product, year FROM ruled WHERE regexp_full_match(product, '[0-9]+')),
                years AS (SELECT DISTINCT year FROM present)
           SELECT product, list(year ORDER BY year) FROM (SELECT DISTINCT product FROM present) CROSS JOIN years
           WHERE (product, year) NOT IN (SELECT (product, year) FROM present) GROUP BY 1 ORDER BY 1"""
    ).fetchall()
    if not rows:
        return ""
    told = [f"{code} ({', '.join(_runs(years))})" for code, years in rows[:shown]]
    more = f" and {len(rows) - shown:,} more" if len(rows) > shown else ""
    return f"Products without any row in some years: {', '.join(told)}{more}; nothing can be said of them there."


def _runs(years: list[int]) -> list[str]:
    """Return years as runs, such as 2015-2024."""
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]
