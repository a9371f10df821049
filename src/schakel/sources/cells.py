"""How is a CSV file of one's own read, so that every wrong cell is named by file, row and column?"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from schakel.errors import InputError, MachineError, NotFoundError
from schakel.nomenclature import countries

MOST_BYTES = 200_000_000
MOST_CELL = 20_000


class Row:
    """One line of a file, whose cells know where they stand."""

    def __init__(self, file: Path, line: int, cells: dict[str, str]) -> None:
        self.file, self.line, self.cells = file, line, cells

    def where(self, column: str) -> str:
        """Return file, row and column for an error."""
        return f"file {self.file.name}, row {self.line}, column {column}"

    def text(self, column: str) -> str:
        """Return a cell without blanks around it."""
        return self.cells.get(column, "").strip()

    def need(self, column: str) -> str:
        """Return a cell that must not be empty."""
        value = self.text(column)
        if not value:
            raise InputError("the cell is empty", where=self.where(column), remedy=f"fill in {column}")
        return value

    def one_of(self, column: str, allowed: Sequence[str]) -> str:
        """Return a cell that must hold one of some words; empty means the first."""
        value = self.text(column) or allowed[0]
        if value not in allowed:
            raise InputError(f"{value!r} is no {column}", where=self.where(column), remedy=f"use {', '.join(allowed)}")
        return value

    def number(self, column: str, low: float, high: float = math.inf) -> float | None:
        """Return a number between bounds, None when empty."""
        text = self.text(column)
        if not text:
            return None
        try:
            value = math.nan if "_" in text else float(text)
        except ValueError:
            remedy = "write a number with a decimal point" if "," in text or "%" in text else "write a number"
            raise InputError(f"{text!r} is no number", where=self.where(column), remedy=remedy) from None
        if math.isnan(value):
            raise InputError(f"{text!r} is no number", where=self.where(column), remedy="write a number")
        if not low <= value <= high or math.isinf(value):
            hint = "shares run from 0 to 1; divide percentages by 100" if high == 1 else f"at least {low:g}"
            raise InputError(f"{text} is out of bounds", where=self.where(column), remedy=hint)
        return value

    def country(self, column: str) -> str:
        """Return an alpha-3 code, empty when the cell is."""
        text = self.text(column)
        if not text:
            return ""
        try:
            return countries.resolve(text).iso3
        except InputError as error:
            raise InputError(error.what, where=self.where(column), remedy=error.remedy) from None


def rows(path: Path, columns: Sequence[str], required: Sequence[str]) -> Iterator[Row]:
    """Yield the lines of one file.

    Parameters
    ----------
    columns, required
        Columns that may stand in the header, and those that must.

    Raises
    ------
    InputError
        If the file is too large, not UTF-8, has no header or columns that are not known.
    NotFoundError
        If it is not there.
    """
    where = f"file {path.name}"
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError("the file is larger than 200 MB", where=where, remedy="split it")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"byte {error.start} is not UTF-8", where=where, remedy="save the file as UTF-8") from None
    except FileNotFoundError:
        raise NotFoundError("there is no such file", where=where, remedy="check the path") from None
    except OSError as error:
        raise MachineError(
            f"cannot be read: {error.strerror}", where=where, remedy="check the path and permissions"
        ) from None
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        header = next(reader, None)
        if not header:
            raise InputError("the file is empty", where=where, remedy=f"first row: {','.join(columns)}")
        header = [h.strip() for h in header]
        unknown = [h for h in header if h not in columns]
        lacking = [h for h in required if h not in header]
        twice = [h for h in header if header.count(h) > 1]
        if unknown or lacking or twice:
            what = f"unknown column {unknown[0]!r}" if unknown else f"column {(lacking or twice)[0]!r} is missing"
            if not unknown and not lacking:
                what = f"column {twice[0]!r} stands twice"
            hint = "the delimiter must be a comma; " if ";" in header[0] else ""
            raise InputError(what, where=f"{where}, row 1", remedy=f"{hint}columns: {', '.join(columns)}")
        for cells in reader:
            if not any(c.strip() for c in cells):
                continue
            if len(cells) != len(header):
                raise InputError(
                    f"{len(cells)} cells under {len(header)} columns",
                    where=f"{where}, row {reader.line_num}",
                    remedy="check the commas and quotes",
                )
            if max(map(len, cells)) > MOST_CELL:
                raise InputError(
                    "a cell is longer than 20,000 characters",
                    where=f"{where}, row {reader.line_num}",
                    remedy="shorten it",
                )
            yield Row(path, reader.line_num, dict(zip(header, cells, strict=True)))
    except csv.Error as error:
        raise InputError(
            f"not readable as CSV: {error}", where=f"{where}, row {reader.line_num}", remedy="check the quotes"
        ) from None


def written(value: float | None) -> str:
    """Return a number as text that reads back to the same number; empty for None."""
    return "" if value is None else repr(value)
