"""Which days of a letter do not exist, fall on another weekday, or lie after the letter?"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from schakel.dossiers.days import Day, days
from schakel.dossiers.finding import DossierFinding
from schakel.dossiers.text import Text

_WEEKDAYS = (("Monday", "maandag"), ("Tuesday", "dinsdag"), ("Wednesday", "woensdag"), ("Thursday", "donderdag"), ("Friday", "vrijdag"),
             ("Saturday", "zaterdag"), ("Sunday", "zondag"))  # fmt: skip
_PAST = re.compile(
    r"\b(?:d\.d\.|jl\.|jongstleden|hebben|heeft|had|hadden|werd|werden|is|zijn|was|waren|tijdens|uit|gevraagd|verzocht|toegezegd)(?!\w)",
    re.I,
)
_NOT_PAST = re.compile(
    r"\b(?:zal|zullen|uiterlijk|vanaf|per|tot|voornemens?|verwacht\w*|gepland|streven|moet|moeten|komt|wordt|worden|voor|will|shall|by)\b",
    re.I,
)
_FUTURE = re.compile(r"\b(?:zal|zullen|voornemens|ga ik|gaat|verwacht|wordt|worden|will)\b", re.I)
_QUARTER = re.compile(
    r"(?<!\w)(?:Q(?P<q>[1-4]) |(?P<word>eerste|tweede|derde|vierde) kwartaal (?:van )?|(?P<part>begin|eind|medio) )(?P<year>20\d\d)(?!\d)",
    re.I,
)
_SENTENCE_END = re.compile(r"[.!?] {1,3}(?=[A-Z])|\n")


def day_doubts(text: Text, line: str, written: dt.date | None) -> Iterator[DossierFinding]:
    """Report impossible days, wrong weekdays, and days told as past that lie after the letter."""
    named = list(days(line))
    limit = written or _latest(line)
    for day in named:
        real = day.real()
        if day.year and real is None:
            yield finding(
                text,
                day.start,
                day.end,
                "date-impossible",
                f"There is no day {day.day} of month {day.month} in {day.year}.",
                f"Er is geen dag {day.day} van maand {day.month} in {day.year}.",
            )
        elif not day.year and not 1 <= day.day <= (29 if day.month == 2 else 30 if day.month in (4, 6, 9, 11) else 31):
            yield finding(
                text,
                day.start,
                day.end,
                "date-impossible",
                f"Month {day.month} has no day {day.day}.",
                f"Maand {day.month} heeft geen dag {day.day}.",
            )
        elif real and day.weekday is not None and real.weekday() != day.weekday:
            en, nl = _WEEKDAYS[real.weekday()]
            yield finding(
                text,
                day.start,
                day.end,
                "date-weekday",
                f"{real.isoformat()} was a {en}.",
                f"{real.isoformat()} was een {nl}.",
            )
        elif real and limit and real > limit and _told_as_past(line, day):
            before = _year_before(real)
            yield finding(
                text,
                day.start,
                day.end,
                "date-after-letter",
                f"The sentence tells of the past, but {real.isoformat()} lies after the letter (at the latest {limit.isoformat()}).",
                f"De zin vertelt over het verleden, maar {real.isoformat()} ligt na de brief (uiterlijk {limit.isoformat()}).",
                before,
            )


def _year_before(day: dt.date) -> str | None:
    try:
        return day.replace(year=day.year - 1).isoformat()
    except ValueError:
        return None


def _told_as_past(line: str, day: Day) -> bool:
    begin, end = sentence(line, day.start, day.end)
    return _PAST.search(line[begin:end]) is not None and not _NOT_PAST.search(
        line[max(begin, day.start - 60) : day.start]
    )


def _latest(line: str) -> dt.date | None:
    """Return the last day on which the letter can have been written, from the quarters it speaks of as to come."""
    ends = []
    for m in _QUARTER.finditer(line):
        begin, _ = sentence(line, m.start(), m.end())
        if not _FUTURE.search(line[begin : m.start()]):
            continue
        quarter = (
            int(m["q"])
            if m["q"]
            else {"eerste": 1, "tweede": 2, "derde": 3, "vierde": 4}.get((m["word"] or "").lower(), 0)
        )
        quarter = quarter or {"begin": 1, "medio": 3, "eind": 4}[m["part"].lower()]
        month = quarter * 3
        ends.append(dt.date(int(m["year"]), month, 31 if month in (3, 12) else 30))
    return min(ends, default=None)


def sentence(line: str, start: int, end: int) -> tuple[int, int]:
    """Return where the sentence around a range begins and ends."""
    begin = 0
    for m in _SENTENCE_END.finditer(line, max(0, start - 500), start):
        begin = m.end()
    stop = _SENTENCE_END.search(line, end, min(len(line), end + 500))
    return max(begin, start - 500), stop.start() if stop else min(len(line), end + 500)


def finding(
    text: Text, start: int, end: int, kind: str, en: str, nl: str, reading: str | None = None
) -> DossierFinding:
    """Return a doubt about a range of the cleaned text."""
    place = text.span(start, end)
    return DossierFinding(
        kind, place.start, place.end, text.original[place.start : place.end], {"en": en, "nl": nl}, reading
    )
