"""What stood on a day, as it was known at a time?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.errors import InputError
from schakel.register import Event, Register, current, record
from schakel.register.event import entry, stamp
from schakel.register.judgement import read

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def fill(address, rows):
    """Record (valid_from, subject, what) one a day from START; return the register, with its clock at the end."""
    times = iter([START + timedelta(days=turn) for turn in range(len(rows))])
    register = Register(address, clock=lambda: next(times))
    for valid_from, subject, what in rows:
        register.append("fact", subject, {"what": what}, author="a", reason="r", valid_from=valid_from)
    return register


def told(events: tuple[Event, ...]) -> dict[str, str]:
    return {event.subject: event.data()["what"] for event in events}


def day(text: str) -> datetime:
    return datetime.fromisoformat(text + "T23:00:00+00:00")


@pytest.fixture
def late(place):
    rows = [
        ("2026-01-01", "A", "promised"),
        ("2026-03-01", "A", "kept"),
        ("2026-02-01", "A", "late"),  # recorded on 3 January: a correction of what held in February
        ("2026-01-01", "A", "promised, by the minister"),  # recorded on 4 January: corrects the first from its own day
        ("2027-01-01", "B", "begins later"),
    ]
    with fill(place.address, rows) as register:
        yield register


def test_a_late_correction_changes_the_past_and_not_what_came_after(late):
    assert told(late.state("fact", "2026-03-01"))["A"] == "kept"
    assert told(late.state("fact", "2026-02-28"))["A"] == "late"
    assert told(late.state("fact", date(2026, 1, 31)))["A"] == "promised, by the minister"
    assert late.state("fact", "2025-12-31") == ()


def test_what_was_known_then_stays_answerable(late):
    assert told(late.state("fact", "2026-02-28", day("2026-01-02")))["A"] == "promised"
    assert told(late.state("fact", "2026-02-28", day("2026-01-03")))["A"] == "late"
    assert told(late.state("fact", "2026-01-15", day("2026-01-03")))["A"] == "promised"
    assert told(late.state("fact", "2026-01-15", day("2026-01-04")))["A"] == "promised, by the minister"
    assert late.state("fact", "2026-12-31", datetime(2025, 1, 1, tzinfo=UTC)) == ()


def test_what_has_not_begun_does_not_stand_yet(late):
    assert set(told(late.state("fact", "2026-12-31"))) == {"A"}
    assert set(told(late.state("fact", "2027-01-01"))) == {"A", "B"}


def test_kinds_stay_apart_and_in_order(place):
    with Register(place.address) as register:
        for kind, subject in (("b", "1"), ("a", "é"), ("a", "Z"), ("a", "z"), ("b", "1")):
            register.append(kind, subject, {}, author="a", reason="r", valid_from="2026-01-01")
        assert [(e.kind, e.subject, e.seq) for e in register.state()] == [
            ("a", "Z", 3), ("a", "z", 4), ("a", "é", 2), ("b", "1", 5),
        ]  # fmt: skip
        assert [e.seq for e in register.state("b")] == [5]


def test_the_two_questions_of_a_judgement_stand_apart(place):
    said = {"author": "a", "reason": "r", "valid_from": "2026-01-01"}
    with Register(place.address) as register:
        record(register, "NLD", "850511", {"public_interest": "yes", "short_term_replaceable": "no"}, **said)
        record(register, "NLD", "850511", {"public_interest": "unclear"}, **said)
        record(register, "NLD", "280530", {"short_term_replaceable": "no"}, **said)
        for found in (register.state("judgement"), register.state("judgement", "2026-06-01")):
            assert {(j.product, j.question, j.answer) for j in map(read, found)} == {
                ("850511", "public_interest", "unclear"),
                ("850511", "short_term_replaceable", "no"),
                ("280530", "short_term_replaceable", "no"),
            }
            assert {read(event) for event in found} == set(current(register, "NLD"))


def test_nothing_recorded_nothing_stands(place):
    with Register(place.address) as register:
        assert register.state() == register.state("x", "2026-01-01", START) == ()


def test_a_day_that_is_none(late):
    with pytest.raises(InputError, match="no date"):
        late.state("fact", "2026-02-30")


def naive(events, on, known_at):
    """Go through the events one by one: the slow twin."""
    standing = {}
    for event in events:  # in order of recording
        if event.valid_from > on or event.recorded_at > stamp(known_at):
            continue
        key = (event.kind, event.subject, event.data().get("question", ""))
        old = standing.get(key)
        if old is None or event.valid_from >= old.valid_from:
            standing[key] = event
    return tuple(sorted(standing.values(), key=lambda event: (event.kind, event.subject, event.seq)))


@pytest.fixture
def refill(place):
    """A register that can be filled anew: tables are emptied past the guards."""

    def anew(rows):
        with Register(place.address) as made:
            made.append_all([entry("none", "x", {}, author="a", reason="r")])
        if place.kind == "sqlite":
            guards = place.raw("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
            place.tamper("DELETE FROM events")
            place.raw(*(sql for (sql,) in guards))
        else:
            place.tamper("DELETE FROM events", "ALTER TABLE events ENABLE TRIGGER ALL")
        return fill(place.address, rows)

    return anew


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["2025-12-01", "2026-01-01", "2026-01-03", "2026-02-01", "2999-01-01"]),
        st.sampled_from("ABC"),
        st.sampled_from(["yes", "no"]),
    ),
    max_size=12,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, on=st.sampled_from(["2025-12-31", "2026-01-02", "2026-06-01"]), known=st.integers(0, 13))
def test_view_function_and_slow_twin_agree(refill, rows, on, known):
    with refill(rows) as register:
        events = register.events()
        known_at = START + timedelta(days=known)
        assert register.state(None, on, known_at) == naive(events, on, known_at)
        today = datetime.now(UTC)
        by_view = register.state()
        assert by_view == register.state(None, today) == register.state(None, today, known_at=today)
        assert by_view == naive(events, today.date().isoformat(), today)
        with register.engine.reading() as connection:
            rows_of_view = connection.exec_driver_sql("SELECT * FROM current_state").all()
        assert {Event(*row) for row in rows_of_view} == set(by_view)
        register.verify()
