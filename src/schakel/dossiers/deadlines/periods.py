"""Which periods does a text name with two ends, or with a length from its own date?

Years from and to, days and months in pairs, and horizons: "tussen 2022 en 2030", "1 en 8 december", "de komende vijf jaar".
A horizon runs from the first of the month of the text, or of as many years later, to 31 December of the last year.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from schakel.dossiers.deadlines.points import Point, month_end, points
from schakel.dossiers.deadlines.words import MONTHS, NUMBERS, compiled, plain

_M = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + ")"
_N = "(?:" + "|".join(sorted(map(re.escape, NUMBERS), key=len, reverse=True)) + r"|\d{1,2})"
_YEAR = r"(?:19|20)\d\d"
_LAST = r"(?: ?(?P<last>jl\b|j\.l\.))?"
_YEARS = compiled(
    rf"\b(?:(?P<open>tussen|between) )?(?:van |from |in de periode |de periode )?(?P<a>{_YEAR}) ?(?P<to>-|/|t/m|tot en met|tot|en|to|and|until) ?"
    rf"(?P<b>{_YEAR})(?!\d|-)"
)
_DAYS = compiled(
    rf"\b(?P<a>[0-3]?\d)(?:, [0-3]?\d)* ?(?:-|en|and|t/m|tot en met|tot|to) ?(?P<b>[0-3]?\d) (?P<m>{_M})\b(?:,? (?P<y>{_YEAR})\b)?{_LAST}"
)
_MONTHS = compiled(rf"\b(?:in )?(?P<a>{_M}) (?:en|and|-|tot en met|t/m|tot|to) (?P<b>{_M})\b(?: (?P<y>{_YEAR})\b)?")
_HORIZON = compiled(
    rf"\b(?P<lead>(?:de |het |the )?(?:komende|over|next|in)) (?P<n>{_N})(?: (?:tot|a|to) (?P<m>{_N}))? (?:jaar|years?)\b"
)


def periods(text: str, anchor: date) -> list[Point]:
    """Return the periods with two ends and the horizons of a text, in order."""
    low = plain(text)
    found: list[Point] = []
    readers: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str], date], tuple[date, date] | None]], ...] = (
        ("years", _YEARS, _years),
        ("days", _DAYS, _days),
        ("months", _MONTHS, _months),
        ("horizon", _HORIZON, _horizon),
    )
    for grain, pattern, read in readers:
        for match in pattern.finditer(low):
            try:
                span = read(match, anchor)
            except ValueError:  # 31 February
                continue
            if span is not None and span[0] <= span[1]:
                explicit = grain == "years" or bool(match.groupdict().get("y"))
                found.append(Point(match.start(), match.end(), *span, grain, explicit))
    return sorted(found, key=lambda p: p.start)


def expressions(text: str, anchor: date) -> list[Point]:
    """Return points and periods of an account: what carries no year is the nearest; a period takes the points inside it."""
    long = periods(text, anchor)
    single = [
        p for p in points(text, anchor, nearest=True) if not any(q.start < p.end and p.start < q.end for q in long)
    ]
    return sorted([*long, *single], key=lambda p: p.start)


def _years(match: re.Match[str], anchor: date) -> tuple[date, date] | None:
    if match["to"] in ("en", "and") and not match["open"]:
        return None
    return date(int(match["a"]), 1, 1), date(int(match["b"]), 12, 31)


def _days(match: re.Match[str], anchor: date) -> tuple[date, date] | None:
    month, first, last = MONTHS[match["m"]], int(match["a"]), int(match["b"])
    if match["y"]:
        return date(int(match["y"]), month, first), date(int(match["y"]), month, last)
    years = (anchor.year - 1, anchor.year) if match["last"] else (anchor.year - 1, anchor.year, anchor.year + 1)
    spans = [(date(y, month, first), date(y, month, last)) for y in years]
    past = [s for s in spans if s[0] <= anchor] if match["last"] else spans
    return min(past, key=lambda s: abs((s[0] - anchor).days), default=None)


def _months(match: re.Match[str], anchor: date) -> tuple[date, date] | None:
    first, last = MONTHS[match["a"]], MONTHS[match["b"]]
    if match["y"]:
        end = int(match["y"])
        return date(end - (first > last), first, 1), month_end(end, last)
    spans = [
        (date(y, first, 1), month_end(y + (first > last), last))
        for y in (anchor.year - 1, anchor.year, anchor.year + 1)
    ]
    return min(spans, key=lambda s: abs((s[0] - anchor).days))


def _horizon(match: re.Match[str], anchor: date) -> tuple[date, date] | None:
    low, high = _number(match["n"]), _number(match["m"] or match["n"])
    coming = match["lead"].split()[-1] in ("komende", "next")
    if not coming and not match["m"] and match["lead"] == "in":
        return None  # "in vijf jaar": how long it takes
    return date(anchor.year + (0 if coming and not match["m"] else low), anchor.month, 1), date(
        anchor.year + high, 12, 31
    )


def _number(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS[" ".join(word.split())]
