"""Does a register in a SQLite file survive what happens to files?"""

from __future__ import annotations

import hashlib
import random
import sqlite3
import subprocess
import sys

import pytest

from register_sample import add
from schakel.errors import InputError, IntegrityError, MachineError, SchakelError
from schakel.register import Register
from schakel.register.event import entry


@pytest.fixture
def path(tmp_path):
    return tmp_path / "sub" / "register.sqlite"


@pytest.fixture
def register(path):
    with Register(path) as opened:
        yield opened


def test_an_empty_register_makes_no_file(register, path):
    assert register.events() == ()
    assert register.size() == (0, 0)
    assert not path.exists()


@pytest.mark.parametrize("name", ["a%41b.sqlite", "what?.sqlite", "a b#c.sqlite", "@.sqlite"])
def test_any_file_name_is_only_a_name(tmp_path, name):
    with Register(tmp_path / name) as register:
        add(register)
    assert name in {file.name for file in tmp_path.iterdir()}


@pytest.mark.parametrize(
    ("value", "said"),
    [("x'ff00'", "event 2: it holds something that is no text"), ("cast(x'ff00' AS TEXT)", "event 2: it holds bytes")],
)
def test_bytes_that_are_no_text_are_named(register, path, value, said):
    for _ in range(3):
        add(register)
    raw = sqlite3.connect(path)
    raw.execute("DROP TRIGGER events_no_update")
    raw.execute(f"UPDATE events SET payload = {value} WHERE seq = 2")
    raw.commit()
    raw.close()
    with pytest.raises(IntegrityError, match=said) as caught:
        register.verify()
    assert "seq 2" in caught.value.where


def test_a_damaged_index_shows_though_every_event_is_whole(register, path):
    for turn in range(50):
        add(register, payload={"turn": turn})
    register.close()
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA writable_schema = ON")
    (root,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'events_kind_subject'").fetchone()
    raw.close()
    content = bytearray(path.read_bytes())
    content[4096 * (root - 1) + 5 : 4096 * (root - 1) + 7] = b"\x00\x10"  # where the page's cells begin
    path.write_bytes(content)
    with Register(path) as again, pytest.raises(IntegrityError, match="damaged"):
        again.verify()


def test_every_connection_waits_for_the_disk(register):
    add(register)
    with register._engine.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


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


def test_a_path_that_cannot_be(tmp_path):
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file" / "register.sqlite", tmp_path):
        with Register(path) as register, pytest.raises(MachineError):
            add(register)


def test_a_file_without_permission(register, path, tmp_path):
    add(register)
    register.close()
    code = (
        "import os, sys, tempfile, schakel.register.trouble; from schakel.register import Register\n"
        "from schakel.errors import SchakelError\n"
        "with tempfile.TemporaryDirectory() as warm:  # what is imported on the way may not be readable afterwards\n"
        "    Register(warm + '/r.sqlite').append('note', 'a/1', {}, author='a', reason='r')\n"
        "    try: Register(warm).append('note', 'a/1', {}, author='a', reason='r')\n"
        "    except SchakelError: pass\n"
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
    monkeypatch.setattr("schakel.register.trouble.BUSY_SECONDS", 0.05)
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


def test_any_flipped_byte_is_noticed_or_harmless(register, path, tmp_path):
    """Either verify says so, with an error that names the trouble, or every event and text is as it was."""
    text = "The text of a letter. " * 300
    digest = hashlib.sha256(text.encode()).hexdigest()
    register.append_all([entry("letter", "L/1", {"text_sha256": digest}, author="a", reason="r")], [text])
    for turn in range(40):
        add(register, payload={"turn": turn})
    before, head = register.events(), register.head()
    register.backup(tmp_path / "copy.sqlite")
    content = (tmp_path / "copy.sqlite").read_bytes()
    chance = random.Random(4)
    noticed = 0
    for turn in range(120):
        at = chance.randrange(len(content))
        broken = bytearray(content)
        broken[at] ^= chance.randrange(1, 256)
        file = tmp_path / f"{turn}.sqlite"
        file.write_bytes(broken)
        with Register(file) as damaged:
            try:
                assert damaged.verify(head) == head
            except SchakelError:
                noticed += 1
            else:
                assert (damaged.events(), damaged.text(digest)) == (before, text), at
        file.unlink()
    assert noticed > 40
