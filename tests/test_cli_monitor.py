"""Does `schakel monitor` answer its questions on the terminal and in every file, for the Netherlands and the EU27, in both languages?"""

from __future__ import annotations

import json
import os
import pty
import re
import struct
import subprocess
import sys
from fcntl import ioctl
from html.parser import HTMLParser
from termios import TIOCSWINSZ

import docx
import openpyxl
import pytest
from click.testing import CliRunner

from schakel.cli import cli
from schakel.errors import IntegrityError
from schakel.register import Register, record

FORMS = ("html", "pdf", "docx", "xlsx", "json")
SEEN = {
    "en": (
        "Which imports cannot be replaced, by every definition",
        "What is a matter of definition",
        "On whom the ",
        "What re-exports could change",
        "Who leans on the ",
        "The strategic subset, judged by people",
        "What is missing",
    ),
    "nl": (
        "Welke invoer niet te vervangen is, volgens elke definitie",
        "Wat een kwestie van definitie is",
        "Op wie ",
        "Wat wederuitvoer kan veranderen",
        "Wie op ",
        "De strategische deelverzameling, door mensen beoordeeld",
        "Wat ontbreekt",
    ),
}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("SCHAKEL_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str):
    result = CliRunner().invoke(cli, ["monitor", *arguments, "--date", "2026-11-22"])
    if result.exception is not None:
        raise result.exception
    return result


@pytest.fixture(scope="module", params=[("NLD", "en"), ("NLD", "nl"), ("EU27", "en"), ("EU27", "nl")], ids="-".join)
def made(request, tmp_path_factory):
    reporter, lang = request.param
    folder = tmp_path_factory.mktemp("monitor")
    os.environ["SCHAKEL_HOME"] = str(folder / "home")
    result = run(reporter, "--lang", lang, "--out", str(folder / "out"))
    return reporter, lang, folder / "out", result


def file_of(made, form):
    reporter, lang, out, _ = made
    return out / f"monitor-{reporter}-2024-{lang}.{form}"


def test_the_terminal_answers_every_question(made):
    reporter, lang, _, result = made
    for words in SEEN[lang]:
        assert words in result.stdout, words
    for name in ("ec2021", "geodep2024", "arjona2023", "crma", "iw", "comext", "wgi-pv", "unga", "ec-crm"):
        assert name in result.stdout
    assert ("Chile" if lang == "en" else "Chili") in result.stdout
    assert ("ASML" not in result.stdout) and "EUV" in result.stdout  # the place in the chip chain, not the firm
    if reporter == "NLD":
        assert ("54.6%" if lang == "en" else "54,6%") in result.stdout  # re-exports, for scale
        assert ("consignment" if lang == "en" else "verzending") in result.stdout
    assert "unknown" not in result.stdout or lang == "en"  # no English word in the Dutch tables


def test_every_file_is_written_and_named_on_stderr(made):
    *_, result = made
    for form in FORMS:
        assert file_of(made, form).stat().st_size > 10_000
        assert f"wrote {file_of(made, form)}" in result.stderr


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, k, v or "") for k, v in attrs]


def test_the_page_is_whole_without_scripts_or_requests(made):
    text = file_of(made, "html").read_text("utf-8")
    page = Page(text)
    assert not {"script", "iframe", "object", "embed", "link", "base"} & set(page.tags)
    outside = [
        a for a in page.attributes if a[1] in ("src", "srcset", "href", "data", "poster") and a[2].startswith("http")
    ]
    assert {tag for tag, *_ in outside} <= {"a"}
    assert "url(http" not in text
    assert "@import" not in text
    assert page.tags.count("svg") == page.tags.count("figure") == 2
    ids = [v for _, k, v in page.attributes if k == "id"]
    assert len(ids) == len(set(ids))
    for words in SEEN[made[1]]:
        assert words in text
    assert "@media print" in text


def test_the_pdf_says_it_is_for_archives_and_for_everyone(made):
    data = file_of(made, "pdf").read_bytes()
    assert data.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part>" in data
    assert b"<pdfuaid:part>1</pdfuaid:part>" in data


