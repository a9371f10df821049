"""Which reader fits this file, and what does a reader hand over?

A reader turns one published file (or a folder or archive of them) into Parquet tables under a stage folder and accounts
for every row: ``rows_read == rows_kept + sum(left_out)``. What it does not expect it refuses, and then nothing stays in
the stage folder.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from schakel.errors import InputError, NotFoundError, SchakelError
from schakel.evidence import Source
from schakel.sources import textfile

MAX_MEMBERS = 500
DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Head:
    """What can be seen of a file without reading it.

    Attributes
    ----------
    kind
        ``text``, ``gzip``, ``zip``, ``7z``, ``sqlite`` or ``folder``.
    names
        Names inside the archive or folder.
    text
        The first lines of the text (of the first text member), at most 64 KB.
    columns
        Names of the header, normalised by ``plain_name``; ``header`` has them as printed.
    members
        For a folder: the head of each data file directly in it that could be opened.
    """

    path: Path
    kind: str
    names: tuple[str, ...] = ()
    text: str = ""
    encoding: str = ""
    delimiter: str = ""
    header: tuple[str, ...] = ()
    members: tuple[Head, ...] = ()

    @property
    def columns(self) -> frozenset[str]:
        """Normalised names of the header."""
        return frozenset(plain_name(name) for name in self.header)

    def files(self) -> tuple[Head, ...]:
        """The heads of a folder's files, or this head itself."""
        return self.members if self.kind == "folder" else (self,)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read.

    Attributes
    ----------
    delimiter, decimal
        For files saved again by a spreadsheet; None and ``.`` mean as the publisher writes them.
    dataset, version
        Override the names derived from the file.
    dimension
        Governance dimension, for files that do not state it.
    threads
        Threads of the query engine; None takes the setting.
    max_unpacked
        Most bytes that may come out of an archive.
    """

    delimiter: str | None = None
    decimal: str = "."
    dataset: str | None = None
    version: str | None = None
    dimension: str | None = None
    threads: int | None = None
    max_unpacked: int = textfile.MAX_UNPACKED


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a reader made of a file.

    Attributes
    ----------
    tables
        Table name to its folder under the stage folder (``<table>/year=YYYY/part.parquet``, or ``<table>/part.parquet``
        where the table has no year).
    rows_read, rows_kept, left_out
        Rows in the file, rows that stand in the main table, rows left out by declared rule.
    coverage
        ``world`` (all flows between all countries), ``imports`` (as declared by importers), ``exports``, or empty.
    not_read
        Names of files of a folder that were looked at and are no part of it.
    """

    dataset: str
    version: str
    tables: dict[str, Path]
    rows_read: int
    rows_kept: int
    left_out: dict[str, int]
    caveats: tuple[str, ...] = ()
    coverage: str = ""
    not_read: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.rows_read != self.rows_kept + sum(self.left_out.values()):
            raise AssertionError(f"rows unaccounted for in {self.dataset}: {self}")


class Reader(Protocol):
    """One public source."""

    name: str
    title: str
    licence: str
    source: Source

    def recognises(self, head: Head) -> bool:
        """Say whether this looks like a file of the source."""
        ...

    def read(self, path: Path, stage: Path, options: ReadOptions) -> Loaded:
        """Write the file's tables under ``stage`` and account for its rows."""
        ...


