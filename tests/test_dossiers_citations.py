"""Is every form of citation read, is nothing invented, and is what cannot be right reported?"""

from __future__ import annotations

import datetime as dt
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.dossiers.citations import cite
from schakel.dossiers.citations.chapters import BUDGETS, CHAPTERS, COUNCIL, FUNDS
from schakel.dossiers.citations.forms import forms
from schakel.dossiers.reading import read
from schakel.dossiers.score import Score
from schakel.dossiers.scoring.labelled import rows
from schakel.dossiers.text import replaced
from shared import DATA, SHARED, needs_shared
from work import calls


def ids(text: str, **more: str) -> list[str | None]:
    return [m.value["id"] for m in cite(text, **more).citations]  # type: ignore[arg-type]


PAPERS = [
    ("Kamerstuk 36 600 XIII, nr. 29", "kst-36600-XIII-29"),
    ("Kamerstuk 35 925 - VIII, nr. 99, ingediend tijdens het debat", "kst-35925-VIII-99"),
    ("Kamerstuk 34 000, XIII, nr. 60", "kst-34000-XIII-60"),
    ("t.v.v. 32500 VI. nr. 42", "kst-32500-VI-42"),
    ("t.v.v.33400-XVI, nr. 73", "kst-33400-XVI-73"),
    ("Kamerstuk 35925-V-, nr. 42", "kst-35925-V-42"),
    ("Kamerstuk 33 750 IX-B, nr. 12", "kst-33750-IXB-12"),
    ("Kamerstuk 35300-IIA-6", "kst-35300-IIA-6"),
    ("t.v.v. 33750-A , nr. 42", "kst-33750-A-42"),
    ("Kamerstuk 30 545, nr, 147", "kst-30545-147"),
    ("t.v.v. 33664, nr 19", "kst-33664-19"),
    ("Kamerstuknummer 36360.6", "kst-36360-6"),
    ("kamerstukdossier 29826 -277", "kst-29826-277"),
    ("Kamerstuk 36360-VIII- 2", "kst-36360-VIII-2"),
    ("Kamerstuk 21501-30-621", "kst-21501-30-621"),
    ("Kamerstuk 21 501-08, nr. 44", "kst-21501-08-44"),
    ("Kamerstuk 35 130 (R2114), nr. 4", "kst-35130-(R2114)-4"),
    ("Kamerstukken I 2023/24, 36 410, T", "kst-36410-T"),
    ("kst-33328-AI", "kst-33328-AI"),
    ("34854-N", "kst-34854-N"),
    ("nr. 456 (36800-XVI)", "kst-36800-XVI-456"),
    ("de motie op stuk nr. 14 (36600-XIII)", "kst-36600-XIII-14"),
    ("Kamerbrief 29338-276 over chiptalent", "kst-29338-276"),
    ("de Kamerbrief (34952-174).", "kst-34952-174"),
    ("33009, nr. 138", "kst-33009-138"),
    ("Kamerstuk 22112, nr. 3.369", "kst-22112-3369"),
    ("Kamerstuk 36 600\nXIII, nr.\n29", "kst-36600-XIII-29"),
]


@pytest.mark.parametrize(("text", "expected"), PAPERS)
def test_papers(text: str, expected: str) -> None:
    cited = cite(text)
    assert [m.value["id"] for m in cited.citations] == [expected]
    assert cited.citations[0].value["link"] == f"https://zoek.officielebekendmakingen.nl/{expected}.html"
    assert cited.findings == ()


