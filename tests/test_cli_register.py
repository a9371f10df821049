"""Does ``schakel register`` show, vouch for and keep what was recorded?"""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from register_sample import add
from schakel.cli.register import register as command
from schakel.errors import InputError, IntegrityError, NotFoundError
from schakel.register import Register
from schakel.register.event import GENESIS


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("SCHAKEL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SCHAKEL_CONFIG", str(tmp_path / "none.toml"))
    return tmp_path / "home"


@pytest.fixture
def run(home):
    def call(*arguments, code=0):
        result = CliRunner().invoke(command, arguments)
        assert result.exit_code == code, (result.output, result.exception)
        return result

    return call


@pytest.fixture
def book(home):
    """Three events: one subject that changed its mind, dated back, and one that begins later."""
    times = iter(datetime(2026, 1, day, 12, tzinfo=UTC) for day in (1, 2, 3, 4))
    with Register(home / "register.sqlite", clock=lambda: next(times)) as opened:
        add(opened, "A", {"what": "promised"}, valid_from="2026-01-01")
        add(opened, "A", {"what": "=kept"}, valid_from="2026-03-01", reason="*because*")
        add(opened, "A", {"what": "late"}, valid_from="2026-02-01")
        add(opened, "B", {"what": "later"}, valid_from="2999-01-01")
        yield opened


def what(result) -> list[str]:
    return [event["payload"]["what"] for event in json.loads(result.stdout)["events"]]


def test_list_says_what_stands(run, book):
    assert what(run("list", "--format", "json")) == ["=kept"]
    assert what(run("list", "--as-of", "2026-02-15", "--format", "json")) == ["late"]
    assert what(run("list", "--as-of", "2026-02-15", "--known-at", "2026-01-02", "--format", "json")) == ["promised"]
    assert what(run("list", "--as-of", "2999-01-01", "--subject", "B", "--format", "json")) == ["later"]
    assert what(run("list", "--kind", "other", "--format", "json")) == []


def test_log_says_what_was_recorded(run, book):
    assert what(run("log", "--format", "json")) == ["promised", "=kept", "late", "later"]
    assert what(run("log", "--subject", "A", "--as-of", "2026-02-15", "--format", "json")) == ["promised", "late"]
    assert what(run("log", "--known-at", "2026-01-02T12:00:00Z", "--format", "json")) == ["promised", "=kept"]
    assert what(run("log", "--known-at", "2026-01-02T12:59:59+01:00", "--format", "json")) == ["promised"]


def test_the_answer_says_on_which_dates_it_holds(run, book):
    answer = json.loads(run("list", "--as-of", "2026-02-15", "--known-at", "2026-01-02", "--format", "json").stdout)
    assert (answer["as_of"], answer["known_at"]) == ("2026-02-15", "2026-01-02T23:59:59.999999Z")
    assert answer["head"] == book.head()
    assert answer["events"][0]["hash"] == book.events()[0].hash
    today = datetime.now(UTC).date().isoformat()
    assert json.loads(run("list", "--format", "json").stdout)["as_of"] == today
    assert f"holding on {today}, as known at {today}" in run("list").stderr
    assert (
        "geldend op 2026-02-15, zoals bekend op 2026-01-02"
        in run("list", "--as-of", "2026-02-15", "--known-at", "2026-01-02", "--lang", "nl").stderr
    )


def test_tables_in_both_languages_and_formats(run, book):
    assert "Holds from" in run("log").stdout
    assert "Geldt vanaf" in run("log", "--lang", "nl").stdout
    rows = list(csv.DictReader(io.StringIO(run("log", "--format", "csv").stdout)))
    assert [row["seq"] for row in rows] == ["1", "2", "3", "4"]
    assert rows[-1]["hash"] == book.head()
    lines = run("log", "--format", "md").stdout.splitlines()
    assert len(lines) == 6
    assert r"\*because\*" in lines[3]


def test_verify_head_and_size(run, book):
    head = run("head").stdout.strip()
    assert head == book.head()
    answer = json.loads(run("verify", "--head", head, "--format", "json").stdout)
    assert answer == {
        "register": book.where,
        "intact": True,
        "events": 4,
        "texts": 0,
        "head": head,
        "missing_guards": [],
    }
    assert run("verify", "--lang", "nl").stdout.splitlines()[1] == "ongeschonden: ja"
    assert json.loads(run("head", "--format", "json").stdout)["events"] == 4
    assert run("verify", "--format", "csv").stdout.splitlines()[0] == "register,intact,events,texts,head"