def plain_name(name: str) -> str:
    """Return a column name in small letters and digits only, so that ``Reporter ISO`` equals ``reporter_iso``."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def look(path: Path) -> Head:
    """Return the head of a file or folder.

    Raises
    ------
    InputError
        If it is empty, sparse, damaged, no text, or may not be read.
    NotFoundError
        If it does not exist.
    """
    if not path.is_dir():
        return _look_file(path)
    if not os.access(path, os.R_OK | os.X_OK):
        raise InputError("the folder may not be read", where=str(path), remedy="give yourself read permission")
    files = sorted(item for item in path.iterdir() if item.is_file() and not item.name.startswith("."))
    members = []
    for item in files[:MAX_MEMBERS]:
        if item.suffix.lower() not in textfile.DATA_SUFFIXES:
            continue
        members.append(_look_file(item))
    if not members:
        raise InputError("the folder holds no data file", where=str(path), remedy="name a file of a known source")
    return Head(path, "folder", tuple(item.name for item in files), members=tuple(members))


def _look_file(path: Path) -> Head:
    data = textfile.first_bytes(path)
    kind = textfile.kind_of(data)
    if kind == "sqlite":
        return Head(path, kind)
    if kind == "7z":
        return Head(path, kind, textfile.seven_names(path))
    names: tuple[str, ...] = ()
    if kind == "zip":
        names = textfile.zip_names(path)
        first = next((name for name in names if name.lower().endswith(textfile.TEXT_SUFFIXES)), "")
        data = textfile.member_head(path, kind, first) if first else b""
    elif kind == "gzip":
        data = textfile.member_head(path, kind)
    text, encoding = textfile.decode(data, path)
    delimiter, header = header_of(text)
    return Head(path, kind, names, text, encoding, delimiter, header)


def header_of(text: str) -> tuple[str, tuple[str, ...]]:
    """Return delimiter and column names of the first line; no columns for JSON."""
    line = text.lstrip("\ufeff").split("\n", 1)[0].rstrip("\r")
    if line[:1] in ("{", "["):
        return "", ()
    delimiter = max(DELIMITERS, key=lambda mark: len(next(csv.reader([line], delimiter=mark), [])))
    return delimiter, tuple(name.strip() for name in next(csv.reader([line], delimiter=delimiter), []))


def only_file(head: Head, fits: Callable[[Head], bool]) -> Path:
    """Return the one file that fits, of a folder or itself.

    Raises
    ------
    InputError
        If there is none or more than one.
    """
    fitting = [item.path for item in head.files() if fits(item)]
    if len(fitting) != 1:
        raise InputError(
            f"{len(fitting)} files fit where one is wanted",
            where=str(head.path),
            remedy="name one file: " + ", ".join(item.name for item in fitting[:8]),
        )
    return fitting[0]


def others(head: Head, *read: Path) -> tuple[str, ...]:
    """Return the names of the files of a folder besides those that are read."""
    return tuple(item.path.name for item in head.files() if item.path not in read)


@cache
def readers() -> tuple[Reader, ...]:
    """Return every reader, in a fixed order."""
    from schakel.sources import baci, chainreaders, codes, comext, comtrade, crm, ideal_points, mrioreaders, usgs, wgi

    return (
        baci.Baci(),
        comext.Comext(),
        comtrade.Comtrade(),
        crm.CriticalRawMaterials(),
        wgi.Governance(),
        ideal_points.IdealPoints(),
        usgs.MineralSummaries(),
        chainreaders.ChipExplorer(),
        *mrioreaders.readers(),
        codes.BaciCodes(),
        codes.HsList(),
    )


def reader(name: str) -> Reader:
    """Return one reader by name.

    Raises
    ------
    NotFoundError
        If there is none of that name.
    """
    for item in readers():
        if item.name == name:
            return item
    known = ", ".join(item.name for item in readers())
    raise NotFoundError(f"there is no reader {name!r}", remedy=f"use one of: {known}")


def recognise(path: Path) -> Reader:
    """Return the one reader that fits.

    Raises
    ------
    InputError
        If none fits or more than one does (a folder with files of several sources), or the file cannot be read.
    """
    head = look(path)
    fitting = [item for item in readers() if item.recognises(head)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise InputError(
            f"the files fit more than one source: {_by_source(head, fitting)}",
            where=str(path),
            remedy="name one file",
        )
    shown = head.header[:8] or head.names[:8]
    seen = f"{'columns' if head.header else 'files'} {', '.join(shown)}" if shown else "no header"
    raise InputError(
        f"no known source has this layout ({seen})",
        where=str(path),
        remedy="known are: "
        + "; ".join(item.title for item in readers())
        + ". A trade file of your own needs the columns year, exporter, importer, product, value_usd",
    )


def _by_source(head: Head, fitting: list[Reader]) -> str:
    """Return which files of a folder fit which source, and which fit none."""
    files = head.files()
    found = {item.title: [file.path.name for file in files if item.recognises(file)] for item in fitting}
    known = {name for names in found.values() for name in names}
    found["none"] = [file.path.name for file in files if file.path.name not in known]
    return "; ".join(f"{title} ({', '.join(names)})" for title, names in found.items() if names)


@contextmanager
def staged(stage: Path) -> Iterator[Path]:
    """Give a work folder inside the stage folder; it is removed, and after an error so is all else that was made."""
    stage.mkdir(parents=True, exist_ok=True)
    before = set(stage.iterdir())
    work = stage / ".work"
    work.mkdir()
    try:
        yield work
    except BaseException as error:
        for item in set(stage.iterdir()) - before - {work}:
            shutil.rmtree(item, ignore_errors=True)
        if isinstance(error, OSError) and not isinstance(error, SchakelError):
            raise textfile.disk_fault(error, str(stage)) from error
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
