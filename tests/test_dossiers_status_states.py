"""Which state has a commitment in each state of the register, with and without a deadline, on days around it?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from schakel.dossiers.status import REGISTER_STATES, STATES, Answer, status

DUE = date(2025, 9, 30)
ONE = timedelta(days=1)
FAR, BEFORE, ON, AFTER = DUE - timedelta(days=60), DUE - ONE, DUE, DUE + ONE

# state of the register, deadline, reference date: state, days
TABLE = [
    ("Openstaand", DUE, FAR, "open", -60),
    ("Openstaand", DUE, BEFORE, "due-soon", -1),
    ("Openstaand", DUE, ON, "due-soon", 0),
    ("Openstaand", DUE, AFTER, "overdue", 1),
    ("Openstaand", None, FAR, "open-no-deadline", None),
    ("Openstaand", None, AFTER, "open-no-deadline", None),
    ("Voldaan", DUE, FAR, "fulfilled-on-time", None),
    ("Voldaan", DUE, BEFORE, "fulfilled-on-time", None),
    ("Voldaan", DUE, ON, "fulfilled-on-time", None),
    ("Voldaan", DUE, AFTER, "fulfilled-on-time", None),
    ("Voldaan", None, FAR, "fulfilled-on-time", None),
    ("Voldaan", None, AFTER, "fulfilled-on-time", None),
    ("Deels Voldaan", DUE, FAR, "partly", -60),
    ("Deels Voldaan", DUE, BEFORE, "partly", -1),
    ("Deels Voldaan", DUE, ON, "partly", 0),
    ("Deels Voldaan", DUE, AFTER, "partly", 1),
    ("Deels Voldaan", None, FAR, "partly", None),
    ("Deels Voldaan", None, AFTER, "partly", None),
    ("Vervallen", DUE, FAR, "lapsed", None),
    ("Vervallen", DUE, BEFORE, "lapsed", None),
    ("Vervallen", DUE, ON, "lapsed", None),
    ("Vervallen", DUE, AFTER, "lapsed", None),
    ("Vervallen", None, FAR, "lapsed", None),
    ("Vervallen", None, AFTER, "lapsed", None),
]


@pytest.mark.parametrize(
    ("word", "like"),
    [("Afgedaan", "Voldaan"), ("Deels Afgedaan", "Deels Voldaan"), ("deels afgedaan", "Deels Voldaan")],
)
@pytest.mark.parametrize("reference", [FAR, ON, AFTER])
@pytest.mark.parametrize("fulfilled", [None, BEFORE, AFTER])
def test_words_of_the_schema_mean_the_same(word: str, like: str, reference: date, fulfilled: date | None) -> None:
    assert status(DUE, reference, (), word, fulfilled) == status(DUE, reference, (), like, fulfilled)


@pytest.mark.parametrize("due", [DUE, None])
@pytest.mark.parametrize("reference", [FAR, BEFORE, ON, AFTER])
def test_a_word_that_is_not_understood_is_unknown_and_not_open(due: date | None, reference: date) -> None:
    got = status(due, reference, (), "Aangehouden")
    assert (got.state, got.document, got.label("nl"), got.label()) == ("unknown", "register", "onbekend", "unknown")
    assert status(due, reference, (Answer("fulfils", FAR),), "Aangehouden").state == "fulfilled-on-time"
    assert status(due, reference, (), "").state != "unknown"


def test_the_table_has_every_case() -> None:
    cases = {(register, due is None, reference > DUE) for register, due, reference, _, _ in TABLE}
    assert cases == {(r, none, late) for r in REGISTER_STATES for none in (True, False) for late in (True, False)}


@pytest.mark.parametrize(("register", "due", "reference", "state", "days"), TABLE)
def test_state(register: str, due: date | None, reference: date, state: str, days: int | None) -> None:
    got = status(due, reference, (), register)
    assert (got.state, got.days, got.reference, got.deadline) == (state, days, reference, due)
    assert got.state in STATES
    assert got.label("nl") and got.label("en")


@pytest.mark.parametrize("reference", [FAR, BEFORE, ON, AFTER, date(2031, 1, 1)])
@pytest.mark.parametrize("relation", ["appreciates", "reports", "answers_about", "reacts", "defers", "part"])
def test_lapsed_is_open_on_no_day_and_with_no_answer(reference: date, relation: str) -> None:
    assert status(DUE, reference, (Answer(relation, FAR),), "Vervallen").state == "lapsed"


@pytest.mark.parametrize(
    ("answered", "state", "days"),
    [
        (BEFORE, "fulfilled-on-time", -1),
        (ON, "fulfilled-on-time", 0),
        (AFTER, "fulfilled-late", 1),
        (date(2025, 10, 17), "fulfilled-late", 17),
        (date(2025, 7, 17), "fulfilled-on-time", -75),
    ],
)
def test_days_early_and_late(answered: date, state: str, days: int) -> None:
    by_letter = status(DUE, date(2026, 1, 1), (Answer("fulfils", answered, "letter"),))
    by_register = status(DUE, date(2026, 1, 1), (), "Voldaan", fulfilled_on=answered)
    assert (by_letter.state, by_letter.days) == (by_register.state, by_register.days) == (state, days)
    assert by_letter.answered_on == answered


def test_what_comes_later_is_not_known() -> None:
    later = (Answer("fulfils", AFTER, "letter"),)
    assert status(DUE, ON, later) == status(DUE, ON)
    assert status(DUE, AFTER, later).state == "fulfilled-late"


def test_fulfilled_on_an_unknown_day_is_provisional_once_the_deadline_has_passed() -> None:
    assert not status(DUE, ON, (), "Voldaan").provisional
    assert status(DUE, AFTER, (), "Voldaan").provisional
    assert not status(None, AFTER, (), "Voldaan").provisional


@pytest.mark.parametrize(
    ("answers", "register"),
    [
        ((), "Openstaand"),
        ((Answer("fulfils", FAR),), None),
        ((Answer("part", FAR),), None),
        ((Answer("defers", FAR),), None),
        ((Answer("disputed", FAR),), None),
        ((), "Vervallen"),
        ((), "Voldaan"),
    ],
)
def test_a_provisional_deadline_stays_provisional(answers: tuple[Answer, ...], register: str | None) -> None:
    assert status(DUE, BEFORE, answers, register, provisional=True).provisional
    assert not status(DUE, BEFORE, answers, register).provisional


def test_a_deferral_counts_from_its_new_day() -> None:
    new = (Answer("defers", FAR, "letter", AFTER + timedelta(days=30)),)
    assert (status(DUE, AFTER, new).state, status(DUE, AFTER, new).deadline) == ("deferred", AFTER + timedelta(days=30))
    assert status(DUE, AFTER + timedelta(days=31), new).state == "overdue"


@pytest.mark.parametrize("soon", [0, 1, 30])
def test_soon_is_the_readers_choice(soon: int) -> None:
    assert status(DUE, DUE - timedelta(days=soon), soon=soon).state == "due-soon"
    assert status(DUE, DUE - timedelta(days=soon + 1), soon=soon).state == "open"
