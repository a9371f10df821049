"""Which days do periods, lists of days and horizons of an account cover?"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.dossiers.deadlines import expressions, periods, points

WRITTEN = date(2023, 12, 21)

FORMS = [
    ("groei van 5% tussen 2022 en 2030", "2022-01-01", "2030-12-31"),
    ("van 2023 tot 2027 stijgt dit", "2023-01-01", "2027-12-31"),
    ("de strategie 2025-2029 is af", "2025-01-01", "2029-12-31"),
    ("cijfers van 2017 – 2023", "2017-01-01", "2023-12-31"),
    ("geschat tussen 2023 en 2032.20 Daarna", "2023-01-01", "2032-12-31"),
    ("in de periode 2021 tot en met 2024", "2021-01-01", "2024-12-31"),
    ("between 2020 and 2030", "2020-01-01", "2030-12-31"),
    ("de briefings van 1 en 8 december", "2023-12-01", "2023-12-08"),
    ("de raad van 13-14 oktober 2022", "2022-10-13", "2022-10-14"),
    ("verkiezingen op 14, 15 en 16 maart 2022", "2022-03-14", "2022-03-16"),
    ("dit najaar gestart", "2023-09-22", "2023-12-20"),
    ("op 1 en 2 februari jl.", "2023-02-01", "2023-02-02"),
    ("gesprekken in december en januari", "2023-12-01", "2024-01-31"),
    ("in maart en april 2025", "2025-03-01", "2025-04-30"),
    ("de komende vijf jaar", "2023-12-01", "2028-12-31"),
    ("in de komende tien tot vijftien jaar", "2033-12-01", "2038-12-31"),
    ("over tien tot vijftien jaar", "2033-12-01", "2038-12-31"),
    ("the next 5 years", "2023-12-01", "2028-12-31"),
    ("vorig jaar is dit gemeld", "2022-01-01", "2022-12-31"),
    ("in het afgelopen jaar", "2023-01-01", "2023-12-31"),
    ("afgelopen zomer is dit afgerond", "2023-06-21", "2023-09-21"),
    ("op 8 juni jl. nam de Commissie", "2023-06-08", "2023-06-08"),
    ("de start in 1989", "1989-01-01", "1989-12-31"),
]


@pytest.mark.parametrize(("text", "lo", "hi"), FORMS)
def test_covers(text: str, lo: str, hi: str) -> None:
    (one,) = expressions(text, WRITTEN)
    assert (one.lo.isoformat(), one.hi.isoformat()) == (lo, hi)


@pytest.mark.parametrize(
    "text", ["binnen twee jaar", "een plan in vijf jaar", "2024 en 2025", "van 31 en 32 februari 2024", "in 2030-2020"]
)
def test_is_no_period(text: str) -> None:
    assert periods(text, WRITTEN) == []


def test_jongstleden_is_never_later() -> None:
    for month in ("januari", "juni", "december"):
        (one,) = points(f"op 28 {month} jl.", WRITTEN, nearest=True)
        assert one.hi <= WRITTEN


@given(
    st.integers(1950, 2050),
    st.integers(0, 60),
    st.sampled_from(["van {} tot {}", "tussen {} en {}", "{}-{}", "{} – {}", "{} t/m {}"]),
)
def test_years_from_and_to(first: int, length: int, form: str) -> None:
    text = form.format(first, first + length)
    found = periods(text, WRITTEN)
    assert [(p.lo.year, p.hi.year) for p in found] == ([(first, first + length)] if first + length < 2100 else [])


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    for one in expressions(text, WRITTEN):
        assert one.lo <= one.hi and text[one.start : one.end].strip()