LISTS = [
    ("Kamerstuk 32 317, nrs. 82, 85 en 92", ["kst-32317-82", "kst-32317-85", "kst-32317-92"]),
    ("Kamerstuk 22343-382 en 383", ["kst-22343-382", "kst-22343-383"]),
    ("Kamerstuk 35133-31-32-34", ["kst-35133-31", "kst-35133-32", "kst-35133-34"]),
    ("Kamerstuk 35851, nrs. 44 tot en met 47", ["kst-35851-44", "kst-35851-45", "kst-35851-46", "kst-35851-47"]),
    ("35300 XIII, nrs. 95 en nr. 97", ["kst-35300-XIII-95", "kst-35300-XIII-97"]),
    ("Kamerstuk 36202, T en U", ["kst-36202-T", "kst-36202-U"]),
    ("Kamerstuk 31 570, nrs. B en C", ["kst-31570-B", "kst-31570-C"]),
    ("Kamerstuk 36725-X-3 en Kamerstuk 36725-K-3", ["kst-36725-X-3", "kst-36725-K-3"]),
    ("Kamerstuk 33 009, nr. 3 en 32 637, nr. 63", ["kst-33009-3", "kst-32637-63"]),
    ("Kamerstuk 36560-X", ["dossier 36560-X"]),
    ("36 600-L", ["dossier 36600-L"]),
    ("Kamerstukken 35971, 35972 en 35973", ["dossier 35971", "dossier 35972", "dossier 35973"]),
    ("wetsvoorstellen 31 237 en 31 238 (Wet x)", ["dossier 31237", "dossier 31238"]),
    ("het Belastingplan 2011 c.a. (32 504)", ["dossier 32504"]),
    ("t.v.v. nr. 76", ["rel:76"]),
    ("t.v.v. die gedrukt onder nr. 12", ["rel:12"]),
    ("ter vervanging van nrs. 12 en 13", ["rel:12", "rel:13"]),
]


@pytest.mark.parametrize(("text", "expected"), LISTS)
def test_lists_dossiers_and_relative_numbers(text: str, expected: list[str]) -> None:
    assert ids(text) == expected


@pytest.mark.parametrize(
    ("text", "expected", "also"),
    [
        ("Kamerstuk 33 009/32 637 nr. 121", "kst-33009-121", ["32637"]),
        ("29214/31765-95", "kst-29214-95", ["31765"]),
        ("33 400 XVI/33 400 VI, nr. 32", "kst-33400-XVI-32", ["33400-VI"]),
        ("Kamerstukken 30 821 en 21501–02, nr. 181", "kst-30821-181", ["21501-02"]),
    ],
)
def test_two_dossiers_the_first_carries_the_number(text: str, expected: str, also: list[str]) -> None:
    (found,) = cite(text).citations
    assert (found.value["id"], found.value["also"]) == (expected, also)


OTHERS = [
    ("Kamerstuknummer 2025D37684", "document_number", "2025D37684"),
    ("zaak 2025Z19083", "zaak", "2025Z19083"),
    ("(TZ202509-007)", "toezegging", "TZ202509-007"),
    ("Staatscourant 2023, 18212", "staatscourant", "stcrt-2023-18212"),
    ("Stb. 2024, 88", "staatsblad", "stb-2024-88"),
    ("nds-tk-2023D19927", "document_number", "nds-tk-2023D19927"),
    ("Aanhangsel Handelingen, vergaderjaar 2024–2025, nr. 1028", "aanhangsel", "ah-tk-20242025-1028"),
    ("Handelingen II 2024/25, nr. 37, item 5", "handelingen", "h-tk-20242025-37-5"),
    ("Handelingen I 1999/2000, nr. 7", "handelingen", "h-ek-19992000-7"),
    ("SWD\n(2021) 352 final", "eu_document", "SWD(2021)352"),
    ("2022/0032(COD)", "eu_procedure", "2022/0032(COD)"),
    ("Verordening (EU) 2023/1781", "eu_act", "CELEX 32023R1781"),
    ("Verordening (EG) nr. 428/2009", "eu_act", "CELEX 32009R0428"),
    ("Richtlijn 2014/24/EU", "eu_act", "CELEX 32014L0024"),
    ("2021/C 528/02", "eu_journal", "CELEX 52021XC1230(02)"),
    ("ECLI:NL:HR:2019:2006.", "ecli", "ECLI:NL:HR:2019:2006"),
    ("jci1.3:c:BWBR0005416&artikel=68.", "law", "jci1.3:c:BWBR0005416&artikel=68"),
    ("Ons kenmerk\nDGBI / 43421416", "sender_reference", "DGBI/43421416"),
    ("Kamerbrief 8 juli 2022", "letter", "Kamerbrief:2022-07-08"),
    ("BNC fiche: EU Chips Act", "fiche", "BNC:EU Chips Act"),
    ("Resolutie EP 17 april 2018", "resolution", "EP:2018-04-17"),
]


@pytest.mark.parametrize(("text", "kind", "expected"), OTHERS)
def test_other_families(text: str, kind: str, expected: str) -> None:
    assert [(m.kind, m.value["id"]) for m in cite(text).citations] == [(kind, expected)]


