"""Amounts: number forms, currencies, periods, parts of totals, conflicts between letters, percentages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.dossiers.amounts import check, conflicts, find, find_percentages, levers, sums
from schakel.dossiers.amounts.numbers import number
from schakel.dossiers.text import Text
from schakel.errors import InputError
from shared import DATA, SHARED, needs_shared

FORMS = [
    ("€ 170 miljard", "170000000000", "EUR", None),
    ("+/- 20 miljard euro", "20000000000", "EUR", "ca."),
    ("1,6 miljard euro", "1600000000", "EUR", None),
    ("ruim €900 miljoen", "900000000", "EUR", ">="),
    ("ca. €11 miljard", "11000000000", "EUR", "ca."),
    ("300 miljoen dollar", "300000000", "USD", None),
    ("67.4 bn", "67400000000", None, None),
    ("€ 33.000", "33000", "EUR", None),
    ("€ 1.250.000,50", "1250000.5", "EUR", None),
    ("EUR 230 mln", "230000000", "EUR", None),
    ("€220,5 miljoen", "220500000", "EUR", None),
    ("872 miljard)24", "872000000000", None, None),
    ("230\nmiljoen euro", "230000000", "EUR", None),
    ("een miljard euro", "1000000000", "EUR", None),
    ("anderhalf miljard euro", "1500000000", "EUR", None),
    ("a trillion-dollar industry", "1000000000000", "USD", None),
    ("up to $5 million", "5000000", "USD", "<="),
    ("£2 billion", "2000000000", "GBP", None),
]


@pytest.mark.parametrize(("text", "value", "currency", "qualifier"), FORMS)
def test_forms(text: str, value: str, currency: str | None, qualifier: str | None) -> None:
    (one,) = find(text)
    assert (one.value, one.currency, one.qualifier) == (Decimal(value), currency, qualifier)
    assert text[one.start : one.end] == one.quote


@pytest.mark.parametrize(
    "text",
    ["8 miljoen inwoners", "336 bedrijven", "in 2032.20", "Postbus 20401 2500 EK", "art. 3.12", "5 duizend", "top 1%"],
)
def test_no_amount(text: str) -> None:
    assert find(text) == []


def test_range_and_period() -> None:
    (one,) = find("tussen € 10 en 15 miljoen per jaar")
    assert (one.value, one.high, one.period) == (Decimal(10_000_000), Decimal(15_000_000), "per year")
    (two,) = find("de komende vijf jaar 300 miljoen dollar")
    assert two.period == "over 5 years"
    (three,) = find("een jaarlijks budget van €35 miljoen")
    assert three.period == "per year"
    (four,) = find("€95,5 miljard in de periode 2021-2027")
    assert four.period == "2021-2027"


def test_payer_and_beneficiary() -> None:
    (one,) = find("Zo draagt de €450 miljoen uit het Groeifonds aan NXTGEN Hightech bij")
    assert (one.payer, one.beneficiary, one.side) == ("het Groeifonds", "NXTGEN Hightech", "public")


SUM = "Er is een jaarlijks budget van €35 miljoen. De cofinanciering is €35 miljoen per jaar, zodat in totaal €{} miljoen per jaar beschikbaar is."


def test_parts_add_up() -> None:
    text = SUM.format(70)
    (one,) = sums(text, find(text))
    assert (len(one.parts), one.rest) == (2, 0)
    assert check(text, find(text)) == []


def test_parts_that_do_not_add_up_are_reported() -> None:
    text = SUM.format(80)
    (finding,) = check(text, find(text))
    assert finding.kind == "amount-sum" and "10000000" in finding.sentence["en"]


def test_rest_of_a_total() -> None:
    text = "Het Groeifonds draagt €450 miljoen bij aan een totale investering van €1 miljard."
    (one,) = sums(text, find(text))
    assert one.rest == Decimal(550_000_000)


def test_per_year_and_one_off_are_never_added() -> None:
    text = "Een budget van €35 miljoen per jaar en €450 miljoen, in totaal €1 miljard."
    (one,) = sums(text, find(text))
    assert [p.value for p in one.parts] == [Decimal(450_000_000)]


def test_private_per_public_euro() -> None:
    text = "een totaal van €8,1 miljard aan publieke middelen, waaruit nog eens ca. €13,7 miljard aan private investeringen volgen."
    assert [ratio for _, _, ratio in levers(text, find(text))] == [Decimal("1.69")]


def test_missing_currency_is_reported_not_guessed() -> None:
    (finding,) = check("de markt is 872 miljard.", find("de markt is 872 miljard."))
    assert finding.kind == "amount-without-currency"


def test_letters_that_disagree() -> None:
    a = find("Nederland neemt deel aan IPCEI Micro-elektronica 2 (230 miljoen euro).")
    b = find("De IPCEI ME/CT kreeg kabinetssteun van €220,5 miljoen, deel van een totaal van €8,1 miljard.")
    (one,) = conflicts({"2022": a, "2023": b})
    assert one.programme == "IPCEI ME/CT" and {one.first.value, one.second.value} == {
        Decimal(230_000_000),
        Decimal(220_500_000),
    }
    assert conflicts({"2022": a, "2023": a}) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [("8.7", "8.7"), ("8,4", "8.4"), ("1.000", "1000"), ("1.234,5", "1234.5"), ("1,234.5", "1234.5"), ("12", "12")],
)
def test_number(text: str, value: str) -> None:
    assert number(text) == Decimal(value)


def test_no_number_is_an_error() -> None:
    with pytest.raises(InputError):
        number("veel")


@given(st.integers(1, 10**9), st.sampled_from(["€{}", "€ {}", "EUR {}", "{} euro"]))
def test_grouped_numbers_survive(value: int, form: str) -> None:
    (one,) = find(form.format(f"{value:,}".replace(",", ".")))
    assert one.value == value


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    for one in [*find(text), *find_percentages(text)]:
        assert text[one.start : one.end] == one.quote


@pytest.mark.parametrize(
    ("text", "value", "high", "kind"),
    [
        ("een doel van tenminste 3%", "3", None, "target"),
        ("groei van 14%-17% van 2023 tot 2040", "14", "17", "growth"),
        ("een groeipercentage van 8,4% verwacht", "8.4", None, "growth"),
        ("goed voor 35 procent", "35", None, "share"),
        ("3%.12", "3", None, "share"),
    ],
)
def test_percentages(text: str, value: str, high: str | None, kind: str) -> None:
    (one,) = find_percentages(text)
    assert (one.value, one.high, one.kind) == (Decimal(value), Decimal(high) if high else None, kind)


def test_the_best_per_cent_is_no_share() -> None:
    assert find_percentages("de top 1% publicaties") == []


def test_mention_keeps_every_digit() -> None:
    text = "€ 220,5 miljoen"
    assert find(text)[0].mention(Text(text, text)).value["value"] == "220500000"


@needs_shared
def test_labelled_letters() -> None:
    from schakel.dossiers.scoring.money import amounts, percentages

    got = {s.measure: s.value for s in amounts(DATA / "truth", SHARED / "letters")}
    assert got["recall"] == 1 and got["precision"] == 1
    assert all(s.value == 1 for s in percentages(DATA / "truth", SHARED / "letters"))


@needs_shared
def test_the_grant_of_220_million_conflicts_with_the_earlier_230() -> None:
    letters = {p.name[:7]: find(p.read_text(encoding="utf-8")) for p in (SHARED / "letters").glob("*.txt")}
    pairs = {frozenset((c.first.value, c.second.value)) for c in conflicts(letters)}
    assert frozenset((Decimal(230_000_000), Decimal(220_500_000))) in pairs
