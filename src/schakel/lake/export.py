"""How do rows leave the program, and may they?

Every writer goes through `permitted`; the terms travel beside the file in ``FILE.licence.txt``.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from schakel.errors import InputError, LicenceError
from schakel.evidence import Licence, licence
from schakel.lake.engine import identifier, machine_faults, quote
from schakel.lake.stage import machine_faults as disk_faults
from schakel.lake.stage import sync
from schakel.plain import FORMULA

if TYPE_CHECKING:
    import duckdb

FORMATS = ("csv", "parquet", "xlsx")
XLSX_ROWS = 1_048_575
_REMEDY = "export what was computed from them, the source named: schakel screen, compare and reverse have --out"
_REMEDY_OWN = "if you know its terms, add the file again and state them, for example --licence CC-BY-4.0"
_COPY = {"csv": "FORMAT csv, HEADER", "parquet": "FORMAT parquet, COMPRESSION zstd"}


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was written: its path, rows, and the licences that go with it."""

    path: Path
    rows: int
    licences: tuple[Licence, ...]


def permitted(name: str, ids: Iterable[str]) -> tuple[Licence, ...]:
    """Return the licences when all of them let rows be passed on.

    Raises
    ------
    LicenceError
        Naming the licence that does not.
    """
    terms = tuple(licence(key) for key in sorted(set(ids)))
    for one in terms:
        if not one.share:
            raise LicenceError(
                f"rows of {name!r} may not be passed on: {one.name}",
                where=one.url or one.id,
                remedy=_REMEDY_OWN if one.id == "user-supplied" else _REMEDY,
            )
    return terms


def write(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    out: Path,
    *,
    name: str,
    licences: Iterable[str],
    sources: Sequence[str],
    kind: str = "",
    overwrite: bool = False,
) -> Exported:
    """Write the rows of a query to a file, whole or not at all.

    Parameters
    ----------
    name
        Data set, for messages and the licence file.
    licences
        Ids of the licences of the rows.
    sources
        Sources to be named, one line each.
    kind
        ``csv``, ``parquet`` or ``xlsx``; taken from the name of the file when empty.

    Raises
    ------
    LicenceError
        If a licence forbids passing rows on.
    InputError
        If the format is unknown, the file is there already, or a sheet cannot hold the rows.
    MachineError
        If disk or permission are in the way.
    """
    terms = permitted(name, licences)
    kind = kind or out.suffix.lstrip(".").lower()
    if kind not in FORMATS:
        raise InputError(
            f"no format {kind!r}",
            where=str(out),
            remedy="end the file name in .csv, .parquet or .xlsx, or give --format",
        )
    if out.exists() and not overwrite:
        raise InputError("the file is there already", where=str(out), remedy="choose another name, or give --force")
    if not out.parent.is_dir():
        raise InputError("there is no such folder", where=str(out.parent), remedy="make the folder first")
    rows = int(connection.execute(f"SELECT count(*) FROM ({query})").fetchall()[0][0])
    half = out.with_name(f".{out.name}.{os.getpid()}-{secrets.token_hex(4)}")
    with disk_faults(out), machine_faults(str(out)):
        try:
            if kind == "xlsx":
                _xlsx(connection, query, rows, half, terms, sources, out)
            else:
                rows_of = _guarded(connection, query) if kind == "csv" else query
                connection.execute(f"COPY ({rows_of}) TO {quote(half)} ({_COPY[kind]})")
            sync(half)
            half.replace(out)
        finally:
            half.unlink(missing_ok=True)
        out.with_name(out.name + ".licence.txt").write_text(_terms(name, terms, sources), "utf-8")
    return Exported(out, rows, terms)


def _guarded(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """Return the query with an apostrophe before texts that a spreadsheet would take for a formula; numbers stay numbers."""
    columns = []
    signs = ", ".join(quote(sign) for sign in FORMULA)
    for name, kind, *_ in connection.execute(f"DESCRIBE {query}").fetchall():
        column = identifier(name)
        text = f"CASE WHEN left({column}, 1) IN ({signs}) THEN '''' || {column} ELSE {column} END AS {column}"
        columns.append(text if kind == "VARCHAR" else column)
    return f"SELECT {', '.join(columns)} FROM ({query})"


def _terms(name: str, terms: Iterable[Licence], sources: Iterable[str]) -> str:
    lines = [f"Data set: {name}", *(f"Source: {source}" for source in sources)]
    for one in terms:
        lines.append(f"Licence: {one.name} ({one.id}) {one.url}".rstrip())
        if one.duty:
            lines.append(f"Duty: {one.duty}")
    return "\n".join(lines) + "\n"


def _xlsx(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    rows: int,
    half: Path,
    terms: Sequence[Licence],
    sources: Sequence[str],
    out: Path,
) -> None:
    import xlsxwriter

    if rows > XLSX_ROWS:
        raise InputError(
            f"a sheet holds {XLSX_ROWS:,} rows, these are {rows:,}",
            where=str(out),
            remedy="export as CSV or Parquet, or one year at a time",
        )
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(half), options) as book:
        sheet = book.add_worksheet("data")
        cursor = connection.execute(query)
        for column, entry in enumerate(cursor.description or ()):
            sheet.write_string(0, column, entry[0])
        number = 0
        while batch := cursor.fetchmany(10_000):
            for row in batch:
                number += 1
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(number, column, value)
                    elif isinstance(value, bool):
                        sheet.write_boolean(number, column, value)
                    elif value is not None:
                        sheet.write_number(number, column, float(value))
        about = book.add_worksheet("licence")
        for number, line in enumerate(_terms("", terms, sources).splitlines()[1:]):
            about.write_string(number, 0, line)
