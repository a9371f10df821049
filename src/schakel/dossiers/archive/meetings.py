"""Which events of the parliamentary year moved or were cancelled, as the official activities say?

An activity with the status Verplaatst or Geannuleerd, and what came in its place, are statements about one event: the earlier
day stays in its history. They are read from the official data each time, so what the House deletes is gone here too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from schakel.dossiers.archive.official import Mirror, stamp
from schakel.dossiers.deadlines import Calendar, builtin
from schakel.dossiers.deadlines.calendar import Event, chapter_of
from schakel.dossiers.deadlines.points import compiled, plain

_OFF = ("verplaatst", "geannuleerd")
_MEETING = compiled(r"\b(?:\w*debat|(?:nota|wetgevings|begrotings|algemeen )?overleg|begroting\w*)\b")
_WRITTEN = compiled(r"\b(?:schriftelijk|procedurevergadering|werkbezoek|e-mail)\w*")
_BUDGET = compiled(r"\bbegroting(?:s\w+)?\b")
_FOR_YEAR = compiled(r"\b(?:voor het jaar|begroting\w*[^.;]{0,80}?) (?P<y>20\d\d)\b")
_CHAPTER = re.compile(r"\(([IVX]{1,6}[A-C]?)\)")
_LETTERS = " bcdefghijklmnopqrstuvwxyz"
_KEPT: dict[Any, Calendar] = {}


def calendar(mirror: Mirror | None) -> Calendar:
    """Return the built-in events with what the official activities say of them; read again only when the data changed."""
    activities = getattr(mirror, "activiteiten", None)
    if mirror is None or activities is None:
        return builtin()
    key = stamp(mirror)
    if key not in _KEPT:
        _KEPT.clear()
        _KEPT[key] = with_moves(builtin(), activities())
    return _KEPT[key]


def with_moves(base: Calendar, activities: Iterable[Mapping[str, Any]]) -> Calendar:
    """Return a calendar in which official activities that moved or were cancelled are statements about events.

    A move became known when its record changed, but at the latest on the day on which the meeting should have been.
    """
    rows = [a for a in activities if a.get("datum") is not None]
    by_number = {str(a["nummer"] or a["id"]): a for a in rows}
    moved = [a for a in rows if str(a.get("status") or "").lower() in _OFF and _is_meeting(a)]
    later = {n for a in moved for n in a.get("vervangenDoor") or ()}
    history = {key: list(base.history(key)) for key in base.identities()}
    for first in sorted(moved, key=lambda a: (a["datum"], str(a["nummer"]))):
        if str(first["nummer"] or first["id"]) not in later:
            _chain(first, by_number, history)
    return Calendar(event for events in history.values() for event in events)


def _chain(
    first: Mapping[str, Any], by_number: Mapping[str, Mapping[str, Any]], history: dict[str, list[Event]]
) -> None:
    """Add what became of one meeting: every day that it was moved to, or that it was cancelled."""
    links = [first, *(by_number[n] for n in first.get("vervangenDoor") or () if n in by_number)]
    known = _identity(first, history)
    for old, new in zip(links, [*links[1:], None], strict=True):
        status = str(old.get("status") or "").lower()
        if status not in _OFF or (new is None and status == "verplaatst"):
            break  # held, or moved to a day that is not known here
        said = history.setdefault(known, [])
        kind, _, rest = known.partition(":")
        qualifier, _, year = rest.rpartition(":")
        if not said:
            said.append(Event(kind, qualifier, year, old["datum"], None, "planned", None, _source(old)))
        day = new["datum"] if new is not None else old["datum"]
        state = "moved" if new is not None else "cancelled"
        if any((e.date, e.status == "cancelled") == (day, state == "cancelled") for e in said[1:]):
            continue  # the calendar knows it already
        since = min(_day(old.get("bijgewerkt")) or old["datum"], old["datum"])
        event = Event(kind, qualifier, year, day, None, state, since, _source(old, new))
        said.append(event)
        said[1:] = sorted(said[1:], key=lambda e: e.known_on or date.min)


def _identity(activity: Mapping[str, Any], history: Mapping[str, list[Event]]) -> str:
    """The event that an activity is: one of the same day and subject, or else a new one."""
    subject, day = plain(str(activity.get("onderwerp") or "")), activity["datum"]
    budget = _budget(activity)
    if budget is not None:
        key = f"begroting:{budget[0]}:{budget[1]}"
        if key not in history or any(e.date == day for e in history[key]):
            return key
    for key, events in history.items():
        one = events[0]
        if one.kind == "debat" and one.qualifier and one.qualifier in subject and any(e.date == day for e in events):
            return key
    qualifier = " ".join(re.sub(r"[:;()\[\]]", " ", subject).split())[:80]
    for letter in _LETTERS:
        key = f"debat:{qualifier}:{day.year}{letter.strip()}"
        if key not in history:
            return key
    return f"debat:{qualifier} {activity['nummer'] or activity['id']}:{day.year}"


def _budget(activity: Mapping[str, Any]) -> tuple[str, int] | None:
    """Chapter and year of the budget that is debated."""
    subject = str(activity.get("onderwerp") or "")
    low = plain(subject)
    if not _BUDGET.search(low) and not _BUDGET.search(plain(str(activity.get("soort") or ""))):
        return None
    written = _CHAPTER.search(subject)
    chapter = written[1] if written else chapter_of(None, low)
    said = _FOR_YEAR.search(low)
    day: date = activity["datum"]
    return (chapter, int(said["y"]) if said else day.year + (day.month > 6)) if chapter else None


def _is_meeting(activity: Mapping[str, Any]) -> bool:
    kind = plain(str(activity.get("soort") or ""))
    subject = plain(str(activity.get("onderwerp") or ""))
    return len(subject) >= 4 and bool(_MEETING.search(kind)) and not _WRITTEN.search(kind)


def _source(old: Mapping[str, Any], new: Mapping[str, Any] | None = None) -> str:
    said = f"Activiteit {old['nummer'] or old['id']}, {old.get('status')}"
    return f"{said}; vervangen door {new['nummer'] or new['id']}" if new is not None else said


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text or "")[:10])
    except ValueError:
        return None
