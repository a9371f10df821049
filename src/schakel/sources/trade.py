"""How do rows of a trade file become flows, with every row accounted for?

Shared by the COMEXT and UN Comtrade readers. Each file is staged once as typed Parquet (low memory, row numbers kept);
faults are looked up there; every row then gets the first rule that fits it, or none and is kept:

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

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from schakel.errors import InputError
from schakel.lake.engine import machine_faults, quote

if TYPE_CHECKING:
    import duckdb

FLOWS = "year, exporter, importer, product, value_usd, value_eur, quantity_t, re_export_usd"


@dataclass(frozen=True, slots=True)
class Field:
    """One column to stage: its SQL over text columns, and what makes it a fault.

    Attributes
    ----------
    fault
        SQL condition that must not hold; empty where the column cannot be wrong.
    """

    name: str
    sql: str
    text: str = "''"
    fault: str = ""
    column: str = ""
    what: str = ""
    remedy: str = ""


@dataclass
class Staged:
    """Files staged so far: a Parquet file of rows per text file."""

    files: dict[Path, str] = field(default_factory=dict)

    def sql(self) -> str:
        """Return the table expression of all rows."""
        return f"read_parquet([{', '.join(quote(path) for path in self.files)}], file_row_number=true, filename=true)"


def stage_text(
    con: duckdb.DuckDBPyConnection,
    text: Path,
    header: Sequence[str],
    delimiter: str,
    fields: Sequence[Field],
    staged: Staged,
    where: str,
    work: Path,
) -> None:
    """Stage one text file and refuse it at the first faulty row.

    Parameters
    ----------
    header
        Column names as printed; in the SQL of ``fields`` column *n* is ``cN`` (text, NULL where empty).
    where
        The file as the user knows it, for errors.

    Raises
    ------
    InputError
        If a row has another number of columns than the header, or a field is faulty.
    """
    import duckdb

    target = work / f"rows-{len(staged.files)}.parquet"
    columns = ", ".join(f"c{index}: 'VARCHAR'" for index in range(len(header)))
    faults = [item for item in fields if item.fault]
    number = " ".join(f"WHEN {item.fault} THEN {index}" for index, item in enumerate(faults))
    shown = " ".join(f"WHEN {item.fault} THEN {item.text}" for item in faults)
    select = ", ".join(f"{item.sql} AS {item.name}" for item in fields)
    query = f"""
        COPY (
            SELECT {select}, CASE {number} END::TINYINT AS fault, (CASE {shown} END)::VARCHAR AS shown
            FROM read_csv({quote(text)}, auto_detect=false, header=true, delim={quote(delimiter)}, quote='"',
                          escape='"', columns={{{columns}}}, strict_mode=true, null_padding=false)
        ) TO {quote(target)} (FORMAT parquet)"""
    try:
        with machine_faults(where):
            con.execute(query)
    except duckdb.InvalidInputException as error:
        raise _csv_fault(error, where) from None
    found = con.execute(
        f"SELECT file_row_number + 2, fault, shown, count(*) OVER () FROM read_parquet({quote(target)}, "
        "file_row_number=true) WHERE fault IS NOT NULL ORDER BY 1 LIMIT 1"
    ).fetchall()
    if found:
        row, fault, text_shown, count = found[0]
        item = faults[fault]
        also = f" ({count:,} such rows in all)" if count > 1 else ""
        raise InputError(
            f"{item.what}: {text_shown!r}{also}", where=f"file {where}, row {row}, column {item.column}", remedy=item.remedy
        )
    if not con.execute(f"SELECT count(*) FROM read_parquet({quote(target)})").fetchall()[0][0]:
        raise InputError("the file has a header but no rows", where=f"file {where}, row 1", remedy="export it again")
    staged.files[target] = where


def _csv_fault(error: Exception, where: str) -> InputError:
    import re

    message = str(error)
    line = re.search(r"Line:\s*(\d+)", message)
    reason = next((text for text in message.splitlines()[2:] if text and not text.startswith("Original")), message)
    if "Expected Number of Columns" in message:
        reason = re.search(r"Expected Number of Columns: \d+ Found: \d+", message).group(0)  # type: ignore[union-attr]
    return InputError(
        f"the line does not fit the header: {reason.strip()}",
        where=f"file {where}, row {line.group(1) if line else '?'}",
        remedy="check delimiter and quotes of that line; a spreadsheet may have changed them",
    )


def add_codes(con: duckdb.DuckDBPyConnection, countries: Mapping[str, str], pseudo: Mapping[str, str]) -> None:
    """Make the table ``code(code, iso, pseudo)`` of source codes."""
    import pyarrow as pa

    codes = sorted(set(countries) | set(pseudo))
    table = pa.table(
        {
            "code": codes,
            "iso": pa.array([countries.get(code) for code in codes], pa.string()),
            "pseudo": pa.array([None if code in countries else pseudo[code] for code in codes], pa.string()),
        }
    )
    con.register("code_arrow", table)
    con.execute("CREATE OR REPLACE TABLE code AS SELECT * FROM code_arrow")
    con.unregister("code_arrow")


def refuse_unknown(con: duckdb.DuckDBPyConnection, staged: Staged, columns: Mapping[str, str]) -> None:
    """Refuse the files if a reporter or partner code is neither a country nor a known pseudo code.

    Parameters
    ----------
    columns
        Staged column to the publisher's column name.

    Raises
    ------
    InputError
        Naming the first row and up to five codes.
    """
    for column, printed in columns.items():
        found = con.execute(
            f"""SELECT {column}, min(file_row_number) + 2, any_value(filename), count(*) FROM {staged.sql()}
                WHERE {column} NOT IN (SELECT code FROM code) GROUP BY 1 ORDER BY 2 LIMIT 5"""
        ).fetchall()
        if found:
            code, row, name, _ = found[0]
            others = f"; also unknown: {', '.join(repr(item[0]) for item in found[1:])}" if found[1:] else ""
            raise InputError(
                f"unknown country code {code!r}{others}",
                where=f"file {staged.files[Path(name)]}, row {row}, column {printed}",
                remedy=_closest(code),
            )


def _closest(code: str) -> str:
    from schakel.nomenclature import countries

    try:
        countries.resolve(code)
    except InputError as error:
        if error.remedy:
            return error.remedy
    return "correct the code or leave the row out; nothing was loaded"


def refuse_duplicates(con: duckdb.DuckDBPyConnection, staged: Staged, key: Iterable[str], where_sql: str = "true") -> None:
    """Refuse the files if two rows have the same key in the source's own codes.

    Raises
    ------
    InputError
        Naming both rows.
    """
    columns = ", ".join(key)
    rows, distinct = con.execute(
        f"SELECT count(*), count(DISTINCT hash({columns})) FROM {staged.sql()} WHERE {where_sql}"
    ).fetchall()[0]
    if rows == distinct:
        return
    found = con.execute(
        f"""SELECT list(file_row_number + 2 ORDER BY filename, file_row_number)[:2], list(filename ORDER BY filename,
                   file_row_number)[:2], ({columns}), count(*) OVER ()
            FROM {staged.sql()} WHERE {where_sql} GROUP BY {columns} HAVING count(*) > 1 ORDER BY min(file_row_number) LIMIT 1"""
    ).fetchall()
    if found:  # two different keys may share a hash; then there is nothing wrong
        rows_pair, names, values, count = found[0]
        first, second = (staged.files[Path(name)] for name in names)
        place = f"file {first}, rows {rows_pair[0]} and {rows_pair[1]}"
        if first != second:
            place = f"file {first}, row {rows_pair[0]}, and file {second}, row {rows_pair[1]}"
        shown = ", ".join(str(value) for value in (values.values() if isinstance(values, dict) else values))
        raise InputError(
            f"the same flow stands twice: {shown}" + (f" ({count:,} such pairs)" if count > 1 else ""),
            where=place,
            remedy="keep one of the rows; two extracts of the same flow must not be added up",
        )


def refuse_overlap(con: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Refuse files that hold the same flow under different codes (ISO in one, numbers in the other).

    Raises
    ------
    InputError
        Naming both files.
    """
    if len(staged.files) < 2:
        return
    found = con.execute(
        f"""SELECT list(DISTINCT filename ORDER BY filename)[:2], list(file_row_number + 2 ORDER BY filename)[1]
            FROM {staged.sql()} r JOIN code a ON r.reporter = a.code JOIN code b ON r.partner = b.code
            GROUP BY side, period, product, coalesce(a.iso, a.pseudo), coalesce(b.iso, b.pseudo)
            HAVING count(DISTINCT filename) > 1 ORDER BY 2 LIMIT 1"""
    ).fetchall()
    if found:
        first, second = (staged.files[Path(name)] for name in found[0][0])
        raise InputError(
            "two files hold the same flow",
            where=f"file {first}, row {found[0][1]}, and file {second}",
            remedy="add them one by one; two extracts of the same flow must not be added up",
        )


def classify(con: duckdb.DuckDBPyConnection, staged: Staged, work: Path, first_rules: str = "") -> None:
    """Make the view ``ruled``: the staged rows with ``rep``, ``par`` (ISO) and ``rule`` (NULL = kept).

    Staged columns needed: ``year, month, period, side, reporter, partner, product, value, kg``; ``side`` is M (imports),
    X (exports), RX (re-exports) or any other code that ``first_rules`` leaves out.

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
                    FROM ruled WHERE rule IS NULL AND side IN {sides} GROUP BY ALL HAVING count(*) FILTER (side <> 'RX') > 0"""
        written[table] = write_years(con, query, stage, table, "product, importer, exporter")
    for table, condition in (
        ("world_totals", "rule = 'world'"),
        ("unallocated", "rule LIKE 'pseudo-partner%' OR rule IN ('self-trade', 'confidential-product')"),
    ):
        query = f"""SELECT year, CASE side WHEN 'M' THEN 'import' ELSE 'export' END AS side, rep AS reporter, product, rule,
                           partner AS partner_code, {values}
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
