"""Which texts do events rest on, kept once each under the hash of their contents?"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from schakel.errors import InputError, IntegrityError, NotFoundError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from schakel.register.event import Entry

LONGEST_TEXT = 20_000_000  # bytes of UTF-8
_NAMED = re.compile(r'"text_sha256":"([0-9a-f]{64})"')  # payloads are canonical: no spaces, quotes inside escaped


def named(payload: str) -> frozenset[str]:
    """Return the hashes of the texts that a payload says must be here."""
    return frozenset(_NAMED.findall(payload))


def prepare(entries: Sequence[Entry], texts: Iterable[str]) -> dict[str, bytes]:
    """Return texts by hash, checked before anything is locked.

    Raises
    ------
    InputError
        If a text is too long, is no Unicode, or no event names it.
    """
    found: dict[str, bytes] = {}
    for place, text in enumerate(texts, 1):
        try:
            content = text.encode()
        except UnicodeEncodeError as error:
            raise InputError(
                f"the text is no Unicode: {error.reason}", where=f"text {place}, character {error.start + 1}"
            ) from None
        if len(content) > LONGEST_TEXT:
            raise InputError(
                f"the text has {len(content)} bytes, more than {LONGEST_TEXT}",
                where=f"text {place}",
                remedy="record it in parts",
            )
        digest = hashlib.sha256(content).hexdigest()
        if not any(digest in new.payload for new in entries):
            raise InputError(
                "a text comes along that no event names",
                where=f"text {place}, sha256 {digest}",
                remedy="put its sha256 in the payload of an event recorded with it",
            )
        found[digest] = content
    return found


def keep(connection: Connection, entries: Iterable[Entry], texts: dict[str, bytes], where: str) -> None:
    """Store the texts that are not there yet, in the transaction of the events that name them.

    Raises
    ------
    InputError
        If an event says that a text must be here which is not.
    """
    from sqlalchemy import insert, select

    from schakel.register.schema import texts as table

    wanted = {digest for new in entries for digest in named(new.payload)}
    asked = sorted(wanted | set(texts))
    here: set[str] = set()
    for start in range(0, len(asked), 500):
        query = select(table.c.sha256).where(table.c.sha256.in_(asked[start : start + 500]))
        here.update(connection.execute(query).scalars())
    missing = sorted(wanted - here - set(texts))
    if missing:
        raise InputError(
            "an event names a text that is not in the register",
            where=f"{where}, text_sha256 {missing[0]}",
            remedy="record the text with the event",
        )
    for digest, content in texts.items():
        if digest not in here:
            connection.execute(insert(table).values(sha256=digest, text=content))


def fetch(connection: Connection, digest: str, where: str) -> str:
    """Return a text, after checking it against its hash.

    Raises
    ------
    NotFoundError
        If it is not here.
    IntegrityError
        If what stands there is another text.
    """
    from sqlalchemy import select

    from schakel.register.schema import texts

    row = connection.execute(select(texts.c.text).where(texts.c.sha256 == digest)).first()
    if row is None:
        raise NotFoundError("the register holds no such text", where=f"{where}, sha256 {digest}")
    if changed(digest, row.text):
        raise IntegrityError(
            "the text does not agree with its hash",
            where=f"{where}, text {digest}",
            remedy="restore a backup made before the change, and find out who could write to the register",
        )
    return bytes(row.text).decode()


def changed(digest: str, content: object) -> bool:
    """Tell whether a stored text is another than its hash says."""
    return not isinstance(content, bytes | memoryview) or hashlib.sha256(content).hexdigest() != digest
