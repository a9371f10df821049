"""How does a user's flow file become typed rows?

A flow file is CSV (also gzipped or zipped) or Parquet with the columns year, exporter, importer, product, value_usd and, if wished, value_eur, quantity_t
and re_export_usd. It is taken whole or refused whole; what its rows must satisfy stands in `schakel.sources.flowcheck`.
"""

from __future__ import annotations

import csv
import re
import stat
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from schakel import scratch
from schakel.errors import InputError, MachineError
from schakel.lake import engine
from schakel.lake.flowset import AMOUNTS, FlowSet
from schakel.nomenclature import products
from schakel.sources import textfile
from schakel.sources.flowcheck import COMMA, DUTCH, PLAIN, REQUIRED, FlowOptions, Place, checked
from schakel.sources.flowplain import read_plain

if TYPE_CHECKING:
    import duckdb

__all__ = ["FlowOptions", "read"]

_THOUSANDS = r"[+-]?\d{1,3}(\.\d{3})+"
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
_TEXT = ("VARCHAR", "BLOB", "ENUM")
_BOMB_FLOOR = 1 << 30  # what any archive may unpack to
_BOMB_RATIO = 200  # flows pack to a fifth or a thirtieth; 200 times is no flow file
_COLUMNS = f"columns are {', '.join((*REQUIRED, 'value_usd'))}; optional value_eur, quantity_t, re_export_usd"


def read(path: Path, options: FlowOptions | None = None, *, name: str = "") -> FlowSet:
    """Read and check a flow file.

    Parameters
    ----------
    name
        What to call the input in messages and receipts; its path when left out.

    Raises
    ------
    InputError
        Naming file, row, column and remedy; nothing is kept.
    NotFoundError, MachineError
        If there is no file; if it may not be read or the disk is full.
    """
    options = options or FlowOptions()
    _check_options(options)
    shown = name or str(path)
    _check_kind(path, shown)
    head = textfile.first_bytes(path)
    work: Path | None = None
    try:
        if head.startswith(b"PAR1") and (plain := read_plain(path, options, shown)) is not None:
            return plain
        work = scratch.folder("schakel-read-")
        con = engine.connect(threads=options.threads)
        with engine.machine_faults(shown):
            if head.startswith(b"PAR1"):
                place = Place(shown)
                columns = _open_parquet(con, path, shown)
                typed = {n: _from_typed(n, kind) for n, kind in columns.items()}
            else:
                text, columns = _open_text(con, path, head, work, options)
                place = Place(shown, text)
                typed = {n: _from_text(n, options.decimal) for n in columns}
            rows = _stage(con, typed, work, place)
            notes = _ambiguous(con, list(columns), options, place) if place.text else []
            return checked(con, path, rows, set(columns), options, place, notes)
    except OSError as error:
        what = "the disk is full" if textfile.disk_fault(error, "").what == "the disk is full" else str(error)
        raise MachineError(what, where=shown, remedy="free some space, or set TMPDIR to a disk with room") from None
    finally:
        if work is not None:
            scratch.remove(work)


def _check_options(options: FlowOptions) -> None:
    if options.decimal not in (".", ",") or len(options.delimiter) != 1 or options.delimiter == options.decimal:
        raise InputError(
            "delimiter is one character and decimal is '.' or ',', and they differ",
            where="--delimiter, --decimal",
            remedy=DUTCH,
        )
    if options.delimiter in '"\r\n\0':
        raise InputError("that character cannot separate columns", where="--delimiter", remedy="use , ; | or \\t")
    if options.hs is not None and options.hs not in products.hs_revisions():
        raise InputError(
            f"there is no HS {options.hs}",
            where="--hs",
            remedy=f"use one of {', '.join(map(str, products.hs_revisions()))}",
        )


