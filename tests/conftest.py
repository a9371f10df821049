"""Fixtures that several test files share."""

from __future__ import annotations

import itertools
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

import postgres_server

settings.register_profile(
    "unclocked", settings.default, deadline=None
)  # how long an example takes is no question of a test
settings.load_profile("unclocked")
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgres_server.Server]:
    """A PostgreSQL server, started at the first test that asks for it."""
    with postgres_server.running() as server:
        yield server


@dataclass(frozen=True)
class Place:
    """Where a register can stand, and a way into its database past the program."""

    kind: str
    address: str
    server: postgres_server.Server | None = None

    @property
    def path(self) -> Path:
        """The file of a SQLite register."""
        assert self.kind == "sqlite"
        return Path(self.address)

    def raw(self, *statements: str) -> list[tuple]:
        """Run SQL as anybody with write permission could; return the rows of the last statement."""
        rows: list[tuple] = []
        if self.server is None:
            with closing(sqlite3.connect(self.address, isolation_level=None)) as connection:
                for statement in statements:
                    rows = connection.execute(statement).fetchall()
            return rows
        with self.server.connect(self.address.rsplit("/", 1)[1]) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
                rows = cursor.fetchall() if cursor.description else []
        return rows

    def tamper(self, *statements: str) -> None:
        """Take the guards away, and then run SQL."""
        if self.server is None:
            triggers = self.raw("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            self.raw(*(f"DROP TRIGGER {name}" for (name,) in triggers), *statements)
        else:
            self.raw(*(f"ALTER TABLE {name} DISABLE TRIGGER ALL" for name in ("events", "texts")), *statements)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """An empty place for a register: a file, and a database of a real PostgreSQL server."""
    if request.param == "sqlite":
        yield Place("sqlite", str(tmp_path / "sub" / "register.sqlite"))
        return
    server: postgres_server.Server = request.getfixturevalue("postgres")
    with server.database(f"t{os.getpid()}_{next(_numbers)}") as url:
        yield Place("postgresql", url, server)
