"""When does an event of the parliamentary year take place, and when was that known?

Recesses, budget debates, Voorjaarsnota, elections and named debates stand as rows in ``events.csv``, each with its source;
a moved event is a further row with the day on which the move became known, so nothing is overwritten. Prinsjesdag and the
other events with a rule of their own are computed when no row gives them.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from schakel.errors import InputError

FIELDS = ("kind", "qualifier", "year", "date", "end", "status", "known_on", "source")
_MINISTER = re.compile(r"\b(?:minister|staatssecretaris|ministerie) (?:van |voor )?([a-z&]{2,8})\b")
FIRST_YEAR, LAST_YEAR = 1815, 2200
"""Years of which the events follow the rules; letters are of these years too."""
STATUSES = frozenset({"fixed", "planned", "derived", "recalled", "moved", "cancelled", "rule"})


@dataclass(frozen=True, slots=True)
class Event:
    """One dated statement about one event.

    Attributes
    ----------
    kind, qualifier, year
        For example ``reces``, ``zomer``, ``2025``; a budget debate carries the year of the budget, a second meeting in
        the same year a letter behind it.
    date, end
        First day; last day where it takes longer.
    status
        ``fixed``, ``planned``, ``derived`` (from the date of motions), ``recalled`` (to be verified), ``moved``,
        ``cancelled`` or ``rule`` (computed).
    known_on
        Day from which this statement holds; None: always known.
    source
        Where it was read.
    """

    kind: str
    qualifier: str
    year: str
    date: dt.date
    end: dt.date | None = None
    status: str = "fixed"
    known_on: dt.date | None = None
    source: str = ""

    @property
    def key(self) -> str:
        """Identity of the event, the same before and after a move."""
        return ":".join(part for part in (self.kind, self.qualifier, self.year) if part)


class Calendar:
    """Events with their history; moving one gives a new calendar and leaves the old one as it was."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._history: dict[str, tuple[Event, ...]] = {}
        for event in events:
            self._history[event.key] = (*self._history.get(event.key, ()), event)

    def events(self) -> tuple[Event, ...]:
        """Return every statement, in the order of entry."""
        return tuple(e for entries in self._history.values() for e in entries)

    def identities(self) -> tuple[str, ...]:
        """Return the identities of all stored events."""
        return tuple(self._history)

    def history(self, key: str) -> tuple[Event, ...]:
        """Return all statements about one event, oldest first."""
        return self._history.get(key, ())

    def current(self, key: str, as_of: date | None = None) -> Event | None:
        """Return what was known about an event on a day (None: now), or None when unknown or cancelled."""
        known = [e for e in self.history(key) if as_of is None or e.known_on is None or e.known_on <= as_of]
        return known[-1] if known and known[-1].status != "cancelled" else None

    def move(self, key: str, to: date, known_on: date, source: str, end: date | None = None) -> Calendar:
        """Return a calendar in which an event has moved; the earlier dates stay in its history.

        Raises
        ------
        InputError
            When the event is unknown to table and rules.
        """
        entries = self.history(key) or tuple(e for e in (self._by_key(key),) if e)
        if not entries:
            raise InputError(f"no event {key!r}", where="event calendar", remedy="add a row to the calendar file first")
        last = entries[-1]
        moved = Event(last.kind, last.qualifier, last.year, to, end, "moved", known_on, source)
        copy = Calendar(())
        copy._history = {**self._history, key: (*entries, moved)}
        return copy

    def add(self, event: Event) -> Calendar:
        """Return a calendar with one more statement."""
        copy = Calendar(())
        copy._history = {**self._history, event.key: (*self.history(event.key), event)}
        return copy

    def of_year(self, kind: str, qualifier: str, year: int, as_of: date | None = None) -> Event | None:
        """Return the event of a year, from the table or else by rule."""
        return self.current(Event(kind, qualifier, str(year), date.min).key, as_of) or rule(kind, qualifier, year)

    def next(self, kind: str, qualifier: str, after: date, as_of: date | None = None) -> Event | None:
        """Return the first occurrence later than a day; an empty qualifier takes any."""
        found = []
        years: set[str] = set()
        for key, entries in self._history.items():
            if entries[0].kind == kind and (not qualifier or entries[0].qualifier == qualifier):
                event = self.current(key, as_of)
                years.add(entries[0].year)
                # Budgets are debated once a year: a debate much later is not the next one, only the first in the table.
                far = kind == "begroting" and event is not None and event.date > after + timedelta(days=550)
                if event is not None and event.date > after and not far:
                    found.append(event)
        for year in range(after.year, after.year + 3):
            computed = rule(kind, qualifier, year) if str(year) not in years else None
            if computed is not None and computed.date > after:
                found.append(computed)
        return min(found, key=lambda e: e.date, default=None)

    def _by_key(self, key: str) -> Event | None:
        parts = key.split(":")
        if len(parts) < 2 or not parts[-1].isdecimal() or not FIRST_YEAR <= int(parts[-1]) <= LAST_YEAR:
            return None
        return rule(parts[0], parts[1] if len(parts) > 2 else "", int(parts[-1]))


def nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    """Return the n-th given weekday (Monday 0) of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def easter(year: int) -> date:
    """Return Easter Sunday (Meeus, Jones and Butcher, Gregorian calendar)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e, f = b // 4, b % 4, (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def rule(kind: str, qualifier: str, year: int) -> Event | None:
    """Return an event that follows a rule, or None; Constitution art. 65, Government Accounts Act 2016 for the notes."""
    prinsjesdag = nth_weekday(year, 9, 1, 3)
    rules: dict[tuple[str, str], tuple[date, str]] = {
        ("prinsjesdag", ""): (prinsjesdag, "third Tuesday of September"),
        ("voorjaarsnota", ""): (date(year, 6, 1), "no later than 1 June"),
        ("najaarsnota", ""): (date(year, 12, 1) - timedelta(days=1), "no later than 1 December"),
        ("verantwoordingsdag", ""): (nth_weekday(year, 5, 2, 3), "third Wednesday of May"),
        ("beschouwingen", "politiek"): (prinsjesdag + timedelta(days=1), "day after Prinsjesdag"),
        ("beschouwingen", "financieel"): (prinsjesdag + timedelta(days=15), "two weeks after Prinsjesdag"),
        ("circulaire", "mei"): (date(year, 5, 31), "end of May"),
        ("circulaire", "september"): (prinsjesdag, "with Prinsjesdag"),
        ("circulaire", "december"): (date(year, 12, 15), "half of December"),
        ("begroting", "IX"): (
            nth_weekday(year - 1, 9, 1, 3) + timedelta(days=15),
            "with the General Financial Debate, two weeks after Prinsjesdag",
        ),
        ("belastingplan", ""): (nth_weekday(year - 1, 11, 1, 2), "second week of November of the year before"),
        ("schooljaar", ""): (date(year, 9, 1), "by 1 September; provisional"),
        ("augustusbesluitvorming", ""): (date(year, 8, 31), "end of August"),
        ("feest", "koningsdag"): (date(year, 4, 26 if date(year, 4, 27).weekday() == 6 else 27), "27 April"),
        ("feest", "oud en nieuw"): (date(year, 12, 31), "31 December"),
        ("feest", "kerst"): (date(year, 12, 25), "25 December"),
        ("feest", "pasen"): (easter(year), "computus"),
        ("feest", "pinksteren"): (easter(year) + timedelta(days=49), "computus"),
    }
    # A recess without a row: the usual weeks, provisional.
    recesses = {"voorjaar": (2, 3), "mei": (4, 4), "zomer": (7, 1), "herfst": (10, 4), "kerst": (12, 3)}
    if kind == "reces" and qualifier in recesses:
        month, n = recesses[qualifier]
        rules[kind, qualifier] = (nth_weekday(year, month, 4, n), "usual week; provisional")
    if (kind, qualifier) not in rules:
        return None
    day, why = rules[kind, qualifier]
    weeks = {"voorjaar": 1, "mei": 2, "zomer": 8, "herfst": 1, "kerst": 3}.get(qualifier, 0) if kind == "reces" else 0
    end = day + timedelta(days=7 * weeks + 3) if weeks else None
    return Event(kind, qualifier, str(year), day, end, "rule", None, why)