def _check_kind(path: Path, shown: str) -> None:
    """Refuse what is no file before it is opened: a pipe would make the program wait for ever."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return  # what is wrong is said where it is opened
    if stat.S_ISDIR(mode):
        raise InputError("this is a folder, not a file", where=shown, remedy="give the flow file in it")
    if not stat.S_ISREG(mode):
        raise InputError(
            "this is a pipe or device, not a file",
            where=shown,
            remedy="write the flows to a file first; it is read twice",
        )


def _open_parquet(con: duckdb.DuckDBPyConnection, path: Path, shown: str) -> dict[str, str]:
    import duckdb

    try:
        con.execute(f"CREATE TEMP VIEW source AS SELECT * FROM read_parquet({engine.quote(path)})")
        found = [(str(r[0]), str(r[1])) for r in con.execute("DESCRIBE source").fetchall()]
    except duckdb.Error:
        raise _damaged(shown) from None
    names = [n.strip().lower() for n, _ in found]
    _check_columns(names, shown, "")
    columns = dict(zip(names, (kind for _, kind in found), strict=True))
    for name in (*REQUIRED, *AMOUNTS):
        kind = columns.get(name, "VARCHAR").split("(")[0]
        number = (
            kind in _WHOLE or kind in ("FLOAT", "DOUBLE", "DECIMAL") if name in (*AMOUNTS, "year") else kind in _WHOLE
        )
        if not number and kind not in _TEXT:
            fit = (
                "a number"
                if name in AMOUNTS
                else "a whole number"
                if name == "year"
                else "text, so that zeros in front stay"
            )
            raise InputError(
                f"column {name} is of type {columns[name]}",
                where=f"{shown}, column {name}",
                remedy=f"store it as {fit}",
            )
    renamed = ", ".join(
        f"{engine.identifier(old)} AS {engine.identifier(new)}" for (old, _), new in zip(found, names, strict=True)
    )
    con.execute(f"CREATE TEMP VIEW raw AS SELECT {renamed} FROM source")
    return columns


def _damaged(shown: str) -> InputError:
    return InputError("the Parquet file is cut off or damaged", where=shown, remedy="copy or write it again")


def _open_text(
    con: duckdb.DuckDBPyConnection, path: Path, head: bytes, work: Path, options: FlowOptions
) -> tuple[Path, dict[str, str]]:
    text = textfile.plain(path, work, _member(path, head), limit=max(_BOMB_FLOOR, _BOMB_RATIO * path.stat().st_size))
    start, _ = textfile.decode(textfile.first_bytes(text), path)
    if "\n" not in start and "\r" in start:
        raise InputError("lines end in CR alone", where=str(path), remedy="save it with LF or CRLF line endings")
    if "\n" not in start and text.stat().st_size > textfile.HEAD_BYTES:
        raise InputError(
            f"the first line is longer than {textfile.HEAD_BYTES:,} bytes", where=f"{path}, row 1", remedy=_COLUMNS
        )
    line = start.lstrip("\ufeff").split("\n", 1)[0].rstrip("\r")
    names = [n.strip().lower() for n in next(csv.reader([line], delimiter=options.delimiter), [])]
    _check_columns(names, str(path), line)
    shape = ", ".join(f"{engine.quote(n or f'column {i}')}: 'VARCHAR'" for i, n in enumerate(names))
    con.execute(
        f"""CREATE TEMP VIEW raw AS SELECT * FROM read_csv({engine.quote(text)}, auto_detect=false, header=true,
            delim={engine.quote(options.delimiter)}, quote='"', escape='"', strict_mode=true, null_padding=false,
            ignore_errors=false, columns={{{shape}}})"""
    )
    return text, dict.fromkeys(names, "VARCHAR")


def _member(path: Path, head: bytes) -> str:
    """Return the name of the flow file inside a zip, nothing for other files; refuse what holds no text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError("the file is UTF-16", where=str(path), remedy="save it as CSV in UTF-8")
    kind = "zip" if head.startswith(b"PK\x05\x06") else textfile.kind_of(head)
    inside = textfile.zip_names(path) if kind == "zip" else ()
    if "xl/workbook.xml" in inside or head.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError("the file is a spreadsheet", where=str(path), remedy=f"save the sheet as CSV; {DUTCH}")
    if kind not in ("text", "gzip", "zip"):
        raise InputError(
            f"the file is of kind {kind}", where=str(path), remedy="give CSV (also gzipped or zipped) or Parquet"
        )
    if kind != "zip":
        return ""
    texts = [n for n in inside if n.lower().endswith(textfile.TEXT_SUFFIXES)]
    if len(texts) != 1:
        raise InputError(f"the zip holds {len(texts)} text files", where=str(path), remedy="put one flow file in it")
    return texts[0]


def _check_columns(names: list[str], shown: str, line: str) -> None:
    missing = [n for n in REQUIRED if n not in names]
    if not missing and not {"value_usd", "value_eur"} & set(names):
        missing = ["value_usd"]
    where = f"{shown}, row 1" if line else shown
    if missing:
        other = next((d for d in (";", "\t", "|", ",") if len(names) == 1 and line.count(d) >= len(REQUIRED) - 1), "")
        remedy = _COLUMNS
        if other:
            sign = "\\t" if other == "\t" else other
            use = DUTCH if other == ";" else f"use --delimiter '{sign}'"
            remedy = f"the columns seem to be separated by {'tabs' if other == chr(9) else repr(other)}; {use}"
        have = ", ".join(n[:30] for n in names[:12] if n) + (", ..." if len(names) > 12 else "")
        raise InputError(f"no column {', '.join(missing)}; there is {have[:200]}", where=where, remedy=remedy)
    twice = sorted(n for n, times in Counter(names).items() if n and times > 1)
    if twice:
        raise InputError(f"column {twice[0]} stands twice", where=where, remedy="keep one")