def test_celex_stands_beside_the_identifier() -> None:
    assert [m.value["celex"] for m in cite("COM(2022) 46 final en SWD(2021) 352").citations] == [
        "52022PC0046",
        "52021SC0352",
    ]
    (communication,) = cite("de mededeling van de Commissie, COM(2020) 102").citations
    assert communication.value["celex"] == "52020DC0102"


TRAPS = [
    "Postbus 20401\n2500 EK Den Haag",
    "Retouradres Postbus 20401 2500 EK",
    "T 070 379 8911 (algemeen)",
    "25000 - 30 per stuk",
    "t.v.v. de Energieraad op 15 april .",
    "een bedrag van 35 000 euro, nr 1 van de lijst",
    "met 33 009-12 woningen en (25000) inwoners",
    "documenten/kamerstukken/2020/12/18",
    "ISBN 90-12345-67-8",
    "De Kamer heeft in 2022 tijdens het debat",
    "tussen 2023 en 2032 stijgt 14%-17%",
    "op 12-10-2024 om 12:30 uur, tel. 06-12345678",
    "artikel 12, lid 3, nr. 4",
]


@pytest.mark.parametrize("text", TRAPS)
def test_traps_give_no_citation(text: str) -> None:
    assert ids(text) == []


def test_a_url_is_one_citation_and_no_paper() -> None:
    text = "Zie https://www.rijksoverheid.nl/documenten/kamerstukken/2020/12/18/kamerbrief-33009-12, nr. 3"
    assert [m.kind for m in cite(text).citations] == ["url"]


MALFORMED = [
    ("Kamerstuk 3680, nr. 48", "kst-3680-48", "kst-36800-48"),
    ("Kamerstuk 36410-XVI148", "kst-36410-XVI148", "kst-36410-XVI-148"),
    ("Kamerstuk 34775-XV1-92", "kst-34775-XV1-92", "kst-34775-XVI-92"),
    ("Kamerstuk 366000-XIII, nr. 3", "kst-366000-XIII-3", "kst-36600-XIII-3"),
    ("Kamerstuk 36321-", "dossier 36321", "dossier 36321"),
    ("Kamerstuk 5392", "kst-5392", None),
]


@pytest.mark.parametrize(("text", "literal", "reading"), MALFORMED)
def test_malformed_citations_keep_what_they_say_and_are_reported(text: str, literal: str, reading: str | None) -> None:
    cited = cite(text)
    assert [(m.value["id"], m.value["link"]) for m in cited.citations] == [(literal, None)]
    assert [(f.kind, f.best_reading) for f in cited.findings] == [("citation-malformed", reading)]
    assert all(f.sentence["en"] and f.sentence["nl"] and f.sentence["en"] != f.sentence["nl"] for f in cited.findings)


def test_placeholder_has_no_identifier_and_a_wrong_label_keeps_its_own() -> None:
    open_ = cite("Kamerstuk PM BNC fiche 24 juni", date=dt.date(2022, 11, 8))
    assert [m.value["id"] for m in open_.citations] == [None, "BNC:2022-06-24"]
    assert [f.kind for f in open_.findings] == ["citation-placeholder", "citation-year-missing"]
    labelled = cite("Kamerstuk 2021D38167")
    assert labelled.citations[0].value["id"] == "2021D38167"
    assert labelled.citations[0].value["link"]
    assert [f.kind for f in labelled.findings] == ["citation-label"]


def test_relative_numbers_are_resolved_in_their_own_dossier() -> None:
    (found,) = cite("t.v.v. nr. 76", own_dossier="36 600 XIII").citations
    assert found.value["id"] == "kst-36600-XIII-76"
    assert found.value["link"]
    assert cite("t.v.v. nr. 76").citations[0].value["link"] is None


def test_a_letter_cited_by_month_has_the_paper_of_its_footnote_as_candidate() -> None:
    text = "In de Kamerbrief over afhankelijkheden19 van november 2021 staat meer.\n\n"
    text += "19 Kamerstuk 35 925-XVII, nr. 54.\n22 Rapport & Kamerbrief november 2021.\n"
    (letter,) = [m for m in cite(text).citations if m.kind == "letter"]
    assert (letter.value["id"], letter.value["candidates"]) == ("Kamerbrief:2021-11", ["kst-35925-XVII-54"])
    assert "candidates" not in cite("Zie de Kamerbrief november 2021").citations[0].value


