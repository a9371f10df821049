"""Which events of the parliamentary year does a page show, and how is said in Dutch where their dates were read?

The calendar keeps its sources in English.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from schakel.dossiers.archive.model import Due
from schakel.dossiers.deadlines import Calendar, builtin
from schakel.dossiers.deadlines.calendar import Event

_RULED = (
    "prinsjesdag",
    "voorjaarsnota",
    "najaarsnota",
    "verantwoordingsdag",
    "beschouwingen:politiek",
    "beschouwingen:financieel",
)

_MONTHS = {
    "Jan": "januari", "Feb": "februari", "Mar": "maart", "Apr": "april", "May": "mei", "Jun": "juni", "Jul": "juli", "Aug": "augustus",
    "Sep": "september", "Oct": "oktober", "Nov": "november", "Dec": "december",
}  # fmt: skip
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})(?:uary|ruary|ch|il|e|y|ust|tember|ober|ember)?\b")
_PHRASES = (
    ("recalled; election recess takes the place of the autumn recess", "niet nagetrokken; het verkiezingsreces komt in de plaats van het herfstreces"),
    ("day recalled; verify", "dag niet nagetrokken"),
    ("recalled; verify", "niet nagetrokken"),
    ("day before the debate of", "dag voor het debat van"),
    ("day before the motions of", "dag voor de moties van"),
    ("day of the motions of", "dag van de moties van"),
    ("announced on", "aangekondigd op"),
    ("for the Tuesday after", "voor de dinsdag erna"),
    ("committee debate", "commissiedebat"),
    ("planned", "gepland op"),
    ("done before", "gehouden vóór"),
    ("first term", "eerste termijn"),
    ("last motions before it", "laatste moties ervoor"),
    ("first after it", "eerste erna"),
    ("last sitting", "laatste vergadering"),
    ("planning of", "planning van"),
    ("status Verplaatst; held", "stand Verplaatst; gehouden op"),
    ("week of", "week van"),
    ("sent", "verzonden"),
    ("third Tuesday of", "derde dinsdag van"),
    ("third Wednesday of", "derde woensdag van"),
    ("second week of November of the year before", "tweede week van november van het jaar ervoor"),
    ("no later than", "uiterlijk"),
    ("day after Prinsjesdag", "dag na Prinsjesdag"),
    ("with the General Financial Debate,", "met de Algemene Financiële Beschouwingen,"),
    ("two weeks after Prinsjesdag", "twee weken na Prinsjesdag"),
    ("with Prinsjesdag", "met Prinsjesdag"),
    ("end of", "eind"),
    ("half of", "half"),
    ("by 1 September; provisional", "tegen 1 september; voorlopig"),
    ("usual week; provisional", "gebruikelijke week; voorlopig"),
    ("computus", "volgens de paasberekening"),
)  # fmt: skip


def origin(event: Event, lang: str) -> str:
    """Return where the date of an event was read; what a person wrote about a move stays as it was written."""
    if lang == "en" or not (event.status == "rule" or event.source in _built()):
        return event.source
    said = event.source
    for english, dutch in sorted(_PHRASES, key=lambda pair: -len(pair[0])):
        said = re.sub(rf"(?<!\w){re.escape(english)}(?!\w)", dutch, said)
    return _MONTH.sub(lambda m: _MONTHS[m[1]], said)


def rows(calendar: Calendar, dues: Iterable[Due], on: date, of: int | None) -> list[dict[str, Any]]:
    """Return the events as known on a day: those of the table, those that follow a rule, and those that something hangs on.

    ``before`` and ``later`` are earlier and later statements, ``hangs`` the number of commitments. Rules are worked out for the
    years of the table, of the day and of ``of``.
    """
    hanging = Counter(str(d.deadline["event"]) for d in dues if d.deadline and d.deadline.get("event"))
    out: list[dict[str, Any]] = []
    for key in calendar.identities():
        history = calendar.history(key)
        known = [e for e in history if e.known_on is None or e.known_on <= on]
        if known:
            more = {"before": known[:-1], "later": history[len(known) :], "hangs": hanging[key]}
            out.append({"key": key, "now": known[-1], **more})
    years = {r["now"].date.year for r in out} | {on.year} | ({of} if of else set())
    ruled = {f"{what}:{year}" for what in _RULED for year in years} | set(hanging)
    for key in sorted(ruled - set(calendar.identities())):
        *names, year = key.split(":")
        event = (
            calendar.of_year(names[0], ":".join(names[1:]), int(year), on)
            if names and year.isdecimal() and len(year) == 4
            else None
        )
        if event is not None:
            out.append({"key": key, "now": event, "before": (), "later": (), "hangs": hanging[key]})
    return out


@cache
def _built() -> frozenset[str]:
    calendar = builtin()
    return frozenset(e.source for key in calendar.identities() for e in calendar.history(key))
