"""Does the register keep every event, and does it notice when one was touched?"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.errors import InputError, IntegrityError, MachineError, NotFoundError, SchakelError
from schakel.register import Register
from schakel.register.event import GENESIS, Entry, canonical, chain_hash, entry

WRITER = """
import sys
from schakel.register import Register
register = Register(sys.argv[1])
for turn in range(int(sys.argv[3])):
    event = register.append("note", "x/1", {"writer": sys.argv[2], "turn": turn}, author="A", reason="because")
    print(event.id, flush=True)
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "sub" / "register.sqlite"


@pytest.fixture
def register(path):
    with Register(path) as opened:
        yield opened


def add(register, subject="NLD/850511", payload=None, **more):
    fields = {"author": "J. Jansen", "reason": "because", "valid_from": "2026-01-01", **more}
    return register.append("note", subject, payload or {"a": 1}, **fields)


def tamper(path: Path, *statements: str) -> None:
    raw = sqlite3.connect(path)
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        raw.execute(statement)
    raw.commit()
    raw.close()


def test_an_empty_register_makes_no_file(register, path):
    assert register.events() == ()
    assert register.head() == GENESIS
    assert not path.exists()
    with pytest.raises(NotFoundError):
        register.verify()


def test_the_chain_is_what_the_fields_call_for(path):
    clock = iter([datetime(2026, 1, 2, 3, 4, 5, 6, UTC), datetime(2026, 1, 3, tzinfo=UTC)])
    with Register(path, clock=lambda: next(clock)) as register:
        first, second = add(register), add(register, payload={"b": [1, 2.5, None, "é"]})
        assert (first.seq, second.seq) == (1, 2)
        assert first.previous_hash == GENESIS
        assert second.previous_hash == first.hash
        assert first.recorded_at == "2026-01-02T03:04:05.000006Z"
        assert second.payload == '{"b":[1,2.5,null,"é"]}'
        assert register.events() == (first, second)
        assert register.verify() == register.head() == second.hash
        made = Entry("note", "NLD/850511", '{"a":1}', "J. Jansen", "because", "2026-01-01")
        assert first.hash == chain_hash(1, first.id, made, first.recorded_at, GENESIS)


def test_the_hash_of_known_fields_never_changes():
    made = Entry("judgement", "NLD/850511", '{"a":1}', "J. Jansen", "omdat é", "2026-01-01")
    digest = chain_hash(1, "E-1", made, "2026-01-02T03:04:05.000006Z", GENESIS)
    assert digest == "e0d2656be78051fca07e8d6224ad6e866c727b97c1d033c078dde93d55528136"  # by sha256sum


def test_filters(path):
    clock = iter([datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3)])
    with Register(path, clock=lambda: next(clock)) as register:
        one = add(register, "NLD/1", valid_from="2026-03-01")
        two = add(register, "NLD/2", valid_from="2026-01-01")
        three = register.append("other", "NLD/1", {}, author="a", reason="r", valid_from="2026-02-01")
        assert register.events("note") == (one, two)
        assert register.events(subject="NLD/1") == (one, three)
        assert register.events("note", "NLD/1", as_of="2026-02-28") == ()
        assert register.events(as_of="2026-02-01") == (two, three)
        assert register.events(known_at=datetime(2026, 1, 2, tzinfo=UTC)) == (one, two)


def test_all_or_none(register, monkeypatch):
    good = entry("note", "a/1", {}, author="a", reason="r")
    add(register)
    with pytest.raises(AttributeError):
        register.append_all([good, None])
    assert len(register.events()) == 1
    assert len(register.append_all([good, good])) == 2
    register.verify()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET reason = 'other' WHERE seq = 1",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events SELECT seq, id, kind, subject, payload, author, 'x', valid_from, recorded_at, "
        "previous_hash, hash FROM events WHERE seq = 1",
        "INSERT INTO events SELECT 9, 'y', kind, subject, payload, author, 'x', valid_from, recorded_at, hash, 'h' "
        "FROM events WHERE seq = 2",
        "INSERT INTO events SELECT 3, 'y', kind, subject, payload, author, 'x', valid_from, recorded_at, 'p', 'h' "
        "FROM events WHERE seq = 2",
    ],
)
def test_the_database_itself_refuses_changes(register, path, statement):
    add(register), add(register)
    raw = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute(statement)
    raw.close()
    register.verify()


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE events SET reason = 'other' WHERE seq = 2", "event 2: its contents"),
        ("UPDATE events SET recorded_at = '2020-01-01T00:00:00.000000Z' WHERE seq = 3", "event 3: its contents"),
        ("UPDATE events SET payload = '{\"a\": 1}' WHERE seq = 1", "event 1: its contents"),
        ("DELETE FROM events WHERE seq = 2", "event 2: events 2 to 2 are missing"),
        ("DELETE FROM events WHERE seq = 1", "event 1: events 1 to 1 are missing"),
        ("UPDATE events SET previous_hash = 'x' WHERE seq = 3", "event 3: it does not follow"),
    ],
)
def test_verify_names_the_first_broken_event(register, path, statement, broken):
    for _ in range(4):
        add(register)
    tamper(path, statement)
    with pytest.raises(IntegrityError, match=broken):
        register.verify()


