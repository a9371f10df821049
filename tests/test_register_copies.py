"""Does a register come out into a file and back as it was, and is nothing lost on the way without a word?"""

from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from register_sample import add
from schakel.errors import InputError, IntegrityError, MachineError, NotFoundError
from schakel.register import Register
from schakel.register.event import GENESIS, entry

TEXT = "The text of a letter, é."
SHA = hashlib.sha256(TEXT.encode()).hexdigest()
FORCE = {"force": True, "author": "B. Beheer", "reason": "the disk failed"}


@pytest.fixture
def register(place):
    with Register(place.address) as opened:
        yield opened


@pytest.fixture
def full(register):
    """A register with three events and a text."""
    register.append_all([entry("letter", "L/1", {"text_sha256": SHA}, author="a", reason="r")], [TEXT])
    add(register), add(register)
    return register


@pytest.fixture
def copy(full, tmp_path):
    path = tmp_path / "copies" / "copy.sqlite"
    full.backup(path)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def aside_of(place) -> list[Path]:
    return sorted(place.path.parent.glob("register.sqlite.before-restore-*"))


def test_a_backup_holds_everything_and_goes_on(full, tmp_path):
    out = tmp_path / "new" / "copy.sqlite"
    head = full.backup(out)
    assert head == full.head()
    assert names(out.parent) == ["copy.sqlite"]
    add(full)
    with Register(out) as made:
        assert made.verify() == head
        assert made.events() == full.events()[:3]
        assert made.text(SHA) == TEXT
        add(made)
        assert made.size() == (4, 1)
        made.verify()
        with made.engine.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        sqlite3.connect(out).execute("DELETE FROM events")


def test_a_backup_replaces_nothing(full, copy):
    before = copy.read_bytes()
    with pytest.raises(InputError, match="exists"):
        full.backup(copy)
    assert copy.read_bytes() == before


def test_no_register_no_backup(tmp_path):
    with Register(tmp_path / "none.sqlite") as register, pytest.raises(InputError, match="no register"):
        register.backup(tmp_path / "copy.sqlite")
    assert names(tmp_path) == []


def test_a_broken_register_is_not_backed_up(full, place, tmp_path):
    place.tamper("UPDATE events SET reason = 'x' WHERE seq = 1")
    with pytest.raises(IntegrityError, match="event 1"):
        full.backup(tmp_path / "b" / "copy.sqlite")
    assert names(tmp_path / "b") == []


