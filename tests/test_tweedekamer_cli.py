"""Do `schakel dossier fetch` and `search` say what they did, in both languages, and go outside only when asked?"""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from schakel.cli import cli
from schakel.errors import InputError, MachineError, NotFoundError
from schakel.sources.tweedekamer import KINDS, Mirror
from tweedekamer_sample import Answer, House, case, entry, feed, house, key, no_proxy, zaak_entry


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCHAKEL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SCHAKEL_CONFIG", str(tmp_path / "none.toml"))
    no_proxy(monkeypatch)
    return tmp_path / "home"


@pytest.fixture
def server() -> Iterator[House]:
    with house() as made:
        made.feed_of([[zaak_entry(case(n)) for n in range(1, 6)], [zaak_entry(case(n)) for n in range(6, 9)]])
        yield made


def call(*words: str) -> Result:
    done = CliRunner().invoke(cli, ["dossier", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def test_fetch_and_search(server: House, home: Path) -> None:
    done = call("fetch", "--category", "zaak", "--url", server.url, "--format", "json")
    answer = json.loads(done.stdout)
    (one,) = answer["fetched"]
    assert (answer["source"], answer["licence"]) == (server.url, "CC0-1.0")
    assert {k: one[k] for k in ("entity", "recorded", "via", "pages", "complete", "read", "kept", "new")} == {
        "entity": "Zaak", "recorded": True, "via": "feed", "pages": 3, "complete": True, "read": 8, "kept": 8, "new": 8,
    }  # fmt: skip
    assert (home / "official.sqlite").exists()
    found = json.loads(call("search", "kostic", "--format", "json").stdout)
    assert [h["id"] for h in found["hits"]] == ["2024Z00002", "2024Z00008"]
    assert found["hits"][0]["date"] == "2024-01-04"
    again = json.loads(call("fetch", "--category", "Zaak", "--url", server.url, "--again", "--format", "json").stdout)
    assert again["fetched"][0]["unchanged"] == 8


def test_the_table_marks_what_was_never_recorded(server: House) -> None:
    server.feed_of([[entry("Toezegging", key("t"), nummer="TZ1", tekst="x")]], "Toezegging")
    english = call("fetch", "--category", "Toezegging", "--url", server.url)
    assert "unrecorded" in english.stdout
    assert "note: the records came without encryption" in english.stderr
    dutch = call("fetch", "--category", "Toezegging", "--url", server.url, "--lang", "nl")
    assert "niet opgenomen" in dutch.stdout
    assert "zonder versleuteling" in dutch.stderr
    server.feed_of([[zaak_entry(case(1))]])
    rows = list(
        csv.DictReader(io.StringIO(call("fetch", "--category", "Zaak", "--url", server.url, "--format", "csv").stdout))
    )
    assert (rows[0]["entity"], rows[0]["shape"], rows[0]["new"]) == ("Zaak", "recorded", "1")


def test_stopping_early_and_refusing_is_said(server: House) -> None:
    server.feed_of([[zaak_entry(case(1)), entry("Raadsel", key("r"))], [zaak_entry(case(2))]])
    done = call("fetch", "--category", "Zaak", "--url", server.url, "--max-pages", "1", "--lang", "nl")
    assert "Zaak: er is meer" in done.stderr
    assert "Zaak: 1 geweigerd: unknown entity <raadsel>" in done.stderr


def test_a_question_goes_to_odata(server: House) -> None:
    server.odata_of([case(n) for n in range(1, 4)])
    done = call(
        "fetch",
        "--category",
        "Zaak",
        "--url",
        server.url,
        "--filter",
        "Soort eq 'Motie'",
        "--top",
        "2",
        "--lang",
        "nl",
        "--format",
        "json",
    )
    (one,) = json.loads(done.stdout)["fetched"]
    assert (one["via"], one["read"]) == ("odata", 2)
    assert "pagina's zijn geteld met $skip" in done.stderr
    assert "%24filter=Soort" in server.seen[0] or "$filter=Soort" in server.seen[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--filter", "x"], "name it with --category"),
        (["--category", "Zaak", "--filter", "x", "--via", "feed"], "takes no question"),
        (["--top", "0"], "Invalid value"),
        (["--format", "xlsx"], "Invalid value"),
    ],
)
def test_wrong_use_is_said(words: list[str], said: str) -> None:
    done = CliRunner().invoke(cli, ["dossier", "fetch", *words])
    assert done.exit_code == 2
    assert said in done.output


def test_errors_keep_what_came(server: House, home: Path) -> None:
    right = server.answers
    server.answers = lambda path, asked: Answer(b"", 404) if asked.get("skiptoken") == "10" else right(path, asked)
    done = CliRunner().invoke(cli, ["dossier", "fetch", "--category", "Zaak", "--url", server.url])
    assert isinstance(done.exception, NotFoundError)
    assert "Zaak: stopped; every page that came is kept" in done.stderr
    with Mirror(home / "official.sqlite") as mirror:
        assert mirror.counts() == {"Zaak": (5, 0)}
    assert isinstance(
        CliRunner().invoke(cli, ["dossier", "fetch", "--category", "x", "--url", server.url]).exception, NotFoundError
    )
    assert isinstance(CliRunner().invoke(cli, ["dossier", "fetch", "--url", "ftp://x"]).exception, InputError)


def test_ctrl_c_leaves_a_whole_mirror_and_exit_code_130(server: House, home: Path) -> None:
    right = server.answers

    def play(path: str, asked: dict[str, str]) -> Answer:
        answer = right(path, asked)
        answer.wait = server.release if asked.get("skiptoken") == "10" else None
        return answer

    server.answers = play
    main = "from schakel.cli import main; main()"
    words = [sys.executable, "-c", main, "dossier", "fetch", "--category", "Zaak", "--url", server.url]
    running = subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert server.arrived.wait(60)
        os.kill(running.pid, signal.SIGINT)
        _, said = running.communicate(timeout=30)
    finally:
        running.kill()
    assert running.returncode == 130
    assert b"every page that came is kept" in said
    assert b"Traceback" not in said
    with Mirror(home / "official.sqlite") as mirror:
        assert mirror.counts() == {"Zaak": (5, 0)}


def test_nothing_but_fetch_goes_outside(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object, **__: object) -> Any:
        raise AssertionError("a line to the outside")

    (tmp_path / "zaak.json").write_text(json.dumps([case(1)]))
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    with Mirror(home / "official.sqlite") as mirror:
        mirror.import_file(tmp_path / "zaak.json")
    assert "2024Z00001" in call("search", "kritieke").stdout


def test_one_file_by_its_identifier(server: House, home: Path) -> None:
    paper = (
        b'<?xml version="1.0"?><officiele-publicatie><metadata><meta name="DC.identifier" content="kst-33009-173"/></metadata>'
        b"<kamerstuk><stuk><tekst><al>De Kamer,</al></tekst></stuk></kamerstuk></officiele-publicatie>"
    )
    server.answers = lambda path, asked: Answer(
        paper if path.endswith(f"/Resources/{key('p')}") else b"", kind="application/xml"
    )
    done = json.loads(call("fetch", "--resource", key("p"), "--url", server.url, "--format", "json").stdout)
    assert Path(done["file"]).read_bytes() == paper
    assert done["counts"]["new"] == 1
    assert "kst-33009-173" in call("search", "kamer").stdout
    assert isinstance(CliRunner().invoke(cli, ["dossier", "fetch", "--resource", "../x"]).exception, InputError)


def test_search_of_nothing_and_without_finds(home: Path) -> None:
    empty = call("search", "halfgeleiders")
    assert (empty.stdout, "schakel dossier fetch" in empty.stderr) == ("", True)
    assert "schakel dossier import BESTAND" in call("search", "x", "--lang", "nl").stderr
    with Mirror(home / "official.sqlite") as mirror:
        mirror.index_letter("L-1", "Brief", None, "tekst")
    assert "nothing found for: halfgeleiders" in call("search", "halfgeleiders").stderr
    assert json.loads(call("search", "halfgeleiders", "--format", "json").stdout)["hits"] == []
    done = CliRunner().invoke(cli, ["dossier", "search", "NOT a"])
    assert isinstance(done.exception, InputError)


def test_search_in_every_format_and_language(home: Path, tmp_path: Path) -> None:
    with Mirror(home / "official.sqlite") as mirror:
        (tmp_path / "zaak.json").write_text(json.dumps([case(2, Soort="Motie", Onderwerp="=1+1 Kostić\x1b[31m")]))
        mirror.import_file(tmp_path / "zaak.json")
    english, dutch = call("search", "kostic"), call("search", "kostic", "--lang", "nl")
    assert "motion" in english.stdout and "motie" in dutch.stdout
    assert "Found: kostic" in english.stdout and "Gevonden: kostic" in dutch.stdout
    assert "\x1b[31m" not in english.stdout
    (row,) = csv.DictReader(io.StringIO(call("search", "kostic", "--format", "csv").stdout))
    assert (row["id"], row["kind"], row["date"]) == ("2024Z00002", "motie", "2024-01-04")
    assert row["title"].startswith("'=1+1")  # no spreadsheet takes it for a formula
    assert "| 2024Z00002 |" in call("search", "kostic", "--format", "md").stdout
    target = tmp_path / "hits.json"
    call("search", "kostic", "--format", "json", "--out", str(target))
    assert json.loads(target.read_text("utf-8"))["hits"][0]["id"] == "2024Z00002"
    for kind in KINDS:
        hits = json.loads(call("search", "kostic", "--kind", kind, "--format", "json").stdout)["hits"]
        assert len(hits) == (kind == "motie")


def test_search_finds_imported_letters_and_their_corrections(home: Path, tmp_path: Path) -> None:
    letter = tmp_path / "brief.txt"
    letter.write_text("Geachte voorzitter,\nDe Kamer wordt voor de zomer geïnformeerd over fotonica.\n", "utf-8")
    call("import", str(letter), "--date", "2025-02-03", "--id", "2025D00001", "--author", "J")
    (hit,) = json.loads(call("search", "fotonica", "--format", "json").stdout)["hits"]
    assert (hit["id"], hit["kind"], hit["date"]) == ("2025D00001", "letter", "2025-02-03")
    assert "letter" in call("search", "fotonica").stdout
    letter.write_text(
        "Geachte voorzitter,\nDe Kamer wordt voor de zomer geïnformeerd over fotonica en quantum.\n", "utf-8"
    )
    call("import", str(letter), "--date", "2025-02-03", "--id", "2025D00001", "--author", "J", "--replace")
    (hit,) = json.loads(call("search", "quantum", "--format", "json").stdout)["hits"]
    assert hit["id"] == "2025D00001"


def test_a_mirror_that_cannot_be_made_is_said(home: Path) -> None:
    home.write_text("a file where the folder should be")
    assert isinstance(CliRunner().invoke(cli, ["dossier", "search", "x"]).exception, MachineError)
    assert feed([])  # the sample itself is well formed