def load(path: Path) -> Calendar:
    """Read a calendar file.

    Raises
    ------
    InputError
        When a column is missing or a row does not read; nothing is half loaded.
    """
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        if tuple(reader.fieldnames or ()) != FIELDS:
            raise InputError("wrong columns", where=f"file {path.name}", remedy="columns: " + ", ".join(FIELDS))
        events = []
        for number, row in enumerate(reader, 2):
            try:
                events.append(_event(row))
            except (ValueError, TypeError) as error:
                raise InputError(
                    f"row does not read: {error}", where=f"file {path.name}, row {number}", remedy="dates as 2025-07-04"
                ) from error
    return Calendar(events)


def _event(row: dict[str, str]) -> Event:
    if row["status"] not in STATUSES or not row["kind"] or not row["source"]:
        raise ValueError("status, kind or source")
    end, known = row["end"], row["known_on"]
    return Event(
        row["kind"],
        row["qualifier"],
        row["year"],
        date.fromisoformat(row["date"]),
        date.fromisoformat(end) if end else None,
        row["status"],
        date.fromisoformat(known) if known else None,
        row["source"],
    )


@lru_cache(maxsize=1)
def builtin() -> Calendar:
    """Return the calendar that comes with the program."""
    return load(Path(__file__).with_name("events.csv"))


@lru_cache(maxsize=1)
def chapters() -> tuple[dict[str, str], dict[str, str]]:
    """Return budget chapters by name of the ministry and by dossier number."""
    names: dict[str, str] = {}
    dossiers: dict[str, str] = {}
    with Path(__file__).with_name("chapters.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            names.update((name, row["chapter"]) for name in row["names"].split("|"))
            dossiers.update((number, row["chapter"]) for number in row["dossiers"].split())
    return names, dossiers


def chapter_of(dossier: str | None, phrase: str = "") -> str | None:
    """Return the budget chapter named in a phrase, or else the one that a dossier (36600-XVI, 31839) belongs to."""
    names, dossiers = chapters()
    low = " ".join(phrase.lower().split())
    hits = [n for n in names if _word(n, low)]
    if hits:
        return names[max(hits, key=len)]
    if not dossier:
        return None
    number, _, addition = dossier.partition("-")
    known = set(names.values())
    return addition if addition in known else dossiers.get(dossier) or dossiers.get(number)


@lru_cache(maxsize=1)
def _keywords() -> tuple[tuple[str, tuple[str, ...]], ...]:
    with Path(__file__).with_name("chapters.csv").open(encoding="utf-8", newline="") as handle:
        return tuple((row["chapter"], tuple(row["keywords"].split())) for row in csv.DictReader(handle))


def likely_chapter(text: str) -> str | None:
    """Return the chapter of the one ministry a text (lower case) names, or whose words stand in it most often; else None."""
    names, _ = chapters()
    named = {names[n] for n in re.findall(_MINISTER, text) if n in names}
    if len(named) == 1:
        return named.pop()
    words = re.findall(r"[a-z]+", text)
    counts = sorted(((sum(w.startswith(k) for w in words), chapter) for chapter, k in _keywords() if k), reverse=True)
    return counts[0][1] if counts[0][0] > counts[1][0] else None


def _word(name: str, text: str) -> bool:
    at = text.find(name)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(name) : at + len(name) + 1]
        if not before.isalnum() and not after.isalnum():
            return True
        at = text.find(name, at + 1)
    return False
