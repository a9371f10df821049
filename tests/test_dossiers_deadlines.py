"""Deadlines: forms in Dutch and English, traps, the event calendar that moves, labelled motions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.dossiers.deadlines import KINDS, Calendar, Event, builtin, find, load, points
from schakel.dossiers.deadlines.calendar import chapter_of, easter, nth_weekday, rule
from schakel.dossiers.text import Text
from schakel.errors import InputError
from shared import DATA, SHARED, needs_shared

MADE = date(2024, 10, 10)

CALENDAR_FORMS = [
    ("de Kamer voor 1 september 2025 te informeren", "2025-08-31"),
    ("de Kamer uiterlijk 1 maart te informeren", "2025-03-01"),
    ("uiterlijk in het voorjaar van 2026 te rapporteren", "2026-06-20"),
    ("in Q3, kwartaal drie, van 2025 te rapporteren", "2025-09-30"),
    ("de Kamer in het eerste kwartaal van 2025 te informeren", "2025-03-31"),
    ("voor het einde van het jaar met de Kamer te delen", "2024-12-31"),
    ("nog dit jaar toe te lichten", "2024-12-31"),
    ("uiterlijk eind november te komen met een plan", "2024-11-30"),
    ("de Kamer in de eerste helft van 2025 te informeren", "2025-06-30"),
    ("de Kamer hierover voor 2025 te informeren", "2024-12-31"),
    ("dit te betrekken bij de besluitvorming in augustus;", "2025-08-31"),
    ("vóór november 2024 te rapporteren", "2024-10-31"),
    ("de Kamer halverwege 2025 te informeren", "2025-06-30"),
    ("to report to the House by 1 July 2025", "2025-07-01"),
    ("to report to the House in Q3", "2025-09-30"),
    ("to inform the House before the end of the year", "2024-12-31"),
    ("to send a plan no later than March 5, 2025", "2025-03-05"),
]
DURATIONS = [
    ("de Kamer binnen een maand te informeren", "2024-11-10"),
    ("binnen zes weken een overleg in te plannen", "2024-11-21"),
    ("binnen drie maanden", "2025-01-10"),
    ("binnen een half jaar", "2025-04-10"),
    ("binnen anderhalf jaar", "2026-04-10"),
    ("uiterlijk over 12 maanden te evalueren", "2025-10-10"),
    ("within three months", "2025-01-10"),
    ("binnen twee tot drie weken te reageren", "2024-10-31"),
]
EVENTS = [
    ("de Kamer voor de zomer te informeren", None, "2025-07-03", "reces:zomer:2025"),
    ("voor het komende kerstreces", None, "2024-12-19", "reces:kerst:2024"),
    ("vóór het meireces te informeren", None, "2025-04-24", "reces:mei:2025"),
    ("voor Prinsjesdag een pakket te presenteren", None, "2025-09-15", "prinsjesdag:2025"),
    ("in de Miljoenennota van Prinsjesdag 2025", None, "2025-09-16", "prinsjesdag:2025"),
    ("in het Belastingplan 2026 op te nemen", None, "2025-09-16", "prinsjesdag:2025"),
    ("ten minste voor de Voorjaarsnota, te realiseren", None, "2025-04-17", "voorjaarsnota:2025"),
    ("dit te betrekken bij de Voorjaarsnota", None, "2025-04-18", "voorjaarsnota:2025"),
    ("uiterlijk bij de Najaarsnota te informeren", None, "2024-11-29", "najaarsnota:2024"),
    ("voor de begrotingsbehandeling SZW te informeren", None, "2024-11-26", "begroting:XV:2025"),
    ("voor de begrotingsbehandeling te informeren", "36600-XVI", "2024-10-22", "begroting:XVI:2025"),
    ("voor de EZK-begrotingsbehandeling 2025", None, "2024-10-15", "begroting:XIII:2025"),
    ("voor de behandeling van de begroting van OCW", None, "2024-11-26", "begroting:VIII:2025"),
    ("voor de gemeenteraadsverkiezingen van 2026", None, "2026-03-17", "verkiezing:gemeenteraad:2026"),
    ("before the summer recess of 2025", None, "2025-07-03", "reces:zomer:2025"),
    ("before the Spring Memorandum", None, "2025-04-17", "voorjaarsnota:2025"),
    ("before Budget Day", None, "2025-09-15", "prinsjesdag:2025"),
]
CONTENT = [
    "een deel van deze middelen naar voren te halen voor 2025;",
    "de bezuinigingen vanaf 2027 te schrappen",
    "het bedrag dat in 2024 nodig zou zijn om scholen te verbeteren",
    "strafbare beelden binnen een uur te verwijderen",
    "binnen de wettelijke termijn van 42 dagen",
    "dat jongeren binnen twee jaar nadat de hulp eindigt een consult krijgen",
    "af te zien van de 2040-doelstellingen",
    "de huidige periode met één jaar te verlengen",
    "minimaal 20 miljoen euro per jaar beschikbaar te maken",
    "om ten minste tot 2028 de opgaven voort te zetten",
    "belemmeringen voor de ratificatie",
    "Surinamers die voor 1975 zijn geboren",
    "in de Europese Raad actief te pleiten",
]


@pytest.mark.parametrize(("text", "until"), CALENDAR_FORMS)
def test_calendar_forms(text: str, until: str) -> None:
    (one,) = [d for d in find(text, MADE) if d.binding]
    assert (one.kind, str(one.hi)) == ("calendar", until)
    assert text[one.start : one.end] == one.quote


@pytest.mark.parametrize(("text", "until"), DURATIONS)
def test_durations_are_provisional_and_carry_an_upper_bound(text: str, until: str) -> None:
    (one,) = [d for d in find(text, MADE) if d.binding]
    assert (one.kind, str(one.hi), one.status) == ("duration", until, "provisional")
    assert one.hi is not None and one.latest == one.hi + timedelta(weeks=4)


@pytest.mark.parametrize(("text", "dossier", "until", "event"), EVENTS)
def test_events(text: str, dossier: str | None, until: str, event: str) -> None:
    (one,) = [d for d in find(text, MADE, dossier=dossier) if d.binding]
    assert (one.kind, str(one.hi), one.event) == ("event", until, event)


@pytest.mark.parametrize("text", CONTENT)
def test_content_is_no_deadline(text: str) -> None:
    assert [d for d in find(text, MADE) if d.binding] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("zo snel mogelijk te informeren", "soft"),
        ("as soon as possible", "soft"),
        ("de Kamer te informeren zodra data beschikbaar zijn", "conditional"),
        ("binnen zes maanden na de instelling van het meldpunt", "conditional"),
        ("na het ontvangen van de adviezen het voorbehoud aan te vragen", "conditional"),
    ],
)
def test_soft_and_conditional_have_no_day(text: str, kind: str) -> None:
    (one,) = [d for d in find(text, MADE) if d.binding]
    assert (one.kind, one.hi) == (kind, None)


def test_soft_and_hard_limit_both_stand() -> None:
    kinds = [d.kind for d in find("dit zo snel mogelijk, maar ten minste voor de Voorjaarsnota, te realiseren", MADE)]
    assert kinds == ["soft", "event"]


def test_unknown_debate_stays_unresolved() -> None:
    (one,) = find("voor het commissiedebat Zeevaart te informeren", MADE)
    assert (one.kind, one.hi, one.status) == ("event", None, "unresolved")


def test_year_rolls_over() -> None:
    said = date(2024, 12, 19)
    assert str(find("de Kamer in Q3 te informeren", said)[0].hi) == "2025-09-30"
    assert str(find("de Kamer in januari te informeren", said)[0].hi) == "2025-01-31"


TEXT = "voor de Voorjaarsnota, voor de zomer, voor 1 mei 2025, binnen een maand, bij de Voorjaarsnota, voor Prinsjesdag te informeren"


def test_moving_the_spring_memorandum_changes_only_its_deadlines() -> None:
    moved = builtin().move("voorjaarsnota:2025", date(2025, 6, 1), date(2025, 3, 1), "letter")
    before, after = find(TEXT, MADE), find(TEXT, MADE, moved)
    changed = [(a.quote, str(b.hi)) for a, b in zip(before, after, strict=True) if a != b]
    assert changed == [("voor de Voorjaarsnota", "2025-05-31"), ("bij de Voorjaarsnota", "2025-06-01")]
    assert [e.date for e in moved.history("voorjaarsnota:2025")] == [date(2025, 4, 18), date(2025, 6, 1)]
    assert len(builtin().history("voorjaarsnota:2025")) == 1


@settings(max_examples=60)
@given(
    key=st.sampled_from([k for k in builtin().identities() if k.startswith(("reces", "voorjaarsnota"))]),
    shift=st.integers(1, 20),
)
def test_a_move_touches_no_other_event(key: str, shift: int) -> None:
    old = builtin()
    event = old.current(key)
    assert event is not None
    new = old.move(key, event.date + timedelta(days=shift), date(2025, 1, 1), "test")
    assert {k for k in old.identities() if old.current(k) != new.current(k)} == {key}


def test_a_debate_that_moved_is_read_as_it_was_known() -> None:
    text = "voor de voortzetting van het commissiedebat Midden-Oosten in januari 2025 te informeren"
    said = date(2024, 12, 19)
    assert str(find(text, said, as_of=date(2025, 1, 10))[0].hi) == "2025-01-13"
    assert str(find(text, said, as_of=date(2025, 1, 20))[0].hi) == "2025-01-20"


def test_cancelled_event_is_gone_and_unknown_cannot_move() -> None:
    event = builtin().current("debat:mest:2024")
    assert event is not None
    calendar = builtin().add(Event("debat", "mest", "2024", event.date, None, "cancelled", date(2024, 11, 1), "agenda"))
    assert calendar.current("debat:mest:2024") is None
    assert calendar.current("debat:mest:2024", date(2024, 10, 1)) == event
    with pytest.raises(InputError):
        builtin().move("debat:nergens:2024", date(2024, 11, 1), MADE, "x")


def test_rules_move_too() -> None:
    moved = Calendar(()).move("prinsjesdag:2027", date(2027, 9, 22), date(2027, 1, 1), "law")
    assert str(find("voor Prinsjesdag 2027", date(2027, 2, 1), moved)[0].hi) == "2027-09-21"


def test_rules() -> None:
    assert nth_weekday(2025, 9, 1, 3) == date(2025, 9, 16)
    assert easter(2025) == date(2025, 4, 20)
    assert rule("reces", "onbekend", 2025) is None
    assert chapter_of("36600-XVI") == "XVI"
    assert chapter_of("31839") == "XVI"
    assert chapter_of(None, "begroting van Justitie en Veiligheid") == "VI"
    assert chapter_of("99999") is None


def test_calendar_file_is_whole_or_nothing(tmp_path: object) -> None:
    path = tmp_path / "e.csv"  # type: ignore[operator]
    path.write_text(
        "kind,qualifier,year,date,end,status,known_on,source\nreces,zomer,2025,4 juli,,fixed,,x\n", encoding="utf-8"
    )
    with pytest.raises(InputError, match="row does not read"):
        load(path)
    path.write_text("kind,date\n", encoding="utf-8")
    with pytest.raises(InputError, match="wrong columns"):
        load(path)


def test_every_row_of_the_calendar_names_its_source() -> None:
    assert all(e.source for e in builtin().events())
    assert all(e.end is None or e.end >= e.date for e in builtin().events())


@given(prefix=st.text(alphabet="abc xyz.", max_size=40))
def test_words_before_only_shift_the_position(prefix: str) -> None:
    text = "de Kamer uiterlijk 1 maart 2025 te informeren"
    (alone,) = find(text, MADE)
    behind = [d for d in find(prefix + ". " + text, MADE) if d.kind == "calendar"]
    assert [(d.start, d.hi, d.quote) for d in behind] == [(alone.start + len(prefix) + 2, alone.hi, alone.quote)]


@given(st.text(max_size=200))
def test_any_text_is_read_and_quotes_reproduce(text: str) -> None:
    for one in find(text, MADE):
        assert text[one.start : one.end] == one.quote
        assert one.kind in (*KINDS, "recurring", "target", "action")


def test_white_space_does_not_matter() -> None:
    a, b = find("voor het zomerreces 2025 te sturen", MADE), find("voor\u00a0het\n zomerreces\t2025 te sturen", MADE)
    assert [(d.kind, d.hi) for d in a] == [(d.kind, d.hi) for d in b]


def test_impossible_days_are_no_points() -> None:
    assert [p.grain for p in points("op 31 februari 2025", MADE)] in ([], ["month"])


def test_mention_refers_to_the_original() -> None:
    text = Text("uiterlijk 1 maart", "uiterlijk 1 maart")
    mention = find(text.cleaned, MADE)[0].mention(text)
    assert (mention.quote, mention.value["hi"], mention.kind) == ("uiterlijk 1 maart", "2025-03-01", "deadline")


@needs_shared
def test_labelled_motions() -> None:
    from schakel.dossiers.scoring.promises import motion_deadlines

    got = {s.measure: s for s in motion_deadlines(DATA / "truth", SHARED / "letters")}
    assert got["recall:deadline_abs"].value >= 0.94
    assert got["recall:deadline_event"].value >= 0.89
    assert got["recall:deadline_rel"].value == 1
    assert got["traps"].value <= 1


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("uiterlijk twee weken voor de begrotingsbehandeling SZW te sturen", "2024-11-13"),
        ("voor het einde van het kerstreces te reageren", "2025-01-12"),
        ("in de eerste week na het voorjaarsreces te rapporteren", "2025-03-09"),
        ("de Kamer na het meireces te informeren", "2025-06-08"),
        ("op Prinsjesdag te presenteren", "2025-09-16"),
        ("tegelijk met de Voorjaarsnota te sturen", "2025-04-18"),
    ],
)
def test_before_at_and_after_an_event(text: str, until: str) -> None:
    (one,) = [d for d in find(text, MADE) if d.binding]
    assert (one.kind, str(one.hi)) == ("event", until)


@pytest.mark.parametrize(
    "text", ["de reactie op de Miljoenennota", "het debat over de Voorjaarsnota", "de moties over de begroting 2024"]
)
def test_what_is_about_an_event_is_no_deadline(text: str) -> None:
    assert [d for d in find(text, MADE) if d.binding] == []


@pytest.mark.parametrize(
    "text",
    [
        "binnen 999 jaar",
        "binnen 99999999999999999999 jaar",
        "" + "9" * 5000 + " weken voor het zomerreces",
        "29 februari jl.",
    ],
)
def test_absurd_numbers_raise_nothing(text: str) -> None:
    assert all(text[d.start : d.end] == d.quote for d in find(text, date(2025, 3, 1)))
