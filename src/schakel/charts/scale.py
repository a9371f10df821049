"""Which class, which tick, which place on the axis?"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise

from schakel.charts.numbers import written
from schakel.errors import InputError

CLASSES = 6


def class_of(value: float | None, breaks: Sequence[float]) -> str:
    """Return ``c0`` for a value below the first break, ``c1`` from the first on, and so on; ``none`` when unknown.

    Raises
    ------
    InputError
        If the breaks do not rise or there are more than five, for which there are no colours.
    """
    if len(breaks) >= CLASSES or any(a >= b for a, b in pairwise(breaks)):
        raise InputError(f"{list(breaks)} cannot be class breaks", remedy="use at most five rising numbers")
    return "none" if value is None or not math.isfinite(value) else f"c{bisect_right(list(breaks), value)}"


def class_labels(breaks: Sequence[float], kind: str, lang: str) -> tuple[tuple[str, str], ...]:
    """Return (class name, range in words) for each class, lowest first, then the one for unknown."""
    shown = [written(b, kind, lang, 2).replace(",0%", "%").replace(".0%", "%") for b in breaks]
    words = {"en": ("under", "and over", "no data", "to"), "nl": ("onder", "en meer", "geen gegevens", "tot")}[lang]
    if not shown:
        return (("none", words[2]),)
    middle = [f"{a} {words[3]} {b}" for a, b in pairwise(shown)]
    texts = [f"{words[0]} {shown[0]}", *middle, f"{shown[-1]} {words[1]}", words[2]]
    return tuple((f"c{i}" if i <= len(breaks) else "none", text) for i, text in enumerate(texts))


def nice_ceiling(value: float) -> float:
    """Return the next 1, 2, 2.5 or 5 times a power of ten at or above a value; 1 for zero and less."""
    _finite(value)
    if not value > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    for step in (1, 2, 2.5, 5, 10):
        if step * power >= value:
            return step * power
    return 10 * power


def ends(values: Sequence[float]) -> tuple[float, float]:
    """Return round ends of a scale that holds the values and zero."""
    bottom, top = min([0.0, *values]), max([0.0, *values])
    low = -nice_ceiling(-bottom) if bottom < 0 else 0.0
    return low, nice_ceiling(top) if top > 0 or low == 0 else 0.0


def linear(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """Return the map from [low, high] to [start, end]; values outside are put on the nearest end.

    The map raises InputError for a value that is not finite.
    """
    span = high - low

    def place(value: float) -> float:
        _finite(value)
        share = (value - low) / span if span > 0 else 0.0
        return start + min(1.0, max(0.0, share)) * (end - start)

    return place


def _finite(value: float) -> None:
    if not math.isfinite(value):
        raise InputError(f"a chart was given {value}", remedy="pass None where a value is unknown")
