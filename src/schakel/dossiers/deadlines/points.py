"""Which days does a temporal expression cover?

A small grammar for Dutch and English: days, months, quarters, halves, seasons, parts of a year or month, years and
relative years. Conventions: ``begin`` of a year is January to March, ``eind`` October to December, ``medio`` June and the first half of July;
``begin`` of a month is its first ten days; seasons are astronomical. What carries no year is the next such period that does
not end before the anchor, or the last one before it after ``jl.``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from schakel.dossiers.deadlines.words import MONTHS, NUMBERS, ORDINALS, SEASONS, compiled, plain

__all__ = ["MONTHS", "NUMBERS", "ORDINALS", "SEASONS", "Point", "compiled", "month_end", "plain", "plus", "points"]


def _either(words: dict[str, object] | list[str]) -> str:
    return "(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")"


_M = _either(list(MONTHS))
_O = _either(list(ORDINALS))
_S = _either(list(SEASONS))
_Y = (
    r"(?:(?:van |of |in )?(?:het (?:kalender)?jaar |the year )?(?P<y>(?:19|20)\d\d)\b(?![-/]\d\d)"
    r"(?!-)|(?:van )?(?P<ry>dit (?:kalender)?jaar|volgend (?:kalender)?jaar|komend (?:kalender)?jaar|het (?:komende|nieuwe) jaar"
    r"|(?:vorig|afgelopen) jaar|this year|next year|last year|the new year)\b)"
)
_WD = r"(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag |(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?"
_NEXT = r"(?: (?:aanstaande|a\.s\.|eerstkomende|jongstleden|jl\.?|j\.l\.|laatstleden|next|last))?"
_PART = (
    r"(?P<part>(?:het |the |de )?(?:begin|start(?! in\b)|eerste maanden|medio|half|halverwege|midden|eind|einde|early|mid"
    r"|late|end|beginning)(?: van| of)?)"
)
_DET = r"(?P<det>(?:dit|deze|komende?|het komende|aankomende?|volgende?|afgelopen|vorige?|this|next|coming|last)) "

_PATTERNS = [
    (
        "day",
        rf"\b{_WD}(?P<d>[0-3]?\d)(?:e|ste|de|st|nd|rd|th)? (?:of )?(?P<m>{_M})\b(?:,? {_Y})?(?P<last>{_NEXT})",
    ),
    ("day", rf"\b(?P<m>{_M}) (?P<d>[0-3]?\d)(?:st|nd|rd|th)?,? (?P<y>20\d\d)\b"),
    ("weekof", rf"\b(?:de |the )?week (?:van|of) (?:maandag )?(?P<d>[0-3]?\d) (?P<m>{_M})\b(?:,? {_Y})?"),
    ("iso", r"\b(?P<y>20\d\d)[-/](?P<mm>[01]\d)[-/](?P<d>[0-3]\d)\b"),
    ("iso", r"\b(?P<d>[0-3]?\d)[-/](?P<mm>[01]?\d)[-/](?P<y>20\d\d)\b"),
    ("monthpart", rf"\b{_PART} (?:de maand )?(?P<m>{_M})\b(?: {_Y})?"),
    ("quarter", rf"\b[qk]\s?(?P<q>[1-4])\b(?:, kwartaal \w+,)?(?: {_Y})?"),
    ("quarter", rf"\b(?:het )?(?P<o>{_O}) (?:kwartaal|quarter)(?: {_Y})?"),
    (
        "quarterpart",
        rf"\b{_PART} (?:het )?(?:[qk]\s?(?P<q>[1-4])|(?P<o>{_O}) (?:kwartaal|quarter))\b(?: {_Y})?",
    ),
    ("half", rf"\b(?:de |het |the )?(?P<o>{_O}) (?:helft|half ?jaar|half)\b(?: {_Y})"),
    (
        "season",
        rf"\b(?:{_DET}|(?:het|de|the) )?(?:vroege |late |begin |eind )?(?P<s>{_S})\b(?!\s?reces|vakantie)(?: {_Y})?",
    ),
    ("month", rf"\b(?:de maand |the month of )?(?P<m>{_M})\b(?: {_Y})?"),
    (
        "yearpart",
        (
            rf"\b{_PART} (?:{_Y}|(?P<thisyear>het (?:lopende |huidige )?(?:kalender)?jaar|dit (?:kalender)?jaar"
            rf"|(?:the )?(?:calendar )?year|(?<!half\s)jaar))"
        ),
    ),
    (
        "yearend",
        r"\b(?:(?:het )?jaareinde|(?:de )?jaarwisseling|(?:het )?kalenderjaareinde|year-?end)\b(?: (?P<y>20\d\d))?",
    ),
    (
        "thisend",
        r"\b(?:het |the )?(?:einde?|end) (?:van|of) (?:de|deze|the|this) (?:lopende |huidige |current )?(?P<unit>maand|week|month)\b",
    ),
    ("relmonth", r"\b(?P<rel>deze|volgende|komende|this|next) (?P<unit>maand|week|month)\b"),
    (
        "relyear",
        (
            r"(?<![-/\d.])\b(?:(?:het )?(?:kalender)?jaar )?(?:(?P<y>(?:19|20)\d\d)\b(?![-/.]?\d)(?!-)"
            r"|(?P<ry>dit (?:kalender)?jaar|volgend (?:kalender)?jaar|komend (?:kalender)?jaar|het (?:komende|nieuwe) jaar|this year"
            r"|(?:vorig|afgelopen) jaar|next year|last year|the new year)\b)"
        ),
    ),
]
_COMPILED = [(name, compiled(p)) for name, p in _PATTERNS]


@dataclass(frozen=True, slots=True)
class Point:
    """A temporal expression and the days it covers (both included).

    ``grain`` is its pattern; ``explicit`` says whether a year stands in the text; ``closing`` that it names an end, so that
    "before" it means "not after" it.
    """

    start: int
    end: int
    lo: date
    hi: date
    grain: str
    explicit: bool
    closing: bool = False


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return (date(year + month // 12, month % 12 + 1, 1)) - timedelta(days=1)


def plus(day: date, amount: int, unit: str) -> date:
    """Return a day so many days, weeks, months or years later; the last day of a shorter month."""
    if unit == "day":
        return day + timedelta(days=amount)
    if unit == "week":
        return day + timedelta(weeks=amount)
    months = day.year * 12 + day.month - 1 + (amount if unit == "month" else 12 * amount)
    year, month = divmod(months, 12)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), month_end(year, month + 1))


def points(text: str, anchor: date, nearest: bool = False) -> Iterator[Point]:
    """Yield the temporal expressions of a text in order, longest first where they overlap.

    With ``nearest``, a day or month without a year is the one nearest to the anchor, as in an account of what happened;
    otherwise the next one, as in a request.
    """
    low = plain(text)
    found: list[Point] = []
    for grain, pattern in _COMPILED:
        for match in pattern.finditer(low):
            point = _point(grain, match, anchor, nearest)
            if point is not None:
                found.append(point)
    found.sort(key=lambda p: (p.start, p.start - p.end))
    last = -1
    for point in found:
        if point.start >= last:
            last = point.end
            yield point


def _year(group: dict[str, str | None], anchor: date) -> int | None:
    if group.get("y"):
        return int(group["y"] or 0)
    relative = group.get("ry")
    if relative:
        word = relative.split()[0]
        if word == "afgelopen":  # the calendar year that holds most of the last twelve months
            return anchor.year - (anchor.month <= 6)
        return anchor.year + {"dit": 0, "this": 0, "vorig": -1, "last": -1}.get(word, 1)
    return None


def _point(grain: str, match: re.Match[str], anchor: date, nearest: bool) -> Point | None:
    group = match.groupdict()
    year = _year(group, anchor)
    try:
        span = _span(grain, group, year, anchor)
        past = (group.get("last") or "").strip()[:1] in ("j", "l")
        if nearest and not past and year is None and span is not None and grain in ("day", "month", "monthpart"):
            spans = [_span(grain, group, y, anchor) or span for y in (anchor.year - 1, anchor.year, anchor.year + 1)]
            span = min(spans, key=lambda one: abs((one[0] - anchor).days))
    except ValueError:  # 31 February, month 13
        return None
    if span is None:
        return None
    part = _bare(group["part"]) if group.get("part") else ""
    closing = grain in ("yearend", "thisend") or part in (
        "eind",
        "einde",
        "end",
        "late",
        "medio",
        "halverwege",
        "midden",
        "mid",
    )
    return Point(match.start(), match.end(), span[0], span[1], grain, year is not None, closing)


def _rolled(
    group: dict[str, str | None], year: int | None, anchor: date, make: Callable[[int], tuple[date, date]]
) -> tuple[date, date]:
    if year is not None:
        return make(year)
    past = (group.get("last") or "").strip()
    if past and past[0] in "jl":
        span = make(anchor.year)
        return span if span[0] <= anchor else make(anchor.year - 1)
    span = make(anchor.year)
    return span if span[1] >= anchor else make(anchor.year + 1)


def _span(grain: str, g: dict[str, str | None], year: int | None, anchor: date) -> tuple[date, date] | None:
    if grain == "iso":
        day = date(year or 0, int(g["mm"] or 0), int(g["d"] or 0))
        return day, day
    if grain == "day":
        month, number = MONTHS[g["m"] or ""], int(g["d"] or 0)
        return _rolled(g, year, anchor, lambda y: (date(y, month, number),) * 2)
    if grain == "weekof":
        month, number = MONTHS[g["m"] or ""], int(g["d"] or 0)
        return _rolled(g, year, anchor, lambda y: _week(date(y, month, number)))
    if grain == "month":
        month = MONTHS[g["m"] or ""]
        return _rolled(g, year, anchor, lambda y: (date(y, month, 1), month_end(y, month)))
    if grain == "monthpart":
        month = MONTHS[g["m"] or ""]
        return _rolled(g, year, anchor, lambda y: _month_part(y, month, g["part"] or ""))
    if grain == "quarter":
        q = int(g["q"] or 0) if g.get("q") else ORDINALS[g["o"] or ""]
        return _rolled(g, year, anchor, lambda y: (date(y, 3 * q - 2, 1), month_end(y, 3 * q)))
    if grain == "quarterpart":
        q = int(g["q"] or 0) if g.get("q") else ORDINALS[g["o"] or ""]
        month = 3 * q - _into_quarter(_bare(g["part"] or ""))
        return _rolled(g, year, anchor, lambda y: (date(y, month, 1), month_end(y, month)))
    if grain == "half":
        half = min(2, ORDINALS[g["o"] or ""])
        return _rolled(g, year, anchor, lambda y: (date(y, 6 * half - 5, 1), month_end(y, 6 * half)))
    if grain == "season":
        (m1, d1), (m2, d2) = SEASONS[g["s"] or ""]
        ahead = (g.get("det") or "").strip()
        if year is None and ahead in ("volgend", "next"):
            year = anchor.year + 1
        if year is None and ahead.startswith(("afgelopen", "vorig", "last")):
            year = anchor.year - (date(anchor.year, m1, d1) > anchor)
        if year is None and ahead in ("dit", "deze", "this"):
            year = anchor.year - (m2 < m1 and anchor.month <= m2)
        if year is None and ahead.startswith(("kom", "aankom", "het kom", "com")):
            year = anchor.year + (date(anchor.year, m1, d1) <= anchor)
        return _rolled(g, year, anchor, lambda y: (date(y, m1, d1), date(y + (m2 < m1), m2, d2)))
    if grain == "yearpart":
        base = year if year is not None else anchor.year
        return _year_part(base, g["part"] or "")
    if grain == "yearend":
        base = year if year is not None else anchor.year
        return date(base, 10, 1), date(base, 12, 31)
    if grain in ("relmonth", "thisend"):
        return _relative({"rel": "deze", **g}, anchor)
    return None if year is None else (date(year, 1, 1), date(year, 12, 31))


def _relative(g: dict[str, str | None], anchor: date) -> tuple[date, date]:
    ahead = 0 if g["rel"] in ("deze", "this") else 1
    if g["unit"] == "week":
        return _week(anchor + timedelta(days=7 * ahead))
    first = plus(anchor.replace(day=1), ahead, "month")
    return first, month_end(first.year, first.month)


def _week(day: date) -> tuple[date, date]:
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


_EARLY = ("begin", "start", "eerste", "early", "beginning")


def _bare(part: str) -> str:
    return re.sub(r"^(?:het|the|de)\s+", "", part).split()[0]


def _into_quarter(word: str) -> int:
    """Months from its part to the end of a quarter."""
    return 2 if word in _EARLY else 0 if word in ("eind", "einde", "end", "late") else 1


def _month_part(year: int, month: int, part: str) -> tuple[date, date]:
    word = _bare(part)
    if word in _EARLY:
        return date(year, month, 1), date(year, month, 10)
    if word in ("eind", "einde", "end", "late"):
        return date(year, month, 21), month_end(year, month)
    return date(year, month, 11), date(year, month, 20)


def _year_part(year: int, part: str) -> tuple[date, date]:
    word = _bare(part)
    if word in _EARLY:
        return date(year, 1, 1), date(year, 3, 31)
    if word in ("eind", "einde", "end", "late"):
        return date(year, 10, 1), date(year, 12, 31)
    if word in ("half", "halverwege", "midden"):
        return date(year, 5, 1), date(year, 6, 30)
    return date(year, 6, 1), date(year, 7, 15)