def test_the_document_and_the_workbook_hold_the_same_tables(made):
    _, lang, *_ = made
    document = docx.Document(str(file_of(made, "docx")))
    heads = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    for words in SEEN[lang]:
        assert any(words in head for head in heads), words
    book = openpyxl.load_workbook(file_of(made, "xlsx"))
    assert {"By definition", "Products", "Supply shares"} <= set(book.sheetnames) or lang == "nl"
    products = book["Products" if lang == "en" else "Producten"]
    answer = json.loads(file_of(made, "json").read_text("utf-8"))
    held = [r["product"] for r in answer["rows"] if r["dependent"] is not False]
    shown = [row[0] for row in products.iter_rows(min_row=2, values_only=True) if str(row[0]).isdigit()]
    assert sorted(shown) == sorted(held)
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row), "a formula"


def test_the_json_holds_the_parts_and_its_receipt_can_be_verified(made):
    reporter, _, _, _ = made
    file = file_of(made, "json")
    answer = json.loads(file.read_text("utf-8"))
    assert (answer["reporter"], answer["year"], answer["method"]) == (reporter, 2024, "crma")
    assert set(answer["grid"]) == {r["product"] for r in answer["rows"]}
    assert sum(s["share"] for s in answer["suppliers"]) == pytest.approx(1)
    result = CliRunner().invoke(cli, ["receipt", "verify", str(file)], catch_exceptions=False)
    assert result.exit_code == 0
    assert f"result agrees: {answer['receipt']['result_sha256']}" in result.stdout


@pytest.mark.parametrize("part", ["rows", "grid", "suppliers", "reverse", "missing"])
def test_a_touched_part_does_not_agree(made, part, tmp_path):
    answer = json.loads(file_of(made, "json").read_text("utf-8"))
    answer[part] = answer[part][1:] if isinstance(answer[part], list) and answer[part] else {"x": 1}
    touched = tmp_path / "touched.json"
    touched.write_text(json.dumps(answer), "utf-8")
    result = CliRunner().invoke(cli, ["receipt", "verify", str(touched)])
    assert isinstance(result.exception, IntegrityError)


def test_an_input_left_out_of_the_receipt_is_noticed(made, tmp_path):
    answer = json.loads(file_of(made, "json").read_text("utf-8"))
    answer["receipt"]["inputs"].pop()
    touched = tmp_path / "touched.json"
    touched.write_text(json.dumps(answer), "utf-8")
    assert isinstance(CliRunner().invoke(cli, ["receipt", "verify", str(touched)]).exception, IntegrityError)


def test_with_json_standard_output_is_json_only():
    result = run("NLD", "--format", "json", "--files", "none")
    assert json.loads(result.stdout)["receipt"]["parameters"]["command"] == "monitor"


def test_the_strategic_subset_comes_with_its_trail(home):
    evil = "=cmd|' /C calc'!A0 <script>alert(1)</script> #panic() \\ *b*"
    with Register(home / "home" / "register.sqlite") as book:
        record(book, "NLD", "81129289", {"public_interest": "yes"}, author="A", reason="no radar without it")
        record(book, "NLD", "81129289", {"short_term_replaceable": "unclear"}, author="B", reason="asked the firms")
        record(book, "NLD", "81129289", {"short_term_replaceable": "no"}, author="B", reason=evil)
        record(book, "DEU", "81129289", {"public_interest": "no"}, author="C", reason="of another reporter")
        head = book.head()
    result = run("NLD", "--out", "out")
    told = result.stdout[result.stdout.index("The strategic subset") :]
    assert "1 of 1 judged products is strategic" in told
    for words in ("no radar without it", "asked the firms", "=cmd|", "strategic (dependent: yes"):
        assert words in told
    assert "of another reporter" not in told
    page = (home / "out" / "monitor-NLD-2024-en.html").read_text("utf-8")
    assert "<script" not in page
    assert head in page
    book_ = openpyxl.load_workbook(home / "out" / "monitor-NLD-2024-en.xlsx")
    trail = list(book_["Trail of judgements"].iter_rows(min_row=2))
    assert [row[2].value for row in trail] == ["yes", "unclear", "no"]
    assert all(cell.data_type != "f" for row in trail for cell in row)
    text = "\n".join(
        c.text for t in docx.Document("out/monitor-NLD-2024-en.docx").tables for r in t.rows for c in r.cells
    )
    assert evil in text
    answer = json.loads((home / "out" / "monitor-NLD-2024-en.json").read_text("utf-8"))
    assert answer["strategic"]["81129289"]["status"] == "strategic"
    assert [j["reason"] for j in answer["trail"]] == ["no radar without it", "asked the firms", evil]
    assert answer["register_head"] == head


