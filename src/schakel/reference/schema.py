"""What columns does an embedded table have, and do its rows keep to them?"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from schakel.errors import IntegrityError

Cell = str | int | float | bool | None

_REMEDY = "restore the table from the repository, or rebuild it with scripts/build_reference.py"
_WHOLE = re.compile(r"-?(0|[1-9]\d*)")
_REAL = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?(e-?\d+)?")


@dataclass(frozen=True, slots=True)
class Column:
    """One declared column.

    Attributes
    ----------
    type
        ``text``, ``int16``, ``int64``, ``float64`` or ``bool``.
    unit
        Unit of the figures, empty for names and codes.
    nullable
        Whether an empty cell may stand, and is then read as None.
    """

    name: str
    type: str
    unit: str
    nullable: bool
    description: str


@dataclass(frozen=True, slots=True)
class TableInfo:
    """What a table holds, under which licence, and what to beware of.

    Attributes
    ----------
    key
        Columns that together name one row; no two rows share them.
    caveats
        What a reader must know before using the figures.
    """

    name: str
    title: str
    description: str
    licence: str
    key: tuple[str, ...]
    caveats: tuple[str, ...]
    columns: tuple[Column, ...]
    title_nl: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return asdict(self)


def declared(name: str, entry: Mapping[str, Any]) -> TableInfo:
    """Turn one entry of a ``tables*.toml`` file into a :class:`TableInfo`.

    Raises
    ------
    IntegrityError
        If the entry lacks a part, names an unknown type or keys on a column it does not have.
    """
    where = f"declaration of table {name}"
    try:
        columns = tuple(
            Column(
                name=str(c["name"]),
                type=str(c["type"]),
                unit=str(c.get("unit", "")),
                nullable=bool(c.get("nullable", False)),
                description=str(c["description"]),
            )
            for c in entry["columns"]
        )
        found = TableInfo(
            name=name,
            title=str(entry["title"]),
            description=str(entry["description"]),
            licence=str(entry["licence"]),
            key=tuple(entry["key"]),
            caveats=tuple(entry.get("caveats", ())),
            columns=columns,
            title_nl=str(entry["title_nl"]),
        )
    except KeyError as missing:
        raise IntegrityError(f"no {missing} is declared", where=where, remedy=_REMEDY) from None
    known = {c.name for c in columns}
    if unknown := {c.type for c in columns} - set(_PARSERS):
        raise IntegrityError(f"unknown column type {sorted(unknown)[0]}", where=where, remedy=_REMEDY)
    if absent := (set(found.key) | {"source", "locator"}) - known:
        raise IntegrityError(f"column {sorted(absent)[0]} is not declared", where=where, remedy=_REMEDY)
    return found


def _whole(bits: int) -> Callable[[str], int]:
    limit = 1 << (bits - 1)

    def parse(text: str) -> int:
        if not _WHOLE.fullmatch(text) or not -limit <= int(text) < limit:
            raise ValueError
        return int(text)

    return parse


def _real(text: str) -> float:
    if not _REAL.fullmatch(text) or not math.isfinite(number := float(text)):
        raise ValueError
    return number


def _flag(text: str) -> bool:
    return {"true": True, "false": False}[text]


_PARSERS: dict[str, Callable[[str], Cell]] = {
    "text": str,
    "int16": _whole(16),
    "int64": _whole(64),
    "float64": _real,
    "bool": _flag,
}


def parse(info: TableInfo, text: str) -> dict[str, list[Cell]]:
    """Read the CSV text of a table into columns, whole or not at all.

    Parameters
    ----------
    info
        The declaration the text must keep to: same columns in the same order, every cell of its type.
    text
        Comma-separated UTF-8 text with one header line.

    Raises
    ------
    IntegrityError
        Naming file, row (the header is row 1) and column of the first cell that does not fit, or of the second of two
        rows with the same key.
    """
    file = f"{info.name}.csv"
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    head = next(reader, [])
    wanted = [c.name for c in info.columns]
    if head != wanted:
        raise IntegrityError(f"columns are {head}, not {wanted}", where=f"{file}, row 1", remedy=_REMEDY)
    cells: dict[str, list[Cell]] = {name: [] for name in wanted}
    plan = [(c, _PARSERS[c.type], cells[c.name]) for c in info.columns]
    at = [wanted.index(k) for k in info.key]
    seen: set[tuple[str, ...]] = set()
    for number, record in enumerate(reader, start=2):
        if len(record) != len(wanted):
            raise IntegrityError(
                f"{len(record)} cells, not {len(wanted)}", where=f"{file}, row {number}", remedy=_REMEDY
            )
        for cell, (column, convert, found) in zip(record, plan, strict=True):
            if cell == "":
                if not column.nullable:
                    where = f"{file}, row {number}, column {column.name}"
                    raise IntegrityError("a cell that must be filled is empty", where=where, remedy=_REMEDY)
                found.append(None)
                continue
            try:
                found.append(convert(cell))
            except (ValueError, KeyError):
                where = f"{file}, row {number}, column {column.name}"
                raise IntegrityError(f"{cell!r} is not {column.type}", where=where, remedy=_REMEDY) from None
        key = tuple(record[i] for i in at)
        if key in seen:
            raise IntegrityError(f"a second row for {', '.join(key)}", where=f"{file}, row {number}", remedy=_REMEDY)
        seen.add(key)
    return cells
