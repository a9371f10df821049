"""Where do events stand so that none is lost, changed or slipped in between?

SQLite in WAL mode with ``synchronous=FULL``: an append that returned is on disk. Writers take the write lock before
they read the head, so two of them never continue from the same one. PostgreSQL works by URL with the same table and
triggers (the driver is the operator's to install).
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schakel.errors import InputError, IntegrityError, MachineError, NotFoundError
from schakel.register.engine import Engine, open_engine
from schakel.register.event import GENESIS, Entry, Event, chain_hash, entry

if TYPE_CHECKING:
    from sqlalchemy import Connection


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


class Register:
    """The decision register.

    Parameters
    ----------
    url_or_path
        A file, or a database URL (``sqlite:///...``, ``postgresql+psycopg://...``). A file that is not there is made at
        the first append; until then the register is empty.
    clock
        Gives the time of an append.

    Raises
    ------
    InputError
        If the file is a database of another program, or the URL cannot be used.
    IntegrityError
        If the file is damaged, or no database at all.
    MachineError
        If disk, permission or another process is in the way.
    """

    def __init__(self, url_or_path: str | os.PathLike[str], *, clock: Callable[[], datetime] = now) -> None:
        self._engine: Engine = open_engine(url_or_path)
        self._clock = clock

    @property
    def where(self) -> str:
        """The file, or the URL without its password."""
        return self._engine.where

    def __enter__(self) -> Register:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._engine.close()

    def append(
        self,
        kind: str,
        subject: str,
        payload: Mapping[str, Any],
        *,
        author: str,
        reason: str,
        valid_from: date | str | None = None,
    ) -> Event:
        """Record one event; when this returns, it is on disk.

        Raises
        ------
        InputError
            If a field is not fit (see ``event.entry``); nothing is recorded then.
        """
        new = entry(kind, subject, payload, author=author, reason=reason, valid_from=valid_from)
        return self.append_all([new])[0]

    def append_all(self, entries: Sequence[Entry]) -> tuple[Event, ...]:
        """Record several events, all or none."""
        from sqlalchemy import insert

        from schakel.register.schema import events

        done: list[Event] = []
        with self._engine.writing() as connection:
            head = _last(connection)
            seq, previous = (head.seq, head.hash) if head else (0, GENESIS)
            stamp = self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            for new in entries:
                seq, ident = seq + 1, "E-" + secrets.token_hex(12)
                digest = chain_hash(seq, ident, new, stamp, previous)
                done.append(
                    Event(
                        seq,
                        ident,
                        new.kind,
                        new.subject,
                        new.payload,
                        new.author,
                        new.reason,
                        new.valid_from,
                        stamp,
                        previous,
                        digest,
                    )
                )
                connection.execute(insert(events).values({f: getattr(done[-1], f) for f in Event.__slots__}))
                previous = digest
        return tuple(done)

    def events(
        self,
        kind: str | None = None,
        subject: str | None = None,
        as_of: date | str | None = None,
        known_at: datetime | None = None,
    ) -> tuple[Event, ...]:
        """Return events in the order they were recorded.

        Parameters
        ----------
        kind, subject
            Only these; None is any.
        as_of
            Only what held on that day (``valid_from`` on or before it).
        known_at
            Only what had been recorded by then.
        """
        from sqlalchemy import select

        from schakel.register.schema import events

        query = select(events).order_by(events.c.seq)
        if kind is not None:
            query = query.where(events.c.kind == kind)
        if subject is not None:
            query = query.where(events.c.subject == subject)
        if as_of is not None:
            query = query.where(events.c.valid_from <= (as_of if isinstance(as_of, str) else as_of.isoformat()[:10]))
        if known_at is not None:
            stamp = known_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            query = query.where(events.c.recorded_at <= stamp)
        with self._engine.reading() as connection:
            return () if connection is None else tuple(Event(*row) for row in connection.execute(query))

    def head(self) -> str:
        """Return the hash of the last event; 64 zeros when there is none."""
        with self._engine.reading() as connection:
            last = None if connection is None else _last(connection)
        return last.hash if last else GENESIS

    def verify(self, expected_head: str = "") -> str:
        """Recompute the whole chain and return its head hash.

        Parameters
        ----------
        expected_head
            A head hash printed earlier, in a report for example. It must be in the chain: only so can one see that
            events were cut off at the end.

        Raises
        ------
        IntegrityError
            Naming the first event that does not agree.
        NotFoundError
            If there is no register.
        """
        from sqlalchemy import select

        from schakel.register.schema import events

        with self._engine.reading() as connection:
            if connection is None:
                raise NotFoundError("there is no register yet", where=self.where, remedy="record a judgement first")
            previous, seen = GENESIS, not expected_head or expected_head == GENESIS
            for place, row in enumerate(connection.execute(select(events).order_by(events.c.seq)), 1):
                found = Event(*row)
                problem = _problem(found, place, previous)
                if problem:
                    raise IntegrityError(
                        f"the register is broken at event {place}: {problem}",
                        where=f"{self.where}, event seq {found.seq}, id {found.id}, recorded {found.recorded_at}",
                        remedy="restore a backup made before the change, and find out who could write to the file",
                    )
                previous = found.hash
                seen = seen or previous == expected_head
        if not seen:
            raise IntegrityError(
                "events have been removed from the end of the register, or it is another register",
                where=f"{self.where}, expected head {expected_head}",
                remedy="restore a backup that holds this head hash",
            )
        return previous

    def backup(self, path: str | os.PathLike[str]) -> str:
        """Write a compact copy to a new file while others may go on writing; return its verified head hash.

        Raises
        ------
        InputError
            If the file exists, or the register is not in SQLite (PostgreSQL has ``pg_dump``).
        """
        out = Path(path)
        if out.exists():
            raise InputError("the backup file exists already", where=str(out), remedy="name a new file")
        if not self._engine.is_sqlite:
            raise InputError("only a SQLite register is backed up so", where=self.where, remedy="use pg_dump")
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
            os.close(handle)
        except OSError as error:
            raise MachineError(f"the backup cannot be written: {error.strerror}", where=str(out)) from None
        try:
            Path(temporary).unlink()
            self._engine.vacuum_into(temporary)
            with Register(temporary) as copy:
                head = copy.verify()
            os.link(temporary, out)  # unlike a rename, never replaces a file that appeared meanwhile
        except OSError as error:
            raise MachineError(f"the backup cannot be written: {error.strerror}", where=str(out)) from None
        finally:
            for suffix in ("", "-wal", "-shm", "-journal"):
                Path(temporary + suffix).unlink(missing_ok=True)
        return head


def _last(connection: Connection) -> Event | None:
    from sqlalchemy import select

    from schakel.register.schema import events

    row = connection.execute(select(events).order_by(events.c.seq.desc()).limit(1)).first()
    return Event(*row) if row else None


def _problem(found: Event, place: int, previous: str) -> str:
    if found.seq != place:
        return (
            f"events {place} to {found.seq - 1} are missing"
            if found.seq > place
            else f"seq {found.seq} is out of order"
        )
    if found.previous_hash != previous:
        return "it does not follow from the event before it"
    if found.hash != found.expected_hash():
        return "its contents do not agree with its hash"
    return ""
