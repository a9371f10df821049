"""By when, where a deadline hangs on an event: before it, at it, after it, or so many weeks ahead of it?"""

from __future__ import annotations

import re
from datetime import date, timedelta

from schakel.dossiers.deadlines import roles
from schakel.dossiers.deadlines.calendar import Event
from schakel.dossiers.deadlines.events import Hang
from schakel.dossiers.deadlines.model import Deadline
from schakel.dossiers.deadlines.points import NUMBERS, compiled, plus

_ONLY_TIME = compiled(r"\b(?:voorafgaande? aan|prior to|before|ahead of|uiterlijk) ")
_IN_THE_HOUSE = compiled(
    r"\b(?:stemming(?:en)?|(?:wets)?behandeling|(?:kabinets)?formatie|ministerraad|kabinetsperiode|regeerperiode)\b"
)


def _less(low: str, before: re.Match[str], day: date) -> date:
    """The last day before an event, or so many days or weeks earlier: "twee weken voor het debat"."""
    offset = roles.ahead(roles.OFFSET, low, before.start() + len(before["lead"]))
    word = offset["n"] if offset else ""
    if offset is None or not (re.fullmatch(r"[0-9]{1,3}", word) or word in NUMBERS):
        return day - timedelta(days=1)
    number = int(word) if word.isdigit() else NUMBERS[word]
    return plus(day, -number, {"d": "day", "w": "week", "m": "month"}[offset["unit"][0]])


def by_event(low: str, hang: Hang, made_on: date) -> list[Deadline]:
    """Return the deadline that a phrase naming an event sets, none when it only speaks about the event."""
    if hang.family in ("report", "happening"):
        return _undated(low, hang, made_on)
    closing = roles.ahead(roles.CLOSING, low, hang.start)
    before = roles.ahead(roles.BEFORE, low, hang.start)
    after = roles.ahead(roles.AFTER, low, hang.start)
    if closing and hang.event and hang.event.end:
        return [_hung(hang, closing.start(), made_on, hang.event.end - timedelta(days=1))]
    if before:
        known = hang.event.date if hang.event else hang.lo if hang.lo == hang.hi else None
        hi = _less(low, before, known) if known else hang.hi
        return [] if hi is not None and hi < made_on else [_hung(hang, before.start(), made_on, hi)]
    if after and hang.event and hang.event.kind == "reces":
        return _after(low, hang, hang.event, after)
    if hang.family == "meeting":
        frame = roles.ahead(roles.WITH, low, hang.start)
        if frame is None or frame["prep"] not in ("bij", "in", "tijdens", "at", "during"):
            return []
        told = roles.reported(low, hang.start, hang.end) and not roles.ahead(roles.GIVEN, low, frame.start())
        return [_hung(hang, frame.start(), made_on, None)] if told else []
    return _with(low, hang, hang.event, made_on) if hang.event and not hang.season else []


def _undated(low: str, hang: Hang, made_on: date) -> list[Deadline]:
    """A next report, or a step that the calendar does not know: an event without a day, where something is asked by then."""
    if roles.others(low, hang.start):
        return []
    before = roles.ahead(roles.BEFORE, low, hang.start)
    if before:
        # "voor de ratificatie" may as well be "for it"; "voorafgaand aan" is not.
        if not (
            _ONLY_TIME.search(before.group(0))
            or hang.family == "report"
            or _IN_THE_HOUSE.search(hang.key)
            or (roles.ahead(roles.OFFSET, low, before.start()))
        ):
            return []
        asked = roles.asks(low, hang.end) or roles.reported(low, before.start(), hang.end)
        return [_hung(hang, before.start(), made_on, None)] if asked else []
    frame = roles.ahead(roles.WITH, low, hang.start) if hang.family == "report" else None
    if frame is None or frame["prep"] in ("op", "over", "of", "met het oog op", "ten behoeve van"):
        return []
    aside = re.match(r",[^,;.]{3,60},", low[hang.end : hang.end + 64])  # "de voortgangsbrief, voorzien in mei, ..."
    end = hang.end + (aside.end() if aside else 0)
    asked = roles.asks(low, end) or roles.reported(low, frame.start(), end)
    return (
        [_hung(hang, frame.start(), made_on, None)] if asked or roles.ahead(roles.BEARING, low, frame.start()) else []
    )


def _hung(hang: Hang, start: int, lo: date, hi: date | None) -> Deadline:
    sure = hang.event is not None and hang.event.status in ("fixed", "moved")
    status = "fixed" if sure else "provisional" if hi else "unresolved"
    note = hang.event.source if hang.event else ""
    return Deadline(start, hang.end, "", "event", lo, hi, hang.key, status, hang.hi, note)


def _after(low: str, hang: Hang, event: Event, after: re.Match[str]) -> list[Deadline]:
    """After a recess: within four weeks, two where it says at once, or in its first week."""
    at_once = len(after.group(0).split()) > 1
    if not (at_once or roles.asks(low, hang.end) or roles.reported(low, after.start(), hang.end)):
        return []
    lo = event.end or event.date + timedelta(weeks=8)
    first = roles.ahead(roles.FIRST_WEEK, low, after.start())
    weeks = 1 if first else 2 if at_once else 4
    hi = lo + timedelta(days=7 * weeks - 1)
    start = first.start() if first else after.start()
    return [
        Deadline(start, hang.end, "", "event", lo, hi, hang.key, "provisional", None, f"within {weeks} weeks of it")
    ]


def _with(low: str, hang: Hang, event: Event, made_on: date) -> list[Deadline]:
    """At an event: "bij de Voorjaarsnota", "in de Miljoenennota"; what is merely about it is content."""
    if event.kind in ("raad", "debat", "top", "verkiezing", "feest", "reces"):
        return []
    frame = roles.ahead(roles.BY, low, hang.start) or roles.ahead(roles.WITH, low, hang.start)
    if frame is None or roles.ahead(roles.GIVEN, low, frame.start()):
        return []
    prep = frame.groupdict().get("prep") or "by"
    on_the_day = prep == "op" and re.search(r"prinsjesdag|budget day", low[hang.start : hang.end])
    bearing = on_the_day or roles.ahead(roles.BEARING, low, frame.start())
    if prep == "in het kader van" and not roles.asks(low, hang.end):
        return []
    if prep in ("op", "over", "met", "of", "via", "rond", "rondom", "omtrent") and not bearing:
        return []
    end = event.end or event.date
    return [] if end < made_on else [_hung(hang, frame.start(), made_on, end)]
