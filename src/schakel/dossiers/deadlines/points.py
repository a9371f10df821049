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

_MONTHS_NL = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]
_MONTHS_EN = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTHS = {name: i % 12 + 1 for i, name in enumerate(_MONTHS_NL + _MONTHS_EN)}
NUMBERS = {
    **{
        w: i
        for i, w in enumerate(
            ["nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"]
        )
    },
    **{
        w: i
        for i, w in enumerate(
            ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
        )
    },
    "a": 1,
    "an": 1,
    "enkele": 3,
    "veertien": 14,
    "vijftien": 15,
    "twintig": 20,
    "dertig": 30,
    "fifteen": 15,
}
ORDINALS = {
    **dict.fromkeys(("eerste", "1e", "1ste", "first", "1st"), 1),
    **dict.fromkeys(("tweede", "2e", "2de", "second", "2nd"), 2),
    **dict.fromkeys(("derde", "3e", "3de", "third", "3rd"), 3),
    **dict.fromkeys(("vierde", "4e", "4de", "laatste", "fourth", "4th", "last"), 4),
}
SEASONS = {
    **dict.fromkeys(("voorjaar", "lente", "spring"), ((3, 20), (6, 20))),
    **dict.fromkeys(("zomer", "summer"), ((6, 21), (9, 21))),
    **dict.fromkeys(("najaar", "herfst", "autumn", "fall"), ((9, 22), (12, 20))),
    **dict.fromkeys(("winter",), ((12, 21), (3, 19))),
}


_ACCENTS = str.maketrans("áàäâéèëêíìïîóòöôúùüûç–‑’‘", "aaaaeeeeiiiioooouuuuc--''")


