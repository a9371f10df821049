"""Which is the first event, or text, that does not agree with what vouches for it?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from schakel.errors import InputError, IntegrityError
from schakel.register.event import GENESIS, Event
from schakel.register.texts import changed, named

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from schakel.register.engine import Engine

_AT_ONCE = 1000
_REMEDY = "restore a backup made before the change, and find out who could write to the register"


def broken(connection: Connection, engine: Engine, expected_head: str = "") -> str:
    """Go through the whole register and return its head hash.

    Parameters
    ----------
    expected_head
        A head hash printed earlier, which must be in the chain; empty asks for none.

    Raises
    ------
    InputError
        If the head is no hash.
    IntegrityError
        Naming the first event that does not agree, or the first text.
    """
    where, expected = engine.where, _head(expected_head)
    previous, seen = GENESIS, expected in ("", GENESIS)
    wanted: dict[str, Event] = {}
    for place, found in enumerate(stream(connection, where), 1):
        problem = _problem(found, place, previous)
        if problem:
            raise _broken(place, problem, found.seq, where, f", id {found.id}, recorded {found.recorded_at}")
        previous = found.hash
        seen = seen or previous == expected
        for digest in named(found.payload):
            wanted.setdefault(digest, found)
    _check_texts(connection, engine, wanted)
    if engine.is_sqlite:
        said = str(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar())
        if said != "ok":
            raise IntegrityError(
                f"the register's file is damaged: {' '.join(said.split())}", where=where, remedy=_REMEDY
            )
    if not seen:
        raise IntegrityError(
            "events have been removed from the end of the register, or it is another register",
            where=f"{where}, expected head {expected}",
            remedy="restore a backup that holds this head hash",
        )
    return previous


def _head(text: str) -> str:
    """Return a hash as somebody copied it: out of a PDF it comes with spaces of no width, in which it may break."""
    bare = "".join(c for c in text.lower() if not c.isspace() and c not in "\u200b\u00ad\ufeff")
    if text and not re.fullmatch("[0-9a-f]{64}", bare):
        raise InputError(
            "the head is no hash: 64 digits and letters a to f",
            where=f"--head {text[:80]}",
            remedy="copy it whole from the report, or from schakel register head",
        )
    return bare


def stream(connection: Connection, where: str) -> Iterator[Event]:
    """Give all events in order, some at a time; an event that cannot be read is named."""
    from sqlalchemy import select
    from sqlalchemy.exc import SQLAlchemyError

    from schakel.register.schema import events

    last: int | None = None
    while True:
        query = select(events).order_by(events.c.seq).limit(_AT_ONCE)
        if last is not None:
            query = query.where(events.c.seq > last)
        try:
            rows = connection.execute(query).all()
        except SQLAlchemyError as error:
            if "decode" not in str(error):  # bytes that are no text; anything else is not about one event
                raise
            yield from _one_by_one(connection, last, where)
            return
        for row in rows:
            yield Event(*row)
        if len(rows) < _AT_ONCE:
            return
        last = rows[-1].seq


def _one_by_one(connection: Connection, last: int | None, where: str) -> Iterator[Event]:
    from sqlalchemy import select
    from sqlalchemy.exc import SQLAlchemyError

    from schakel.register.schema import events

    query = select(events.c.seq).order_by(events.c.seq)
    for seq in connection.execute(query if last is None else query.where(events.c.seq > last)).scalars().all():
        try:
            found = Event(*connection.execute(select(events).where(events.c.seq == seq)).one())
        except SQLAlchemyError:
            raise _broken(seq, "it holds bytes that are no text", seq, where) from None
        yield found


def _check_texts(connection: Connection, engine: Engine, wanted: dict[str, Event]) -> None:
    """Check each text against its hash, and that none is missing which an event names under ``text_sha256``."""
    from sqlalchemy import select

    from schakel.register.schema import VERSION, texts

    if engine.version(connection) < VERSION:
        return
    hashes = connection.execute(select(texts.c.sha256).order_by(texts.c.sha256)).scalars().all()
    for digest in hashes:  # one at a time: a text may be long
        if changed(digest, connection.execute(select(texts.c.text).where(texts.c.sha256 == digest)).scalar_one()):
            raise IntegrityError(
                "the register is broken: a text does not agree with its hash",
                where=f"{engine.where}, text {digest}",
                remedy=_REMEDY,
            )
    for digest in sorted(set(wanted) - set(hashes), key=lambda name: wanted[name].seq):
        found = wanted[digest]
        raise IntegrityError(
            f"the register is broken: the text that event {found.seq} names is missing",
            where=f"{engine.where}, text {digest}, event seq {found.seq}, id {found.id}",
            remedy=_REMEDY,
        )


def _problem(found: Event, place: int, previous: str) -> str:
    if not isinstance(found.seq, int):
        return "its place is no number"
    if found.seq != place:
        return (
            f"events {place} to {found.seq - 1} are missing"
            if found.seq > place
            else f"seq {found.seq} is out of order"
        )
    if any(not isinstance(getattr(found, name), str) for name in Event.__slots__ if name != "seq"):
        return "it holds something that is no text"
    if found.previous_hash != previous:
        return "it does not follow from the event before it"
    if found.hash != found.expected_hash():
        return "its contents do not agree with its hash"
    return ""


def _broken(place: int, problem: str, seq: int, where: str, more: str = "") -> IntegrityError:
    return IntegrityError(
        f"the register is broken at event {place}: {problem}", where=f"{where}, event seq {seq}{more}", remedy=_REMEDY
    )
