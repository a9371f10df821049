"""Does the register keep every event, and does it notice when one was touched? In SQLite and in PostgreSQL alike."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from datetime import UTC, datetime

import psycopg
import pytest

from register_sample import add, writer
from schakel.errors import InputError, IntegrityError, NotFoundError
from schakel.register import Register
from schakel.register.chain import HeadMovedError
from schakel.register.event import GENESIS, Entry, chain_hash, entry


@pytest.fixture
def register(place):
    with Register(place.address) as opened:
        yield opened


def test_an_empty_register(register, place):
    assert register.events() == ()
    assert register.head() == GENESIS
    with pytest.raises(NotFoundError):
        register.verify()


def test_the_chain_is_what_the_fields_call_for(place):
    clock = iter([datetime(2026, 1, 2, 3, 4, 5, 6, UTC), datetime(2026, 1, 3, tzinfo=UTC)])
    with Register(place.address, clock=lambda: next(clock)) as register:
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


def test_filters(place):
    clock = iter([datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3)])
    with Register(place.address, clock=lambda: next(clock)) as register:
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


SAME = "kind, subject, payload, author, 'x', valid_from, recorded_at"
ONLY = {
    "sqlite": ("INSERT OR REPLACE", "UPDATE OR REPLACE"),
    "postgresql": ("TRUNCATE", "INSERT INTO events SELECT * FROM events ON CONFLICT"),
}
CHANGES = (
    "UPDATE events SET reason = 'other' WHERE seq = 1",
    "UPDATE OR REPLACE events SET seq = 1 WHERE seq = 2",
    "DELETE FROM events",
    "TRUNCATE events",
    "TRUNCATE texts",
    f"INSERT OR REPLACE INTO events SELECT seq, id, {SAME}, previous_hash, hash FROM events WHERE seq = 1",
    # rightly placed in the chain, but with the id, or the hash, of an older event that would go
    f"INSERT OR REPLACE INTO events SELECT 3, (SELECT id FROM events WHERE seq = 1), {SAME}, hash, 'h' "
    "FROM events WHERE seq = 2",
    f"INSERT OR REPLACE INTO events SELECT 3, 'y', {SAME}, hash, (SELECT hash FROM events WHERE seq = 1) "
    "FROM events WHERE seq = 2",
    "INSERT INTO events SELECT * FROM events ON CONFLICT (seq) DO UPDATE SET reason = 'other'",
    f"INSERT INTO events SELECT 9, 'y', {SAME}, hash, 'h' FROM events WHERE seq = 2",
    f"INSERT INTO events SELECT 3, 'y', {SAME}, 'p', 'h' FROM events WHERE seq = 2",
    "UPDATE texts SET text = 'other'",
    "DELETE FROM texts",
    "INSERT OR REPLACE INTO texts SELECT sha256, 'other' FROM texts",
)


@pytest.mark.parametrize(
    ("place", "statement"),
    [
        (kind, change)
        for kind, other in zip(ONLY, reversed(ONLY), strict=True)
        for change in CHANGES
        if not change.startswith(ONLY[other])
    ],
    indirect=["place"],
)
def test_the_database_itself_refuses_changes(register, place, statement):
    text = "A text."
    digest = hashlib.sha256(text.encode()).hexdigest()
    register.append_all([entry("note", "a/1", {"text_sha256": digest}, author="a", reason="r")], [text])
    add(register)
    before = register.events()
    with pytest.raises((sqlite3.IntegrityError, psycopg.errors.RaiseException), match="append-only"):
        place.raw(statement)
    assert register.events() == before
    assert register.text(digest) == text
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
        ("UPDATE events SET seq = CASE seq WHEN 2 THEN -3 WHEN 3 THEN -2 END WHERE seq IN (2, 3)", "event 1: seq -3"),
        ("UPDATE events SET seq = 9 WHERE seq = 4", "event 4: events 4 to 8 are missing"),
    ],
)
def test_verify_names_the_first_broken_event(register, place, statement, broken):
    for _ in range(4):
        add(register)
    place.tamper(statement)
    with pytest.raises(IntegrityError, match=broken):
        register.verify()


def test_two_events_that_changed_places(register, place):
    for _ in range(4):
        add(register)
    swap = [f"UPDATE events SET seq = {new} WHERE seq = {old}" for old, new in ((2, 99), (3, 2), (99, 3))]
    place.tamper(*swap)
    with pytest.raises(IntegrityError, match="event 2: it does not follow") as caught:
        register.verify()
    assert "seq 2" in caught.value.where


def test_a_rewritten_event_breaks_the_one_after_it(register, place):
    first = add(register)
    add(register)
    forged = chain_hash(
        1, first.id, Entry("note", first.subject, first.payload, "Other", first.reason, first.valid_from),
        first.recorded_at, GENESIS,
    )  # fmt: skip
    place.tamper(f"UPDATE events SET author = 'Other', hash = '{forged}' WHERE seq = 1")
    with pytest.raises(IntegrityError, match="event 2: it does not follow"):
        register.verify()


def test_a_cut_tail_shows_against_a_printed_head(register, place):
    for _ in range(3):
        head = add(register).hash
    assert register.verify(head) == head
    later = add(register).hash
    assert register.verify(head) == later  # an older head is still in the chain
    place.tamper("DELETE FROM events WHERE seq >= 3")
    register.verify()
    with pytest.raises(IntegrityError, match="removed from the end"):
        register.verify(head)


def test_several_processes_write_at_once(place):
    processes = [writer(place.address, str(n), 30) for n in range(3)]
    acknowledged = []
    for process in processes:
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        acknowledged += output.split()
    with Register(place.address) as register:
        found = register.events()
        assert len(acknowledged) == 90
        assert {event.id for event in found} == set(acknowledged)
        assert [event.seq for event in found] == list(range(1, 91))
        assert register.verify() == found[-1].hash
        for name in "012":
            assert [e.data()["turn"] for e in found if e.data()["writer"] == name] == list(range(30))


def test_threads_share_one_register(register):
    threads = [threading.Thread(target=lambda: [add(register) for _ in range(10)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(register.events()) == 40
    register.verify()


def test_an_append_on_condition_that_nothing_was_added(register):
    first = add(register)
    second = register.append_all([entry("note", "a/1", {}, author="a", reason="r")], after=first.hash)[0]
    with pytest.raises(HeadMovedError, match="meanwhile"):
        register.append_all([entry("note", "a/1", {}, author="a", reason="r")], after=first.hash)
    assert register.head() == second.hash


def test_readers_see_one_state_while_others_write(register, place):
    add(register)
    with register.engine.reading() as connection:
        query = "SELECT count(*) FROM events"
        assert connection.exec_driver_sql(query).scalar() == 1
        with Register(place.address) as other:
            add(other)
        assert connection.exec_driver_sql(query).scalar() == 1
    assert len(register.events()) == 2


def test_a_head_that_is_no_hash_is_not_taken_for_none(register):
    head = add(register).hash
    assert register.verify(f" {head.upper()}\n") == head
    for text in ("xyz", head[:-1], " ", head + "0"):
        with pytest.raises(InputError, match="no hash"):
            register.verify(text)
    with pytest.raises(IntegrityError, match="another register"):
        register.verify("f" * 64)


def test_guards_that_are_gone_are_named(register, place):
    assert register.missing_guards() == ()
    add(register)
    assert register.missing_guards() == ()
    if place.kind == "sqlite":
        place.raw("DROP TRIGGER events_no_delete", "DROP TRIGGER texts_once")
        place.raw("CREATE TRIGGER texts_once BEFORE INSERT ON texts BEGIN SELECT 1; END")
        assert register.missing_guards() == ("events_no_delete", "texts_once")
    else:
        place.raw("ALTER TABLE events DISABLE TRIGGER events_no_change", "DROP TRIGGER texts_no_truncate ON texts")
        assert register.missing_guards() == ("events_no_change", "texts_no_truncate")
    register.verify()  # nothing was changed yet
