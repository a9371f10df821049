"""Does a report arrive whole in each kind of file, with its words and not with its readers' formulas?"""

from __future__ import annotations

import io
import re
import socket
import xml.etree.ElementTree as ET
import zipfile
import zlib
from dataclasses import replace
from html.parser import HTMLParser

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

from reports_sample import SVG, finding, rows, sample
from schakel import charts
from schakel.errors import InputError, MachineError, NotFoundError, SchakelError
from schakel.plain import printable
from schakel.reports import FORMATS, Column, Figure, Findings, Heading, Paragraph, Report, Table, write_report
from schakel.reports.pdf import content, spelled
from schakel.reports.svg import checked, size
from schakel.reports.write import render
from schakel.reports.xlsx import sheet_name


def cell_texts(count=9):
    return [printable(row["name"]) for row in rows(count)]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("lang", ["en", "nl"])
def test_equal_reports_give_equal_bytes(form, lang):
    assert render(sample(lang), form) == render(sample(lang), form)


@pytest.mark.parametrize("form", FORMATS)
def test_written_by_the_ending_of_the_name(form, tmp_path):
    out = write_report(sample(), tmp_path / "deep" / f"report.{form.upper()}")
    assert out.read_bytes() == render(sample(), form)


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_report_is_still_one(form):
    assert render(Report("T", "", "nl", "2026-01-01", ()), form)


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_is_asked_of_the_network(form, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a report opened a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    assert render(sample(), form)


def test_unknown_formats_licences_and_places(tmp_path):
    with pytest.raises(InputError, match="format"):
        write_report(sample(), tmp_path / "report.odt")
    with pytest.raises(NotFoundError):
        render(sample(licences=("nothing",)), "html")
    with pytest.raises(MachineError):
        write_report(sample(), tmp_path, "html")
    assert list(tmp_path.iterdir()) == []


# --- the model


@pytest.mark.parametrize(
    "make",
    [
        lambda: sample("de"),
        lambda: sample(date="22-11-2026"),
        lambda: Figure(SVG, "  "),
        lambda: Table((), [], "x"),
        lambda: Heading("x", 4),
        lambda: sample(sections=(Heading("a"), Heading("b", 3))),
        lambda: sample(sections=(Heading("a", 2),)),
    ],
)
def test_a_model_that_no_reader_could_follow_is_refused(make):
    with pytest.raises(InputError):
        make()


# --- drawings


@pytest.mark.parametrize(
    "inside",
    [
        "<script>x</script>",
        "<SCRIPT>x</SCRIPT>",
        '<rect onclick="x"/>',
        '<a href="https://example.org"><rect/></a>',
        '<image href="https://example.org/x.png"/>',
        '<image href="data:image/png;base64,AA"/>',
        '<use href="other.svg#a"/>',
        "<foreignObject/>",
        "<style>@import 'x'</style>",
        "<style>rect { fill: url(http://x) }</style>",
        '<rect fill="url(http://x#a)"/>',
        '<rect style="background:url( //x)"/>',
        '<animate attributeName="href" to="javascript:x"/>',
        "<rect>",
    ],
)
def test_drawings_that_act_or_call_out_are_refused(inside):
    with pytest.raises(InputError):
        checked(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">{inside}</svg>')


@pytest.mark.parametrize(
    "svg",
    [
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        "<svg/>",
        "<html/>",
        "",
        "text",
    ],
)
def test_what_is_no_drawing(svg):
    with pytest.raises(InputError):
        checked(svg)


def test_ids_are_made_unique_and_references_follow():
    text = checked(SVG, prefix="f3-")
    assert 'id="f3-g"' in text
    assert "url(#f3-g)" in text
    assert 'aria-labelledby="f3-x-t"' in text
    assert text.startswith("<svg ")
    named = ET.fromstring(checked(SVG, alt='a "b" <c>'))
    assert named.get("aria-label") == 'a "b" <c>'
    assert named.get("aria-labelledby") is None


def test_the_size_of_a_drawing():
    assert size(SVG) == (300, 120)
    for svg in ("<svg/>", '<svg viewBox="0 0 0 1"/>', '<svg viewBox="a"/>', '<svg viewBox="0 0 nan 1"/>'):
        with pytest.raises(InputError):
            size(svg)


# --- HTML


class Seen(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.texts, self.attributes = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, key, value) for key, value in attrs]

    def handle_data(self, data):
        self.texts.append(data)


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_page_stands_on_its_own(lang):
    text = render(sample(lang, 9), "html").decode()
    seen = Seen(text)
    assert ("html", "lang", lang) in seen.attributes
    assert not {"script", "link", "iframe", "img", "object", "form"} & set(seen.tags)
    assert not [a for a in seen.attributes if a[1].startswith("on") or a[1] in ("src", "srcset")]
    hrefs = [value for _, key, value in seen.attributes if key == "href"]
    assert all(
        value.startswith("#") for value in hrefs if "example.org" not in value and "creativecommons" not in value
    )
    assert "https://example.org/a?b=1&c=2" in hrefs
    assert "@import" not in text.split("<body>")[0]
    assert "default-src 'none'" in text
    for hostile in cell_texts():
        assert hostile in seen.texts
    assert "@media print" in text


def test_tables_of_the_page_are_accessible():
    text = render(sample("nl", 3), "html").decode()
    seen = Seen(text)
    assert seen.tags.count("caption") == seen.tags.count("table") == 5
    scopes = [value for tag, key, value in seen.attributes if (tag, key) == ("th", "scope")]
    assert scopes.count("row") == 3 + 1 + 1 + 7
    assert scopes.count("col") == 7 * 2 + 7 + 4 + 2
    ids = [value for _, key, value in seen.attributes if key == "id"]
    assert len(ids) == len(set(ids)), "ids repeat"
    regions = [value for tag, key, value in seen.attributes if (tag, key) == ("div", "aria-labelledby")]
    assert set(regions) <= set(ids)
    assert '<td class="n unknown">onbekend</td>' in text
    assert '<td class="n">1.234.567</td>' in text
    assert "Geen rijen." in text
    assert 'aria-label="Bars: the largest is 68 %."' in text


# --- PDF


def streams(pdf: bytes) -> bytes:
    found = []
    for piece in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(piece))
        except zlib.error:
            found.append(piece)
    return b"\n".join(found)


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_pdf_says_that_it_is_for_archives_and_for_everyone(lang):
    pdf = render(sample(lang, 9), "pdf")
    meta = streams(pdf)
    assert pdf.startswith(b"%PDF-1.7")
    assert re.search(rb"<pdfaid:part>2</pdfaid:part>", meta)
    assert re.search(rb"<pdfaid:conformance>A</pdfaid:conformance>", meta)
    assert re.search(rb"<pdfuaid:part>1</pdfuaid:part>", meta)
    assert b"Monitor &lt;Netherlands&gt; #1" in meta
    everything = pdf + meta
    assert f"/Lang({lang}".encode() in everything
    assert b"/Alt(Bars: the largest is 68 %.)" in everything
    assert b"/TH" in everything
    assert b"/MarkInfo" in everything
    assert b"2026-11-22" in meta


