"""Is a user's flow file whole and sound, and what does it hold?

A flow file is CSV (also gzipped or zipped) or Parquet with the columns year, exporter, importer, product, value_usd and, if wished, value_eur, quantity_t
and re_export_usd. It is taken whole or refused whole. Self-trade is left out and counted; unknown product codes stay and are named in the warnings.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schakel.errors import InputError
from schakel.evidence import InputRef, sha256_file
from schakel.lake import engine, flowset
from schakel.lake.flowset import FlowSet
from schakel.nomenclature import blocs, countries, products
from schakel.sources import textfile

if TYPE_CHECKING:
    import duckdb

REQUIRED = ("year", "exporter", "importer", "product")
AMOUNTS = ("value_usd", "value_eur", "quantity_t", "re_export_usd")
DUTCH = "for a Dutch spreadsheet use --delimiter ';' --decimal ','"
_PLAIN = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"
_COMMA = r"^[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$"
_SHOWN = 10


@dataclass(frozen=True)
class FlowOptions:
    """How to read a flow file: column delimiter, decimal mark, HS revision of the codes (None: found out), coverage, threads."""

    delimiter: str = ","
    decimal: str = "."
    hs: int | None = None
    coverage: str = "world"
    threads: int | None = None


def read(path: Path, options: FlowOptions | None = None) -> FlowSet:
    """Read and check a flow file.

    Raises
    ------
    InputError
        Naming file, row, column and remedy; nothing is kept.
    NotFoundError, MachineError
        If there is no file; if the disk is full.
    """
    options = options or FlowOptions()
    if options.decimal not in (".", ",") or len(options.delimiter) != 1 or options.delimiter == options.decimal:
        raise InputError(
            "delimiter is one character and decimal is '.' or ',', and they differ",
            where="--delimiter, --decimal",
            remedy=DUTCH,
        )
    if options.hs is not None and options.hs not in products.hs_revisions():
        raise InputError(
            f"there is no HS {options.hs}",
            where="--hs",
            remedy=f"use one of {', '.join(map(str, products.hs_revisions()))}",
        )
    head = textfile.first_bytes(path)
    work = Path(tempfile.mkdtemp(prefix="schakel-read-"))
    try:
        con = engine.connect(threads=options.threads)
        with engine.machine_faults(str(path)):
            if head.startswith(b"PAR1"):
                columns = _open_parquet(con, path)
                typed = {name: _from_typed(name, kind) for name, kind in columns.items()}
            else:
                columns = _open_text(con, path, head, work, options)
                typed = {name: _from_text(name, options.decimal) for name in columns}
            rows = _stage(con, typed, work)
            return _checked(con, path, rows, set(columns), options)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _open_parquet(con: duckdb.DuckDBPyConnection, path: Path) -> dict[str, str]:
    import duckdb

    try:
        con.execute(f"CREATE TEMP VIEW raw AS SELECT * FROM read_parquet({engine.quote(path)})")
        columns = {str(r[0]).strip().lower(): str(r[1]) for r in con.execute("DESCRIBE raw").fetchall()}
    except duckdb.Error as error:
        raise InputError(
            f"not a readable Parquet file: {str(error).splitlines()[0]}", where=str(path), remedy="write it again"
        ) from None
    _check_columns(list(columns), path, "")
    return columns


def _open_text(
    con: duckdb.DuckDBPyConnection, path: Path, head: bytes, work: Path, options: FlowOptions
) -> dict[str, str]:
    member = ""
    if textfile.kind_of(head) == "zip":
        inside = [n for n in textfile.zip_names(path) if n.lower().endswith(textfile.TEXT_SUFFIXES)]
        if len(inside) != 1:
            raise InputError(
                f"the zip holds {len(inside)} text files", where=str(path), remedy="put one flow file in it"
            )
        member = inside[0]
    text = textfile.plain(path, work, member)
    start, _ = textfile.decode(textfile.first_bytes(text), path)
    line = start.lstrip("\ufeff").split("\n", 1)[0].rstrip("\r")
    names = [n.strip().strip('"').strip().lower() for n in line.split(options.delimiter)]
    _check_columns(names, path, line)
    shape = ", ".join(f"{engine.quote(n or f'column {i}')}: 'VARCHAR'" for i, n in enumerate(names))
    con.execute(
        f"""CREATE TEMP VIEW raw AS SELECT * FROM read_csv({engine.quote(text)}, auto_detect=false, header=true, delim={engine.quote(options.delimiter)},
            quote='"', escape='"', strict_mode=true, null_padding=false, ignore_errors=false, columns={{{shape}}})"""
    )
    return dict.fromkeys(names, "VARCHAR")


def _check_columns(names: list[str], path: Path, line: str) -> None:
    missing = [n for n in REQUIRED if n not in names]
    if not missing and not {"value_usd", "value_eur"} & set(names):
        missing = ["value_usd"]
    if missing:
        other = next((d for d in (";", "\t", "|", ",") if len(names) == 1 and line.count(d) >= len(REQUIRED) - 1), "")
        remedy = f"columns are {', '.join((*REQUIRED, 'value_usd'))}; optional value_eur, quantity_t, re_export_usd"
        if other:
            remedy = f"the columns seem to be separated by {'a tab' if other == chr(9) else other!r}; {DUTCH if other == ';' else f'use --delimiter {other!r}'}"
        raise InputError(f"no column {', '.join(missing)}", where=f"{path}, row 1", remedy=remedy)
    twice = {n for n in names if n and names.count(n) > 1}
    if twice:
        raise InputError(f"column {sorted(twice)[0]} stands twice", where=f"{path}, row 1", remedy="keep one")


def _from_text(name: str, decimal: str) -> tuple[str, str]:
    """Return SQL for the typed value and for the text shown in errors."""
    column = engine.identifier(name)
    text = f"nullif(trim({column}), '')"
    if name == "year":
        return f"CASE WHEN regexp_full_match({text}, '\\d{{4}}') THEN TRY_CAST({text} AS SMALLINT) END", text
    if name in AMOUNTS:
        pattern, plain = (_PLAIN, text) if decimal == "." else (_COMMA, f"replace(replace({text}, '.', ''), ',', '.')")
        return (
            f"CASE WHEN regexp_full_match({text}, {engine.quote(pattern)}) THEN TRY_CAST({plain} AS DECIMAL(24,6)) END",
            text,
        )
    return text, text


def _from_typed(name: str, kind: str) -> tuple[str, str]:
    column = engine.identifier(name)
    text = f"nullif(trim(CAST({column} AS VARCHAR)), '')"
    if name == "year":
        return f"TRY_CAST({column} AS SMALLINT)", text
    if name in AMOUNTS:
        return (_from_text(name, ".")[0] if kind == "VARCHAR" else f"TRY_CAST({column} AS DECIMAL(24,6))"), text
    return text, text


def _stage(con: duckdb.DuckDBPyConnection, typed: Mapping[str, tuple[str, str]], work: Path) -> int:
    """Write the typed rows once, with their row number (the header is row 1) and the text of amounts that could not be read."""
    import duckdb

    parts = ["CAST(row_number() OVER () + 1 AS BIGINT) AS row"]
    for name in (*REQUIRED, *AMOUNTS):
        value, text = typed.get(name, ("NULL", "NULL"))
        cast = " ::DECIMAL(24,6)" if name in AMOUNTS else "::SMALLINT" if name == "year" else "::VARCHAR"
        parts.append(f"({value}){cast} AS {name}")
        if name in (*AMOUNTS, "year"):
            parts.append(f"CASE WHEN ({value}) IS NULL THEN ({text}) END::VARCHAR AS {name}_text")
    target = work / "typed.parquet"
    try:
        con.execute(f"COPY (SELECT {', '.join(parts)} FROM raw) TO {engine.quote(target)} (FORMAT PARQUET)")
    except duckdb.InvalidInputException as error:
        message = str(error)
        line = re.search(r"[Ll]ine:? (\d+)", message)
        detail = next(
            (x.strip() for x in message.splitlines() if "xpected" in x or "quote" in x.lower()), message.splitlines()[0]
        )
        raise InputError(
            f"a row cannot be read: {detail}",
            where=f"row {line.group(1)}" if line else "",
            remedy=f"every row has the columns of the header; {DUTCH}",
        ) from None
    con.execute(f"CREATE TEMP VIEW staged AS SELECT * FROM read_parquet({engine.quote(target)})")
    return int(con.execute("SELECT count(*) FROM staged").fetchall()[0][0])


def _checked(con: duckdb.DuckDBPyConnection, path: Path, rows: int, columns: set[str], options: FlowOptions) -> FlowSet:
    if rows == 0:
        raise InputError("the file has a header and no rows", where=str(path), remedy="export the flows again")
    main = "value_usd" if "value_usd" in columns else "value_eur"
    _check_values(con, path, main, columns, options)
    _map_countries(con, path)
    warnings = _check_products(con, path, options)
    self_trade = con.execute("SELECT count(*) FROM flow WHERE exporter = importer").fetchall()[0][0]
    if self_trade:
        warnings.append(f"{self_trade} rows left out by rule self-trade (exporter is importer)")
    zero = con.execute(f"SELECT count(*) FROM flow WHERE {main} = 0").fetchall()[0][0]
    if zero:
        warnings.append(f"{zero} rows of value zero carry no trade")
    _check_duplicates(con, path)
    return flowset.build(
        con,
        "flow",
        inputs=[InputRef(str(path), sha256_file(path), rows)],
        coverage=options.coverage,
        warnings=warnings,
        reading={
            k: v
            for k in ("delimiter", "decimal", "hs", "coverage")
            if (v := getattr(options, k)) != getattr(FlowOptions(), k)
        },
        sources=[{"id": "flows", "title": path.name, "url": "", "licence": "user-supplied", "mark": "read"}],
    )


def _check_values(
    con: duckdb.DuckDBPyConnection, path: Path, main: str, columns: set[str], options: FlowOptions
) -> None:
    def refuse(where_sql: str, column: str, what: str, remedy: str, shown: str) -> None:
        found = con.execute(f"SELECT row, {shown} FROM staged WHERE {where_sql} ORDER BY row LIMIT 1").fetchall()
        if found:
            count = con.execute(f"SELECT count(*) FROM staged WHERE {where_sql}").fetchall()[0][0]
            row, text = found[0]
            more = f" ({count} rows in all)" if count > 1 else ""
            text = "nothing" if text is None else repr(str(text)[:60])
            raise InputError(
                f"{what.format(text=text)}{more}", where=f"{path}, row {row}, column {column}", remedy=remedy
            )

    refuse(
        "year IS NULL OR year < 1900 OR year > 2100",
        "year",
        "{text} is not a year",
        "write four digits",
        "coalesce(year_text, year::VARCHAR)",
    )
    for name in ("exporter", "importer", "product"):
        refuse(
            f"{name} IS NULL",
            name,
            "the {text} field is empty".replace("{text} ", f"{name} "),
            "every row names it",
            "NULL",
        )
    number = "write plain numbers such as 1234.56" if options.decimal == "." else "write numbers such as 1.234,56"
    for name in (n for n in AMOUNTS if n in columns):
        remedy = f"{number}; {DUTCH}" if options.decimal == "." else number
        refuse(f"{name}_text IS NOT NULL", name, "{text} is not a number", remedy, f"{name}_text")
        refuse(
            f"{name} < 0",
            name,
            "{text} is negative",
            "trade values are zero or more; correct or leave out the row",
            f"{name}::VARCHAR",
        )
    refuse(
        f"{main} IS NULL",
        main,
        f"the {main} field is empty",
        "give every row a value, 0 where nothing was traded",
        "NULL",
    )
    if "re_export_usd" in columns and main == "value_usd":
        refuse(
            "re_export_usd > value_usd",
            "re_export_usd",
            "re-exports of {text} exceed the flow",
            "a flow's re-exports are part of it",
            "re_export_usd::VARCHAR",
        )


def _map_countries(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    codes, mapped = [], []
    for column in ("exporter", "importer"):
        for code, row in con.execute(f"SELECT {column}, min(row) FROM staged GROUP BY 1 ORDER BY 2").fetchall():
            place = f"{path}, row {row}, column {column}"
            if blocs.is_bloc(code.upper()):
                raise InputError(
                    f"{code!r} is a bloc, not a country", where=place, remedy="give the flows of its members"
                )
            try:
                iso3 = countries.resolve(code).iso3
            except InputError as error:
                raise InputError(error.what, where=place, remedy=error.remedy) from None
            codes.append(code)
            mapped.append(iso3)
    con.execute(
        "CREATE TEMP TABLE named AS SELECT DISTINCT unnest(?::VARCHAR[]) AS code, unnest(?::VARCHAR[]) AS iso3",
        [codes, mapped],
    )
    con.execute(
        """CREATE TEMP VIEW flow AS SELECT s.row, s.year, e.iso3 AS exporter, i.iso3 AS importer, s.product, s.value_usd, s.value_eur, s.re_export_usd, s.quantity_t
           FROM staged s JOIN named e ON e.code = s.exporter JOIN named i ON i.code = s.importer"""
    )


def _check_products(con: duckdb.DuckDBPyConnection, path: Path, options: FlowOptions) -> list[str]:
    first: dict[str, int] = dict(con.execute("SELECT product, min(row) FROM staged GROUP BY 1 ORDER BY 2").fetchall())
    for code, row in first.items():
        if code.isdigit() and len(code) % 2:
            raise InputError(
                f"product {code!r} has lost a leading zero",
                where=f"{path}, row {row}, column product",
                remedy=f"write {'0' + code!r}; keep the column as text",
            )
    known = [c for c in first if products.revisions_of(c)]
    strange = [c for c in first if not products.revisions_of(c)]
    warnings = []
    if options.hs is None:
        if known and not products.detect_revision(known):
            a, b = _clash(known)
            raise InputError(
                f"codes of different HS revisions: {a} is in HS {_years(a)}, {b} in HS {_years(b)}",
                where=f"{path}, rows {first[a]} and {first[b]}, column product",
                remedy="say which revision the file is in with --hs, for example --hs 2017, or convert it first",
            )
    else:
        other = [c for c in known if options.hs not in products.revisions_of(c)]
        if other:
            warnings.append(f"{len(other)} product codes are not in HS {options.hs}: {_list(other, first)}")
    if strange:
        warnings.append(f"{len(strange)} unknown product codes: {_list(strange, first)}")
    return warnings


def _clash(known: list[str]) -> tuple[str, str]:
    """Return two codes that share no revision, or the two whose revisions overlap least."""
    kinds: dict[Any, str] = {}
    for code in known:
        kinds.setdefault(products.revisions_of(code), code)
    pairs = [(len(a & b), kinds[a], kinds[b]) for a in kinds for b in kinds if a != b]
    _, first, second = min(pairs)
    return first, second


def _years(code: str) -> str:
    return ", ".join(map(str, sorted(products.revisions_of(code))))


def _list(codes: list[str], first: Mapping[str, int]) -> str:
    shown = ", ".join(f"{c} (row {first[c]})" for c in codes[:_SHOWN])
    return shown + (f" and {len(codes) - _SHOWN} more" if len(codes) > _SHOWN else "")


def _check_duplicates(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    for (year,) in con.execute("SELECT DISTINCT year FROM staged ORDER BY 1").fetchall():
        found = con.execute(
            """SELECT exporter, importer, product, min(row), max(row) FROM flow WHERE year = ?
               GROUP BY 1, 2, 3 HAVING count(*) > 1 ORDER BY 4 LIMIT 1""",
            [year],
        ).fetchall()
        if found:
            exporter, importer, product, a, b = found[0]
            raise InputError(
                f"the flow {year}, {exporter} to {importer}, {product} stands more than once",
                where=f"{path}, rows {a} and {b}",
                remedy="sum or remove the duplicates",
            )
