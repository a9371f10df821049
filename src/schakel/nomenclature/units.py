"""How much is this in another unit, and what is this currency?

Factors are exact fractions, so tonnes to kilograms and back is the identity. Money is converted only with a ``Rate``,
and a rate has a source: none is embedded and none is guessed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import TypeVar

from schakel.errors import InputError, NotFoundError
from schakel.nomenclature import tables
from schakel.nomenclature.periods import Period

Number = TypeVar("Number", float, Decimal, Fraction)


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit: its dimension and its size in that dimension's base (kg, m3, m2, m, MJ, item)."""

    unit: str
    dimension: str
    size: Fraction
    name_en: str
    name_nl: str


@dataclass(frozen=True, slots=True)
class QuantityUnit:
    """A quantity unit code of UN Comtrade; ``unit`` is our symbol, empty where nothing can be converted."""

    code: int
    abbreviation: str
    name_en: str
    name_nl: str
    unit: str


@dataclass(frozen=True, slots=True)
class Currency:
    """An ISO 4217 currency; ``decimals`` is the number of digits after the point of its smallest unit."""

    code: str
    number: str
    decimals: int
    name_en: str
    name_nl: str
    valid_until: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """An exchange rate: one ``base`` is ``value`` ``quote`` in ``period``, according to ``source``."""

    base: str
    quote: str
    value: Fraction
    period: Period
    source: str

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise InputError("an exchange rate without a source", remedy="name the publication the rate was read in")
        if self.value <= 0:
            raise InputError(f"an exchange rate of {self.value}", remedy="a rate is above zero")
        for code in (self.base, self.quote):
            currency(code)


@cache
def _measures() -> dict[str, Measure]:
    return {
        row["unit"]: Measure(
            row["unit"],
            row["dimension"],
            Fraction(int(row["numerator"]), int(row["denominator"])),
            row["name_en"],
            row["name_nl"],
        )
        for row in tables.rows("measures.csv")
    }


def measure(unit: str) -> Measure:
    """Return a unit by its symbol; symbols keep their case (``Mt`` is a million tonnes, ``mg`` a milligram)."""
    found = _measures().get(unit)
    if found is None:
        raise NotFoundError(f"no unit {unit!r}", remedy=f"use one of {', '.join(_measures())}")
    return found


def factor(source: str, target: str) -> Fraction:
    """Return the exact number of ``target`` units in one ``source`` unit.

    Raises
    ------
    NotFoundError
        A unit is not known.
    InputError
        The units measure different things.
    """
    left, right = measure(source), measure(target)
    if left.dimension != right.dimension:
        raise InputError(
            f"{source} ({left.dimension}) cannot become {target} ({right.dimension})",
            remedy="convert within one dimension; a density or unit weight is data, not a unit",
        )
    return left.size / right.size


def convert(value: Number, source: str, target: str) -> Number:
    """Convert a value, in the type it came in.

    A Fraction stays exact, a float (or int) is rounded once at the end to a float, a Decimal is divided once in the
    current decimal context (exact between decimal units).
    """
    ratio = factor(source, target)
    if isinstance(value, Decimal):
        return value * ratio.numerator / ratio.denominator
    if isinstance(value, Fraction):
        return value * ratio
    if not math.isfinite(value):
        return value
    return float(Fraction(value) * ratio)


def exchange(amount: Number, rate: Rate, *, inverse: bool = False) -> Number:
    """Convert an amount of the rate's base into its quote, or back with ``inverse``, in the type it came in."""
    ratio = 1 / rate.value if inverse else rate.value
    if isinstance(amount, Decimal):
        return amount * ratio.numerator / ratio.denominator
    if isinstance(amount, Fraction):
        return amount * ratio
    return float(Fraction(amount) * ratio)


@cache
def _quantity_units() -> dict[int, QuantityUnit]:
    return {
        int(row["code"]): QuantityUnit(
            int(row["code"]), row["abbreviation"], row["name_en"], row["name_nl"], row["unit"]
        )
        for row in tables.rows("quantity_units.csv")
    }


def quantity_unit(code: int) -> QuantityUnit:
    """Return the quantity unit behind a UN Comtrade ``qtyUnitCode``."""
    found = _quantity_units().get(code)
    if found is None:
        raise NotFoundError(f"no quantity unit {code}", remedy="check the file, or add the code with its source")
    return found


@cache
def _currencies() -> dict[str, Currency]:
    return {
        row["code"]: Currency(
            row["code"], row["number"], int(row["decimals"]), row["name_en"], row["name_nl"], row["valid_until"]
        )
        for row in tables.rows("currencies.csv")
    }


def currency(code: str) -> Currency:
    """Return a currency by its ISO 4217 alphabetic or numeric code.

    Raises
    ------
    NotFoundError
        No such currency in the table.
    """
    text = code.strip().upper()
    found = _currencies().get(text) or next((one for one in _currencies().values() if one.number == text), None)
    if found is None:
        raise NotFoundError(f"no currency {code!r}", remedy="use an ISO 4217 code such as EUR")
    return found


def currencies() -> tuple[Currency, ...]:
    """Return every currency, ordered by code."""
    return tuple(_currencies().values())
