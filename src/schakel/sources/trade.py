"""How is a text file of trade rows staged as typed Parquet, and refused at its first faulty row?

Shared by the BACI, COMEXT and UN Comtrade readers. Each file is staged once, row numbers kept, with little memory;
faults, unknown country codes and rows that stand twice are looked up there. What becomes of the rows is decided in
``rules``.
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


ROWS_AT_ONCE = 2_000_000


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
            f"{item.what}: {text_shown!r}{also}",
            where=f"file {where}, row {row}, column {item.column}",
            remedy=item.remedy,
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


def refuse_duplicates(
    con: duckdb.DuckDBPyConnection, staged: Staged, key: Iterable[str], where_sql: str = "true"
) -> None:
    """Refuse the files if two rows have the same key in the source's own codes.

    Raises
    ------
    InputError
        Naming both rows.
    """
    columns = ", ".join(key)
    rows = con.execute(f"SELECT count(*) FROM {staged.sql()}").fetchall()[0][0]
    parts = rows // ROWS_AT_ONCE + 1
    for part in range(parts):  # by hash, so that memory stays level at any number of rows
        found = con.execute(
            f"""SELECT hash({columns}) AS h, min(file_row_number) FROM {staged.sql()}
                WHERE ({where_sql}) AND hash({columns}) % {parts} = {part}
                GROUP BY h HAVING count(*) > 1 ORDER BY 2 LIMIT 100"""
        ).fetchall()
        for digest, _ in found:  # two different keys may share a hash; then there is nothing wrong
            _refuse_twin(con, staged, columns, where_sql, digest)


def _refuse_twin(con: duckdb.DuckDBPyConnection, staged: Staged, columns: str, where_sql: str, digest: int) -> None:
    found = con.execute(
        f"""SELECT list(file_row_number + 2 ORDER BY filename, file_row_number)[:2],
                   list(filename ORDER BY filename, file_row_number)[:2], {columns}
            FROM {staged.sql()} WHERE ({where_sql}) AND hash({columns}) = {digest}
            GROUP BY {columns} HAVING count(*) > 1 LIMIT 1"""
    ).fetchall()
    if found:
        numbers, names, *values = found[0]
        first, second = (staged.files[Path(name)] for name in names)
        place = f"file {first}, rows {numbers[0]} and {numbers[1]}"
        if first != second:
            place = f"file {first}, row {numbers[0]}, and file {second}, row {numbers[1]}"
        raise InputError(
            f"the same flow stands twice: {', '.join(str(value) for value in values if value != '')}",
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
