"""How does the chain go on from its last event?"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING

from schakel.errors import MachineError
from schakel.register.event import GENESIS, Entry, Event, chain_hash

if TYPE_CHECKING:
    from sqlalchemy import Connection


AT_ONCE = 500  # events in one statement


class HeadMovedError(MachineError):
    """The register grew between reading it and recording what follows from it."""


def last(connection: Connection) -> Event | None:
    """Return the last event; None when there is none."""
    from sqlalchemy import select

    from schakel.register.schema import events

    row = connection.execute(select(events).order_by(events.c.seq.desc()).limit(1)).first()
    return Event(*row) if row else None


def extend(
    connection: Connection, entries: Iterable[Entry], recorded_at: str, *, after: str | None = None, where: str = ""
) -> tuple[Event, ...]:
    """Add events after the last one, on a connection that holds the write lock.

    Raises
    ------
    HeadMovedError
        If ``after`` is given and is not the hash of the last one.
    """
    from sqlalchemy import insert

    from schakel.register.schema import events

    head = last(connection)
    seq, previous = (head.seq, head.hash) if head else (0, GENESIS)
    if after is not None and after != previous:
        raise HeadMovedError(
            "somebody else recorded something meanwhile; nothing was recorded",
            where=f"{where}, head {previous[:12]}, expected {after[:12]}",
            remedy="try again",
        )
    done: list[Event] = []
    for new in entries:
        seq, ident = seq + 1, "E-" + secrets.token_hex(12)
        digest = chain_hash(seq, ident, new, recorded_at, previous)
        event = Event(
            seq,
            ident,
            new.kind,
            new.subject,
            new.payload,
            new.author,
            new.reason,
            new.valid_from,
            recorded_at,
            previous,
            digest,
        )
        done.append(event)
        previous = digest
    for start in range(0, len(done), AT_ONCE):
        connection.execute(insert(events), [row(event) for event in done[start : start + AT_ONCE]])
    return tuple(done)


def row(event: Event) -> dict[str, str | int]:
    """Return an event as a row of the table."""
    return {name: getattr(event, name) for name in Event.__slots__}
