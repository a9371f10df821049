"""Does `schakel dossier` print what a letter cites, as a table and as JSON, and refuse bad files with the right code?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import dossier_files as files
from schakel.cli import cli
from schakel.errors import InputError, NotFoundError

TEXT = "Zie Kamerstuk 33 009, nr. 138 en Kamerstuk 3680, nr. 48.\n"


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "brief.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def call(*arguments: str) -> str:
    done = CliRunner().invoke(cli, ["dossier", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_cite_as_json(letter: Path) -> None:
    answer = json.loads(call("cite", str(letter), "--format", "json"))
    assert list(answer) == ["citations", "findings"]
    first, second = answer["citations"]
    assert {k: first[k] for k in ("start", "end", "quote", "id", "kind")} == {
        "start": 4,
        "end": 29,
        "quote": "Kamerstuk 33 009, nr. 138",
        "id": "kst-33009-138",
        "kind": "kamerstuk",
    }
    assert (second["id"], second["link"]) == ("kst-3680-48", None)
    (finding,) = answer["findings"]
    assert (finding["kind"], finding["best_reading"]) == ("citation-malformed", "kst-36800-48")


def test_offsets_of_a_file_with_carriage_returns_and_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "dos.txt"
    original = "\ufeffÉén regel\r\nZie Kamerstuk 33 009,\r\nnr. 138.\r\n"
    path.write_bytes(original.encode())
    (found,) = json.loads(call("cite", str(path), "--format", "json"))["citations"]
    assert original[found["start"] : found["end"]] == found["quote"] == "Kamerstuk 33 009,\r\nnr. 138"


def test_cite_as_table_in_two_languages(letter: Path) -> None:
    assert "kst-33009-138" in call("cite", str(letter), "--lang", "en")
    assert "waarschijnlijk bedoeld: kst-36800-48" in " ".join(
        call("cite", str(letter), "--lang", "nl", "--format", "csv").split()
    )


def test_own_dossier_and_date(tmp_path: Path) -> None:
    path = tmp_path / "motie.txt"
    path.write_text("Gewijzigde motie t.v.v. nr. 76; zie Kamerstuk 33009-165.", encoding="utf-8")
    answer = json.loads(
        call("cite", str(path), "--format", "json", "--own-dossier", "36600-XIII", "--date", "2022-01-01")
    )
    assert [c["id"] for c in answer["citations"]] == ["kst-36600-XIII-76", "kst-33009-165"]
    assert [f["kind"] for f in answer["findings"]] == ["citation-number-later"]


def test_read_says_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "brief.docx"
    path.write_bytes(
        files.docx(
            files.paragraph(files.run("Op 31 februari 2025 is besloten."), files.mark(1)),
            notes={1: "Kamerstuk 33 009, nr. 138"},
        )
    )
    answer = json.loads(call("read", str(path), "--format", "json"))
    assert answer["format"] == "docx"
    assert [n["text"] for n in answer["footnotes"]] == ["Kamerstuk 33 009, nr. 138"]
    assert [c["id"] for c in answer["citations"]] == ["kst-33009-138"]
    assert [f["kind"] for f in answer["findings"]] == ["date-impossible"]
    start, end = answer["footnotes"][0]["marker"]
    assert answer["text"][start:end] == "[^1]"
    told = call("read", str(path), "--lang", "nl")
    assert "voetnoten: 1" in told
    assert "31 februari 2025" in told


def test_bad_files_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "geheim.pdf"
    secret.write_bytes(files.encrypted_pdf())
    with pytest.raises(InputError, match="encrypted"):
        CliRunner().invoke(cli, ["dossier", "read", str(secret)], catch_exceptions=False)
    with pytest.raises(NotFoundError):
        CliRunner().invoke(cli, ["dossier", "cite", str(tmp_path / "absent.txt")], catch_exceptions=False)
