"""How is the register's database opened, locked and, when something is wrong, explained?"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schakel.errors import InputError, IntegrityError, MachineError, SchakelError
from schakel.settings import standing

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy import Engine as SqlEngine

BUSY_SECONDS = 30.0
_OUR_TABLE = "events"


def open_engine(url_or_path: str | os.PathLike[str]) -> Engine:
    """Return the engine for a path or URL; nothing is opened yet.

    Raises
    ------
    InputError
        If the URL cannot be read or names a database that is not supported.
    """
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    text = os.fspath(url_or_path)
    if "://" not in text:
        return Engine(f"sqlite:///{text}", Path(text), text)
    try:
        url = make_url(text)
    except ArgumentError:
        raise InputError("the register's URL cannot be read", where=text.split("@")[-1]) from None
    backend = url.get_backend_name()
    if backend not in ("sqlite", "postgresql") or (backend == "sqlite" and url.database in (None, "", ":memory:")):
        raise InputError(
            "the register cannot stand there",
            where=url.render_as_string(hide_password=True),
            remedy="use a file or postgresql+psycopg://",
        )
    path = Path(url.database or "") if backend == "sqlite" else None
    return Engine(text, path, url.render_as_string(hide_password=True))


class Engine:
    """A lazily opened database with one way to read and one way to write."""

    def __init__(self, url: str, path: Path | None, where: str) -> None:
        self.url, self.path, self.where = url, path, where
        self._sql: SqlEngine | None = None
        self._ready = self._wal = False

    @property
    def is_sqlite(self) -> bool:
        """Whether the register is a file."""
        return self.path is not None

    def close(self) -> None:
        """Close all connections."""
        if self._sql is not None:
            self._sql.dispose()
            self._sql, self._ready, self._wal = None, False, False

    def _engine(self) -> SqlEngine:
        if self._sql is None:
            from sqlalchemy import create_engine, event
            from sqlalchemy.exc import ArgumentError, NoSuchModuleError

            arguments: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS}} if self.is_sqlite else {}
            try:
                self._sql = create_engine(self.url, **arguments)
            except (ImportError, ArgumentError, NoSuchModuleError) as error:
                raise MachineError(
                    f"the database driver is missing: {error}", where=self.where, remedy="pip install 'psycopg[binary]'"
                ) from None
            if self.is_sqlite:
                event.listen(self._sql, "connect", _prepare)
                event.listen(self._sql, "begin", _begin)
        return self._sql

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection | None]:
        """Give a connection with one unchanging view, or None when there is no register yet."""
        if self.path is not None and not _exists(self.path, self.where):
            yield None
            return
        with self._explained(), self._engine().connect() as connection, connection.begin():
            yield connection if self._known(connection) else None

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection that holds the write lock; commits at the end, or undoes all."""
        with self._explained():
            if self.path is not None and not self._wal:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                with self._engine().connect() as connection:
                    self._known(connection)  # before the file is touched: it may be another program's
                _use_wal(self.path)
                self._wal = True
            with self._engine().connect() as plain:
                connection = plain.execution_options(schakel_write=True)
                with connection.begin():
                    if not self.is_sqlite:  # SQLite took its lock with BEGIN IMMEDIATE
                        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(1396918347)")
                    if not self._known(connection):
                        self._create(connection)
                    yield connection

    def vacuum_into(self, out: str) -> None:
        """Write a compact copy of the SQLite file."""
        with self._explained():
            if self.path is None or not _exists(self.path, self.where):
                raise InputError("there is no register to back up", where=self.where)
            with contextlib.closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)) as raw:
                raw.execute("VACUUM INTO ?", (out,))

    def _known(self, connection: Connection) -> bool:
        """Tell whether the table is there; refuse a database that is not ours."""
        from sqlalchemy import inspect

        from schakel.register.schema import APPLICATION_ID, VERSION

        if self._ready:
            return True
        tables = inspect(connection).get_table_names()
        if self.is_sqlite:
            mark = connection.exec_driver_sql("PRAGMA application_id").scalar()
            version = connection.exec_driver_sql("PRAGMA user_version").scalar()
            if not tables and mark == 0:
                return False
            if mark != APPLICATION_ID or _OUR_TABLE not in tables:
                raise InputError(
                    "this is a database of another program, not a register",
                    where=self.where,
                    remedy="name another file with --register",
                )
            if version != VERSION:
                raise InputError(
                    f"the register has version {version}, this program knows {VERSION}",
                    where=self.where,
                    remedy="use the version of Schakel that wrote it",
                )
        self._ready = _OUR_TABLE in tables
        return self._ready

    def _create(self, connection: Connection) -> None:
        from schakel.register.schema import APPLICATION_ID, VERSION, metadata

        metadata.create_all(connection, checkfirst=True)
        if self.is_sqlite:
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        from sqlalchemy.exc import SQLAlchemyError

        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise explain(error, self.where) from error


def explain(error: Exception, where: str) -> SchakelError:
    """Return what a database error means to the person at the keyboard."""
    cause = getattr(error, "orig", None) or error
    text = cause.strerror or str(cause) if isinstance(cause, OSError) else str(cause)
    low = text.lower()
    if "not a database" in low:
        return IntegrityError("the file is no register: it is not a database", where=where, remedy="name another file")
    if any(word in low for word in ("malformed", "corrupt", "disk image")):
        return IntegrityError(
            f"the register's file is damaged: {text}", where=where, remedy="restore a backup; keep the damaged file"
        )
    if "append-only" in low:
        return IntegrityError(f"the database refused: {text}", where=where)
    if "locked" in low or "busy" in low:
        return MachineError(
            f"another process has held the register for {BUSY_SECONDS:.0f} seconds", where=where, remedy="try again"
        )
    if "is full" in low or "no space" in low:
        return MachineError("the disk is full; nothing was recorded", where=where, remedy="make room and try again")
    if "readonly" in low or "read-only" in low or "unable to open" in low or isinstance(cause, OSError):
        return MachineError(
            f"the register cannot be opened there: {text}",
            where=where,
            remedy=f"{_folder(where)}set SCHAKEL_HOME to a folder of your own, or name another file with --register",
        )
    return MachineError(f"the register's database refused: {text}", where=where)


def _folder(where: str) -> str:
    return "" if "://" in where else f"give yourself permission to write in {standing(Path(where).parent)}, "


def _exists(path: Path, where: str) -> bool:
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False
    except OSError as error:
        raise explain(error, where) from None


def _use_wal(path: Path) -> None:
    """Switch the file to WAL, which it then remembers; the switch does not wait for other openers by itself."""
    deadline = time.monotonic() + BUSY_SECONDS
    with contextlib.closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)) as raw:
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
