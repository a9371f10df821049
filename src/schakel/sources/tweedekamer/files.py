"""Which official records does a file hold: JSON of OData, a page of the SyncFeed, or an official paper?"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from schakel.errors import InputError
from schakel.sources.tweedekamer import feedrows, jsonrows, publication
from schakel.sources.tweedekamer.entities import ENTITIES, Entity, named
from schakel.sources.tweedekamer.record import Counts, Row
from schakel.sources.tweedekamer.xmltree import DamagedError, local, tree

MAX_BYTES = 512 << 20
MAX_LINE = 32 << 20
_HEAD = 1 << 16
_JSON_KEYS = re.compile(rb'"(?:@odata\.context|Id|document_id)"\s*:')
_BOM = b"\xef\xbb\xbf"


def recognises(path: Path) -> bool:
    """Return whether a file looks like official records or an official paper in XML; never raises for its content."""
    try:
        with Path(path).open("rb") as raw:
            start = raw.read(_HEAD)
    except (OSError, ValueError):
        return False
    if start[:2] == b"\x1f\x8b":
        try:
            start = zlib.decompressobj(47).decompress(start, _HEAD)
        except zlib.error:
            return False
    start = start.removeprefix(_BOM).lstrip()
    if start[:1] in (b"[", b"{"):
        return _JSON_KEYS.search(start) is not None
    if start[:1] != b"<":
        return False
    root = re.search(rb"<(?!\?|!)(?:[\w.-]+:)?([\w.-]+)", start)
    if root is None:
        return False
    name = root[1].decode("ascii", "replace")
    if name == "feed":
        return b"tweedekamer.nl/xsd/tkData" in start or b"/SyncFeed/" in start
    return name == publication.ROOT or (b"tweedekamer.nl/xsd/tkData" in start and named(name) is not None)


def read(path: Path, counts: Counts, *, progress: Callable[[float], None] | None = None) -> Iterator[Row]:
    """Return the rows of a file; what cannot be taken is counted with its reason.

    Raises
    ------
    InputError
        If the file is none of the three, is damaged, or is larger than allowed.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            with gzip.GzipFile(fileobj=raw) as unpacked:
                source: io.BufferedIOBase = unpacked if packed else raw
                yield from _read(path, source, counts, progress or (lambda amount: None))
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(f"the packed file is damaged: {error}", where=str(path), remedy="fetch it again") from None
    except OSError as error:
        raise InputError(f"the file cannot be read: {error.strerror or error}", where=str(path)) from None
    except DamagedError as error:
        raise InputError(
            str(error), where=str(path), remedy="the file is cut off or no such file: fetch it again"
        ) from None


def _read(path: Path, source: io.BufferedIOBase, counts: Counts, progress: Callable[[float], None]) -> Iterator[Row]:
    name = path.name.removesuffix(".gz")
    if name.endswith(".jsonl"):
        yield from _lines(path, source, counts, progress)
        return
    data = source.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise InputError(
            f"the file holds more than the {MAX_BYTES >> 20:,} MB allowed",
            where=str(path),
            remedy="give it in parts, or as .jsonl with one record a line",
        )
    if data.removeprefix(_BOM).lstrip()[:1] == b"<":
        yield from _xml(path, data, counts, progress)
        return
    try:
        listing = jsonrows.listing(jsonrows.loads(data.removeprefix(_BOM), str(path)), str(path))
    except ValueError as error:
        raise InputError(
            f"this is no JSON: {error}",
            where=str(path),
            remedy="the file is cut off or of another kind: fetch it again",
        ) from None
    hint = listing.entity or _by_name(name)
    for value in listing.values:
        yield from _one(value, hint, counts)
        progress(1)


def _lines(path: Path, source: io.BufferedIOBase, counts: Counts, progress: Callable[[float], None]) -> Iterator[Row]:
    hint = _by_name(path.name)
    number = 0
    while line := source.readline(MAX_LINE):
        number += 1
        if len(line) >= MAX_LINE:
            raise InputError("a record is too long", where=f"{path}, line {number}")
        if not line.strip():
            continue
        try:
            value = jsonrows.loads(line, f"{path}, line {number}")
        except ValueError:
            raise InputError(
                "a line is no JSON",
                where=f"{path}, line {number}",
                remedy="the file is cut off or of another kind: fetch it again",
            ) from None
        yield from _one(value, hint, counts)
        progress(1)


def _one(value: object, hint: Entity | None, counts: Counts) -> Iterator[Row]:
    try:
        rows = list(jsonrows.rows(value, hint))
    except jsonrows.RefusedError as error:
        counts.refuse(str(error))
        return
    yield from rows


def _xml(path: Path, data: bytes, counts: Counts, progress: Callable[[float], None]) -> Iterator[Row]:
    root = tree(data, str(path))
    name = local(root.tag)
    if name == "feed":
        page = feedrows.page(data, str(path))
        for reason, amount in page.refused.items():
            counts.refuse(reason, amount)
        yield from page.rows
    elif name == publication.ROOT:
        yield publication.read(data, str(path))
    else:
        row = feedrows.record(root)
        if not isinstance(row, Row):
            raise InputError(
                f"this XML holds no official record: {row}",
                where=str(path),
                remedy="give a page of the SyncFeed, a record of it, or an official paper",
            )
        yield row
    progress(1)


def _by_name(name: str) -> Entity | None:
    """Return the entity that a file name begins with (``zaak_topical.json``); used where the records do not say."""
    word = re.split(r"[^A-Za-z]", name)[0]
    found = named(word)
    return found if found is not None and found.name in ENTITIES and found.official else None