def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern for text as `plain` gives it: a blank stands for white space, a blank with ? for none or some."""
    return re.compile(pattern.replace(" ?", r"\s*").replace(" ", r"\s+"))


def plain(text: str) -> str:
    """Return lower case without accents, character for character of the same length."""
    low = text.lower()
    if len(low) != len(text):  # İ becomes two characters
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return low.translate(_ACCENTS)


def _either(words: dict[str, object] | list[str]) -> str:
    return "(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")"


_M = _either(list(MONTHS))
_O = _either(list(ORDINALS))
_S = _either(list(SEASONS))
_Y = (
    r"(?:(?:van |of |in )?(?:het (?:kalender)?jaar |the year )?(?P<y>(?:19|20)\d\d)\b(?![-/]\d\d)"
    r"(?!-)|(?:van )?(?P<ry>dit (?:kalender)?jaar|volgend (?:kalender)?jaar|komend jaar|het komende jaar"
    r"|this year|next year)\b)"
)
_WD = r"(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag |(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?"
_NEXT = r"(?: (?:aanstaande|a\.s\.|eerstkomende|jongstleden|jl\.?|j\.l\.|laatstleden|next|last))?"
_PART = (
    r"(?P<part>(?:het |the )?(?:begin|start|medio|half|halverwege|midden|eind|einde|early|mid"
    r"|late|end|beginning)(?: van| of)?)"
)
_DET = r"(?P<det>(?:dit|deze|komende?|het komende|aankomende?|volgende?|this|next|coming)) "

_PATTERNS = [
    (
        "day",
        rf"\b{_WD}(?P<d>[0-3]?\d)(?:e|ste|de|st|nd|rd|th)? (?:of )?(?P<m>{_M})\b(?:,? {_Y})?(?P<last>{_NEXT})",
    ),
    ("day", rf"\b(?P<m>{_M}) (?P<d>[0-3]?\d)(?:st|nd|rd|th)?,? (?P<y>20\d\d)\b"),
    ("iso", r"\b(?P<y>20\d\d)[-/](?P<mm>[01]\d)[-/](?P<d>[0-3]\d)\b"),
    ("iso", r"\b(?P<d>[0-3]?\d)[-/](?P<mm>[01]?\d)[-/](?P<y>20\d\d)\b"),
    ("monthpart", rf"\b{_PART} (?:de maand )?(?P<m>{_M})\b(?: {_Y})?"),
    ("quarter", rf"\b[qk]\s?(?P<q>[1-4])\b(?:, kwartaal \w+,)?(?: {_Y})?"),
    ("quarter", rf"\b(?:het )?(?P<o>{_O}) (?:kwartaal|quarter)(?: {_Y})?"),
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
            rf"|(?:the )?(?:calendar )?year|jaar))"
        ),
    ),
    (
        "yearend",
        r"\b(?:(?:het )?jaareinde|(?:de )?jaarwisseling|(?:het )?kalenderjaareinde|year-?end)\b(?: (?P<y>20\d\d))?",
    ),
    ("relmonth", r"\b(?P<rel>deze|volgende|komende|this|next) (?P<unit>maand|week|month)\b"),
    (
        "relyear",
        (
            r"(?<![-/\d.])\b(?:(?:het )?(?:kalender)?jaar )?(?:(?P<y>(?:19|20)\d\d)\b(?![-/.]?\d)(?!-)"
            r"|(?P<ry>dit (?:kalender)?jaar|volgend (?:kalender)?jaar|komend jaar|het komende jaar|this year"
            r"|next year)\b)"
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
        return anchor.year + (0 if relative.split()[0] in ("dit", "this") else 1)
    return None


def _point(grain: str, match: re.Match[str], anchor: date, nearest: bool) -> Point | None:
    group = match.groupdict()
    year = _year(group, anchor)
    try:
        span = _span(grain, group, year, anchor)
        if nearest and year is None and span is not None and grain in ("day", "month", "monthpart"):
            spans = [_span(grain, group, y, anchor) or span for y in (anchor.year - 1, anchor.year, anchor.year + 1)]
            span = min(spans, key=lambda one: abs((one[0] - anchor).days))
    except ValueError:  # 31 February, month 13
        return None
    if span is None:
        return None
    part = (group.get("part") or "").replace("het ", "").replace("the ", "").split(" ")[0]
    closing = grain == "yearend" or part in ("eind", "einde", "end", "late", "medio", "halverwege", "midden", "mid")
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
    if grain == "month":
        month = MONTHS[g["m"] or ""]
        return _rolled(g, year, anchor, lambda y: (date(y, month, 1), month_end(y, month)))
    if grain == "monthpart":
        month = MONTHS[g["m"] or ""]
        return _rolled(g, year, anchor, lambda y: _month_part(y, month, g["part"] or ""))
    if grain == "quarter":
        q = int(g["q"] or 0) if g.get("q") else ORDINALS[g["o"] or ""]
        return _rolled(g, year, anchor, lambda y: (date(y, 3 * q - 2, 1), month_end(y, 3 * q)))
    if grain == "half":
        half = min(2, ORDINALS[g["o"] or ""])
        return _rolled(g, year, anchor, lambda y: (date(y, 6 * half - 5, 1), month_end(y, 6 * half)))
    if grain == "season":
        (m1, d1), (m2, d2) = SEASONS[g["s"] or ""]
        if year is None and (g.get("det") or "").strip() in ("volgend", "next"):
            year = anchor.year + 1
        return _rolled(g, year, anchor, lambda y: (date(y, m1, d1), date(y + (m2 < m1), m2, d2)))
    if grain == "yearpart":
        base = year if year is not None else anchor.year
        return _year_part(base, g["part"] or "")
    if grain == "yearend":
        base = year if year is not None else anchor.year
        return date(base, 10, 1), date(base, 12, 31)
    if grain == "relmonth":
        return _relative(g, anchor)
    return None if year is None else (date(year, 1, 1), date(year, 12, 31))


def _relative(g: dict[str, str | None], anchor: date) -> tuple[date, date]:
    ahead = 0 if g["rel"] in ("deze", "this") else 1
    if g["unit"] == "week":
        monday = anchor + timedelta(days=7 * ahead - anchor.weekday())
        return monday, monday + timedelta(days=6)
    first = plus(anchor.replace(day=1), ahead, "month")
    return first, month_end(first.year, first.month)


def _bare(part: str) -> str:
    return part.replace("het ", "").replace("the ", "").split()[0]


def _month_part(year: int, month: int, part: str) -> tuple[date, date]:
    word = _bare(part)
    if word in ("begin", "start", "early", "beginning"):
        return date(year, month, 1), date(year, month, 10)
    if word in ("eind", "einde", "end", "late"):
        return date(year, month, 21), month_end(year, month)
    return date(year, month, 11), date(year, month, 20)


def _year_part(year: int, part: str) -> tuple[date, date]:
    word = _bare(part)
    if word in ("begin", "start", "early", "beginning"):
        return date(year, 1, 1), date(year, 3, 31)
    if word in ("eind", "einde", "end", "late"):
        return date(year, 10, 1), date(year, 12, 31)
    if word in ("half", "halverwege", "midden"):
        return date(year, 5, 1), date(year, 6, 30)
    return date(year, 6, 1), date(year, 7, 15)