def test_verify_warns_of_guards_that_are_gone(run, book, home):
    raw = sqlite3.connect(home / "register.sqlite")
    raw.execute("DROP TRIGGER events_no_update")
    raw.close()
    assert (
        "warning: what makes the database refuse a change is gone or altered: events_no_update" in run("verify").stderr
    )
    assert "waarschuwing: " in run("verify", "--lang", "nl").stderr
    assert json.loads(run("verify", "--format", "json").stdout)["missing_guards"] == ["events_no_update"]


def test_an_empty_register(run, home):
    assert run("head").stdout.strip() == GENESIS
    assert what(run("list", "--format", "json")) == []
    assert isinstance(run("verify", code=1).exception, NotFoundError)
    assert isinstance(run("backup", "copy.sqlite", code=1).exception, InputError)
    assert not home.exists()


def test_the_first_broken_event_is_named_with_exit_6(book, home):
    raw = sqlite3.connect(home / "register.sqlite")
    raw.execute("DROP TRIGGER events_no_update")
    raw.execute("UPDATE events SET author = 'Somebody' WHERE seq = 2")
    raw.commit()
    raw.close()
    for arguments in (["register", "verify"], ["judge", "--verify"]):
        done = subprocess.run(
            [sys.executable, "-c", "from schakel.cli import main; main()", *arguments],
            check=False, timeout=60, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 6
        assert "broken at event 2: its contents do not agree" in done.stderr
        assert f"event seq 2, id {book.events()[1].id}" in done.stderr
        assert done.stdout == ""


def test_backup_and_restore(run, book, tmp_path):
    copy = tmp_path / "copy.sqlite"
    head = json.loads(run("backup", str(copy), "--format", "json").stdout)["head"]
    add(Register(book.where), "C")
    assert isinstance(run("restore", str(copy), code=1).exception, InputError)
    run("restore", str(copy), "--force", code=2)
    run("restore", str(copy), "--author", "a", code=2)
    done = run(
        "restore", str(copy), "--force", "--author", "B", "--reason", "it was wrong", "--head", head, "--format", "json"
    )
    answer = json.loads(done.stdout)
    assert (answer["events"], answer["lost_events"]) == (5, 1)
    assert json.loads(run("log", "--kind", "restore", "--format", "json").stdout)["events"][0]["author"] == "B"
    with Register(answer["aside"]) as aside:
        assert aside.events()[-1].subject == "C"
    run("verify", "--head", head)


def test_restore_into_a_new_place(run, book, tmp_path):
    run("backup", str(tmp_path / "copy.sqlite"))
    done = run("restore", str(tmp_path / "copy.sqlite"), "--register", str(tmp_path / "new.sqlite"), "--lang", "nl")
    assert "gebeurtenissen: 4" in done.stdout
    assert "bewaard" not in done.stdout
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes((tmp_path / "copy.sqlite").read_bytes()[:5000])
    assert isinstance(run("restore", str(broken), code=1).exception, IntegrityError)


def test_a_register_on_a_server(run, postgres, tmp_path):
    with postgres.database("cli") as url:
        with Register(url) as opened:
            head = add(opened, payload={"what": "there"}).hash
        assert what(run("list", "--register", url, "--format", "json")) == ["there"]
        shown = run("verify", "--register", url, "--head", head).output
        assert re.search(r"schakel:\*\*\*@127", shown)
        run("backup", str(tmp_path / "copy.sqlite"), "--register", url)
        run("restore", str(tmp_path / "copy.sqlite"))
        assert what(run("log", "--format", "json")) == ["there"]


@pytest.mark.parametrize(
    "arguments", [["--known-at", "yesterday"], ["--as-of", "2026-02-30"], ["--known-at", "2026-13-01"]]
)
def test_dates_that_are_none(run, book, arguments):
    assert isinstance(run("list", *arguments, code=1).exception, InputError)


def test_text_of_others_cannot_steer_the_terminal(run, home):
    with Register(home / "register.sqlite") as opened:
        opened.append("note", "a/1", {"x": "\x1b[31mred\u202e"}, author="a", reason="r")
    for form in ("table", "csv", "md", "json"):
        shown = run("log", "--format", form).output
        assert "\x1b" not in shown
