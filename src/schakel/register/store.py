"""Where do events stand so that none is lost, changed or slipped in between?

SQLite in WAL mode with ``synchronous=FULL``: an append that returned is on disk. Writers take the write lock before
they read the head, so two of them never continue from the same one. PostgreSQL works by URL with the same tables, views
and guards (its driver comes with the extra ``postgres``).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schakel.errors import NotFoundError
from schakel.register.chain import HeadMovedError, extend, last
from schakel.register.engine import Engine, open_engine
from schakel.register.event import GENESIS, Entry, Event, entry, iso_day, stamp

if TYPE_CHECKING:
    from schakel.register.copies import Restored


HeadMoved = HeadMovedError


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

    @property
    def engine(self) -> Engine:
        """The database, for the other modules of this room."""
        return self._engine

    @property
    def clock(self) -> Callable[[], datetime]:
        """What gives the time of an append."""
        return self._clock

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

    def append_all(
        self, entries: Sequence[Entry], texts: Sequence[str] = (), *, after: str | None = None
    ) -> tuple[Event, ...]:
        """Record several events and the texts they name, all or none.

        Parameters
        ----------
        texts
            Kept once each, by the sha256 of their UTF-8. A text must be named in the payload of one of ``entries`` by
            that hash: only so does the chain vouch for it. A payload that names a text under the key ``text_sha256``
            (at any depth) can only be recorded when the text is here or comes along.
        after
            Head hash the caller decided on; when others have recorded something since, nothing is recorded.

        Raises
        ------
        HeadMovedError
            If ``after`` is no longer the head.
        InputError
            If a text is too long, is no Unicode, or no event names it; or an event names a text that is not here.
        """
        from schakel.register.texts import keep, prepare

        kept = prepare(entries, texts)
        with self._engine.writing() as connection:
            keep(connection, entries, kept, self.where)
            return extend(connection, entries, stamp(self._clock()), after=after, where=self.where)

    def text(self, sha256: str) -> str:
        """Return a text by the sha256 of its UTF-8.

        Raises
        ------
        NotFoundError
            If it is not here.
        IntegrityError
            If what stands there is another text.
        """
        from schakel.register.schema import VERSION
        from schakel.register.texts import fetch

        with self._engine.reading() as connection:
            if connection is None or self._engine.version(connection) < VERSION:
                raise NotFoundError("the register holds no such text", where=f"{self.where}, sha256 {sha256}")
            return fetch(connection, sha256, self.where)

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
            query = query.where(events.c.valid_from <= iso_day(as_of))
        if known_at is not None:
            query = query.where(events.c.recorded_at <= stamp(known_at))
        with self._engine.reading() as connection:
            return () if connection is None else tuple(Event(*row) for row in connection.execute(query))

    def state(
        self, kind: str | None = None, as_of: date | str | None = None, known_at: datetime | None = None
    ) -> tuple[Event, ...]:
        """Return the event that stands per kind and subject, ordered by these; of a judgement, per question as well.

        Of the events that hold on the day, the one that began last stands (``valid_from``); of several that began on
        one day, the one recorded last. So a correction that arrives late, dated back, changes the past from its own day
        to the next change, and not what came after it.

        Parameters
        ----------
        kind
            Only this kind; None is every kind.
        as_of
            The day asked about; None is today (UTC). Without ``known_at`` the database's view ``current_state`` answers.
        known_at
            As it was known then: later recordings do not count; None is now.
        """
        from sqlalchemy import select

        from schakel.register.schema import VERSION, current_state
        from schakel.register.standing import standing

        with self._engine.reading() as connection:
            if connection is None:
                return ()
            if as_of is None and known_at is None and self._engine.version(connection) == VERSION:
                query = select(current_state)
            else:
                query = standing(
                    iso_day(as_of if as_of is not None else now()), None if known_at is None else stamp(known_at)
                )
            if kind is not None:
                query = query.where(query.selected_columns.kind == kind)
            found = [Event(*row) for row in connection.execute(query)]
        return tuple(sorted(found, key=lambda event: (event.kind, event.subject, event.seq)))

    def size(self) -> tuple[int, int]:
        """Return how many events and how many texts there are."""
        from sqlalchemy import func, select

        from schakel.register.schema import VERSION, events, texts

        with self._engine.reading() as connection:
            if connection is None:
                return 0, 0
            tables = (events, texts)[: min(self._engine.version(connection), VERSION)]
            counts = [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]
        return counts[0], counts[1] if len(counts) > 1 else 0

    def head(self) -> str:
        """Return the hash of the last event; 64 zeros when there is none."""
        with self._engine.reading() as connection:
            found = None if connection is None else last(connection)
        return found.hash if found else GENESIS

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
        from schakel.register.check import broken

        with self._engine.reading() as connection:
            if connection is None:
                raise NotFoundError("there is no register yet", where=self.where, remedy="record a judgement first")
            return broken(connection, self._engine, expected_head)

    def missing_guards(self) -> tuple[str, ...]:
        """Return the names of triggers that somebody took away, switched off or changed; the events may be whole all the same."""
        from schakel.register.guards import missing
        from schakel.register.schema import VERSION

        with self._engine.reading() as connection:
            if connection is None or self._engine.version(connection) < VERSION:
                return ()
            return missing(connection)

    def backup(self, path: str | os.PathLike[str]) -> str:
        """Write a compact copy to a new SQLite file while others may go on writing; return its verified head hash.

        A register in PostgreSQL is copied event by event, hashes unchanged.

        Raises
        ------
        InputError
            If the file exists, or there is no register.
        IntegrityError
            If the register is broken; there is no backup then.
        """
        from schakel.register.copies import backup

        return backup(self, Path(path))

    def restore(
        self, path: str | os.PathLike[str], *, head: str = "", force: bool = False, author: str = "", reason: str = ""
    ) -> Restored:
        """Make the register what a backup says, in one transaction; the chain and its hashes stay as they are.

        Parameters
        ----------
        path
            A file that `backup` wrote.
        head
            A head hash printed earlier; the backup must hold it.
        force, author, reason
            Replace a register that holds events the backup lacks. Who does so, and why, is recorded as an event after
            those of the backup.

        Raises
        ------
        InputError
            If events would be lost and it is not forced, or a PostgreSQL database is not empty.
        IntegrityError
            If the backup is broken.
        NotFoundError
            If there is no backup.
        """
        from schakel.register.copies import restore

        return restore(self, Path(path), head=head, force=force, author=author, reason=reason)
