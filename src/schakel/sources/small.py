"""How is a small published table read row by row, so that every fault names its row and column?"""

from __future__ import annotations

import csv
import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from schakel.errors import InputError
from schakel.sources import textfile
from schakel.sources.reader import ReadOptions, header_of, plain_name

MAX_BYTES = 256 << 20  # the largest of these tables has 3 MB
_MISSING = frozenset({"", "NA", "N/A", "..", "nan", "NaN"})


@dataclass(frozen=True, slots=True)
class Row:
    """One row: cells by normalised column name, and where it stands."""

    cells: Mapping[str, str]
    number_in_file: int
    where: str
    printed: Mapping[str, str]
    decimal_mark: str = "."

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def get(self, column: str) -> str:
        """Return a cell, empty where there is no such column."""
        return self.cells.get(column, "")

    def fault(self, column: str, what: str, remedy: str) -> InputError:
        """Return the error for a cell."""
        name = self.printed.get(column, column)
        return InputError(what, where=f"file {self.where}, row {self.number_in_file}, column {name}", remedy=remedy)

    def number(self, column: str) -> float:
        """Return a finite number.

        Raises
        ------
        InputError
            If the cell is none.
        """
        text = self.cells[column]
        if self.decimal_mark == ",":
            text = text.replace(".", "").replace(",", ".")
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or "_" in text:
            raise self.fault(column, f"not a number: {self.cells[column]!r}", "correct the value")
        return value

    def maybe(self, column: str) -> float | None:
        """Return a number, or None where the publisher has none (empty, NA, two dots)."""
        return None if self.get(column) in _MISSING else self.number(column)

    def decimal(self, column: str) -> Decimal:
        """Return a non-negative exact number with at most three decimals kept.

        Raises
        ------
        InputError
            If the cell is none or negative.
        """
        text = self.cells[column]
        if self.decimal_mark == ",":
            text = text.replace(".", "").replace(",", ".")
        try:
            value = Decimal(text)
            if not value.is_finite() or value < 0 or "_" in text:
                raise InvalidOperation
            return value.quantize(Decimal("0.001"))
        except InvalidOperation:
            what = f"missing, negative or no number: {self.cells[column]!r}"
            raise self.fault(column, what, "correct the value; for 1.234,56 give --decimal ','") from None

    def integer(self, column: str) -> int:
        """Return a whole number.

        Raises
        ------
        InputError
            If the cell is none.
        """
        value = self.number(column)
        if value != int(value):
            raise self.fault(column, f"not a whole number: {self.cells[column]!r}", "correct the value")
        return int(value)

    def year(self, column: str) -> int:
        """Return a year from 1900 to 2100.

        Raises
        ------
        InputError
            If the cell is none.
        """
        text = self.cells[column]
        if not (text.isascii() and text.isdigit() and 1900 <= int(text) <= 2100):
            raise self.fault(column, f"not a year: {text!r}", "correct the year")
        return int(text)


def rows(
    path: Path, work: Path, options: ReadOptions, delimiters: str = ",", skip_until: str = "", member: str = ""
) -> Iterator[Row]:
    """Yield the rows of a delimited text file.

    Parameters
    ----------
    delimiters
        Marks the publisher uses; another one is refused unless the options name it.
    skip_until
        Normalised name of a column by which the header is found below lines of notes; empty: the first line.

    Raises
    ------
    InputError
        If a row has another number of cells than the header, a column stands twice, or there is no header.
    """
    text = textfile.plain(path, work, member, min(options.max_unpacked, MAX_BYTES))
    where = f"{path}, member {member}" if member else str(path)
    if text.stat().st_size > MAX_BYTES:
        raise InputError("the file is far larger than this source publishes", where=where, remedy="check the file")
    with text.open(encoding="utf-8-sig", newline="") as handle:
        start = handle.readline()
        skipped = 0
        while skip_until and start and skip_until not in {plain_name(cell) for cell in header_of(start)[1]}:
            start = handle.readline()
            skipped += 1
        delimiter, header = header_of(start)
        if options.delimiter is None and delimiter not in delimiters:
            raise InputError(
                f"the columns are separated by {delimiter!r}",
                where=f"file {where}, row {skipped + 1}",
                remedy=f"give --delimiter '{delimiter}' if a spreadsheet saved it so",
            )
        names = [plain_name(name) for name in header]
        twice = {name for name in names if name and names.count(name) > 1}
        if twice:
            raise InputError(
                f"columns stand twice: {', '.join(sorted(twice))}", where=where, remedy="remove one of them"
            )
        printed = dict(zip(names, header, strict=True))
        reader = csv.reader(handle, delimiter=delimiter, strict=True)
        try:
            for number, cells in enumerate(reader, skipped + 2):
                if not cells:
                    continue
                if len(cells) != len(names):
                    raise InputError(
                        f"the row has {len(cells)} cells, the header {len(names)}",
                        where=f"file {where}, row {number}",
                        remedy="check delimiter and quotes of that row",
                    )
                trimmed = {name: cell.replace("\xa0", " ").strip() for name, cell in zip(names, cells, strict=True)}
                yield Row(trimmed, number, where, printed, options.decimal)
        except csv.Error as error:
            raise InputError(
                f"the row cannot be read: {error}",
                where=f"file {where}, row {reader.line_num + 1}",
                remedy="check its quotes",
            ) from None


def unique(seen: dict[Any, Row], key: Hashable, row: Row) -> None:
    """Refuse a second row with the same key.

    Raises
    ------
    InputError
        Naming both rows.
    """
    first = seen.setdefault(key, row)
    if first is not row:
        shown = ", ".join(str(part) for part in key) if isinstance(key, tuple) else str(key)
        raise InputError(
            f"{shown} stands twice",
            where=f"file {row.where}, rows {first.number_in_file} and {row.number_in_file}",
            remedy="keep one of the rows",
        )


def write(rows_out: Sequence[Mapping[str, Any]], schema: Any, stage: Path, table: str) -> Path:
    """Write rows as Parquet, by year where the schema has one; return the table's folder."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = stage / table
    if "year" not in schema.names:
        folder.mkdir(parents=True)
        pq.write_table(pa.Table.from_pylist(list(rows_out), schema), folder / "part.parquet", compression="zstd")
        return folder
    by_year: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows_out:
        by_year.setdefault(row["year"], []).append(row)
    for year, part in sorted(by_year.items()):
        target = folder / f"year={year}"
        target.mkdir(parents=True)
        pq.write_table(pa.Table.from_pylist(part, schema), target / "part.parquet", compression="zstd")
    return folder


def code_text(code: str) -> str:
    """Return a numeric code without leading zeros, any other code as it is."""
    return str(int(code)) if code.isascii() and code.isdigit() else code
