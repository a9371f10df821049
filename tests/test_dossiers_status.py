"""Status of a commitment: a table of states, and the days around a deadline."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.dossiers.answers import RELATIONS, timing
from schakel.dossiers.commitments import find
from schakel.dossiers.status import REGISTER_STATES, STATES, Answer, status
from shared import SHARED, needs_shared

DUE = date(2025, 9, 30)
LETTER = date(2025, 10, 17)
FULFILS = (Answer("fulfils", LETTER, "2025D44449"),)

TABLE = [
    (None, date(2025, 1, 1), (), None, "open-no-deadline", None),
    (DUE, date(2025, 6, 1), (), None, "open", -121),
    (DUE, DUE - timedelta(days=15), (), None, "open", -15),
    (DUE, DUE - timedelta(days=14), (), None, "due-soon", -14),
    (DUE, DUE - timedelta(days=1), (), None, "due-soon", -1),
    (DUE, DUE, (), None, "due-soon", 0),
    (DUE, DUE + timedelta(days=1), (), None, "overdue", 1),
    (DUE, LETTER, FULFILS, None, "fulfilled-late", 17),
    (DUE, LETTER - timedelta(days=1), FULFILS, None, "overdue", 16),
    (date(2025, 12, 31), LETTER, FULFILS, None, "fulfilled-on-time", -75),
    (None, LETTER, FULFILS, None, "fulfilled-on-time", None),
    (DUE, LETTER, (Answer("part", DUE),), None, "partly", 17),
    (DUE, LETTER, (Answer("appreciates", DUE),), None, "overdue", 17),
    (DUE, LETTER, (Answer("answers_about", DUE),), None, "overdue", 17),
    (DUE, LETTER, (Answer("defers", DUE),), None, "deferred", 17),
    (DUE, LETTER, (Answer("defers", DUE, "", date(2025, 12, 31)),), None, "deferred", -75),
    (DUE, date(2026, 1, 1), (Answer("defers", DUE, "", date(2025, 12, 31)),), None, "overdue", 1),
    (DUE, LETTER, (*FULFILS, Answer("disputed", LETTER)), None, "disputed", 17),
    (DUE, date(2026, 1, 1), (), "Vervallen", "lapsed", None),
    (None, date(2026, 1, 1), (), "Vervallen", "lapsed", None),
    (DUE, date(2026, 1, 1), (), "Deels Voldaan", "partly", 93),
    (DUE, date(2025, 9, 1), (), "Openstaand", "open", -29),
    (None, date(2025, 9, 1), (), "Openstaand", "open-no-deadline", None),
]


@pytest.mark.parametrize(("due", "reference", "answers", "register", "state", "days"), TABLE)
def test_table(
    due: date | None, reference: date, answers: tuple[Answer, ...], register: str | None, state: str, days: int | None
) -> None:
    got = status(due, reference, answers, register)
    assert (got.state, got.days, got.reference) == (state, days, reference)


def test_register_date_counts() -> None:
    assert status(DUE, LETTER, (), "Voldaan", fulfilled_on=LETTER).state == "fulfilled-late"
    assert status(DUE, LETTER, (), "Voldaan", fulfilled_on=DUE).state == "fulfilled-on-time"
    assert status(DUE, DUE, (), "Voldaan", fulfilled_on=LETTER).state == "due-soon"
    assert status(DUE, LETTER, (), "Voldaan").provisional


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.sampled_from([None, *REGISTER_STATES]), st.booleans())
def test_lapsed_is_never_open(reference: date, register: str | None, dated: bool) -> None:
    got = status(DUE if dated else None, reference, (), register)
    assert got.state in STATES
    if register == "Vervallen":
        assert got.state == "lapsed"


@given(
    st.dates(date(2025, 1, 1), date(2027, 1, 1)),
    st.sampled_from([r for r in RELATIONS if r not in ("fulfils", "part", "defers")]),
)
def test_only_fulfilment_fulfils(reference: date, relation: str) -> None:
    answered = status(DUE, reference, (Answer(relation, date(2025, 1, 1)),))
    assert answered == status(DUE, reference)


def test_labels_in_two_languages() -> None:
    assert status(DUE, DUE + timedelta(days=1)).label("nl") == "te laat"
    assert status(DUE, DUE + timedelta(days=1)).label("en") == "overdue"


def test_timing() -> None:
    assert timing(None, None, LETTER).state == "no-deadline"
    assert (timing(DUE, LETTER, LETTER).state, timing(DUE, LETTER, LETTER).days) == ("late", 17)
    assert timing(DUE, LETTER, DUE).state == "open"
    assert timing(DUE, DUE, LETTER).state == "on-time"
    assert (timing(DUE, None, LETTER).state, timing(DUE, None, LETTER).days) == ("overdue", 17)


def _letter(start: str) -> str:
    return next(p.read_text(encoding="utf-8") for p in (SHARED / "letters").glob(f"{start}*.txt"))


@needs_shared
@pytest.mark.parametrize("number", ["TZ202502-139", "TZ202502-142"])
def test_commitments_of_february_were_answered_17_days_late(number: str) -> None:
    (one,) = [c for c in find(_letter("2025-10-17"), LETTER) if c.tz_number == number]
    assert one.deadline is not None and one.deadline.hi == DUE
    assert status(one.deadline.hi, LETTER, (Answer("fulfils", LETTER),)).days == 17
    assert status(one.deadline.hi, date(2026, 6, 1), (Answer("fulfils", LETTER),)).state == "fulfilled-late"


@needs_shared
@pytest.mark.parametrize("reference", [date(2025, 4, 1), date(2025, 10, 17), date(2030, 1, 1)])
def test_the_summit_of_2025_is_overdue(reference: date) -> None:
    (summit,) = [c for c in find(_letter("2024-12"), date(2024, 12, 19)) if "Semicon-top" in c.action]
    assert summit.deadline is not None and summit.deadline.hi == date(2025, 3, 31)
    assert status(summit.deadline.hi, reference).state == "overdue"
    assert status(summit.deadline.hi, date(2025, 3, 31)).state == "due-soon"
