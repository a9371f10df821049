"""What stands in a wide matrix: one row of labels, then rows of a label and numbers?

The text is read as a stream, from a file, a gzip or one member of a zip, under a ceiling. Any cell that is no finite
number refuses the file and is named by row and column.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import numpy as np
import numpy.typing as npt

from schakel.errors import InputError, MachineError
from schakel.sources import textfile

MOST_BYTES = 4 << 30  # a year of the largest table known is about 0.2 GB
MOST_COLUMNS = 50_000
F64 = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Place:
    """A text on disk: a file, or a member of a zip."""

    path: Path
    member: str = ""

    @property
    def name(self) -> str:
        """Name without folders."""
        return (self.member or self.path.name).rsplit("/", 1)[-1]

    def where(self, line: int = 0, column: str = "") -> str:
        """Return the place in words."""
        parts = [f"file {self.path.name}"] + ([f"member {self.member}"] if self.member else [])
        return ", ".join(parts + ([f"row {line}"] if line else []) + ([f"column {column}"] if column else []))


@dataclass(frozen=True)
class Matrix:
    """Labels of rows and columns, and the numbers, shape (rows, columns); row k stands in line k + 2 of the text."""

    place: Place
    corner: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: F64

    def where(self, row: int, column: int | None = None) -> str:
        """Return where a cell stands."""
        return self.place.where(row + 2, "" if column is None else self.columns[column])


class _Ceiling(io.RawIOBase):
    """A stream that refuses to give more than some number of bytes."""

    def __init__(self, inner: IO[bytes], place: Place, limit: int) -> None:
        self._inner, self._place, self._left = inner, place, limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        data = self._inner.read(len(view))
        self._left -= len(data)
        if self._left < 0:
            raise InputError("the text is larger than any known table", where=self._place.where(), remedy="check it")
        view[: len(data)] = data
        return len(data)


@contextmanager
def opened(place: Place, limit: int = MOST_BYTES) -> Iterator[Iterator[list[str]]]:
    """Open a text and give its rows; faults of archive, coding and disk become errors that name the file.

    Raises
    ------
    InputError, MachineError, NotFoundError
    """
    kind = textfile.kind_of(textfile.first_bytes(place.path))
    try:
        if kind == "zip":
            with zipfile.ZipFile(place.path) as archive, archive.open(place.member) as inner:
                yield _rows(inner, place, limit)
        elif kind == "gzip":
            with gzip.open(place.path) as packed:
                yield _rows(cast("IO[bytes]", packed), place, limit)
        elif kind == "text":
            with place.path.open("rb") as plain:
                yield _rows(plain, place, limit)
        else:
            raise InputError("the file is no text", where=place.where(), remedy="give the CSV file, or its zip")
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"the file is damaged: {error}", where=place.where(), remedy="fetch it again") from None
    except OSError as error:
        raise MachineError(
            f"cannot be read: {error.strerror or error}", where=place.where(), remedy="check disk and permissions"
        ) from None


def _rows(handle: IO[bytes], place: Place, limit: int) -> Iterator[list[str]]:
    text = io.TextIOWrapper(io.BufferedReader(_Ceiling(handle, place, limit), 1 << 20), "utf-8-sig", newline="")
    return csv.reader(text)


def matrix(place: Place, limit: int = MOST_BYTES) -> Matrix:
    """Read a wide matrix.

    Raises
    ------
    InputError
        Naming file, row and column: a label twice, another number of cells, a cell that is no finite number.
    """
    labels: list[str] = []
    values: list[F64] = []
    with opened(place, limit) as reader:
        header = [name.strip() for name in next(reader, [])]
        columns = tuple(header[1:])
        if not columns or len(columns) > MOST_COLUMNS:
            raise InputError(f"{len(columns)} columns", where=place.where(1), remedy="expected a table of industries")
        _once(columns, place, "column", lambda k: place.where(1, columns[k]))
        for line, row in enumerate(reader, 2):
            if len(row) != len(header):
                if not row:
                    continue  # an empty last line
                raise InputError(
                    f"{len(row)} cells under {len(header)} columns",
                    where=place.where(line),
                    remedy="the file is cut off or damaged; fetch it again",
                )
            labels.append(row[0].strip())
            values.append(_numbers(row[1:], columns, place, line))
    if not labels:
        raise InputError("the file has no rows", where=place.where(), remedy="fetch it again")
    _once(labels, place, "row", lambda k: place.where(k + 2))
    return Matrix(place, header[0], tuple(labels), columns, np.array(values))


def _once(labels: tuple[str, ...] | list[str], place: Place, what: str, where: Callable[[int], str]) -> None:
    if len(set(labels)) == len(labels):
        return
    seen: set[str] = set()
    for k, label in enumerate(labels):
        if label in seen:
            raise InputError(
                f"{what} {label!r} stands twice",
                where=where(k),
                remedy="fetch the file again",
            )
        seen.add(label)


def _numbers(cells: list[str], columns: tuple[str, ...], place: Place, line: int) -> F64:
    try:
        found = np.array(cells, np.float64)
    except ValueError:
        found = np.full(len(cells), np.nan)
        for k, cell in enumerate(cells):
            try:
                found[k] = float(cell)
            except ValueError:
                break
    bad = np.flatnonzero(~np.isfinite(found))
    if len(bad):
        k = int(bad[0])
        raise InputError(
            f"{cells[k][:40]!r} is no number", where=place.where(line, columns[k]), remedy="fetch the file again"
        )
    return found


def texts(path: Path, fits: Callable[[str], bool]) -> tuple[Place, ...]:
    """Return the texts that a path holds and whose name fits: itself, members of a zip, or those of a folder's files.

    Parameters
    ----------
    fits
        Says of a name without folders whether it is wanted; a single plain file is taken whatever its name.
    """
    if path.is_dir():
        found: list[Place] = []
        for item in sorted(path.iterdir()):
            if item.is_file() and (fits(item.name) or item.suffix.lower() == ".zip"):
                found += [p for p in texts(item, fits) if fits(p.name)]
        return tuple(found)
    if textfile.kind_of(textfile.first_bytes(path)) != "zip":
        return (Place(path),)
    names = sorted(n for n in textfile.zip_names(path) if fits(n.rsplit("/", 1)[-1]))
    return tuple(Place(path, n) for n in names)


def year_of(name: str, pattern: re.Pattern[str]) -> int:
    """Return the year that a file's name states: the group ``year`` of the pattern, else the last four digits of a year.

    Raises
    ------
    InputError
        If it states none.
    """
    if found := pattern.fullmatch(name):
        return int(found["year"])
    years = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", name)
    if not years:
        raise InputError(
            "the name does not say the year of the table",
            where=f"file {name}",
            remedy="put the year in it: 2019_SML.csv",
        )
    return int(years[-1])
