"""Commitments: kinds by sentence, deadlines of promises given in a debate, labelled letters."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.dossiers.commitments import KINDS, LABELS, OWED, find, sentences
from schakel.dossiers.text import Text
from shared import DATA, SHARED, needs_shared

MADE = date(2024, 12, 19)

FORMS = [
    ("Ik zal uw Kamer in het eerste kwartaal van 2025 informeren.", "belofte_kamer", "2025-03-31"),
    ("Uw Kamer wordt hier volgend jaar over geïnformeerd.", "belofte_kamer", "2025-12-31"),
    (
        "Dit komt terug in de strategie, waarover uw Kamer begin 2025 verder geïnformeerd wordt.",
        "belofte_kamer",
        "2025-03-31",
    ),
    ("Ik stuur de brief voor de zomer naar uw Kamer.", "belofte_kamer", "2025-07-03"),
    ("The government will inform the House before the summer recess.", "belofte_kamer", "2025-07-03"),
    ("Hierover is uw Kamer recent geïnformeerd.", "reeds_geinformeerd", None),
    ("Recentelijk heeft het kabinet u geïnformeerd over de acties.", "reeds_geinformeerd", None),
    ("Uw Commissie heeft op 23 november jl. gevraagd om een brief.", "verzoek_kamer", None),
    ("De leden Jansen en De Vries hebben de regering verzocht om een plan.", "verzoek_kamer", None),
    ("Ik ben voornemens om in Q1 2025 een top te organiseren.", "voornemen", "2025-03-31"),
    ("De komende periode worden de programma's verder uitgewerkt.", "voornemen", None),
    ("Nederland zal in 2025 gastheer zijn van de vergadering.", "voornemen", "2025-12-31"),
    ("In 2026 zal de Europese Commissie een evaluatie uitvoeren.", "verwachting", "2026-12-31"),
    ("Het advies van de heer Jansen verschijnt uiterlijk eind 2025.", "verwachting", "2025-12-31"),
    ("Het kabinetsdoel is een aandeel van minstens 15% in 2030.", "doel", None),
    ("De keuze hierover is aan een volgend kabinet.", "uitgesteld", None),
    ("Het onderzoek loopt uitstel op.", "uitgesteld", None),
    (
        "Er is aan de Kamer toegezegd dat voor het einde van het jaar een monitor verschijnt.",
        "toezegging_ongeregistreerd",
        "2024-12-31",
    ),
    (
        "De minister heeft tijdens een debat op 13 oktober toegezegd om de Kamer te informeren.",
        "toezegging_geregistreerd",
        None,
    ),
]


@pytest.mark.parametrize(("text", "kind", "until"), FORMS)
def test_kinds(text: str, kind: str, until: str | None) -> None:
    (one,) = find(text, MADE)
    assert one.kind == kind
    if until is not None:
        assert one.deadline is not None and str(one.deadline.hi) == until
    assert text[one.start : one.end] == one.quote


@pytest.mark.parametrize(
    "text",
    [
        "De gereserveerde steun van €220 miljoen is toegezegd aan vier projecten.",
        "Microchips spelen een belangrijke rol in het dagelijks leven.",
        "Deze brief zal een doorkijk geven.",
        "De vraag naar chips zal toenemen.",
    ],
)
def test_no_commitment(text: str) -> None:
    assert find(text, MADE) == []


NOTE = (
    "Toezegging tijdens het debat van 2 september 2025 om keuzes te maken (TZ202509-007); Toezeggingen tijdens het debat van "
    "13 februari 2025 om het derde kwartaal van 2025 een brief naar uw Kamer te sturen over het beleid (TZ202502-139) en in het derde "
    "kwartaal van 2025 een brief over de strategie te sturen (TZ202502-142)."
)


def test_registered_promises_count_from_their_debate() -> None:
    found = find(NOTE, date(2025, 10, 17))
    assert [c.tz_number for c in found] == ["TZ202509-007", "TZ202502-139", "TZ202502-142"]
    assert [str(c.deadline.hi) if c.deadline else None for c in found] == [None, "2025-09-30", "2025-09-30"]
    assert found[1].made_on == date(2025, 2, 13)


def test_number_in_a_note_belongs_to_the_promise_in_the_text() -> None:
    text = "De minister heeft tijdens een debat op 13 oktober\ntoegezegd om de Kamer te informeren. Daaraan voldoet deze brief1.\n\n1 Toezegging TZ202210-131\n"
    (one,) = [c for c in find(text, MADE) if c.kind.startswith("toezegging")]
    assert (one.kind, one.tz_number) == ("toezegging_geregistreerd", "TZ202210-131")


def test_here_takes_the_deadline_of_the_promise_before() -> None:
    text = "Ik zal uw Kamer in Q1 2025 informeren over de agenda. Ik verwacht hier meer toelichting te kunnen geven."
    first, second = find(text, MADE)
    assert second.deadline == first.deadline and first.deadline is not None


def test_condition_actor_and_recipient() -> None:
    (one,) = find("Waar mogelijk zal ik maatwerk leveren.", MADE)
    assert (one.conditional, one.actor, one.recipient) == (True, "minister", None)
    (two,) = find("Het kabinet zal uw Kamer informeren.", MADE)
    assert (two.actor, two.recipient) == ("kabinet", "Tweede Kamer")


def test_every_kind_has_two_labels() -> None:
    assert set(LABELS) == set(KINDS) and set(KINDS) >= OWED
    assert all(set(label) == {"nl", "en"} for label in LABELS.values())


def test_sentences_cover_the_text() -> None:
    text = "Een. Twee: drie; vier.\n\nVijf"
    assert [text[a:b].strip() for a, b in sentences(text)] == ["Een.", "Twee: drie", "vier.", "Vijf"]


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    for one in find(text, MADE):
        assert text[one.start : one.end] == one.quote and one.kind in KINDS


def test_mention_is_json_ready() -> None:
    text = "Ik zal uw Kamer voor de zomer informeren."
    mention = find(text, MADE)[0].mention(Text(text, text))
    assert mention.value["deadline"]["event"] == "reces:zomer:2025"


@needs_shared
def test_labelled_letters() -> None:
    from schakel.dossiers.scoring.promises import commitments

    got = {s.measure: s.value for s in commitments(DATA / "truth", SHARED / "letters")}
    assert got["f1"] >= 0.9
    assert got["recall:deadline_end"] >= 0.85
    assert got["recall:tz_number"] == 1
