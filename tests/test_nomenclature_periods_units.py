"""Are periods, units and currencies read and converted exactly?"""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.errors import InputError, NotFoundError
from schakel.nomenclature import units
from schakel.nomenclature.periods import Period
from shared import DATA, needs_shared


@pytest.mark.parametrize(
    ("text", "start", "end", "written"),
    [
        ("2023", date(2023, 1, 1), date(2023, 12, 31), "2023"),
        (2023, date(2023, 1, 1), date(2023, 12, 31), "2023"),
        ("202352", date(2023, 1, 1), date(2023, 12, 31), "2023"),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28), "2023-02"),
        ("202402", date(2024, 2, 1), date(2024, 2, 29), "2024-02"),
        ("2023M12", date(2023, 12, 1), date(2023, 12, 31), "2023-12"),
        ("2023-M1", None, None, ""),
        ("2023Q1", date(2023, 1, 1), date(2023, 3, 31), "2023-Q1"),
        ("2023-q4", date(2023, 10, 1), date(2023, 12, 31), "2023-Q4"),
        ("2023K2", date(2023, 4, 1), date(2023, 6, 30), "2023-Q2"),
        ("2023-52", None, None, ""),
        ("202300", None, None, ""),
        ("202313", None, None, ""),
        ("2023Q5", None, None, ""),
        ("0023", None, None, ""),
        ("23", None, None, ""),
        ("", None, None, ""),
    ],
)
def test_parse(text: str | int, start: date | None, end: date | None, written: str) -> None:
    if start is None:
        with pytest.raises(InputError, match="not a period"):
            Period.parse(text)
        return
    found = Period.parse(text)
    assert (found.start, found.end, str(found), found.year) == (start, end, written, start.year)
    assert Period.parse(str(found)) == found


def test_order_containment_and_words() -> None:
    year, quarter, month = Period.parse("2023"), Period.parse("2023Q1"), Period.parse("2023-03")
    assert year.contains(quarter)
    assert quarter.contains(month)
    assert not month.contains(quarter)
    assert sorted([Period.parse("2024"), month, year]) == [year, month, Period.parse("2024")]
    assert [one.label() for one in (year, quarter, month)] == ["2023", "Q1 2023", "March 2023"]
    assert [one.label("nl") for one in (year, quarter, month)] == ["2023", "1e kwartaal 2023", "maart 2023"]
    with pytest.raises(InputError):
        year.label("fr")


@given(st.integers(1900, 2099), st.integers(1, 12))
def test_periods_follow_without_gap(year: int, month: int) -> None:
    for one in (Period.of_year(year), Period.of_quarter(year, (month + 2) // 3), Period.of_month(year, month)):
        after = one.next()
        assert (after.start - one.end).days == 1
        assert after.frequency == one.frequency


def test_mass_by_definition() -> None:
    assert units.factor("t", "kg") == 1000
    assert units.factor("lb", "kg") == Fraction(45359237, 10**8)
    assert units.factor("short_ton", "lb") == 2000
    assert units.factor("long_ton", "lb") == 2240
    assert units.factor("lb", "oz") == 16
    assert units.factor("ozt", "g") == Fraction("31.1034768")
    assert units.factor("ct", "mg") == 200
    assert units.factor("kWh", "MJ") == Fraction("3.6")


def test_convert_keeps_the_type() -> None:
    assert units.convert(1500, "kg", "t") == 1.5
    assert units.convert(Decimal("0.1"), "t", "kg") == Decimal(100)
    assert isinstance(units.convert(Decimal(1), "t", "kg"), Decimal)
    assert units.convert(Fraction(1, 3), "t", "kg") == Fraction(1000, 3)
    assert units.convert(0.1, "kg", "t") == 0.0001


MASS = st.sampled_from(["kg", "g", "mg", "dt", "t", "kt", "Mt", "lb", "oz", "ozt", "ct", "short_ton", "long_ton"])


@given(st.fractions(), MASS, MASS)
def test_there_and_back_is_exact(value: Fraction, one: str, other: str) -> None:
    assert units.convert(units.convert(value, one, other), other, one) == value


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15), MASS, MASS)
def test_floats_are_rounded_once(value: float, one: str, other: str) -> None:
    assert units.convert(value, one, other) == float(Fraction(value) * units.factor(one, other))


def test_refusals() -> None:
    with pytest.raises(InputError, match="cannot become"):
        units.factor("kg", "m3")
    with pytest.raises(NotFoundError, match="no unit"):
        units.convert(1.0, "stone", "kg")
    with pytest.raises(NotFoundError):
        units.quantity_unit(77)
    with pytest.raises(NotFoundError):
        units.currency("XYZ")


def test_quantity_units() -> None:
    assert units.quantity_unit(8).unit == "kg"
    assert units.quantity_unit(5).name_nl == "stuks"
    for code in (-1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 34):
        unit = units.quantity_unit(code).unit
        assert unit == "" or units.measure(unit)


def test_currencies() -> None:
    euro = units.currency("eur")
    assert (euro.number, euro.decimals, euro.name_nl) == ("978", 2, "Euro")
    assert units.currency("840").code == "USD"
    assert units.currency("JPY").decimals == 0
    assert units.currency("BHD").decimals == 3
    assert units.currency("HRK").valid_until == "2022-12-31"
    table = units.currencies()
    assert len({one.code for one in table}) == len({one.number for one in table}) == len(table)


def test_money_needs_a_rate_with_a_source() -> None:
    year = Period.parse("2023")
    with pytest.raises(InputError, match="without a source"):
        units.Rate("EUR", "USD", Fraction(108, 100), year, " ")
    with pytest.raises(InputError, match="exchange rate of 0"):
        units.Rate("EUR", "USD", Fraction(0), year, "made up for this test")
    with pytest.raises(NotFoundError):
        units.Rate("EUR", "XYZ", Fraction(1), year, "made up for this test")
    rate = units.Rate("EUR", "USD", Fraction(108, 100), year, "made up for this test")
    assert units.exchange(Fraction(100), rate) == 108
    assert units.exchange(Decimal(108), rate, inverse=True) == Decimal(100)
    assert units.exchange(100.0, rate) == 108.0


@needs_shared
def test_currency_facts_agree_with_the_public_list() -> None:
    ours = {one.code: (one.number, str(one.decimals)) for one in units.currencies()}
    theirs: dict[str, tuple[str, str]] = {}
    with (DATA / "country_codes/country-codes.csv").open(encoding="utf-8-sig", newline="") as handle:
        for row in csv.DictReader(handle):
            names = ("alphabetic_code", "numeric_code", "minor_unit")
            lists = (row[f"ISO4217-currency_{name}"].split(",") for name in names)
            theirs.update({code: (number, digits) for code, number, digits in zip(*lists, strict=True) if code})
    # Two units of account of Uruguay and Venezuela are no trade currencies.
    assert {code for code in theirs if ours.get(code) != theirs[code]} == {"UYW", "VED"}
