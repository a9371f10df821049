"""Does a register of an earlier version become one of today, whole or not at all?"""

from __future__ import annotations

import sqlite3
import subprocess
import sys

import psycopg
import pytest
import sqlalchemy as sa

from register_sample import add
from schakel.errors import InputError, NotFoundError
from schakel.register import Register
from schakel.register.event import GENESIS, Entry, chain_hash, entry
from schakel.register.schema import REVISIONS, VERSION, current_state, metadata, texts

COLUMNS = (
    "seq INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, payload TEXT NOT NULL, "
    "author TEXT NOT NULL, reason TEXT NOT NULL, valid_from TEXT NOT NULL, recorded_at TEXT NOT NULL, "
    "previous_hash TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (seq), CONSTRAINT events_id UNIQUE (id), "
    "CONSTRAINT events_previous_hash UNIQUE (previous_hash), CONSTRAINT events_hash UNIQUE (hash)"
)
TABLE = (f"CREATE TABLE events ({COLUMNS})", "CREATE INDEX events_kind_subject ON events (kind, subject, seq)")
VERSION_1 = {  # as the first release made it
    "sqlite": (
        *TABLE,
        "CREATE TRIGGER events_no_update BEFORE UPDATE ON events "
        "BEGIN SELECT RAISE(ABORT, 'the register is append-only: no update'); END",
        "CREATE TRIGGER events_no_delete BEFORE DELETE ON events "
        "BEGIN SELECT RAISE(ABORT, 'the register is append-only: no delete'); END",
        "CREATE TRIGGER events_chain BEFORE INSERT ON events "
        "WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM events) OR NEW.previous_hash <> "
        "coalesce((SELECT hash FROM events ORDER BY seq DESC LIMIT 1), printf('%.64d', 0)) "
        "BEGIN SELECT RAISE(ABORT, 'the register is append-only: an event follows the last one'); END",
        "PRAGMA application_id = 1396918347",
        "PRAGMA user_version = 1",
        "PRAGMA journal_mode = WAL",
    ),
    "postgresql": (
        *TABLE,
        "CREATE OR REPLACE FUNCTION events_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
        "USING MESSAGE = 'the register is append-only: no ' || lower(TG_OP); END $$",
        "CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE ON events "
        "FOR EACH ROW EXECUTE FUNCTION events_refuse()",
        "CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events "
        "FOR EACH STATEMENT EXECUTE FUNCTION events_refuse()",
    ),
}


def rows_of_version_1() -> list[tuple]:
    rows, previous = [], GENESIS
    for seq in (1, 2, 3):
        made = Entry("judgement", f"NLD/85051{seq}", '{"a":"é"}', "J. Jansen", "omdat", "2026-01-01")
        ident, at = f"E-{seq}", f"2026-01-0{seq}T00:00:00.000000Z"
        digest = chain_hash(seq, ident, made, at, previous)
        fields = (made.kind, made.subject, made.payload, made.author, made.reason, made.valid_from)
        rows.append((seq, ident, *fields, at, previous, digest))
        previous = digest
    return rows


@pytest.fixture
def old(place):
    """A place with a register of version 1."""
    if place.kind == "sqlite":
        place.path.parent.mkdir()
    place.raw(*VERSION_1[place.kind])
    for row in rows_of_version_1():
        place.raw("INSERT INTO events VALUES (" + ", ".join(repr(value) for value in row) + ")")
    return place


def fields(events) -> list[tuple]:
    return [tuple(getattr(event, name) for name in event.__slots__) for event in events]


def test_an_old_register_is_read_as_it_is(old):
    with Register(old.address) as register:
        assert fields(register.events()) == rows_of_version_1()
        assert register.verify() == rows_of_version_1()[-1][-1]
        assert register.size() == (3, 0)
        assert [event.seq for event in register.state("judgement")] == [1, 2, 3]
        with pytest.raises(NotFoundError):
            register.text("0" * 64)
    if old.kind == "sqlite":
        assert old.raw("PRAGMA user_version") == [(1,)]