def test_a_touched_register_stops_the_monitor(home):
    import sqlite3

    path = home / "home" / "register.sqlite"
    with Register(path) as book:
        record(book, "NLD", "81129289", {"public_interest": "yes"}, author="A", reason="first")
    con = sqlite3.connect(path)
    con.execute("DROP TRIGGER events_no_update")
    con.execute("UPDATE events SET reason = 'other'")
    con.commit()
    con.close()
    result = CliRunner().invoke(cli, ["monitor", "NLD", "--files", "none"])
    assert isinstance(result.exception, IntegrityError)


def test_an_unknown_form_is_refused_before_anything_is_written(home):
    result = CliRunner().invoke(cli, ["monitor", "NLD", "--files", "html,odt"])
    assert result.exit_code == 2
    assert "no report format 'odt'; use html, pdf, docx, xlsx, json or none" in " ".join(result.output.split())
    assert not (home / "monitor-out").exists()


def test_a_definition_of_ones_own(home):
    own = home / "mine.toml"
    own.write_text(
        'name = "mine"\ntitle = "Over half from one"\ntitle_nl = "Meer dan de helft van een"\nbase = "extra"\n'
        '[[criterion]]\nname = "top_supplier_share"\nop = ">"\nthreshold = "0.5"\nformula = "s"\nstatus = "verified"\n'
    )
    result = run("NLD", "--method", str(own), "--out", "out")
    assert "Products under mine" in result.stdout
    check = CliRunner().invoke(cli, ["receipt", "verify", "out/monitor-NLD-2024-en.json"], catch_exceptions=False)
    assert check.exit_code == 0


FLOWS = """year,exporter,importer,product,value_usd,re_export_usd
2023,CHN,NLD,280530,60,
2023,CHN,DEU,280530,40,
2023,USA,NLD,280530,10,
2023,USA,DEU,280530,20,
2023,VNM,NLD,280530,10,
2023,NLD,DEU,280530,50,30
2023,DEU,NLD,280530,15,
2023,DEU,USA,280530,5,
2023,NLD,USA,280530,25,20
2023,CHN,USA,280530,100,
2023,USA,CHN,280530,10,
2023,VNM,USA,280530,20,
2023,VNM,CHN,280530,5,
2023,NLD,CHN,280530,10,
"""


def test_world_flows_of_ones_own_give_bounds_and_control_points(home):
    (home / "flows.csv").write_text(FLOWS)
    result = run("EU27", "--flows", "flows.csv", "--out", "out")
    told = " ".join(result.stdout.split())
    assert "Of the one product in these flows that the EU27 imports in 2023, 1 is a dependency under ec2021" in told
    assert "World trade (BACI)" not in told
    assert "No criterion of ec2021 lacks an input" in told
    assert "Verdicts under stated bounds for re-exports" in told
    assert "No partner takes more than half of its imports of a product from the EU27" in told
    row = result.stdout[result.stdout.index("Control-point profile") :].split("280530", 1)[1].splitlines()[0]
    assert row.split()[-5:-2] == ["0.448", "unknown", "0"]  # unique: world HHI with the EU as one; no quantities
    answer = json.loads((home / "out" / "monitor-EU27-2023-en.json").read_text("utf-8"))
    values = {n: c["value"] for n, c in answer["rows"][0]["criteria"].items()}
    assert values["extra_bloc_hhi"] == pytest.approx(0.561224, abs=1e-6)
    assert values["import_export_ratio"] == pytest.approx(4 / 3)
    check = CliRunner().invoke(cli, ["receipt", "verify", "out/monitor-EU27-2023-en.json"], catch_exceptions=False)
    assert check.exit_code == 0


@pytest.mark.parametrize("width", [80, 140])
@pytest.mark.parametrize("reporter", ["NLD", "EU27"])
def test_a_terminal_is_never_overflowed(width, reporter):
    handle, inside = pty.openpty()
    ioctl(inside, TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    call = [sys.executable, "-c", "from schakel.cli import main; main()", "monitor", reporter, "--files", "none"]
    env = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
    child = subprocess.Popen(call, stdout=inside, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env=env)
    os.close(inside)
    seen = b""
    while True:
        try:
            piece = os.read(handle, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        seen += piece
    os.close(handle)
    assert child.wait(30) == 0
    lines = re.sub(r"\x1b\[[0-9;]*m", "", seen.decode()).replace("\r", "").split("\n")
    assert len(lines) > 100
    assert max(map(len, lines)) <= width