def test_a_pdf_takes_no_text_for_markup():
    calm = render(sample(), "pdf")
    hostile = '#panic("x") #sys.inputs #read("/etc/passwd") $ [ ] * _ ` \\'
    loud = render(
        sample(title=hostile, sections=(Heading(hostile), Paragraph(hostile), Findings((finding(hostile),)))), "pdf"
    )
    assert calm[:5] == loud[:5] == b"%PDF-"
    assert b"root:" not in streams(loud)
    assert content(sample(sections=(Paragraph(hostile),)))["blocks"][0]["text"] == hostile


def test_characters_without_a_glyph_are_spelled_not_dropped():
    assert spelled("China 中国 Łódź 😀 −") == "China [U+4E2D][U+56FD] Łódź [U+1F600] −"
    figure = Figure(SVG.replace("68 %", "中国"), "中国", "中国")
    report = sample(
        title="中国 monitor", sections=(Heading("中"), figure, Table((Column("a", "国"),), [{"a": "\ue000"}], "中"))
    )
    assert render(report, "pdf").startswith(b"%PDF-")
    assert render(report, "docx")


def test_wide_and_long_tables_keep_their_heads():
    columns = tuple(Column(f"c{at}", f"A rather long heading {at}", kind="number") for at in range(14))
    table = Table(columns, [{c.key: at / 7 for c in columns} for at in range(120)], "Wide")
    report = sample(sections=(table,))
    assert content(report)["flipped"]
    assert render(report, "pdf")


def test_tall_and_small_figures_fit_the_page():
    tall = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 4000"><rect width="600" height="4000"/></svg>'
    blocks = content(sample(sections=(Figure(tall, "tall"), Figure(SVG, "small"))))["blocks"]
    assert blocks[0]["width"] == pytest.approx(185 * 600 / 4000, abs=0.1)
    assert blocks[1]["width"] == pytest.approx(300 / 96 * 25.4, abs=0.1)
    assert render(sample(sections=(Figure(tall, "tall"),)), "docx")


@pytest.mark.parametrize("form", FORMATS)
def test_our_own_charts_pass(form):
    figures = tuple(
        Figure(
            charts.bars([charts.Bar(f"Land {at}", at / 60) for at in range(60)], title="T", desc="D", ident="b1"),
            "Bars",
        )
        for _ in range(2)
    )
    assert render(sample(sections=figures), form)


# --- docx