def _from_text(name: str, decimal: str) -> tuple[str, str]:
    """Return SQL for the typed value and for the text shown in errors."""
    text = f"nullif(trim({engine.identifier(name)}), '')"
    if name == "year":
        return f"CASE WHEN regexp_full_match({text}, '\\d{{4}}') THEN TRY_CAST({text} AS SMALLINT) END", text
    if name in AMOUNTS:
        pattern, plain = (PLAIN, text) if decimal == "." else (COMMA, f"replace(replace({text}, '.', ''), ',', '.')")
        cast = f"TRY_CAST({plain} AS DECIMAL(24,6))"
        return f"CASE WHEN regexp_full_match({text}, {engine.quote(pattern)}) THEN {cast} END", text
    return text, text


def _from_typed(name: str, kind: str) -> tuple[str, str]:
    column = engine.identifier(name)
    text = f"nullif(trim(CAST({column} AS VARCHAR)), '')"
    if name in (*AMOUNTS, "year") and kind.split("(")[0] in _TEXT:
        return _from_text(name, ".")[0], text
    broken = kind in ("FLOAT", "DOUBLE")
    if name == "year":  # a cast would round 2023.4
        whole = f"{column} = trunc({column})" if broken or kind.startswith("DECIMAL") else "true"
        return f"CASE WHEN {whole} THEN TRY_CAST({column} AS SMALLINT) END", text
    if name in AMOUNTS:
        cast = f"TRY_CAST({column} AS DECIMAL(24,6))"
        return f"CASE WHEN isfinite({column}) THEN {cast} END" if broken else cast, text
    return text, text


def _stage(con: duckdb.DuckDBPyConnection, typed: Mapping[str, tuple[str, str]], work: Path, place: Place) -> int:
    """Write the typed rows once, numbered from 1, with the text of amounts that could not be read."""
    import duckdb

    parts = ["CAST(row_number() OVER () AS BIGINT) AS row"]
    for name in (*REQUIRED, *AMOUNTS):
        value, text = typed.get(name, ("NULL", "NULL"))
        cast = " ::DECIMAL(24,6)" if name in AMOUNTS else "::SMALLINT" if name == "year" else "::VARCHAR"
        parts.append(f"({value}){cast} AS {name}")
        if name in (*AMOUNTS, "year"):
            parts.append(f"CASE WHEN ({value}) IS NULL THEN ({text}) END::VARCHAR AS {name}_text")
    target = work / "typed.parquet"
    try:
        con.execute(f"COPY (SELECT {', '.join(parts)} FROM raw) TO {engine.quote(target)} (FORMAT PARQUET)")
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:  # a damaged Parquet file lets errors of many kinds out
        disk = isinstance(error, duckdb.IOException) and (str(target) in str(error) or "write" in str(error).lower())
        if disk or not (place.text is None or isinstance(error, duckdb.InvalidInputException)):
            raise
        raise (_damaged(place.name) if place.text is None else _unreadable(str(error), place)) from None
    con.execute(f"CREATE TEMP VIEW staged AS SELECT * FROM read_parquet({engine.quote(target)})")
    return int(con.execute("SELECT count(*) FROM staged").fetchall()[0][0])


def _unreadable(message: str, place: Place) -> InputError:
    """Say in our words what the CSV parser stumbled over."""
    row = re.search(r"[Ll]ine: (\d+)", message)
    where = f"{place.name}, row {row.group(1)}" if row else place.name
    fields = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", message)
    if fields:
        return InputError(
            f"the row has {fields.group(2)} fields, the header {fields.group(1)}",
            where=where,
            remedy=f"put texts that hold the delimiter in quotation marks; {DUTCH}",
        )
    if "Maximum line size" in message:
        remedy = "a quotation mark may be missing, or this is no flow file"
        return InputError("the row is longer than 2,000,000 bytes", where=where, remedy=remedy)
    if "quote" in message.split("Possible fixes")[0].lower():
        remedy = "close it, and write quotation marks inside a text twice"
        return InputError("a quotation mark is not closed or stands loose", where=where, remedy=remedy)
    if "state machine" in message:
        what = "the rows cannot be told apart: line endings are mixed, or text stands outside quotation marks"
        return InputError(what, where=where, remedy="save it again as CSV with one kind of line endings")
    return InputError(f"a row cannot be read: {message.splitlines()[0]}", where=where, remedy="save it again as CSV")


def _ambiguous(con: duckdb.DuckDBPyConnection, columns: list[str], options: FlowOptions, place: Place) -> list[str]:
    """Warn of a spreadsheet with ``;`` whose every point may as well stand between thousands as before decimals."""
    notes: list[str] = []
    for name in (n for n in AMOUNTS if options.delimiter == ";" and options.decimal == "." and n in columns):
        column = engine.identifier(name)
        points, thousands, sample = con.execute(
            f"""SELECT count(*), count(*) FILTER (WHERE regexp_full_match(trim({column}), {engine.quote(_THOUSANDS)})), min({column})
                FROM raw WHERE contains({column}, '.')"""
        ).fetchall()[0]
        if points and points == thousands:
            notes.append(
                f"{name}: every point stands before three digits, as in {sample}, and was read as a decimal mark;"
                " if it marks thousands, read the file with --decimal ','"
            )
    return notes