def test_relations_and_pages() -> None:
    assert cite("t.v.v. 36410-XIII-55").citations[0].value["relation"] == "replaces"
    assert cite("bijlage bij Kamerstuk 35 788, nr. 77").citations[0].value["relation"] == "annex"
    (found,) = cite("Kamerstuk 29 826, nr. 277, p. 3").citations
    assert (found.value["id"], found.value["page"]) == ("kst-29826-277", "3")


# Improbable by the calendar


@pytest.mark.parametrize(
    ("text", "date", "kind", "reading"),
    [
        (
            "Over het pakket voor de nationale veiligheid (Kamerstuk 30 831, nr. 199).",
            dt.date(2023, 12, 21),
            "citation-near-miss",
            "kst-30821-199",
        ),
        ("Kamerstuk 22112, nr. 347", dt.date(2022, 11, 8), "citation-number-early", "kst-22112-347?"),
        ("Kamerstuk 33009-165", dt.date(2022, 11, 8), "citation-number-later", None),
        ("Kamerstuk 36600-XIII, nr. 3", dt.date(2021, 11, 8), "citation-dossier-later", None),
        ("Kamerstuk 34600-XIII, nr. 29", dt.date(2024, 11, 8), None, None),
        ("Kamerstuk 36601-XIII, nr. 29", dt.date(2021, 11, 8), "citation-dossier-later", None),
    ],
)
def test_citations_against_the_date(text: str, date: dt.date, kind: str | None, reading: str | None) -> None:
    cited = cite(text, date=date)
    assert [f.kind for f in cited.findings] == ([kind] if kind else [])
    if kind:
        assert cited.findings[0].best_reading == reading
        assert cited.citations[0].value["link"] is None
        literal = cite(text.replace("Kamerstuk", "Kamerstuk"), date=dt.date(2040, 1, 1)).citations[0].value["id"]
        assert cited.citations[0].value["id"] == literal


def test_right_citations_raise_no_doubt() -> None:
    text = "Kamerstuk 33009-165; Kamerstuk 29826-258; Kamerstuk 22112-4057; Kamerstuk 30821-302; Kamerstuk 36600-XIII-65; Kamerstuk 26643-1119"
    assert cite(text, date=dt.date(2025, 10, 17)).findings == ()


# Properties

DOSSIER = st.integers(19000, 36900).map(str).filter(lambda d: d not in COUNCIL)
NUMBER = st.integers(1, 3999).map(str)
PAPER = st.one_of(
    st.tuples(DOSSIER, st.just(""), NUMBER),
    st.tuples(st.sampled_from([str(b) for b in BUDGETS.values()]), st.sampled_from(sorted(CHAPTERS | FUNDS)), NUMBER),
    st.tuples(st.just("21501"), st.sampled_from(["02", "20", "30", "32", "33"]), NUMBER),
)


@given(PAPER, st.randoms(use_true_random=False))
@settings(max_examples=250, deadline=None)
def test_parse_reads_back_every_form_through_typography(paper: tuple[str, str, str], choice: random.Random) -> None:
    canonical = forms(*paper)[0]
    for form in forms(*paper):
        noisy = "".join(
            choice.choice([" ", "\u00a0", "\u2009", "\u202f", "\n", "\r\n", " \n "]) if c == " " else c for c in form
        )
        noisy = "".join(
            choice.choice(["-", "–", "\u2011", "−"]) if c == "-" and not form.startswith("kst") else c for c in noisy
        )
        at = choice.randrange(len(noisy))
        noisy = noisy[:at] + choice.choice(["", "\u00ad", "\u200b", "\u200f"]) + noisy[at:]
        cited = cite(noisy)
        assert [m.value["id"] for m in cited.citations] == [canonical], noisy
        for m in cited.citations:
            assert noisy[m.start : m.end] == m.quote