def test_a_folder_that_cannot_hold_a_backup(full, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(MachineError, match="cannot be written"):
        full.backup(tmp_path / "file" / "copy.sqlite")


def test_into_nothing(full, copy, tmp_path):
    with Register(tmp_path / "other" / "register.sqlite") as other:
        done = other.restore(copy)
        assert (done.head, done.events, done.texts, done.aside, done.lost) == (full.head(), 3, 1, "", 0)
        assert other.events() == full.events()
        assert other.text(SHA) == TEXT
        assert add(other).seq == 4
    assert names(tmp_path / "copies") == ["copy.sqlite"]


def test_sqlite_into_postgresql_and_out_again(tmp_path, postgres):
    with Register(tmp_path / "a.sqlite") as first:
        first.append_all([entry("letter", "L/1", {"text_sha256": SHA}, author="a", reason="r")], [TEXT])
        first.append_all(
            [entry("note", "a/1", {"turn": turn}, author="a", reason="r") for turn in range(1203)]
        )  # more than goes over at once
        head = first.backup(tmp_path / "copy.sqlite")
        with postgres.database("there_and_back") as url, Register(url) as server:
            assert server.restore(tmp_path / "copy.sqlite").head == head
            assert server.events() == first.events()
            add(server)
            back = server.backup(tmp_path / "back.sqlite")
            with Register(tmp_path / "back.sqlite") as third:
                assert third.verify(head) == back == server.head()
                assert third.events()[:-1] == first.events()
                assert third.text(SHA) == TEXT
            with pytest.raises(InputError, match="holds a register of 1205 events"):
                server.restore(tmp_path / "copy.sqlite", **FORCE)
            assert server.head() == back


class TestFile:
    """What stands where a backup comes back: a file."""

    pytestmark = pytest.mark.parametrize("place", ["sqlite"], indirect=True)

    def test_a_register_that_is_older_than_the_backup(self, place, full, copy, tmp_path):
        with Register(tmp_path / "older.sqlite") as older:
            older.restore(copy)
        add(full)
        full.backup(tmp_path / "newer.sqlite")
        with Register(tmp_path / "older.sqlite") as older:
            done = older.restore(tmp_path / "newer.sqlite")
            assert (done.events, done.lost) == (4, 0)
            assert older.events() == full.events()
            with Register(done.aside) as aside:
                assert aside.events() == full.events()[:3]
                aside.verify()

    def test_events_the_backup_lacks_are_not_lost_unasked(self, place, full, copy):
        later = add(full)
        with pytest.raises(InputError, match="holds 1 events"):
            full.restore(copy)
        assert full.events()[-1] == later
        assert aside_of(place) == []

    def test_forced_it_says_who_and_why_and_keeps_the_old_one(self, place, full, copy):
        before = full.head()
        later = add(full)
        done = full.restore(copy, **FORCE)
        assert (done.events, done.lost) == (4, 1)
        last = full.events()[-1]
        assert (last.kind, last.author, last.reason) == ("restore", "B. Beheer", "the disk failed")
        assert last.data() == {"aside": Path(done.aside).name, "lost_events": 1}
        assert full.verify(before) == done.head
        assert aside_of(place) == [Path(done.aside)]
        with Register(done.aside) as aside:
            assert aside.events()[-1] == later
            aside.verify()
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            place.raw("DELETE FROM events")

    def test_another_register_altogether(self, place, full, copy, tmp_path):
        with Register(tmp_path / "other.sqlite") as other:
            add(other)
            with pytest.raises(InputError, match="holds 1 events"):
                other.restore(copy)

    def test_a_tampered_register_is_healed_without_force(self, place, full, copy):
        good = full.events()
        place.tamper("UPDATE events SET reason = 'x' WHERE seq = 2")
        done = full.restore(copy)
        assert full.events() == good
        full.verify()
        with Register(done.aside) as aside, pytest.raises(IntegrityError, match="event 2"):
            aside.verify()

    def test_a_damaged_file_is_put_aside_when_forced(self, place, full, copy):
        full.close()
        damaged = b"SQLite format 3\x00" + b"\xff" * 8000
        place.path.write_bytes(damaged)
        with pytest.raises(InputError, match="cannot be read"):
            full.restore(copy)
        assert place.path.read_bytes() == damaged
        done = full.restore(copy, **FORCE)
        assert done.lost is None
        assert full.events()[-1].data() == {"aside": Path(done.aside).name, "lost_events": None}
        assert Path(done.aside).read_bytes() == damaged
        assert full.text(SHA) == TEXT
        full.verify()

    def test_a_database_of_another_program_is_never_replaced(self, copy, tmp_path):
        other = tmp_path / "other.sqlite"
        raw = sqlite3.connect(other)
        raw.execute("CREATE TABLE cats (name TEXT)")
        raw.commit()
        raw.close()
        before = other.read_bytes()
        with Register(other) as register, pytest.raises(InputError, match="another program"):
            register.restore(copy, **FORCE)
        assert other.read_bytes() == before

    @pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 0.6, 0.95])
    def test_a_backup_that_was_cut_short(self, place, full, tmp_path, share):
        full.append_all([entry("note", "a/1", {"n": n, "long": "x" * 500}, author="a", reason="r") for n in range(99)])
        copy = tmp_path / "copy.sqlite"
        head = full.backup(copy)
        content = copy.read_bytes()
        copy.write_bytes(content[: int(len(content) * share)])
        with pytest.raises(IntegrityError, match="backup") as caught:
            full.restore(copy, **FORCE)
        assert caught.value.exit_code == 6
        assert full.head() == head
        assert aside_of(place) == []

    @pytest.mark.parametrize(
        "statement", ["UPDATE events SET author = 'x' WHERE seq = 2", "UPDATE texts SET text = 'x'"]
    )
    def test_a_backup_that_was_changed(self, place, full, copy, statement):
        raw = sqlite3.connect(copy)
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute(statement)
        raw.commit()
        raw.close()
        with pytest.raises(IntegrityError, match="backup cannot be used") as caught:
            full.restore(copy)
        assert str(copy) in caught.value.where
        assert len(full.events()) == 3

    def test_a_backup_without_the_head_that_was_printed(self, place, full, copy, tmp_path):
        printed = add(full).hash
        with Register(tmp_path / "new.sqlite") as new:
            with pytest.raises(IntegrityError, match="removed from the end"):
                new.restore(copy, head=printed)
            assert new.head() == GENESIS
            new.restore(copy, head=full.events()[1].hash)

    def test_what_is_no_backup(self, place, full, tmp_path):
        (tmp_path / "letter.txt").write_text("dear all, " * 99)
        for name, error in (("none.sqlite", NotFoundError), ("letter.txt", IntegrityError), ("", NotFoundError)):
            with pytest.raises(error):
                full.restore(tmp_path / name)
        with pytest.raises(InputError, match="register itself"):
            full.restore(place.path)

    def test_force_without_a_reason(self, place, full, copy):
        with pytest.raises(InputError, match="reason is empty"):
            full.restore(copy, force=True, author="a", reason=" ")

    def test_writers_at_work_wait_and_go_on_in_the_restored_register(self, place, full, copy, tmp_path):
        code = (
            "import sys, time; from schakel.register import Register\n"
            "r = Register(sys.argv[1])\n"
            "while True:\n"
            "    print(r.append('note', 'a/1', {}, author='w', reason='r').hash, flush=True)\n"
        )
        process = subprocess.Popen([sys.executable, "-c", code, place.address], stdout=subprocess.PIPE, text=True)
        acknowledged = [process.stdout.readline().strip() for _ in range(5)]
        done = full.restore(copy, **FORCE)
        acknowledged += [process.stdout.readline().strip() for _ in range(5)]
        time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
        acknowledged += process.stdout.read().split()
        process.wait()
        process.stdout.close()
        with Register(done.aside) as aside:
            before = {event.hash for event in aside.events()}
        after = {event.hash for event in full.events()}
        assert all(digest in before | after for digest in acknowledged if len(digest) == 64)
        assert set(acknowledged[:5]) <= before
        assert acknowledged[-2] in after
        full.verify(done.head)

    def test_killed_in_the_middle_the_old_register_stands(self, place, full, copy):
        add(full)
        before = full.events()
        code = (
            "import os, signal, sys; from schakel.register import Register, copies\n"
            "real = copies._pour\n"
            "def pour(*a): real(*a); os.kill(os.getpid(), signal.SIGKILL)\n"
            "copies._pour = pour\n"
            "Register(sys.argv[1]).restore(sys.argv[2], force=True, author='a', reason='r')"
        )
        done = subprocess.run([sys.executable, "-c", code, place.address, str(copy)], check=False, timeout=60)
        assert done.returncode == -signal.SIGKILL
        assert full.events() == before
        full.verify()
