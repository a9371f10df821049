"""Is an amount the same however it is written, and are two amounts never taken for one?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.dossiers.amounts import Amount, check, find, find_percentages, sums
from schakel.dossiers.commitments import find as find_commitments

NBSP = "\u00a0"
BLANKS = st.sampled_from(["", " ", NBSP, "\n", "  "])
GAPS = st.sampled_from([" ", NBSP, "\n", "  \n"])
SCALES = {"miljoen": 6, "mln": 6, "mln.": 6, "million": 6, "miljard": 9, "mld": 9, "mrd": 9, "bn": 9}
MARKS = {"€": "EUR", "EUR ": "EUR", "$": "USD", "US$ ": "USD", "£": "GBP", "CHF ": "CHF"}
WORDS = {"euro": "EUR", "dollar": "USD", "pond": "GBP", "yen": "JPY"}


def dutch(value: Decimal) -> str:
    return str(value).replace(".", ",")


@given(
    number=st.decimals("0.1", "999.9", places=1),
    scale=st.sampled_from(sorted(SCALES)),
    mark=st.sampled_from(sorted(MARKS)),
    inner=BLANKS,
    gap=GAPS,
)
def test_mark_before(number: Decimal, scale: str, mark: str, inner: str, gap: str) -> None:
    text = f"Het kost {mark}{inner}{dutch(number)}{gap}{scale} in totaal"
    (one,) = find(text)
    assert (one.value, one.currency, one.high) == (number * 10 ** SCALES[scale], MARKS[mark], None)
    assert text[one.start : one.end] == one.quote


@given(
    number=st.integers(1, 999),
    scale=st.sampled_from(["miljoen", "miljard"]),
    word=st.sampled_from(sorted(WORDS)),
    gap=GAPS,
)
def test_word_behind(number: int, scale: str, word: str, gap: str) -> None:
    (one,) = find(f"Er is {number}{gap}{scale}{gap}{word} voor.")
    assert (one.value, one.currency) == (number * 10 ** SCALES[scale], WORDS[word])


@given(number=st.integers(1_000, 99_999_999), mark=st.sampled_from([".", " ", NBSP, "'"]))
def test_thousands(number: int, mark: str) -> None:
    (one,) = find(f"Het gaat om € {number:,}.".replace(",", mark).removesuffix(".") + " nu")
    assert one.value == number


@given(
    low=st.integers(1, 400), more=st.integers(1, 400), join=st.sampled_from(["-", "–", " - ", " tot ", " à "]), gap=GAPS
)
def test_range(low: int, more: int, join: str, gap: str) -> None:
    (one,) = find(f"Het kost € {low}{join}{low + more}{gap}miljoen.")
    assert (one.value, one.high, one.currency) == (low * 10**6, (low + more) * 10**6, "EUR")


@given(first=st.integers(1, 400), second=st.integers(1, 400))
def test_two_amounts_are_no_range(first: int, second: int) -> None:
    both = find(f"Er gaat € {first} miljoen en € {second} miljard heen.")
    assert [(a.value, a.high) for a in both] == [(first * 10**6, None), (second * 10**9, None)]
    between = find(f"Het kost tussen € {first} en € {first + second} miljoen.")
    assert [(a.value, a.high) for a in between] == [(first * 10**6, (first + second) * 10**6)]


@given(number=st.integers(1, 999), marker=st.integers(1, 99), close=st.sampled_from([")", ".", ""]))
def test_glued_marker_is_no_digit_of_the_amount(number: int, marker: int, close: str) -> None:
    (one,) = find(f"(zie € {number} miljard{close}{marker})" if close else f"€ {number} miljard {marker}")
    assert (one.value, one.high) == (number * 10**9, None)


@given(prefix=st.text(alphabet="abc déf. ", max_size=40))
def test_words_before_only_shift(prefix: str) -> None:
    text = f"{prefix} Er is € 12 miljoen."
    assert [(a.start - len(prefix) - 1, a.value) for a in find(text)] == [(6, Decimal(12_000_000))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("€ 10 miljoen in 2025 en € 12 miljoen in 2026", [10_000_000, 12_000_000]),
        ("€ 450 en € 550 miljoen", [450_000_000, 550_000_000]),
        ("€ 450 miljoen en 3 miljard dollar", [450_000_000, 3_000_000_000]),
        ("tussen 2023 en 2027 € 20 miljoen", [20_000_000]),
        ("€ 3,5 ton", [350_000]),
        ("€ 50 per ton", [50]),
        ("€20k", [20_000]),
        ("€ 2½ miljoen", [2_500_000]),
        ("anderhalf miljard euro", [1_500_000_000]),
        ("met circa 1 mld. verminderd", [1_000_000_000]),
        ("daarvan is 750 miljoen gereserveerd", [750_000_000]),
        ("4 miljoen verzekerden", []),
        ("3 ton CO2", []),
        ("12 en 14 miljoen mensen", []),
        ("25000 - 30 per stuk", []),
        ("in 2032.20", []),
    ],
)
def test_values(text: str, expected: list[int]) -> None:
    assert [a.value for a in find(text)] == expected


@pytest.mark.parametrize(
    ("text", "qualifier", "period"),
    [
        ("ruim € 900 miljoen per jaar", ">=", "per year"),
        ("circa € 5 miljoen structureel", "ca.", "per year"),
        ("maximaal € 5 miljoen per maand", "<=", "per month"),
        ("naar schatting € 5 miljoen", "ca.", "one-off"),
        ("gemiddeld € 5 miljoen per jaar", "average", "per year"),
        ("€ 5 miljoen (2024-2027)", None, "2024-2027"),
        ("de komende vier jaar € 5 miljoen", None, "over 4 years"),
        ("bijna € 5 miljoen", "<", "one-off"),
    ],
)
def test_qualifier_and_period(text: str, qualifier: str | None, period: str) -> None:
    (one,) = find(text)
    assert (one.qualifier, one.period) == (qualifier, period)


def test_missing_currency_is_not_guessed() -> None:
    (one,) = find("Daarvoor is 5 miljoen beschikbaar.")
    assert one.currency is None
    assert [f.kind for f in check("Daarvoor is 5 miljoen beschikbaar.", [one])] == ["amount-without-currency"]


@pytest.mark.parametrize(
    ("part", "total", "rest"), [("450 miljoen", "1 miljard", 550), ("471 miljoen", "1,1 miljard", 629)]
)
def test_what_a_part_leaves(part: str, total: str, rest: int) -> None:
    text = f"Uit het fonds komt € {part}, bij een totale investering van € {total}."
    (one,) = sums(text, find(text))
    assert one.rest == rest * 10**6


@given(first=st.integers(1, 300), second=st.integers(1, 300), error=st.integers(-5, 5))
def test_sum_is_checked(first: int, second: int, error: int) -> None:
    text = f"Het budget is € {first} miljoen per jaar, de bijdrage is € {second} miljoen per jaar, in totaal € {first + second + error} miljoen per jaar."
    total = Decimal(first + second + error)
    findings = [f for f in check(text, find(text)) if f.kind == "amount-sum"]
    if total > max(first, second):
        assert bool(findings) == (error != 0)


def test_yearly_and_once_are_not_added() -> None:
    text = "Het budget is € 35 miljoen per jaar. Daarbij komt € 450 miljoen eenmalig, in totaal € 485 miljoen."
    assert [len(one.parts) for one in sums(text, find(text))] in ([], [1])


def test_a_grant_is_no_promise_to_the_house() -> None:
    text = "Voor het project is € 220,5 miljoen toegezegd aan vier bedrijven."
    assert [c.kind for c in find_commitments(text, date(2023, 12, 21)) if "toezegging" in c.kind] == []
    assert [a.value for a in find(text)] == [Decimal(220_500_000)]


def roles(text: str) -> Amount:
    (one,) = find(text)
    return one


def test_roles() -> None:
    paid = roles("Het kabinet geeft € 5 miljoen uit het Groeifonds aan PhotonDelta.")
    assert (paid.payer, paid.beneficiary, paid.side) == ("het Groeifonds", "PhotonDelta", "public")
    assert roles("Bedrijven leggen € 5 miljoen privaat geld in.").side == "private"
    assert roles("De publieke en private partijen leggen € 5 miljoen in.").side == "public+private"
    assert roles("Er is voorwaardelijk € 5 miljoen toegekend.").conditional


@given(low=st.integers(1, 60), more=st.integers(1, 39), join=st.sampled_from(["-", "% - ", "%-", " tot ", " à "]))
def test_percentages(low: int, more: int, join: str) -> None:
    (one,) = find_percentages(f"De groei is {low}{join}{low + more}% per jaar")
    assert (one.value, one.high) == (low, low + more)
