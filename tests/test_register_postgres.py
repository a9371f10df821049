"""Does a register on a PostgreSQL server say what is wrong, and never a password?"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import traceback

import pytest

import postgres_server
from register_sample import add
from schakel.errors import InputError, IntegrityError, MachineError, SchakelError
from schakel.register import Register
from schakel.register.address import address

PASSWORD = postgres_server.PASSWORD


def shown(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)) + str(error) + str(getattr(error, "problem", dict)())


@pytest.fixture
def url(postgres):
    with postgres.database(f"p{os.getpid()}") as made:
        yield made


def test_the_server_is_there_where_it_must_be():
    """With SCHAKEL_NEED_POSTGRES=1 these tests cannot be skipped."""
    folder = postgres_server.found_or_skip()
    assert (folder / "postgres").exists()


def test_without_a_server_the_tests_are_skipped_or_fail(monkeypatch):
    monkeypatch.setattr(postgres_server, "binaries", lambda: None)
    monkeypatch.setattr(postgres_server, "NEEDED", False)
    with pytest.raises(pytest.skip.Exception, match="no PostgreSQL"):
        postgres_server.found_or_skip()
    monkeypatch.setattr(postgres_server, "NEEDED", True)
    with pytest.raises(pytest.fail.Exception, match="SCHAKEL_NEED_POSTGRES"):
        postgres_server.found_or_skip()


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_the_ways_to_write_a_url(url, scheme):
    with Register(scheme + url.removeprefix("postgresql+psycopg")) as register:
        add(register)
        assert register.where.startswith("postgresql+psycopg://schakel:***@127.0.0.1:")


def test_wrong_password(postgres, url):
    with Register(postgres.url(url.rsplit("/", 1)[1], password="hush-hush")) as register:
        with pytest.raises(MachineError, match="does not let you in") as caught:
            add(register)
        assert "hush-hush" not in shown(caught.value)


def test_unknown_user_database_and_host(postgres):
    cases = [
        (postgres.url(user="nobody-here"), MachineError, "let you in"),
        (postgres.url("nothing_here"), InputError, "no database of that name"),
        ("postgresql://u:hush-hush@127.0.0.1:1/db", MachineError, "does not answer"),
        ("postgresql://u:hush-hush@no-such-host.invalid/db", MachineError, "does not answer"),
    ]
    for where, kind, said in cases:
        for act in (Register.events, add, Register.verify):
            with Register(where) as register, pytest.raises(kind, match=said) as caught:
                act(register)
            assert not any(secret in shown(caught.value) for secret in ("hush-hush", PASSWORD, "ge%25heim"))


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://user:hush@host:port/db",
        "postgresql://user:hush",
        "postgresql:/user:hush@host/db",
        "mysql://user:hush@host/db",
        "postgresql+asyncpg://user:hush@host/db",
        "postgresql+psycopg2://user:hush@host/db?password=hush",
        "nonsense://hush@host?x=hush",
        "sqlite://user:hush@/",
    ],
)
def test_a_url_that_cannot_be_used_is_refused_without_its_password(text):
    with pytest.raises(InputError) as caught:
        Register(text)
    assert "hush" not in shown(caught.value)


def test_a_password_in_the_options_is_not_shown_either():
    where = address("postgresql://user@127.0.0.1:1/db?password=hush&connect_timeout=1").where
    assert where == "postgresql+psycopg://user@127.0.0.1:1/db?connect_timeout=...&password=..."
    with Register("postgresql://user@127.0.0.1:1/db?password=hush") as register:
        with pytest.raises(MachineError) as caught:
            register.events()
        assert "hush" not in shown(caught.value)
    assert "hush" not in repr(address("postgresql://user:hush@host/db"))


def test_without_the_driver_it_says_what_to_install(tmp_path):
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from schakel.register import Register\n"
        "from schakel.errors import SchakelError\n"
        "try: Register('postgresql://user:hush@127.0.0.1:1/db').events()\n"
        "except SchakelError as e: print(e); sys.exit(e.exit_code)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=60, capture_output=True, text=True)
    assert done.returncode == MachineError.exit_code, done.stderr
    assert "driver is missing" in done.stdout
    assert "schakel[postgres]" in done.stdout
    assert "hush" not in done.stdout


def test_a_database_with_other_tables_is_left_alone(postgres, url):
    with postgres.connect(url.rsplit("/", 1)[1]) as connection:
        connection.execute("CREATE TABLE cats (name TEXT)")
        for act in (Register.events, add):
            with Register(url) as register, pytest.raises(InputError, match="another program"):
                act(register)
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert found == [("cats",)]


def test_a_schema_of_its_own_beside_another_program(postgres, url):
    with postgres.connect(url.rsplit("/", 1)[1]) as connection:
        connection.execute("CREATE TABLE cats (name TEXT)")
        connection.execute("CREATE SCHEMA decisions")
    with Register(url + "?options=-csearch_path%3Ddecisions") as register:
        add(register)
        assert len(register.state()) == 1
        register.verify()


def test_a_writer_that_waits_too_long_says_so(url, monkeypatch):
    with Register(url) as first, Register(url) as second:
        add(first)
        monkeypatch.setattr("schakel.register.trouble.BUSY_SECONDS", 0.2)
        with first.engine.writing(), pytest.raises(MachineError, match="another process"):
            add(second)
        assert len(second.events()) == 1  # and readers do not wait
        add(second)


def test_a_reader_may_only_read(postgres, url):
    name = url.rsplit("/", 1)[1]
    with Register(url) as register:
        add(register)
    with postgres.connect(name) as connection:
        connection.execute(f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    try:
        with Register(postgres.url(name, user="reader")) as reader:
            reader.verify()
            assert len(reader.state()) == 1
            with pytest.raises(MachineError, match="does not allow you that"):
                add(reader)
    finally:
        with postgres.connect(name) as connection:
            connection.execute("DROP OWNED BY reader; DROP ROLE reader")


def test_the_commit_waits_for_the_disk_whatever_the_default(postgres, url):
    with postgres.connect() as connection:
        connection.execute(f"ALTER DATABASE {url.rsplit('/', 1)[1]} SET synchronous_commit = off")
    with Register(url) as register, register.engine.writing() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


def test_a_database_that_cannot_hold_every_letter_is_refused(postgres):
    with postgres.database("latin", "ENCODING LATIN1 LOCALE 'C' TEMPLATE template0") as url, Register(url) as register:
        for act in (add, Register.events):
            with pytest.raises(InputError, match="LATIN1"):
                act(register)


def test_a_session_that_was_ended_is_replaced(postgres, url):
    with Register(url) as register:
        add(register)
        with postgres.connect() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'schakel'"
            )
        add(register)
        assert len(register.events()) == 2


def test_threads_that_append_texts_and_events(url):
    errors: list[SchakelError] = []

    def work(register: Register) -> None:
        try:
            for _ in range(10):
                add(register)
        except SchakelError as error:
            errors.append(error)

    with Register(url) as register:
        threads = [threading.Thread(target=work, args=(register,)) for _ in range(12)]  # more than the pool keeps open
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert len(register.events()) == 120
        register.verify()


def test_corrupt_pages_are_reported_as_damage(url):
    with Register(url) as register, pytest.raises(IntegrityError, match="damaged"):
        add(register)
        with register.engine.reading() as connection:
            connection.exec_driver_sql(
                "DO $$ BEGIN RAISE EXCEPTION 'invalid page in block 0' USING ERRCODE = 'data_corrupted'; END $$"
            )
