"""Does ``schakel judge`` record what was said and refuse what was not?"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys

import pytest
from click.testing import CliRunner

from schakel.cli.judge import judge
from schakel.errors import InputError, IntegrityError, NotFoundError
from schakel.register import Register

SAY = ["--author", "J. Jansen", "--reason", "because"]


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("SCHAKEL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SCHAKEL_CONFIG", str(tmp_path / "none.toml"))

    def call(*arguments, code=0):
        result = CliRunner().invoke(judge, arguments)
        assert result.exit_code == code, (result.output, result.exception)
        return result

    return call


def test_record_list_trail_and_verify_as_json(run, tmp_path):
    first = run("NLD", "850511", "--public-interest", "yes", "--replaceable", "no", *SAY, "--format", "json")
    answer = json.loads(first.stdout)
    assert [(j["question"], j["answer"]) for j in answer["recorded"]] == [
        ("public_interest", "yes"),
        ("short_term_replaceable", "no"),
    ]
    run("NL", "850511", "--public-interest", "unclear", "--author", "K", "--reason", "doubt")
    listed = json.loads(run("NLD", "--list", "--format", "json").stdout)
    assert [(j["question"], j["answer"]) for j in listed["judgements"]] == [
        ("public_interest", "unclear"),
        ("short_term_replaceable", "no"),
    ]
    trail = json.loads(run("NLD", "--trail", "850511", "--format", "json").stdout)
    assert [j["answer"] for j in trail["judgements"]] == ["yes", "no", "unclear"]
    verified = json.loads(run("--verify", "--head", answer["head"], "--format", "json").stdout)
    assert verified == {
        "register": str(tmp_path / "home" / "register.sqlite"),
        "intact": True,
        "events": 3,
        "head": listed["head"],
    }


def test_another_register_by_path(run, tmp_path):
    run("EU27", "280530", "--replaceable", "unclear", *SAY, "--register", str(tmp_path / "mine.sqlite"))
    with Register(tmp_path / "mine.sqlite") as register:
        assert register.events()[0].subject == "EU27/280530"
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(("lang", "heading"), [("en", "Answer"), ("nl", "Antwoord")])
def test_tables_in_both_languages(run, lang, heading):
    run("NLD", "850511", "--public-interest", "yes", "--author", "[red]x", "--reason", "a|b <i>")
    table = run("NLD", "--list", "--lang", lang).stdout
    assert heading in table
    assert "[red]x" in table
    assert r"a\|b &lt;i&gt;" in run("NLD", "--list", "--format", "md", "--lang", lang).stdout
    csv = run("NLD", "--list", "--format", "csv", "--lang", lang).stdout.splitlines()
    assert csv[0] == "product,question,answer,author,reason,valid_from,recorded_at,reporter,seq,event_hash"
    assert csv[1].startswith("850511,public_interest,yes,[red]x,a|b <i>,")


def test_an_empty_register_lists_nothing(run):
    assert json.loads(run("NLD", "--list", "--format", "json").stdout)["judgements"] == []
    assert "No rows." in run("NLD", "--list").stdout
    with pytest.raises(NotFoundError):
        raise run("--verify", code=1).exception


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["NLD"],
        ["NLD", "850511"],
        ["NLD", "850511", *SAY],
        ["NLD", "850511", "--public-interest", "yes"],
        ["NLD", "850511", "--public-interest", "yes", "--author", "x"],
        ["NLD", "850511", "--public-interest", "yes", "--reason", "x"],
        ["NLD", "850511", "--public-interest", "maybe", *SAY],
        ["NLD", "--public-interest", "yes", *SAY],
        ["NLD", "850511", "--list"],
        ["--list"],
        ["--list", "--verify"],
        ["NLD", "--list", "--head", "x"],
    ],
)
def test_wrong_use_of_the_command_line(run, arguments, tmp_path):
    assert run(*arguments, code=2).stdout == ""
    assert not (tmp_path / "home" / "register.sqlite").exists()


@pytest.mark.parametrize(
    "change",
    [
        {"author": "   "},
        {"reason": ""},
        {"author": "x" * 500},
        {"reason": "two\nlines"},
        {"reason": "\x1b]0;title"},
        {"product": "85 05"},
        {"product": "10121"},
    ],
)
def test_input_that_is_refused(run, change, tmp_path):
    said = {"reporter": "NLD", "product": "850511", "author": "x", "reason": "y", **change}
    result = run(
        said["reporter"], said["product"], "--public-interest", "yes", "--author", said["author"],
        "--reason", said["reason"], code=1,
    )  # fmt: skip
    assert isinstance(result.exception, InputError)
    assert result.stdout == ""
    with Register(tmp_path / "home" / "register.sqlite") as register:
        assert register.events() == ()


def test_an_unknown_reporter_is_not_found(run, tmp_path):
    result = run("ZZZ", "850511", "--public-interest", "yes", *SAY, code=1)
    assert isinstance(result.exception, NotFoundError)
    with Register(tmp_path / "home" / "register.sqlite") as register:
        assert register.events() == ()


def test_an_unknown_product_is_recorded_with_a_warning_on_stderr(run):
    result = run("NLD", "999999", "--public-interest", "yes", *SAY, "--format", "json")
    assert json.loads(result.stdout)["recorded"][0]["product"] == "999999"
    assert "999999" in result.stderr


def test_a_touched_register_is_found_out(run, tmp_path):
    run("NLD", "850511", "--public-interest", "yes", *SAY)
    raw = sqlite3.connect(tmp_path / "home" / "register.sqlite")
    raw.execute("DROP TRIGGER events_no_update")
    raw.execute("UPDATE events SET author = 'Nobody'")
    raw.commit()
    raw.close()
    result = run("--verify", code=1)
    assert isinstance(result.exception, IntegrityError)
    assert "event 1" in result.exception.what


def test_backup(run, tmp_path):
    run("NLD", "850511", "--public-interest", "yes", *SAY)
    copy = tmp_path / "copy.sqlite"
    told = json.loads(run("--backup", str(copy), "--format", "json").stdout)
    with Register(copy) as register:
        assert register.verify() == told["head"]


def test_the_help_has_an_example_and_loads_nothing_heavy():
    code = (
        "import sys; from click.testing import CliRunner; from schakel.cli.judge import judge\n"
        "out = CliRunner().invoke(judge, ['--help']).stdout\n"
        "assert 'Example' in out and '--replaceable no' in out, out\n"
        "heavy = {'sqlalchemy', 'duckdb', 'pyarrow', 'typst', 'docx', 'pydantic', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
