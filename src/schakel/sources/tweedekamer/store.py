"""Where does the mirror keep records, and how does a page come in whole or not at all?"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from schakel.errors import InputError, IntegrityError, MachineError
from schakel.sources.tweedekamer import indexing
from schakel.sources.tweedekamer.entities import ENTITIES
from schakel.sources.tweedekamer.merge import GONE, State, first, merged
from schakel.sources.tweedekamer.record import Counts, Record, Row

VERSION = 1
_SCHEMA = f"""
CREATE TABLE record(
    rid INTEGER PRIMARY KEY, entity TEXT NOT NULL, id TEXT NOT NULL, number TEXT NOT NULL, updated TEXT NOT NULL,
    deleted INTEGER NOT NULL, whole TEXT NOT NULL, fields TEXT NOT NULL, stamps TEXT NOT NULL, links TEXT NOT NULL,
    UNIQUE(entity, id));
CREATE INDEX record_number ON record(entity, number) WHERE number <> '';
CREATE TABLE relation(rid INTEGER NOT NULL, name TEXT NOT NULL, target TEXT NOT NULL, PRIMARY KEY(rid, name, target)) WITHOUT ROWID;
CREATE INDEX relation_target ON relation(target, name);
CREATE TABLE cursor(
    source TEXT NOT NULL, question TEXT NOT NULL, token TEXT NOT NULL, pages INTEGER NOT NULL, records INTEGER NOT NULL,
    PRIMARY KEY(source, question));
{indexing.SCHEMA}
PRAGMA user_version = {VERSION};
"""
_COLUMNS = "rid, entity, id, number, updated, deleted, whole, fields, stamps, links"


class Store:
    """The SQLite file of the mirror; every thread has a connection of its own."""

    def __init__(self, path: Path, wait: float = 30.0) -> None:
        self.path = Path(path)
        self.wait = wait
        self._own = threading.local()
        self._all: list[sqlite3.Connection] = []
        with self.faults():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._prepare()

    def close(self) -> None:
        """Close every connection."""
        for con in self._all:
            con.close()
        self._all.clear()
        self._own = threading.local()

    @property
    def con(self) -> sqlite3.Connection:
        """Connection of this thread."""
        con: sqlite3.Connection | None = getattr(self._own, "con", None)
        if con is None:
            con = sqlite3.connect(self.path, timeout=self.wait, isolation_level=None, check_same_thread=False)
            self._own.con = con
            self._all.append(con)
            con.execute("PRAGMA synchronous = NORMAL")
            con.execute("PRAGMA cache_size = -65536")
            con.create_function("target_of", 2, _target, deterministic=True)
        return con

    def _prepare(self) -> None:
        con = self.con
        (version,) = con.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise InputError(
                f"the mirror has layout {version}, this program knows {VERSION}",
                where=str(self.path),
                remedy="use the newer program, or take another data folder",
            )
        if version == VERSION:
            return
        con.execute("PRAGMA journal_mode = WAL")
        with self.transaction():
            if con.execute("PRAGMA user_version").fetchone()[0]:
                return  # another process was first
            if con.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                raise InputError(
                    "this database is no mirror of official records", where=str(self.path), remedy="name another file"
                )
            for statement in indexing.statements(_SCHEMA):
                con.execute(statement)

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Turn what SQLite and the disk say into errors a user can act on."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise MachineError(
                f"the mirror of official records cannot be used: {error}",
                where=str(self.path),
                remedy="see whether another program holds it, the disk is full or the folder may not be written",
            ) from error
        except sqlite3.DatabaseError as error:
            raise IntegrityError(
                f"the mirror of official records is damaged: {error}",
                where=str(self.path),
                remedy="move the file away and fetch or import again; it holds nothing that cannot be had again",
            ) from error
        except OSError as error:
            raise MachineError(f"the folder cannot be used: {error}", where=str(self.path.parent)) from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Do all of the body or nothing, whatever ends it."""
        con = self.con
        try:
            con.execute("BEGIN IMMEDIATE")
            yield con
            con.execute("COMMIT")
        except BaseException:
            if con.in_transaction:  # on a full disk SQLite has undone it already
                con.execute("ROLLBACK")
            raise

    def take(self, rows: Iterable[Row], counts: Counts) -> None:
        """Take rows into the running transaction and count what became of each."""
        con = self.con
        for row in rows:
            counts.count(self._take(con, row))

    def _take(self, con: sqlite3.Connection, row: Row) -> str:
        found = con.execute(
            f"SELECT {_COLUMNS} FROM record WHERE entity = ? AND id = ?", (row.entity, row.id)
        ).fetchone()
        if found is None:
            state, number = first(row), _number(row.entity, row.fields, "")
            cursor = con.execute(
                "INSERT INTO record(entity, id, number, updated, deleted, whole, fields, stamps, links) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (row.entity, row.id, number, *_packed(state)),
            )
            self._related(con, int(cursor.lastrowid or 0), state, fresh=True)
            indexing.refresh(con, row.entity, row.id, number, state)
            return "deleted" if state.deleted else "new"
        rid, old = found[0], _state(found)
        state = merged(old, row)
        number = _number(row.entity, state.fields, found[3]) or _number(row.entity, row.fields, "")
        if state == old and number == found[3]:
            return "outdated" if row.updated < old.updated else "unchanged"
        con.execute(
            "UPDATE record SET number = ?, updated = ?, deleted = ?, whole = ?, fields = ?, stamps = ?, links = ? WHERE rid = ?",
            (number, *_packed(state), rid),
        )
        if state.links != old.links:
            self._related(con, rid, state, fresh=False)
        indexing.refresh(con, row.entity, row.id, number, state)
        return "deleted" if state.deleted and not old.deleted else "changed"

    @staticmethod
    def _related(con: sqlite3.Connection, rid: int, state: State, *, fresh: bool) -> None:
        if not fresh:
            con.execute("DELETE FROM relation WHERE rid = ?", (rid,))
        con.executemany(
            "INSERT INTO relation(rid, name, target) VALUES (?, ?, ?)",
            ((rid, name, target) for name, (_, ids) in state.links.items() if name != GONE for target in ids),
        )

    def records(self, where: str, values: Iterable[Any]) -> Iterator[Record]:
        """Return the records for a condition on table ``record AS r``."""
        columns = ", ".join(f"r.{c.strip()}" for c in _COLUMNS.split(","))
        for found in self.con.execute(f"SELECT {columns} FROM record AS r WHERE {where}", tuple(values)):
            state = _state(found)
            links = {name: ids for name, (_, ids) in state.links.items() if name != GONE}
            yield Record(found[1], found[2], found[3], found[4], bool(found[5]), state.fields, links)

    def token(self, source: str, question: str) -> str | None:
        """Return where a fetch stood; None when there was none."""
        found = self.con.execute(
            "SELECT token FROM cursor WHERE source = ? AND question = ?", (source, question)
        ).fetchone()
        return str(found[0]) if found else None

    def keep_token(self, source: str, question: str, token: str, records: int) -> None:
        """Write where a fetch stands into the running transaction; an empty token means from the beginning."""
        self.con.execute(
            "INSERT INTO cursor VALUES (?, ?, ?, 1, ?) ON CONFLICT(source, question) DO UPDATE SET "
            "token = excluded.token, pages = pages + 1, records = records + excluded.records",
            (source, question, token, records),
        )


def _target(entity: str, link: str) -> str | None:
    return ENTITIES[entity].target(link) if entity in ENTITIES else None


def _packed(state: State) -> tuple[Any, ...]:
    return (
        state.updated,
        int(state.deleted),
        state.whole,
        _text(state.fields),
        _text(state.stamps) if state.stamps else "",
        _text(state.links) if state.links else "",
    )


def _state(found: tuple[Any, ...]) -> State:
    _, _, _, _, updated, _, whole, fields, stamps, links = found
    related = {name: (moment, tuple(ids)) for name, (moment, ids) in json.loads(links).items()} if links else {}
    return State(updated, whole, json.loads(fields), json.loads(stamps) if stamps else {}, related)


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))  # ASCII: a lone surrogate stays what it is


def _number(entity: str, fields: Mapping[str, Any], before: str) -> str:
    """Return a record's number; that of a deleted one stays, so that people see which it was."""
    value = fields.get(ENTITIES[entity].number)
    number = str(value) if isinstance(value, str | int) and value != "" else before
    return indexing.words(number)
