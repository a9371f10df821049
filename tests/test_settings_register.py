"""Does every command find the register where the settings say, and is a password shown nowhere?"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

import postgres_server
from schakel import settings
from schakel.cli import main
from schakel.errors import InputError
from schakel.register import Register
from schakel.register.judgement import record

SECRET = "hush%2Fhush"
NOWHERE = f"postgresql://analyst:{SECRET}@127.0.0.1:1/decisions"
LETTER = "Datum 19 december 2024\nBetreft Fabriek\n\nGeachte Voorzitter,\n\nIk zal uw Kamer voor 1 mei 2025 informeren over de fabriek.\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCHAKEL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SCHAKEL_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.delenv("SCHAKEL_REGISTER", raising=False)
    return tmp_path


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Run a command as the shell does; return its exit code and all it wrote."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["schakel", *words])
        patch.setattr("schakel.cli.signal.signal", lambda *_: None)  # the tests keep their own way to stop
        with pytest.raises(SystemExit) as ended:
            main()
    told = capsys.readouterr()
    return int(ended.value.code or 0), told.out + told.err


def test_the_order_of_the_places(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.load().register == home / "home" / "register.sqlite"
    assert not settings.load().has_register
    (home / "config.toml").write_text('register = "postgresql://a@b/c"\n', encoding="utf-8")
    assert settings.load().register == "postgresql://a@b/c"
    assert settings.load().has_register
    monkeypatch.setenv("SCHAKEL_REGISTER", "~/decisions.sqlite")
    assert settings.load().register == Path.home() / "decisions.sqlite"
    monkeypatch.setenv("SCHAKEL_REGISTER", "")
    assert settings.load().register == "postgresql://a@b/c"
    monkeypatch.setenv("REGISTER", "elsewhere.sqlite")  # of another program
    assert settings.load().register == "postgresql://a@b/c"


def test_a_password_is_in_no_description_of_the_settings(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHAKEL_REGISTER", NOWHERE)
    chosen = settings.load()
    assert SECRET not in f"{chosen!r} {chosen} {chosen.model_dump()} {chosen.model_dump_json()}"
    (home / "config.toml").write_text(f'register = ["{NOWHERE}"]\n', encoding="utf-8")
    monkeypatch.delenv("SCHAKEL_REGISTER")
    with pytest.raises(InputError, match="setting 'register'") as caught:
        settings.load()
    assert SECRET not in str(caught.value)
    assert "register, threads" in str(caught.value)


@pytest.mark.parametrize("place", ["file", "url", "config"])
def test_every_command_uses_it(
    home: Path, place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    book = home / "apart" / "decisions.sqlite"
    book.parent.mkdir()
    where = f"sqlite:///{book}" if place != "file" else str(book)
    if place == "config":
        (home / "config.toml").write_text(f"register = {json.dumps(where)}\n", encoding="utf-8")
    else:
        monkeypatch.setenv("SCHAKEL_REGISTER", where)
    letter = home / "brief_2024D00011.txt"
    letter.write_text(LETTER, encoding="utf-8")
    judged = ("judge", "NLD", "28042910", "--public-interest", "yes", "--author", "A", "--reason", "cooling")
    assert call(capsys, *judged)[0] == 0
    assert call(capsys, "dossier", "import", str(letter), "--author", "A")[0] == 0
    code, told = call(capsys, "register", "head", "--format", "json")
    assert code == 0
    answer = json.loads(told)
    assert answer["register"].endswith("decisions.sqlite")
    assert answer["events"] == 2
    code, told = call(capsys, "dossier", "due", "--on", "2025-05-02", "--format", "json")
    assert [d["status"]["state"] for d in json.loads(told)["due"]] == ["overdue"]
    code, told = call(capsys, "dossier", "search", "fabriek", "--format", "json")
    assert "2024D00011" in told
    assert not (home / "home" / "register.sqlite").exists()


def test_a_server_is_used_by_every_command(
    home: Path, postgres: postgres_server.Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = home / "brief_2024D00011.txt"
    letter.write_text(LETTER, encoding="utf-8")
    with postgres.database(f"settings{os.getpid()}") as url:
        monkeypatch.setenv("SCHAKEL_REGISTER", url)
        for words in (
            ("judge", "NLD", "28042910", "--public-interest", "yes", "--author", "A", "--reason", "cooling"),
            ("dossier", "import", str(letter), "--author", "A"),
            ("judge", "NLD", "--list"),
            ("dossier", "due", "--on", "2025-05-02"),
            ("register", "verify"),
            ("monitor", "NLD", "--format", "json"),
        ):
            code, told = call(capsys, *words)
            assert code == 0, words
            assert postgres_server.PASSWORD not in told
        with Register(url) as book:
            assert book.size()[0] == 2
    assert not (home / "home" / "register.sqlite").exists()


def test_the_monitor_and_the_pages_read_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from schakel.web.dossier_source import opened
    from schakel.web.judged import judgements

    url = f"sqlite:///{home / 'decisions.sqlite'}"
    monkeypatch.setenv("SCHAKEL_REGISTER", url)
    with Register(url) as book:
        record(book, "NLD", "28042910", {"public_interest": "yes"}, author="A", reason="cooling")
    assert [j.author for j in judgements(settings.load().register, "NLD")] == ["A"]
    with opened() as archive:
        assert archive.letters() == ()
        assert archive.head() == Register(url).head()


@pytest.mark.parametrize(
    "words",
    [
        ("register", "head"),
        ("judge", "NLD", "--list"),
        ("dossier", "due", "--on", "2025-05-02"),
        ("monitor", "NLD", "--format", "json"),
    ],
)
def test_a_database_that_does_not_answer_is_named_without_the_password(
    home: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SCHAKEL_REGISTER", NOWHERE)
    code, told = call(capsys, *words)
    assert code == 7
    assert "does not answer" in told
    assert "127.0.0.1:1/decisions" in told
    assert SECRET not in told
    assert "hush/hush" not in told
