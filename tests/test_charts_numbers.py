"""Are numbers written as each language writes them?"""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.charts.numbers import money, number, percent, written
from schakel.charts.scale import class_labels, class_of, nice_ceiling
from schakel.errors import InputError


@pytest.mark.parametrize(
    ("value", "lang", "decimals", "text"),
    [
        (1234.5, "en", 1, "1,234.5"),
        (1234.5, "nl", 1, "1.234,5"),
        (-0.04, "en", 1, "0.0"),
        (-1.25, "nl", 2, "−1,25"),
        (None, "nl", 0, "onbekend"),
        (math.nan, "en", 0, "unknown"),
        (1_000_000, "nl", 0, "1.000.000"),
    ],
)
def test_number(value: float | None, lang: str, decimals: int, text: str) -> None:
    assert number(value, lang, decimals) == text


@pytest.mark.parametrize(
    ("value", "currency", "lang", "text"),
    [
        (1_234_567_890, "EUR", "en", "€1.23 bn"),
        (1_234_567_890, "EUR", "nl", "€ 1,23 mrd"),
        (99_960_000, "USD", "en", "$100 m"),
        (999, "USD", "nl", "$ 999"),
        (999_999, "EUR", "en", "€1.00 m"),
        (1500, "GBP", "en", "GBP 1.50 k"),
        (None, "EUR", "nl", "onbekend"),
    ],
)
def test_money(value: float | None, currency: str, lang: str, text: str) -> None:
    assert money(value, currency, lang) == text


def test_percent_and_kinds() -> None:
    assert percent(0.265, "nl", 1) == "26,5%"
    assert [written(0.5, kind, "en") for kind in ("share", "usd", "count", "index")] == ["50.0%", "$0", "0", "0.500"]


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_dutch_is_english_with_the_signs_exchanged(value: float) -> None:
    swapped = number(value, "en", 2).translate(str.maketrans(",.", ".,"))
    assert number(value, "nl", 2) == swapped


def test_classes_take_their_lower_bound() -> None:
    assert [class_of(v, (0.1, 0.5)) for v in (0.0, 0.1, 0.49, 0.5, None)] == ["c0", "c1", "c1", "c2", "none"]
    assert class_labels((0.01, 0.5), "share", "nl") == (
        ("c0", "onder 1%"),
        ("c1", "1% tot 50%"),
        ("c2", "50% en meer"),
        ("none", "geen gegevens"),
    )
    with pytest.raises(InputError):
        class_of(1.0, (0.5, 0.5))
    with pytest.raises(InputError):
        class_of(1.0, (1, 2, 3, 4, 5, 6))


@given(st.floats(min_value=1e-6, max_value=1e12))
def test_ceiling_is_above_but_not_far(value: float) -> None:
    assert value <= nice_ceiling(value) <= 2.5 * value * (1 + 1e-9)
