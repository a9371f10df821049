"""Is a letter read whole, with its notes and tables, whatever file it comes in, and are hostile files refused?"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dossier_files as files
from schakel.dossiers.citations import cite
from schakel.dossiers.reading import Document, read, read_bytes
from schakel.dossiers.reading.plain import clean
from schakel.dossiers.scoring.labelled import rows as truth_rows
from schakel.errors import InputError, NotFoundError
from shared import DATA, SHARED, needs_shared
from work import calls


def text_of(original: str) -> str:
    return clean(original)[0].cleaned


def letter(original: str) -> Document:
    return read_bytes(original.encode(), "letter.txt")


# docx


def test_docx_keeps_footnotes_text_boxes_and_tables() -> None:
    body = (
        files.paragraph(
            files.run("De R&amp;D-uitgaven zijn 3%."),
            files.mark(2),
            files.run(" Zie de figuur."),
            files.text_box("Vak 1: 230 miljoen euro"),
        ),
        files.table(("Markt", "Groei"), ("Half-geleiders", "8.7")),
        files.paragraph(files.run("Tot slot."), files.mark(5)),
    )
    read_ = read_bytes(files.docx(*body, notes={2: "Kamerstuk 33 009, nr. 138", 5: "Eigen berekening"}), "brief.docx")
    assert read_.format == "docx"
    assert "De R&D-uitgaven zijn 3%. Zie de figuur." in read_.text.cleaned
    assert read_.text.cleaned.count("Vak 1: 230 miljoen euro") == 1  # the fallback repeats it
    assert [t.rows for t in read_.tables] == [(("Markt", "Groei"), ("Half-geleiders", "8.7"))]
    assert [(n.label, n.text) for n in read_.footnotes] == [
        ("1", "Kamerstuk 33 009, nr. 138"),
        ("2", "Eigen berekening"),
    ]
    for note in read_.footnotes:
        assert note.marker and note.definition
        assert read_.text.original[note.marker.start : note.marker.end] == f"[^{note.label}]"
        assert note.text in read_.text.original[note.definition.start : note.definition.end]
    (found,) = cite(read_.text).citations
    assert found.quote == read_.text.original[found.start : found.end] == "Kamerstuk 33 009, nr. 138"


def test_docx_without_footnotes_and_with_deleted_text() -> None:
    deleted = "<w:del><w:r><w:t>weg</w:t></w:r></w:del>"
    read_ = read_bytes(
        files.docx(
            files.paragraph(files.run("Blijft "), deleted, "<w:r><w:t>staan</w:t><w:tab/><w:noBreakHyphen/></w:r>")
        ),
        "a.docx",
    )
    assert read_.text.cleaned == "Blijft staan\t-\n"
    assert read_.footnotes == ()


def test_docx_reports_a_reference_without_its_note() -> None:
    read_ = read_bytes(files.docx(files.paragraph(files.run("Tekst"), files.mark(7)), notes={}), "a.docx")
    assert [(n.label, n.definition) for n in read_.footnotes] == [("1", None)]


def test_docx_bomb_is_refused() -> None:
    bomb = files.docx(files.paragraph(files.run("x")), extra={"word/media/image1.xml": b"0" * 50_000_000})
    with pytest.raises(InputError, match="unpack"):
        read_bytes(bomb, "bomb.docx")


def test_docx_of_many_parts_is_refused() -> None:
    with pytest.raises(InputError, match="unpack"):
        read_bytes(files.docx(extra={f"word/{i}.xml": b"" for i in range(4_100)}), "bomb.docx")


def test_entity_bombs_are_refused() -> None:
    lol = '<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    with pytest.raises(InputError, match="entities"):
        read_bytes(files.docx(files.paragraph(files.run("&b;")), declare=lol), "bomb.docx")
    with pytest.raises(InputError, match="entities"):
        read_bytes(f'<?xml version="1.0"?>{lol}<officiele-publicatie>&b;</officiele-publicatie>'.encode(), "bomb.xml")
    outside = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'
    with pytest.raises(InputError, match="entities"):
        read_bytes(outside.encode(), "outside.xml")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"PK\x03\x04 not a zip", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "encrypted docx or an old doc"),
        (b"\x00\x01\x02\x03" * 300, "not text"),
        (b"%PDF-1.7 nothing", "damaged"),
        (b"<?xml version='1.0'?><a><b></a>", "damaged"),
    ],
)
def test_damaged_files_say_so(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as told:
        read_bytes(data, "letter")
    assert told.value.where.startswith("letter")
    assert told.value.remedy


def test_a_zip_that_is_no_docx_and_a_missing_file(tmp_path: Path) -> None:
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("notes.txt", "x")
    with pytest.raises(InputError, match="no docx"):
        read_bytes(buffer.getvalue(), "a.docx")
    with pytest.raises(NotFoundError):
        read(tmp_path / "absent.docx")
    with pytest.raises(InputError, match="not a file"):
        read(tmp_path)


# PDF

TYPST = """#set page(paper: "a4")
#set text(font: "Libertinus Serif", size: 11pt, lang: "nl", hyphenate: true)
De publiek-private investeringen in R&D bedragen tenminste 3%.#footnote[Kamerstuk 33009-165] Zo bouwen we aan een krachtige economie.
In 2032.#footnote[Kamerstuk 29 826, nr. 258] volgt de rest.
"""


def test_pdf_takes_superscripts_for_notes_and_not_for_numbers() -> None:
    read_ = read_bytes(files.pdf(TYPST), "brief.pdf")
    assert read_.format == "pdf"
    assert read_.pages == 1
    assert [(n.label, n.text) for n in read_.footnotes] == [
        ("1", "Kamerstuk 33009-165"),
        ("2", "Kamerstuk 29 826, nr. 258"),
    ]
    assert all(n.marker for n in read_.footnotes)
    assert "tenminste 3%. Zo bouwen" in read_.text.cleaned
    assert "In 2032. volgt" in read_.text.cleaned
    assert [m.value["id"] for m in cite(read_.text).citations] == ["kst-33009-165", "kst-29826-258"]


def test_pdf_joins_words_split_at_line_ends() -> None:
    narrow = '#set page(width: 4.2cm, height: 14cm, margin: 0.5cm)\n#set text(lang: "nl", hyphenate: true)\n#set par(justify: true)\n'
    words = "De halfgeleiderindustrie versterkt de concurrentiekracht en weerbaarheid van onze maakindustrie."
    read_ = read_bytes(files.pdf(narrow + words), "smal.pdf")
    assert "-\n" in read_.text.original or "\ufffe" in read_.text.original or "\x02" in read_.text.original
    assert " ".join(read_.text.cleaned.split()) == words


def test_encrypted_pdf_says_so() -> None:
    with pytest.raises(InputError, match="encrypted") as told:
        read_bytes(files.encrypted_pdf(), "geheim.pdf")
    assert "password" in told.value.remedy


def test_scanned_pdf_suggests_ocr() -> None:
    with pytest.raises(InputError, match="no text") as told:
        read_bytes(files.raw_pdf(), "scan.pdf")
    assert "OCR" in told.value.remedy


def test_a_long_letter_is_read_page_by_page_to_the_end() -> None:
    page = "De minister informeert de Kamer voor de zomer over de voortgang (Kamerstuk 33 009, nr. 138). " * 30
    data = files.pdf(
        '#set page(paper: "a4")\n' + "\n#pagebreak()\n".join(f"{page}\n\nBladzijde {i}." for i in range(25))
    )
    read_ = read_bytes(data, "lang.pdf")
    found = cite(read_.text)
    assert read_.pages == 25
    assert len(found.citations) == 25 * 30


# Markup


def test_official_xml_keeps_offsets_of_the_file_and_moves_notes_behind_the_text() -> None:
    source = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<officiele-publicatie><metadata><meta name="DC.identifier" content="kst-33009-173"/>'
        '<meta name="OVERHEIDop.dossiernummer" content="33009"/><meta name="DCTERMS.issued" content="2025-10-02"/></metadata>'
        '<kamerstuk><al>Overwegende dat R&amp;D <nadruk type="cur">telt</nadruk>;<noot id="n1" type="voet"><noot.nr>1</noot.nr>'
        "<noot.al>Kamerstuk 29 826,\n   nr. 258</noot.al></noot> verzoekt de regering</al><!-- Kamerstuk 11111-1 --></kamerstuk></officiele-publicatie>"
    )
    read_ = read_bytes(source.encode(), "motie.xml")
    assert read_.format == "xml"
    assert read_.meta == {"id": "kst-33009-173", "dossier": "33009", "date": "2025-10-02"}
    assert "Overwegende dat R&D telt; verzoekt de regering" in read_.text.cleaned
    assert read_.text.original == source
    (found,) = cite(read_.text).citations
    assert found.value["id"] == "kst-29826-258"
    assert source[found.start : found.end] == found.quote == "Kamerstuk 29 826,\n   nr. 258"
    assert [(n.label, n.text) for n in read_.footnotes] == [("1", "Kamerstuk 29 826, nr. 258")]


def test_html_keeps_marks_of_notes_apart_from_numbers_and_reads_tables() -> None:
    source = (
        "<!DOCTYPE html><html><head><title>Brief &amp; bijlage</title><style>p{}</style></head><body><p>Tenminste 3%.<sup>12</sup> Zo&nbsp;bouwen we.</p>"
        "<script>Kamerstuk 11111-1</script><table><tr><th>Markt</th><td>Chips</td></tr></table><p>(Kamerstuk <b>33 009</b>, nr. 138)</p></body></html>"
    )
    read_ = read_bytes(source.encode(), "brief.html")
    assert read_.meta["title"] == "Brief & bijlage"
    assert "Tenminste 3%. Zo\xa0bouwen we." in read_.text.cleaned
    assert [n.label for n in read_.footnotes] == ["12"]
    assert [t.rows for t in read_.tables] == [(("Markt", "Chips"),)]
    (found,) = cite(read_.text).citations
    assert found.value["id"] == "kst-33009-138"
    assert found.quote == source[found.start : found.end] == "Kamerstuk <b>33 009</b>, nr. 138"


@pytest.mark.parametrize("part", ["<!--", "<![CDATA[", "<?", "<a ", "<", "&amp"])
def test_markup_that_never_closes_is_read_to_the_end(part: str) -> None:
    """As much of it as a reading in quadratic time would not come back from."""
    source = "<html>Kamerstuk 33 009, nr. 138. " + part * 100_000
    read_ = read_bytes(source.encode(), "open.html")
    assert read_.text.original == source
    assert cite(read_.text).citations[0].value["id"] == "kst-33009-138"


# Text as converters leave it


def test_wrong_encoding_is_read_and_reported() -> None:
    read_ = read_bytes("Motie Kostić".encode("cp1250") + b" over caf\xe9s", "oud.txt")
    assert [f.kind for f in read_.findings] == ["encoding"]
    twice = read_bytes("Industriële weerbaarheid".encode().decode("cp1252").encode(), "dubbel.txt")
    assert [f.kind for f in twice.findings] == ["encoding"]
    assert twice.findings[0].quote
    assert (
        read_bytes("Industriële weerbaarheid".encode("utf-16"), "utf16.txt").text.original == "Industriële weerbaarheid"
    )
    assert letter("Industriële weerbaarheid").findings == ()


def test_notes_of_a_converter_are_told_from_numbers() -> None:
    body = "Groei van 3%.1 In 2032.2 volgt meer, zoals 8.7 of 14,5 en de brief3 laat zien. In 2027 komt er 3 bij.\n"
    notes = "Een bron.↩︎\nTweede bron, 2019.↩︎\nKamerstuknummer 29826-258↩︎\n"
    read_ = letter(body + notes)
    assert (
        "Groei van 3%. In 2032. volgt meer, zoals 8.7 of 14,5 en de brief laat zien. In 2027 komt er 3 bij."
        in read_.text.cleaned
    )
    assert [(n.label, n.text) for n in read_.footnotes] == [
        ("1", "Een bron."),
        ("2", "Tweede bron, 2019."),
        ("3", "Kamerstuknummer 29826-258"),
    ]


def test_a_lost_mark_is_lost_and_no_other_number_is_taken_for_it() -> None:
    read_ = letter("Eerst dit.1 Dan niets. En dit slot.3 Einde.\nNoot een.↩︎\nNoot twee.↩︎\nNoot drie.↩︎\n")
    assert [(n.label, n.marker is None) for n in read_.footnotes] == [("1", False), ("2", True), ("3", False)]


def test_footnote_tokens_and_superscripts() -> None:
    read_ = letter("De brief.[footnoteRef:1] Einde. [1:  Kamerstuk 33 009, nr. 138] ")
    assert [(n.label, n.text) for n in read_.footnotes] == [("1", "Kamerstuk 33 009, nr. 138")]
    assert "De brief. Einde." in read_.text.cleaned
    read_ = letter("In eerdere brieven¹ en later².\n\n¹ Kamerstuk 35 982, nr. 9\n\n² Elders.\n")
    assert "In eerdere brieven en later." in read_.text.cleaned
    assert [n.text for n in read_.footnotes] == ["Kamerstuk 35 982, nr. 9", "Elders."]


def test_a_numbered_list_is_no_list_of_footnotes() -> None:
    read_ = letter(
        "Er zijn drie doelen:\n\n1 Voorkomen van gebruik\n2 Behoud van kennis\n3 Sterke positie\n\nDit is alles.\n"
    )
    assert read_.footnotes == ()


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        ("de crisisbeheersings-\nstructuren", "de crisisbeheersingsstructuren"),
        ("een EU-\nverband", "een EU-verband"),
        ("in- \nen uitvoer", "in- en uitvoer"),
        ("de dual-use goederen en dual-\nuse technologie", "de dual-use goederen en dual-use technologie"),
        ("bescherming van\nvan gezondheid", "bescherming van gezondheid"),
        ("zegt dat\ndat kan", "zegt dat\ndat kan"),
        ("zacht\u00adafbreken en  veel   spaties", "zachtafbreken en veel spaties"),
    ],
)
def test_cleaning(original: str, expected: str) -> None:
    assert text_of(original) == expected


def test_hard_wraps_are_joined_and_paragraphs_and_lists_stay() -> None:
    lines = "Nederland zet zich actief in voor een sterke interne markt door\nhet wegnemen van belemmeringen en het verbeteren van de naleving van\n"
    lines += "regels.\n\n- Eerste punt van de lijst die volgt op de alinea\n- Tweede punt van de lijst\n"
    cleaned = text_of(lines)
    assert "interne markt door het wegnemen" in cleaned
    assert "naleving van regels.\n\n- Eerste" in cleaned
    assert "alinea\n- Tweede" in cleaned


@given(
    st.lists(
        st.sampled_from(
            [
                "woord ",
                "Kamer-\nstuk ",
                "van\nvan ",
                "3%.1 ",
                "\u00ad",
                "  ",
                "\n",
                "\n\n",
                "regel\nverder ",
                "1 Noot\n",
                "é",
                "\u200b",
            ]
        ),
        max_size=40,
    )
)
@settings(max_examples=150, deadline=None)
def test_every_cleaned_character_knows_where_it_stood(parts: list[str]) -> None:
    original = "".join(parts)
    text, _ = clean(original)
    for i, character in enumerate(text.cleaned):
        place = text.span(i, i + 1)
        assert 0 <= place.start < place.end <= len(original)
        if not character.isspace() and character != "-":
            assert original[place.start : place.end] == character


@needs_shared
def test_every_footnote_of_the_labelled_letters_is_tied() -> None:
    rows = truth_rows(DATA / "truth", "footnotes")
    for name in sorted({row["letter"] for row in rows}):
        read_ = read(SHARED / "letters" / name)
        found = {n.label: (n.marker.start, n.definition.start) for n in read_.footnotes if n.marker and n.definition}
        wanted = {
            r["footnote"]: (int(r["marker_start"]), int(r["definition_start"])) for r in rows if r["letter"] == name
        }
        assert found == wanted, name


@needs_shared
def test_official_papers_are_read() -> None:
    for path in sorted((DATA / "tweede_kamer" / "motie_xml").glob("*.xml"))[:20]:
        read_ = read(path)
        assert read_.format == "xml"
        assert read_.meta["id"].startswith("kst-")
        assert "De Kamer" in read_.text.cleaned


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_read_with_or_without_a_mark(encoding: str) -> None:
    text = "Zie Kamerstuk 33 009, nr. 138 over weerbaarheid."
    read_ = read_bytes(text.encode(encoding), "brief.txt")
    assert [m.quote for m in cite(read_.text).citations] == ["Kamerstuk 33 009, nr. 138"]
    assert read_.findings == ()


def test_a_declared_encoding_is_the_one_named() -> None:
    source = '<?xml version="1.0" encoding="iso-8859-1"?><a>Industriële weerbaarheid</a>'
    (told,) = read_bytes(source.encode("latin-1"), "brief.xml").findings
    assert "iso-8859-1" in told.sentence["en"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xef\xbb\xbf", "empty"),
        (b"\xff\xfe", "empty"),
        (bytes(range(1, 32)) * 50, "not text"),
        (b"{\\rtf1\\ansi Kamerstuk}", "RTF"),
        (b'<?xml version="1.0" encoding="nope"?><a>x</a>', "encoding"),
    ],
)
def test_more_files_that_are_no_letter(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as told:
        read_bytes(data, "letter")
    assert told.value.remedy


def test_deep_nesting_is_read_to_the_bottom() -> None:
    cells = (
        "<w:tbl><w:tr><w:tc>" * 2000
        + files.paragraph(files.run("Kamerstuk 33 009, nr. 138"))
        + "</w:tc></w:tr></w:tbl>" * 2000
    )
    assert len(cite(read_bytes(files.docx(cells), "diep.docx").text).citations) == 1
    html = b"<html>" + b"<div>" * 100_000 + b"Kamerstuk 33 009, nr. 138"
    assert len(cite(read_bytes(html, "diep.html").text).citations) == 1


def test_a_note_at_the_foot_of_a_page_does_not_run_on_into_the_next() -> None:
    line = "Nederland zet zich actief in voor een sterke interne markt door het werk.{} En dan nog een zin\n"
    page = "".join(
        line.format(n) + "van gewone lengte die de regel vult tot aan de kantlijn toe en verder.\n" for n in (1, 2, 3)
    )
    notes = "\n1 Zie ook BNC fiche: Eerste voorstel\n2 Zie ook BNC fiche: Tweede voorstel\n3 Zie ook BNC fiche: Gezamenlijke mededeling van lange naam\n"
    read_ = letter(page + notes + " europese veiligheid. Deze tijd vraagt om meer van hetzelfde en van alles.\n")
    titles = [m.value["title"] for m in cite(read_.text).citations if m.kind == "fiche"]
    assert titles == ["Eerste voorstel", "Tweede voorstel", "Gezamenlijke mededeling van lange naam"]


def test_a_text_of_many_pages_with_notes_all_over_is_read_and_cited() -> None:
    page = (
        "De minister informeert de Kamer in de Kamerbrief van 8 juli 2022 over de voortgang.{} Zie de brief van 3 mei 2021.\n"
        * 25
    )
    text = "".join(page.format(*range(i * 25, i * 25 + 25)) for i in range(60))
    assert len(cite(letter(text).text).citations) >= 1_500


def test_docx_links_insertions_soft_hyphens_and_numbered_parts() -> None:
    body = (
        "<w:p><w:hyperlink><w:r><w:t>Kamer</w:t></w:r><w:r><w:softHyphen/><w:t>stuk 33 </w:t></w:r></w:hyperlink>"
        "<w:ins><w:r><w:t>009, nr. 138</w:t></w:r></w:ins><w:r><w:instrText>HYPERLINK Kamerstuk 11111-1</w:instrText></w:r></w:p>"
    )
    read_ = read_bytes(files.docx(body), "brief.docx")
    (found,) = cite(read_.text).citations
    assert found.value["id"] == "kst-33009-138"
    assert found.quote == read_.text.original[found.start : found.end] == "Kamer\u00adstuk 33 009, nr. 138"
    other = files.docx(body).replace(b"word/document.xml", b"word/documen2.xml")
    with pytest.raises(InputError, match="no docx"):
        read_bytes(other, "brief.docx")


def test_many_footnotes_of_a_docx_take_work_in_proportion() -> None:
    def work(many: int) -> int:
        body = [files.paragraph(files.run(f"Zaak {i} en {i * 7919 % 1013}"), files.mark(i)) for i in range(2, many + 2)]
        notes = {i: f"Kamerstuk 33 009, nr. {i % 4000 + 1}, bron {i * 31 % 977}" for i in range(2, many + 2)}
        data = files.docx(*body, notes=notes)
        found: list[Document] = []
        done = calls(lambda: found.append(read_bytes(data, "lang.docx")))
        assert len(found[0].footnotes) == many
        return done

    work(10)
    small = work(300)
    assert 3 * small < work(1200) < 5 * small


def test_a_note_that_was_lost_at_the_foot_of_a_page_is_reported_with_its_mark() -> None:
    read_ = letter("Eerst dit.1 Dan dat.2 En nog wat.3 Einde.\n\n1 Noot een\n3 Noot drie\n")
    assert [(n.label, n.marker is None, n.definition is None) for n in read_.footnotes] == [
        ("1", False, False),
        ("2", False, True),
        ("3", False, False),
    ]
    assert letter("Er zijn 3 zaken en 4 doelen.\n2 Noot\n3 Nog een\n").text.cleaned
