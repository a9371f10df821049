"""Where are the embedded tables, and who vouches for a row of them?

The tables are plain CSV files beside this module, declared in ``tables*.toml``; their sources stand in
``sources*.csv``. A table is read when it is first asked for, checked against its declaration, and kept. The tables
ship with the program, so a row that does not fit is a damaged installation, not bad user input.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from schakel.errors import IntegrityError, NotFoundError
from schakel.evidence import Mark, Source, licences
from schakel.reference.schema import Cell, TableInfo, declared, parse

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    import pyarrow as pa

_SOURCE_COLUMNS = ["id", "title", "publisher", "url", "licence", "vintage", "retrieved", "mark", "note"]


def _folder() -> Traversable:
    return resources.files("schakel.reference").joinpath("tables")


def _files(start: str, end: str) -> list[Traversable]:
    found = [f for f in _folder().iterdir() if f.name.startswith(start) and f.name.endswith(end)]
    return sorted(found, key=lambda f: f.name)


@cache
def _declarations() -> dict[str, TableInfo]:
    found: dict[str, TableInfo] = {}
    for file in _files("tables", ".toml"):
        for name, entry in tomllib.loads(file.read_text("utf-8")).items():
            if name in found:
                raise IntegrityError(f"table {name} is declared twice", where=file.name, remedy="keep one declaration")
            found[name] = declared(name, entry)
            if found[name].licence not in licences():
                raise IntegrityError(
                    f"unknown licence {found[name].licence!r}",
                    where=f"{file.name}, table {name}",
                    remedy="use an id of evidence/licences.toml",
                )
    return dict(sorted(found.items()))


@cache
def _sources() -> dict[str, Source]:
    found: dict[str, Source] = {}
    for file in _files("sources", ".csv"):
        reader = csv.DictReader(io.StringIO(file.read_text("utf-8"), newline=""), strict=True)
        if reader.fieldnames != _SOURCE_COLUMNS:
            raise IntegrityError(f"columns are not {_SOURCE_COLUMNS}", where=file.name, remedy="mend the header")
        for number, row in enumerate(reader, start=2):
            where = f"{file.name}, row {number}"
            if None in row or None in row.values() or not row["id"]:
                raise IntegrityError("a row does not have nine cells and an id", where=where, remedy="mend the row")
            if row["id"] in found:
                raise IntegrityError(f"source {row['id']} stands twice", where=where, remedy="keep one row")
            if row["licence"] not in licences():
                raise IntegrityError(f"unknown licence {row['licence']!r}", where=where, remedy="mend the row")
            try:
                mark = Mark(row.pop("mark"))
            except ValueError:
                raise IntegrityError("unknown mark", where=where, remedy="use read, second-hand, ...") from None
            found[row["id"]] = Source(**row, mark=mark)
    return dict(sorted(found.items()))


@cache
def _columns(name: str) -> dict[str, list[Cell]]:
    known = info(name)
    columns = parse(known, _folder().joinpath(f"{name}.csv").read_text("utf-8"))
    for number, key in enumerate(columns["source"], start=2):
        if key not in _sources():
            raise IntegrityError(
                f"source {key!r} is not in the list of sources",
                where=f"{name}.csv, row {number}, column source",
                remedy="add the source to sources.csv",
            )
    return columns


def names() -> tuple[str, ...]:
    """Return the names of the embedded tables, in alphabetical order."""
    return tuple(_declarations())


def info(name: str) -> TableInfo:
    """Return the declaration of a table: columns with units, licence, caveats.

    Raises
    ------
    NotFoundError
        If there is no table of that name.
    """
    try:
        return _declarations()[name]
    except KeyError:
        raise NotFoundError(f"no reference table {name!r}", remedy=f"use one of: {', '.join(names())}") from None


def rows(name: str) -> list[dict[str, Cell]]:
    """Return a table as a fresh list of mappings, empty cells as None.

    Raises
    ------
    NotFoundError
        If there is no table of that name.
    IntegrityError
        If the file does not keep to its declaration.
    """
    columns = _columns(name)
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


@cache
def table(name: str) -> pa.Table:
    """Return a table as Arrow, columns typed and documented as declared.

    Raises
    ------
    NotFoundError, IntegrityError
        As :func:`rows`.
    """
    import pyarrow as pa

    types = {"text": pa.string(), "int16": pa.int16(), "int64": pa.int64(), "float64": pa.float64(), "bool": pa.bool_()}
    columns = _columns(name)
    fields = [
        pa.field(c.name, types[c.type], nullable=c.nullable, metadata={"unit": c.unit, "description": c.description})
        for c in info(name).columns
    ]
    return pa.table([pa.array(columns[f.name], f.type) for f in fields], schema=pa.schema(fields))


@cache
def sha256(name: str) -> str:
    """Return the sha256 of a table's file.

    Raises
    ------
    NotFoundError
        If there is no table of that name.
    """
    return hashlib.sha256(_folder().joinpath(f"{info(name).name}.csv").read_bytes()).hexdigest()


def sources() -> tuple[Source, ...]:
    """Return every source the tables rest on, by id."""
    return tuple(_sources().values())


def source(key: str) -> Source:
    """Return one source.

    Raises
    ------
    NotFoundError
        If the id is unknown.
    """
    try:
        return _sources()[key]
    except KeyError:
        raise NotFoundError(f"no source {key!r}", remedy=f"use one of: {', '.join(_sources())}") from None


def origin(name: str, **match: Cell) -> list[dict[str, Any]]:
    """Return the rows of a table that match, each with its source written out.

    Parameters
    ----------
    name
        Table.
    match
        Column values that rows must have, for example ``origin("imports", year=2023, importer="NLD")``.

    Returns
    -------
    list of dict
        ``{"row": {...}, "source": {...}}`` in the order of the table.

    Raises
    ------
    NotFoundError
        If there is no such table or column.
    """
    known = {c.name for c in info(name).columns}
    if unknown := set(match) - known:
        raise NotFoundError(
            f"table {name} has no column {sorted(unknown)[0]!r}", remedy=f"use: {', '.join(sorted(known))}"
        )
    return [
        {"row": row, "source": source(str(row["source"])).as_dict()}
        for row in rows(name)
        if all(row[column] == value for column, value in match.items())
    ]


@cache
def flows() -> pa.Table:
    """Return the embedded imports in the columns of a flow file.

    Columns ``year, exporter, importer, product, value_usd, value_eur, quantity_t, re_export_usd``; only ``value_eur``
    is filled. The product is a CN8 code. The table holds imports of EU members and nothing else, so a criterion that
    needs exports or world trade has no input here. Trade that could not be laid at a country's door is in
    ``imports_unallocated`` and is not among these rows.
    """
    import pyarrow as pa

    taken = table("imports")
    empty = len(taken)
    return pa.table(
        {
            "year": taken["year"],
            "exporter": taken["exporter"],
            "importer": taken["importer"],
            "product": taken["product_cn8"],
            "value_usd": pa.nulls(empty, pa.int64()),
            "value_eur": taken["value_eur"],
            "quantity_t": pa.nulls(empty, pa.float64()),
            "re_export_usd": pa.nulls(empty, pa.int64()),
        }
    )


def check() -> dict[str, int]:
    """Read every table and return the number of rows of each.

    Raises
    ------
    IntegrityError
        At the first row, declaration or source that does not fit.
    """
    return {name: len(_columns(name)["source"]) for name in names()}
