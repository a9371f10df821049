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
    """Return the text of each report file."""
    (html,), (pdf,), (docx,) = (list(folder.glob(f"*.{kind}")) for kind in ("html", "pdf", "docx"))
    with pypdfium2.PdfDocument(pdf) as pages:
        printed = "".join(page.get_textpage().get_text_range() for page in pages)
    book = Document(docx)
    cells = [cell.text for table in book.tables for row in table.rows for cell in row.cells]
    return {
        "html": html.read_text("utf-8"),
        "pdf": printed,
        "docx": "\n".join([paragraph.text for paragraph in book.paragraphs] + cells),
    }


@pytest.fixture
def report(tmp_path, monkeypatch):
    monkeypatch.setenv("SCHAKEL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SCHAKEL_CONFIG", str(tmp_path / "none.toml"))

    def write(*more: str) -> dict[str, str]:
        out = tmp_path / f"out{len(list(tmp_path.iterdir()))}"
        done = CliRunner().invoke(monitor, ["NLD", "--files", "html,pdf,docx", "--out", str(out), *more])
        assert done.exit_code == 0, (done.output, done.exception)
        return texts_of(out)

    return write


def test_the_head_hash_stands_in_every_report(report, place):
    with Register(place.address) as register:
        record(register, "NLD", "28042910", {"public_interest": "yes"}, **SAID)
        head = register.head()
    told = report("--register", place.address)
    assert [kind for kind, text in told.items() if head not in text.replace("\u200b", "")] == []
    dutch = report("--register", place.address, "--lang", "nl")
    assert [kind for kind, text in dutch.items() if head not in text.replace("\u200b", "")] == []
    assert "Besluitenregister, laatste hash" in dutch["html"]


def test_a_hash_copied_out_of_the_pdf_is_taken_as_it_is(report, tmp_path):
    with Register(tmp_path / "r.sqlite") as register:
        record(register, "NLD", "28042910", {"public_interest": "yes"}, **SAID)
        printed = report("--register", str(tmp_path / "r.sqlite"))["pdf"]
        copied = printed[printed.index("head hash ") + len("head hash ") :].split("\n")[0]
        assert register.verify(copied) == register.head()


def test_without_decisions_there_is_no_hash(report, tmp_path):
    told = report() | {"empty": report("--register", str(tmp_path / "none.sqlite"))["html"]}
    assert [kind for kind, text in told.items() if "Decision register" in text] == []
    assert not (tmp_path / "none.sqlite").exists()