def test_the_first_write_upgrades_in_place(old):
    with Register(old.address) as register:
        digest = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"  # sha256 of foo
        new = register.append_all([entry("letter", "L/1", {"text_sha256": digest}, author="a", reason="r")], ["foo"])[0]
        assert new.seq == 4
        assert new.previous_hash == rows_of_version_1()[-1][-1]
        assert fields(register.events())[:3] == rows_of_version_1()
        assert register.text(digest) == "foo"
        assert len(register.state()) == 4
        register.verify(rows_of_version_1()[-1][-1])
        assert register.missing_guards() == ()
    assert old.raw("SELECT version_num FROM register_version") == [(REVISIONS[-1],)]
    with pytest.raises((sqlite3.IntegrityError, psycopg.errors.RaiseException), match="append-only"):
        old.raw("DELETE FROM texts")


def test_a_reader_that_was_there_before_sees_the_upgrade(old):
    digest = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
    with Register(old.address) as reader, Register(old.address) as writer:
        assert len(reader.events()) == 3
        writer.append_all([entry("letter", "L/1", {"text_sha256": digest}, author="a", reason="r")], ["foo"])
        assert reader.text(digest) == "foo"


def test_an_upgrade_that_fails_half_way_leaves_the_old_register(old, monkeypatch):
    from alembic.operations import Operations

    def execute(self, statement, **more):
        if "texts_no_update" in str(statement) or "texts_no_change" in str(statement):
            raise OSError(28, "No space left on device")
        return real(self, statement, **more)

    real = Operations.execute
    with Register(old.address) as register, monkeypatch.context() as patched:
        patched.setattr(Operations, "execute", execute)
        with pytest.raises(Exception, match="disk is full"):
            add(register)
    tables = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')",
        "postgresql": "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
    }
    assert old.raw(tables[old.kind]) == [("events",)]
    with Register(old.address) as register:
        assert fields(register.events()) == rows_of_version_1()
        assert add(register).seq == 4
        register.verify()


def test_two_processes_upgrade_at_once(old):
    code = (
        "import sys; from schakel.register import Register\n"
        "for turn in range(5): Register(sys.argv[1]).append('note', 'a/1', {}, author='a', reason='r')"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, old.address]) for _ in range(2)]
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    with Register(old.address) as register:
        assert len(register.events()) == 13
        register.verify(rows_of_version_1()[-1][-1])


def test_a_register_of_a_later_version_is_refused(place):
    with Register(place.address) as register:
        add(register)
    place.raw(
        {"sqlite": "PRAGMA user_version = 99", "postgresql": "UPDATE register_version SET version_num = '0099'"}[
            place.kind
        ]
    )
    with Register(place.address) as again:
        for act in (again.events, again.verify, lambda: add(again), lambda: again.append_all([])):
            with pytest.raises(InputError, match=r"version (00)?99,"):
                act()


def test_the_scripts_make_the_tables_that_the_program_asks_for(place):
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    with Register(place.address) as register:
        add(register)
        with register.engine.reading() as connection:
            options = {"version_table": "register_version", "compare_type": True}
            assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
            found = sa.inspect(connection)
            assert set(found.get_view_names()) == {"current_state"}
            assert [c["name"] for c in found.get_columns("current_state")] == [c.name for c in current_state.columns]
            assert found.has_table(texts.name)


def test_every_version_has_its_script():
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "schakel.register:migrations")
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    assert tuple(script.revision for script in scripts.walk_revisions())[::-1] == REVISIONS
    assert scripts.get_heads() == [REVISIONS[VERSION - 1]]


def test_a_register_of_today_loads_no_migration_library(tmp_path):
    path = tmp_path / "register.sqlite"
    with Register(path) as register:
        add(register)
    code = (
        "import sys; from schakel.register import Register\n"
        "r = Register(sys.argv[1]); r.append('note', 'a/1', {}, author='a', reason='r'); r.state(); r.verify()\n"
        "sys.exit(any(name.split('.')[0] in ('alembic', 'mako') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code, str(path)], check=False, timeout=60).returncode == 0


def test_a_table_of_the_same_name_is_not_ours(place):
    if place.kind == "sqlite":
        place.path.parent.mkdir()
    place.raw("CREATE TABLE events (seq INTEGER PRIMARY KEY, what TEXT)", "INSERT INTO events VALUES (1, 'x')")
    with Register(place.address) as register:
        for act in (register.events, lambda: add(register), register.verify):
            with pytest.raises(InputError, match="another program"):
                act()
    assert place.raw("SELECT * FROM events") == [(1, "x")]
