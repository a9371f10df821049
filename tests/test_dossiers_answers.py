"""Answers: which motion a letter answers, how, and early or late."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.dossiers.answers import Index, certain, debates, link, members, relation, timing, without_identifiers
from schakel.dossiers.deadlines import find
from shared import DATA, SHARED, needs_shared

MOTIONS = {
    "kst-1": "MOTIE VAN HET LID JANSEN verzoekt de regering het kunstmestgebruik af te bouwen en een afbouwpad op te stellen",
    "kst-2": "MOTIE VAN DE LEDEN DE VRIES EN BAKKER verzoekt de regering een vuurwerkverbod in te voeren",
    "kst-3": "MOTIE VAN HET LID JANSEN verzoekt de regering exportcontroles naar Iran op te voeren",
    "kst-4": "MOTIE VAN HET LID BAKKER C.S. verzoekt de regering de huren te bevriezen",
}
DATES = {key: date(2025, month, 1) for month, key in enumerate(MOTIONS, 1)}

RELATIONS = [
    ("Uitvoering van de motie van het lid X over een afbouwpad (Kamerstuk 33037-595)", "fulfils"),
    ("Invulling motie van de leden X en Y over voorstellen", "fulfils"),
    ("Gedeeltelijke uitvoering van de motie van het lid X over Y", "part"),
    ("Reactie op de motie van het lid X over uitstel van de wet", "reacts"),
    ("Kabinetsreactie op de motie van het lid X over onderzoek", "reacts"),
    ("Appreciatie van de motie van het lid X over de uitvoering van Y", "appreciates"),
    ("Nadere appreciatie van de motie van de leden X en Y over Z", "appreciates"),
    ("Uitstel toezending reactie op de motie van het lid X over Y", "defers"),
    ("Stand van zaken uitvoering motie van het lid X over Y", "reports"),
    ("Antwoorden op vragen commissie over Uitvoering van de motie van het lid X", "answers_about"),
    ("Reactie op verzoek commissie over cijfers in uitvoering van de motie van het lid X", "answers_about"),
    ("Verslag van de Landbouwraad en informeren aangaande moties over Y", None),
    ("Response to the motion of X about Y", "reacts"),
    ("Implementation of the motion of X about Y", "fulfils"),
    ("Delay of the response to the motion of X", "defers"),
]


@pytest.mark.parametrize(("title", "want"), RELATIONS)
def test_relations(title: str, want: str | None) -> None:
    assert relation(title) == want


@pytest.mark.parametrize(
    ("title", "first"),
    [
        ("Uitvoering van de motie van het lid Jansen over een afbouwpad voor kunstmest", "kst-1"),
        ("Reactie op de motie van het lid Jansen over exportcontroles naar Iran", "kst-3"),
        ("Reactie op de motie van de leden De Vries en Bakker over een verbod op vuurwerk", "kst-2"),
        ("Appreciatie motie huurbevriezing, huren bevriezen", "kst-4"),
    ],
)
def test_first_candidate(title: str, first: str) -> None:
    ranked = Index(MOTIONS).rank(title)
    assert ranked[0].id == first
    assert [c.score for c in ranked] == sorted((c.score for c in ranked), reverse=True)


def test_a_letter_answers_no_later_motion() -> None:
    index = Index(MOTIONS, DATES)
    title = "Reactie op de motie van het lid Jansen over exportcontroles naar Iran"
    assert index.rank(title, written=date(2025, 3, 2))[0].id == "kst-3"
    assert "kst-3" not in {c.id for c in index.rank(title, written=date(2025, 2, 15))}


def test_equal_motions_abstain() -> None:
    twin = {**MOTIONS, "kst-5": MOTIONS["kst-1"]}
    assert certain(Index(twin).rank("motie van het lid Jansen over een afbouwpad voor kunstmest")) is None
    assert certain(Index(MOTIONS).rank("motie van het lid Jansen over een afbouwpad voor kunstmest")) is not None
    assert certain([]) is None


def test_a_cited_number_comes_first_and_an_unknown_one_does_not() -> None:
    index = Index(MOTIONS)
    title = "Uitvoering motie (Kamerstuk 2) over een afbouwpad voor kunstmest"
    assert link(title, index, ["kst-2"], MOTIONS)[0].id == "kst-2"
    assert link(title, index, ["kst-9"], MOTIONS)[0].id == "kst-1"


@pytest.mark.parametrize(
    ("title", "left"),
    [
        ("Reactie op de motie over X (Kamerstuk 36410-VIII-59)", "Reactie op de motie over X"),
        ("Appreciatie motie over X (Kamerstuk 32793, nr. 831)", "Appreciatie motie over X"),
        ("Motie over X (t.v.v. Kamerstuk 31083-71) en Y", "Motie over X en Y"),
        ("Brief 2025D44449 en TZ202502-139", "Brief en"),
    ],
)
def test_identifiers_are_removed(title: str, left: str) -> None:
    assert without_identifiers(title) == left


def test_members() -> None:
    assert members("MOTIE VAN DE LEDEN VAN DER PLAS EN FLACH Voorgesteld") == {"plas", "flach"}
    assert members("Reactie op de motie van het lid Van der Plas c.s. over X") == {"plas"}
    assert members("Uitvoering beleid") == frozenset()


def test_debates() -> None:
    title = "Toezegging gedaan tijdens het commissiedebat Raad WSB van 9 juni 2021, over sociaal beleid"
    assert debates(title) == [("commissiedebat", date(2021, 6, 9))]
    assert debates("Toezegging over toezicht") == []
    short = "Toezegging gedaan tijdens het commissiedebat over box 3 op 9 mei jl. over de vervolgstappen"
    assert debates(short) == []
    assert debates(short, date(2023, 6, 1)) == [("commissiedebat", date(2023, 5, 9))]
    assert debates("Toezegging in het debat van 20 december", date(2024, 2, 1)) == [("debat", date(2023, 12, 20))]


@given(st.text(max_size=120))
def test_any_title_is_read(title: str) -> None:
    Index(MOTIONS).rank(title)
    relation(title)
    debates(title)


@needs_shared
def test_labelled_letters() -> None:
    from schakel.dossiers.scoring.linking import motion_letters, toezegging_letters

    got = {s.measure: s.value for s in motion_letters(DATA / "truth", SHARED / "letters")}
    assert got["recall"] >= 0.95
    assert got["recall:with-identifiers"] >= 0.99
    assert got["f1"] >= 0.9
    assert next(iter(toezegging_letters(DATA / "truth", SHARED / "letters"))).value >= 0.9


@needs_shared
def test_the_motion_of_march_2025_was_answered_75_days_early() -> None:
    texts = json.loads((DATA / "tweede_kamer" / "document_texts_topical.json").read_text(encoding="utf-8"))
    (motion,) = [t["text"] for t in texts if "KOSTI" in t["text"].upper() and "Q4 van 2025" in t["text"]]
    (deadline,) = [d for d in find(motion[motion.index("verzoekt") :], date(2025, 3, 20)) if d.kind == "calendar"]
    letter = date(2025, 10, 17)
    got = timing(deadline.hi, letter, letter)
    assert (got.state, got.days) == ("early", -75)