def test_a_rewritten_event_breaks_the_one_after_it(register, path):
    first = add(register)
    add(register)
    forged = chain_hash(
        1, first.id, Entry("note", first.subject, first.payload, "Other", first.reason, first.valid_from),
        first.recorded_at, GENESIS,
    )  # fmt: skip
    tamper(path, f"UPDATE events SET author = 'Other', hash = '{forged}' WHERE seq = 1")
    with pytest.raises(IntegrityError, match="event 2: it does not follow"):
        register.verify()


def test_a_cut_tail_shows_against_a_printed_head(register, path):
    for _ in range(3):
        head = add(register).hash
    assert register.verify(head) == head
    later = add(register).hash
    assert register.verify(head) == later  # an older head is still in the chain
    tamper(path, "DELETE FROM events WHERE seq >= 3")
    register.verify()
    with pytest.raises(IntegrityError, match="removed from the end"):
        register.verify(head)


def test_several_processes_write_at_once(path):
    processes = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(n), "25"], stdout=subprocess.PIPE, text=True)
        for n in range(4)
    ]
    acknowledged = []
    for process in processes:
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        acknowledged += output.split()
    with Register(path) as register:
        found = register.events()
        assert len(acknowledged) == 100
        assert {event.id for event in found} == set(acknowledged)
        assert [event.seq for event in found] == list(range(1, 101))
        assert register.verify() == found[-1].hash
        for writer in "0123":
            assert [e.data()["turn"] for e in found if e.data()["writer"] == writer] == list(range(25))


def test_threads_share_one_register(register):
    threads = [threading.Thread(target=lambda: [add(register) for _ in range(10)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(register.events()) == 40
    register.verify()


def test_killed_right_after_the_acknowledgement_nothing_is_lost(path):
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), "k", "100000"], stdout=subprocess.PIPE, text=True
    )
    acknowledged = [process.stdout.readline().strip() for _ in range(20)]
    os.kill(process.pid, signal.SIGKILL)
    acknowledged += process.stdout.read().split()
    assert process.wait() == -signal.SIGKILL
    process.stdout.close()
    with Register(path) as register:
        ids = {event.id for event in register.events()}
        assert len(acknowledged) >= 20
        assert set(acknowledged) <= ids
        register.verify()
        add(register)  # and it can go on
        register.verify()


def test_every_connection_waits_for_the_disk(register):
    add(register)
    with register._engine.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_backup(register, tmp_path):
    for _ in range(3):
        head = add(register).hash
    copy = tmp_path / "copies" / "copy.sqlite"
    assert register.backup(copy) == head
    assert list(copy.parent.iterdir()) == [copy]
    add(register)
    with Register(copy) as restored:
        assert restored.verify() == head
        add(restored)
        assert len(restored.events()) == 4
        with restored._engine.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        sqlite3.connect(copy).execute("DELETE FROM events")
    with pytest.raises(InputError, match="exists"):
        register.backup(copy)


def test_backup_of_a_broken_register_is_refused(register, path, tmp_path):
    add(register), add(register)
    tamper(path, "UPDATE events SET reason = 'x' WHERE seq = 1")
    with pytest.raises(IntegrityError):
        register.backup(tmp_path / "b" / "copy.sqlite")
    assert list((tmp_path / "b").iterdir()) == []


def test_a_file_that_is_no_database(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("dear diary, " * 100)
    before = file.read_bytes()
    for act in (lambda r: r.events(), add, lambda r: r.verify()):
        with Register(file) as register, pytest.raises(IntegrityError, match="not a database"):
            act(register)
    assert file.read_bytes() == before


def test_a_database_of_another_program_is_left_alone(tmp_path):
    file = tmp_path / "other.sqlite"
    raw = sqlite3.connect(file)
    raw.execute("CREATE TABLE events (seq INTEGER)")
    raw.commit()
    raw.close()
    before = file.read_bytes()
    for act in (lambda r: r.events(), add):
        with Register(file) as register, pytest.raises(InputError, match="another program"):
            act(register)
    assert file.read_bytes() == before


def test_a_damaged_file(register, path):
    for turn in range(200):
        add(register, payload={"long": str(turn) * 200})
    register.close()
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 8] = b"\xff" * (4096 * 5)
    path.write_bytes(content)
    with Register(path) as again, pytest.raises(IntegrityError):
        again.verify()


