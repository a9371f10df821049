"""Does a report that shows what people decided print the head hash that vouches for it?"""

from __future__ import annotations

import pypdfium2
import pytest
from click.testing import CliRunner
from docx import Document

from schakel.cli.monitor import monitor
from schakel.register import Register, record

SAID = {"author": "A. Analyst", "reason": "because", "valid_from": "2026-01-01"}


def texts_of(folder) -> dict[str, str]:
    """Return the text of each report file by its kind."""
    told = {}
    for file in folder.iterdir():
        if file.suffix == ".html":
            told["html"] = file.read_text("utf-8")
        elif file.suffix == ".pdf":
            with pypdfium2.PdfDocument(file) as pages:
                told["pdf"] = "".join(page.get_textpage().get_text_range() for page in pages)
        elif file.suffix == ".docx":
            book = Document(file)
            cells = [cell.text for table in book.tables for row in table.rows for cell in row.cells]
            told["docx"] = "\n".join([paragraph.text for paragraph in book.paragraphs] + cells)
    return told


@pytest.fixture
def report(tmp_path, monkeypatch):
    monkeypatch.setenv("SCHAKEL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SCHAKEL_CONFIG", str(tmp_path / "none.toml"))

    def write(*more: str, files: str = "html,pdf,docx") -> dict[str, str]:
        out = tmp_path / f"out{len(list(tmp_path.iterdir()))}"
        done = CliRunner().invoke(monitor, ["NLD", "--files", files, "--out", str(out), *more])
        assert done.exit_code == 0, (done.output, done.exception)
        told = texts_of(out)
        assert sorted(told) == sorted(files.split(","))
        return told

    return write


def test_the_head_hash_stands_in_every_report(report, place):
    with Register(place.address) as register:
        record(register, "NLD", "28042910", {"public_interest": "yes"}, **SAID)
        head = register.head()
    told = report("--register", place.address, files="html,pdf,docx" if place.kind == "sqlite" else "html")
    assert [kind for kind, text in told.items() if head not in text.replace("\u200b", "")] == []
    if place.kind != "sqlite":  # from here on nothing asks where the register is
        return
    dutch = report("--register", place.address, "--lang", "nl")
    assert [kind for kind, text in dutch.items() if head not in text.replace("\u200b", "")] == []
    assert "Besluitenregister, laatste hash" in dutch["html"]


def test_a_hash_copied_out_of_the_pdf_is_taken_as_it_is(report, tmp_path):
    with Register(tmp_path / "r.sqlite") as register:
        record(register, "NLD", "28042910", {"public_interest": "yes"}, **SAID)
        printed = report("--register", str(tmp_path / "r.sqlite"), files="pdf")["pdf"]
        copied = printed[printed.index("head hash ") + len("head hash ") :].split("\n")[0]
        assert register.verify(copied) == register.head()


def test_without_decisions_there_is_no_hash(report, tmp_path):
    told = report() | {"empty": report("--register", str(tmp_path / "none.sqlite"), files="html")["html"]}
    assert [kind for kind, text in told.items() if "Decision register" in text] == []
    assert not (tmp_path / "none.sqlite").exists()