@pytest.mark.parametrize(
    ("lang", "locale", "number", "unknown"),
    [("en", "en-GB", "1,234,567", "unknown"), ("nl", "nl-NL", "1.234.567", "onbekend")],
)
def test_the_document_reads_back(lang, locale, number, unknown):
    document = docx.Document(io.BytesIO(render(sample(lang, 9), "docx")))
    headings = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith(("Heading", "Title"))]
    assert headings[:3] == [
        ("Title", "Monitor <Netherlands> #1"),
        ("Heading 1", "What it shows"),
        ("Heading 2", "Two charts"),
    ]
    table = document.tables[0]
    assert len(table.rows) == 10
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[1]._tr.trPr is None
    assert [cell.text for cell in table.rows[1].cells][2] == number
    assert [cell.text for cell in table.rows[2].cells][2] == unknown
    assert [row.cells[1].text for row in table.rows[1:]] == cell_texts()
    assert document.core_properties.language == locale
    assert document.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == locale
    assert document.core_properties.created.isoformat()[:10] == "2026-11-22"
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert described == ["Bars: the largest is 68 %.", 'Bars "again"']
    section = document.sections[0]
    assert all(
        s.width <= section.page_width - section.left_margin - section.right_margin for s in document.inline_shapes
    )


def test_the_document_asks_for_nothing_outside():
    with zipfile.ZipFile(io.BytesIO(render(sample(), "docx"))) as archive:
        for name in archive.namelist():
            assert b'TargetMode="External"' not in archive.read(name), name
            assert archive.getinfo(name).date_time == (1980, 1, 1, 0, 0, 0)


# --- xlsx


@pytest.fixture
def book():
    return lambda *a, **k: openpyxl.load_workbook(io.BytesIO(render(sample(*a, **k), "xlsx")))


def test_cells_have_their_types(book):
    sheet = book("nl", 9)["Products <i>"]
    head, first, second = (list(row) for row in sheet.iter_rows(min_row=1, max_row=3, max_col=7))
    assert [c.value for c in head] == [
        "Product",
        "Naam",
        "Invoer (USD)",
        "HHI",
        "Grootste aandeel",
        "Afhankelijk",
        "Jaar",
    ]
    assert [c.data_type for c in first] == ["s", "s", "n", "n", "n", "b", "n"]
    assert [c.value for c in first][2:] == [1234567, 0.5, 0.685, True, 2023]
    assert first[0].value == "010121"
    assert [c.number_format for c in first][2:5] == ["#,##0", "#,##0.000", "0.0%"]
    assert [c.value for c in second][2:6] == ["onbekend"] * 4
    assert sheet.freeze_panes == "B2"


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_no_cell_is_a_formula_or_a_link(lang):
    made = render(sample(lang, 9), "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(made))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [c for c in cells if c.data_type == "f" or c.hyperlink]
    assert [book["Products <i>"].cell(row, 2).value for row in range(2, 11)] == cell_texts()
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        for name in archive.namelist():
            text = archive.read(name)
            assert b"<f>" not in text
            assert b"External" not in text


def test_the_workbook_names_sources_and_licences(book):
    found = book("nl")
    assert found.sheetnames == [
        "Monitor <Netherlands> #1",
        "Products <i>",
        "Empty",
        "Bronnen",
        "Licenties",
        "Verantwoording van de berekenin",
    ]
    assert found["Bronnen"]["A2"].value == "comext"
    assert found["Licenties"]["B2"].value is True
    assert found.properties.created.isoformat()[:10] == "2026-11-22"


def test_sheet_names_are_ones_a_spreadsheet_takes():
    taken: set[str] = set()
    names = [
        sheet_name(n, taken)
        for n in ("a/b:c*d?[e]\\f", "A B C D  E  F", "x" * 50, "X" * 50, "History", "'q'", "", "\x00")
    ]
    assert all(0 < len(n) <= 31 and not set(n) & set("[]:*?/\\") for n in names)
    assert len({n.lower() for n in names}) == len(names)
    assert "history" not in {n.lower().strip() for n in names}


def test_a_text_too_long_for_a_cell_is_cut_visibly(book):
    table = Table((Column("a"),), [{"a": "x" * 40_000}], "Long")
    value = book(sections=(table,))["Long"]["A2"].value
    assert len(value) == 32_767
    assert value.endswith("…")


def test_more_rows_than_a_sheet_holds(monkeypatch):
    monkeypatch.setattr("schakel.reports.xlsx.MAX_ROWS", 2)
    with pytest.raises(InputError) as caught:
        render(sample(count=3), "xlsx")
    assert "parquet" in caught.value.remedy


def test_dates_are_dates(book):
    table = Table((Column("d", kind="date"),), [{"d": "2026-11-22"}, {"d": None}], "Dates")
    sheet = book(sections=(table,))["Dates"]
    assert sheet["A2"].is_date
    assert sheet["A2"].value.isoformat()[:10] == "2026-11-22"
    assert sheet["A3"].value == "unknown"
    with pytest.raises(SchakelError, match="no date"):
        book(sections=(replace(table, rows=[{"d": "x"}]),))