def test_a_register_of_a_later_version(register, path):
    add(register)
    register.close()
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA user_version = 99")
    raw.close()
    with Register(path) as again, pytest.raises(InputError, match="version 99"):
        again.events()


def test_a_path_that_cannot_be(tmp_path):
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file" / "register.sqlite", tmp_path):
        with Register(path) as register, pytest.raises(MachineError):
            add(register)


def test_a_file_without_permission(register, path, tmp_path):
    add(register)
    register.close()
    code = (
        "import os, sys, sqlalchemy.dialects.sqlite, schakel.register.schema; from schakel.register import Register\n"
        "from schakel.errors import SchakelError\n"
        "if os.geteuid() == 0: os.setuid(65534)  # modes do not stop root\n"
        "try: Register(sys.argv[1]).append('note', 'a/1', {}, author='a', reason='r')\n"
        "except SchakelError as e: sys.exit(e.exit_code)"
    )
    path.parent.chmod(0o500)
    path.chmod(0o400)
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, str(path)], timeout=60, check=False, capture_output=True, text=True
        )
    finally:
        path.parent.chmod(0o700)
        path.chmod(0o600)
    assert done.returncode == MachineError.exit_code, done.stderr
    assert len(register.events()) == 1


def test_a_writer_that_waits_too_long_says_so(register, path, monkeypatch):
    add(register)
    register.close()
    monkeypatch.setattr("schakel.register.engine.BUSY_SECONDS", 0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Register(path) as second, pytest.raises(MachineError, match="another process"):
        add(second)
    assert len(register.events()) == 1  # readers do not wait for writers
    other.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://host/db", "://"])
def test_urls_that_cannot_be(url):
    with pytest.raises(InputError):
        Register(url)


def test_a_sqlite_url_is_a_path(path):
    with Register(f"sqlite:///{path}") as register:
        add(register)
    assert path.exists()


def test_a_password_is_not_shown():
    register = Register("postgresql+psycopg://user:geheim@localhost/db")
    assert "geheim" not in register.where
    with pytest.raises(MachineError) as caught:
        register.events()
    assert "geheim" not in str(caught.value)


def test_the_same_table_and_guards_for_postgresql():
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.schema import CreateTable

    from schakel.register.schema import TRIGGERS, events

    text = str(CreateTable(events).compile(dialect=postgresql.dialect()))
    assert "seq INTEGER NOT NULL" in text
    assert "SERIAL" not in text
    assert all(word in "".join(TRIGGERS["postgresql"]) for word in ("UPDATE OR DELETE", "TRUNCATE", "append-only"))


@pytest.mark.parametrize(
    "payload", [{"a": float("nan")}, {1: "a"}, {"a": (1, 2)}, {"a": {1}}, {"a": "\ud800"}, {"a": "x" * 200_000}]
)
def test_payloads_that_are_no_plain_json(register, payload):
    with pytest.raises(InputError, match="payload"):
        add(register, payload=payload)
    assert register.events() == ()


@pytest.mark.parametrize("field", ["author", "reason"])
@pytest.mark.parametrize(
    "text", ["", "   ", "\u200b", "a\nb", "a\x00b", "\x1b[31mred", "a\u202eb", "a\u2028b", "\ud800", "x" * 3000]
)
def test_author_and_reason_are_plain_lines(register, field, text):
    with pytest.raises(InputError, match=field):
        add(register, **{field: text})
    assert register.events() == ()


def test_author_and_reason_are_trimmed_and_composed(register):
    event = add(register, author="  Zoe\u0308 de Vries ", reason=" 'quotes'; DROP TABLE events; -- ")
    assert event.author == "Zoë de Vries"
    assert event.reason == "'quotes'; DROP TABLE events; --"
    register.verify()


@pytest.mark.parametrize("day", ["", "2026-02-30", "22-11-2026"])
def test_a_date_that_is_none(register, day):
    with pytest.raises(InputError, match="date"):
        add(register, valid_from=day)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=4))
def test_canonical_json_has_one_text_for_one_content(payload):
    try:
        text = canonical(payload)
    except SchakelError:
        assert any(0xD800 <= ord(c) <= 0xDFFF for c in repr(payload).encode().decode("unicode_escape"))
        return
    assert canonical(dict(reversed(payload.items()))) == text
