"""How is the register's database opened and locked?"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schakel.errors import InputError, MachineError
from schakel.register import trouble
from schakel.register.address import Address, address

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy import Engine as SqlEngine

_LOCK = 1396918347  # PostgreSQL's advisory lock of who writes
_CONNECT_SECONDS = 10


def open_engine(url_or_path: str | os.PathLike[str]) -> Engine:
    """Return the engine for a path or URL; nothing is opened yet.

    Raises
    ------
    InputError
        If the URL cannot be read or names a database that is not supported.
    """
    return Engine(address(url_or_path))


class Engine:
    """A lazily opened database with one way to read and one way to write."""

    def __init__(self, at: Address) -> None:
        self.address, self.path, self.where = at, at.path, at.where
        self._sql: SqlEngine | None = None
        self._current = self._wal = False

    @property
    def is_sqlite(self) -> bool:
        """Whether the register is a file."""
        return self.path is not None

    def close(self) -> None:
        """Close all connections."""
        if self._sql is not None:
            self._sql.dispose()
            self._sql, self._current, self._wal = None, False, False

    def _engine(self) -> SqlEngine:
        if self._sql is None:
            from sqlalchemy import create_engine, event
            from sqlalchemy.exc import ArgumentError, NoSuchModuleError

            arguments: dict[str, Any] = {"timeout": trouble.BUSY_SECONDS}
            if not self.is_sqlite:
                arguments = {"connect_timeout": _CONNECT_SECONDS, "application_name": "schakel"}
            try:
                self._sql = create_engine(self.address.url(), connect_args=arguments, pool_pre_ping=not self.is_sqlite)
            except (ImportError, ArgumentError, NoSuchModuleError) as error:
                raise MachineError(
                    f"the database driver is missing: {error}",
                    where=self.where,
                    remedy="pip install 'schakel[postgres]'",
                ) from None
            if self.is_sqlite:
                event.listen(self._sql, "connect", _prepare)
                event.listen(self._sql, "begin", _begin)
        return self._sql

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection | None]:
        """Give a connection with one unchanging view, or None when there is no register yet."""
        if not self.exists():
            yield None
            return
        with self.explained(), self._engine().connect() as plain:
            options: dict[str, Any] = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
            connection = plain.execution_options(**options)
            with connection.begin():
                yield connection if self.version(connection) else None

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection that holds the write lock; commits at the end, or undoes all."""
        with self.explained():
            if self.path is not None and not self._wal:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                with self._engine().connect() as connection:
                    self.version(connection)  # before the file is touched: it may be another program's
                _use_wal(self.path)
                self._wal = True
            with self._engine().connect() as plain:
                connection = plain.execution_options(schakel_write=True)
                with connection.begin():
                    if not self.is_sqlite:  # SQLite took its lock with BEGIN IMMEDIATE
                        _lock(connection)
                    self._bring_up_to_date(connection)
                    yield connection

    def exists(self) -> bool:
        """Tell whether there is something to open; of a server that is always so."""
        return self.path is None or _exists(self.path, self.where)

    def vacuum_into(self, out: str) -> None:
        """Write a compact copy of the SQLite file."""
        with self.explained():
            if self.path is None or not _exists(self.path, self.where):
                raise InputError("there is no register to back up", where=self.where)
            with contextlib.closing(
                sqlite3.connect(self.path, timeout=trouble.BUSY_SECONDS, isolation_level=None)
            ) as raw:
                raw.execute("VACUUM INTO ?", (out,))

    def version(self, connection: Connection) -> int:
        """Return the version of the register there; refuse a database that is not ours."""
        from schakel.register.schema import VERSION
        from schakel.register.upgrade import version

        if self._current:
            return VERSION
        found = version(connection, self.where)
        self._current = found == VERSION
        return found

    def _bring_up_to_date(self, connection: Connection) -> None:
        from schakel.register.schema import VERSION

        found = self.version(connection)
        if found != VERSION:
            from schakel.register.upgrade import upgrade

            upgrade(connection, found)

    @contextlib.contextmanager
    def explained(self) -> Iterator[None]:
        """Turn errors of the database and the disk into ours, without passwords."""
        from sqlalchemy.exc import SQLAlchemyError

        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, OSError, UnicodeDecodeError) as error:
            cause = getattr(error, "orig", None) or error
            text = (cause.strerror if isinstance(cause, OSError) else None) or str(cause)
            raise trouble.explain(error, self.where, self.address.hide(text)) from (error if self.is_sqlite else None)


def _exists(path: Path, where: str) -> bool:
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False
    except OSError as error:
        raise trouble.explain(error, where) from None


def _use_wal(path: Path) -> None:
    """Switch the file to WAL, which it then remembers; the switch does not wait for other openers by itself."""
    deadline = time.monotonic() + trouble.BUSY_SECONDS
    with contextlib.closing(sqlite3.connect(path, timeout=trouble.BUSY_SECONDS, isolation_level=None)) as raw:
        while True:
            try:
                raw.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)


def _prepare(raw: Any, _: object) -> None:
    raw.isolation_level = None  # this module says BEGIN itself
    for pragma in ("synchronous = FULL", "trusted_schema = OFF", "cell_size_check = ON"):
        raw.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("schakel_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _lock(connection: Connection) -> None:
    """Take PostgreSQL's lock of who writes, and have the commit wait for the disk whatever the server's default."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{int(trouble.BUSY_SECONDS * 1000)}ms'")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    connection.exec_driver_sql(
        "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'"
    )