@given(
    st.lists(
        st.sampled_from([t for t, _ in PAPERS] + [t for t, _ in LISTS] + TRAPS + [t for t, *_ in MALFORMED]), max_size=6
    ),
    st.integers(0, 3),
)
@settings(max_examples=120, deadline=None)
def test_a_sentence_before_shifts_every_offset_by_its_length(parts: list[str], many: int) -> None:
    text = "\n\n".join(parts)
    before = "Dit is een zin zonder verwijzing.\n\n" * many
    first, second = cite(text).citations, cite(before + "\n\n" + text).citations
    assert [(m.start + len(before) + 2, m.end + len(before) + 2, m.quote, m.kind) for m in first if m.start] == [
        (m.start, m.end, m.quote, m.kind) for m in second if m.start > len(before) + 2
    ]


@given(st.text(alphabet="Kamerstuk 0123456789-,./()nrXIVABTZD€\n\u00a0–\x00\ud800\u200ft", max_size=200))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_the_parser(text: str) -> None:
    for m in cite(text).citations:
        assert text[m.start : m.end] == m.quote
        assert m.end > m.start


def test_offsets_of_a_cleaned_text_are_those_of_the_original() -> None:
    original = "Zie Kamer-\nstuk 33 009, nr. 138."
    cleaned = replaced(original, [(9, 11, "")])
    (found,) = cite(cleaned).citations
    assert found.quote == original[found.start : found.end] == "Kamer-\nstuk 33 009, nr. 138"


@pytest.mark.parametrize(
    ("unit", "size", "most"),
    [
        ("0123456789-", 1_000_000, 0),
        ("0123456789- ", 1_000_000, 2),
        ("1", 1_000_000, 0),
        ("-", 1_000_000, 0),
        ("12345-", 1_000_000, 0),
        ("t.v.v. nr. ", 1_000_000, 0),
        ("(34952-", 300_000, 0),
        ("Kamerstuk 12345-", 300_000, 300_000 // 16 + 1),
    ],
)
def test_much_that_looks_like_a_citation_is_read_to_the_end(unit: str, size: int, most: int) -> None:
    """A reading in quadratic time would not come back from these; how long a linear one takes stands in the benchmarks."""
    choose = random.Random(1)
    text = (
        "".join(choose.choice(unit) for _ in range(size)) if unit.startswith("0") else (unit * size)[:size]
    )  # of digits any order, of the others the same again and again
    last = " Zie Kamerstuk 33 009, nr. 138."
    found = cite(text + last).citations
    assert found[-1].value["id"] == "kst-33009-138"
    assert len(found) - 1 <= most


def test_four_times_the_text_takes_four_times_the_work() -> None:
    text = "12345, 12345-XIII, nr. 5 en (Kamerstuk 12 345, nrs. 3, 4 t/m 9), t.v.v. nr. 7; "
    cite(text)
    small, large = (calls(lambda n=n: cite(text * n)) for n in (20, 80))  # type: ignore[misc]
    assert 3 * small < large < 5 * small


# The labelled letters


@needs_shared
def test_every_identifier_of_the_labelled_letters_and_none_besides() -> None:
    scored = {(s.set, s.measure): s.value for s in _scores()}
    assert scored["references", "recall"] == 1
    assert scored["references", "precision"] == 1
    assert scored["negatives", "traps:kamerstuk reference"] == 0


@needs_shared
def test_wild_citations_reach_the_goal() -> None:
    scored = {(s.set, s.measure): s.value for s in _scores()}
    assert scored["wild_citations", "recall:ok"] >= 0.98
    for kind in ("relative", "dossier", "malformed"):
        assert scored["wild_citations", f"recall:{kind}"] == 1
    assert scored["wild_citations", "traps"] == 0
    assert scored["citation_forms", "recall"] >= 0.97


@needs_shared
def test_all_five_letters_hold_61_identifiers() -> None:
    paper = re.compile(r"kst-|\d{4}[DZ]\d|TZ\d|stcrt-|SWD\(")
    found = [
        m
        for path in sorted((SHARED / "letters").glob("*.txt"))
        for m in cite(read(path).text).citations
        if paper.match(m.value["id"] or "")
    ]
    assert len(found) == 61


def _scores() -> list[Score]:
    from schakel.dossiers import score_citations as sets
    from schakel.dossiers.scoring.layout import negatives

    truth, letters = DATA / "truth", SHARED / "letters"
    assert rows(truth, "references")
    return [
        s
        for scorer in (sets.references, negatives, sets.wild_citations, sets.citation_forms)
        for s in scorer(truth, letters)
        if isinstance(s, Score)
    ]
