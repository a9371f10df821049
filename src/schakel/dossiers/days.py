"""Which calendar days does a text name in full, and of when is the letter itself?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

MONTHS = {
    name: n
    for n, names in enumerate(
        (
            ("januari", "january", "jan"), ("februari", "february", "feb", "febr"), ("maart", "march", "mrt"), ("april", "apr"), ("mei", "may"),
            ("juni", "june", "jun"), ("juli", "july", "jul"), ("augustus", "august", "aug"), ("september", "sept", "sep"), ("oktober", "october", "okt", "oct"),
            ("november", "nov"), ("december", "dec"),
        ),
        1,
    )
    for name in names
}  # fmt: skip
WEEKDAYS = {
    name: n
    for n, names in enumerate(
        (
            ("maandag", "monday"), ("dinsdag", "tuesday"), ("woensdag", "wednesday"), ("donderdag", "thursday"), ("vrijdag", "friday"),
            ("zaterdag", "saturday"), ("zondag", "sunday"),
        )
    )
    for name in names
}  # fmt: skip
MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_NAMES = re.compile(r"(?<=[ \n])" + MONTH, re.I)
_DAY = re.compile(
    rf"(?<![\w.,-])(?:(?P<weekday>{'|'.join(WEEKDAYS)}) {{1,3}})?(?P<day>\d{{1,2}})(?:e|ste|de|"
    rf"th|st|nd|rd)?[ \n]{{1,3}}(?P<month>{MONTH})(?:,?[ \n]{{1,3}}(?P<year>(?:19|20)\d\d)(?!\d))?",
    re.I,
)
_ISO = re.compile(r"(?<![\w-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\w-])")
_NUMERIC = re.compile(r"(?<![\w./-])(?P<day>\d{1,2})-(?P<month>\d{1,2})-(?P<year>(?:19|20)\d\d)(?![\w-])")
_HEAD = re.compile(
    r"(?:\bDatum\b|\bdate\b|Den Haag,|'s-Gravenhage,|’s-Gravenhage,|Vastgesteld|Voorgesteld|Ontvangen)[ :\n]{0,6}(?:op )?$",
    re.I,
)
_YEAR = re.compile(r"(?<![\w./-])(?:19|20)\d\d(?![\w/-])")


@dataclass(frozen=True, slots=True)
class Day:
    """A day as a text writes it.

    Attributes
    ----------
    start, end
        Positions in the text.
    day, month, year
        As written; the year None when it is left out.
    weekday
        0 is Monday; None when it is left out.
    """

    start: int
    end: int
    day: int
    month: int
    year: int | None
    weekday: int | None = None

    def real(self) -> date | None:
        """Return the day, None when there is no such day or no year."""
        try:
            return date(self.year, self.month, self.day) if self.year else None
        except ValueError:
            return None


def days(text: str) -> Iterator[Day]:
    """Yield every day with its month, in the order of the forms: words, ISO, numbers."""
    for m in _written(text):
        weekday = WEEKDAYS[m["weekday"].lower()] if m["weekday"] else None
        month = MONTHS[m["month"].lower().rstrip(".")]
        yield Day(m.start(), m.end(), int(m["day"]), month, int(m["year"]) if m["year"] else None, weekday)
    for pattern in (_ISO, _NUMERIC):
        for m in pattern.finditer(text):
            yield Day(m.start(), m.end(), int(m["day"]), int(m["month"]), int(m["year"]))


def _written(text: str) -> Iterator[re.Match[str]]:
    """Yield the days written with a month's name; around those names only, for speed."""
    last = 0
    for named in _NAMES.finditer(text):
        if named.start() < last:
            continue
        for m in _DAY.finditer(text, max(last, named.start() - 24), named.start() + 30):
            last = m.end()
            yield m


@dataclass(frozen=True, slots=True)
class LetterDate:
    """When a letter was written.

    Attributes
    ----------
    value
        The day; for an inferred one the earliest it can be.
    basis
        ``stated``: it stands behind Datum or a place; ``inferred``: the last full date the text names; ``year``: the last
        year that two places name.
    """

    value: date
    basis: str


def letter_date(text: str, named: Iterable[Day] | None = None) -> LetterDate | None:
    """Return when a letter was written, as far as its text tells; None when it does not."""
    found = [(d, d.real()) for d in (days(text) if named is None else named)]
    known = [(d, r) for d, r in found if r]
    for d, r in known:
        if _HEAD.search(text, max(0, d.start - 20), d.start):
            return LetterDate(r, "stated")
    if known:
        return LetterDate(max(r for _, r in known), "inferred")
    years = sorted((int(m.group()) for m in _YEAR.finditer(text)), reverse=True)
    gazettes = [int(y) for y in re.findall(r"(?:Staatscourant|Stcrt\.?|Staatsblad|Stb\.?) {0,2}((?:19|20)\d\d)", text)]
    if gazettes:
        return LetterDate(date(max(gazettes), 12, 31), "year")
    return next((LetterDate(date(y, 12, 31), "year") for y in years if years.count(y) > 1), None)
