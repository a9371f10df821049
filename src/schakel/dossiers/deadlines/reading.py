"""Which deadlines does a text set, and when do they fall?

Points of time, durations, events, soft words and conditions are found by grammar; `roles` keeps those that ask for
something by then. Every date follows from the text, the day on which it was written and the event calendar.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from schakel.dossiers.deadlines import roles
from schakel.dossiers.deadlines.calendar import Calendar, Event, builtin
from schakel.dossiers.deadlines.events import Hang, hangs
from schakel.dossiers.deadlines.model import Deadline
from schakel.dossiers.deadlines.points import NUMBERS, Point, compiled, plain, plus, points

ADOPTION = timedelta(weeks=4)
"""A duration may also be counted from adoption; four weeks after the text is taken as the upper bound."""

_NUMBER = "|".join(sorted((w for w in NUMBERS if w not in ("nul", "zero")), key=len, reverse=True))
_UNIT = (
    r"(?P<unit>(?:werk|kalender)?dag(?:en)?|we(?:e?)k(?:en)?|maand(?:en)?|jaar|jaren|kwartaal"
    r"|kwartalen|days?|weeks?|months?|years?|quarters?)"
)
_DURATION = compiled(
    rf"\b(?P<frame>binnen|within|uiterlijk|(?:uiterlijk |\(uiterlijk\) )?over|niet later dan|no later than)"
    rf"(?: (?:maximaal|uiterlijk|nu en|een termijn van|een periode van|de komende|the next|at most))*"
    rf" (?:(?P<half>(?:een |anderhalf |half |een half )(?:half )?)|(?:(?:{_NUMBER}|\d{{1,3}}) (?:tot"
    rf"|a|of|to) )?(?P<n>{_NUMBER}|\d{{1,3}}) )(?:kalender|werk)?{_UNIT}\b"
    rf"(?P<tail> (?:na|nadat|after|following|of)\b(?: (?!de kamer|afspraken|te |een |met de)[\w'/-]+){{1,7}}?"
    rf"(?=$|[,;.]| (?:te|de kamer|de regering|een|afspraken|aan|met|the house)\b))?"
)
_SOFT = compiled(
    r"\b(?:zo (?:snel|spoedig|vlug|vroeg) (?:als )?mogelijk|(?:op|binnen) (?:zeer |de |zo )?"
    r"(?:korte?|afzienbare) (?:termijn|tijd)|per (?:direct|ommegaande)|met (?:de grootste )?spoed"
    r"|met onmiddellijke ingang|onverwijld|onmiddellijk|terstond|spoedig|binnenkort|te zijner tijd"
    r"|op zo kort mogelijke termijn|zo kort mogelijk|as soon as possible|shortly|without delay"
    r"|in due course|immediately|at short notice|in the (?:short|near) (?:term|future))\b"
)
_RECURRING = compiled(
    r"\b(?:(?:twee|drie|half)?jaarlijkse?|(?:twee|drie)?maandelijkse?|wekelijkse?|periodieke?"
    r"|(?:elk|ieder|elke|iedere) (?:half ?jaar|kwartaal|jaar|maand|week|zes maanden)|per kwartaal"
    r"|(?:een |1 )?(?:half )?jaar later te herhalen|op regelmatige basis|regelmatig|annually"
    r"|every (?:year|quarter|month|six months)|periodically|quarterly|monthly)\b(?: te herhalen)?"
)
_CONDITION = compiled(
    r"\b(?:zodra [^,;.]{3,70}?(?=[,;.]|$| en | de kamer | te )|as soon as (?!possible)[^,;.]{3,70}?"
    r"(?=[,;.]|$)|once the [^,;.]{3,60}?(?=[,;.]|$)"
    r"|(?<!maanden\s)(?<!weken\s)(?<!jaar\s)(?<!maand\s)na (?:het |de )?(?:ontvangen|ontvangst"
    r"|afronding|afronden|afloop|publicatie|verschijn\w+|inwerkingtreding|aanvaarding|ommekomst"
    r"|oplevering|vaststelling|goedkeuring|evaluatie|totstandkoming|besluitvorming|instelling)\b[^,;.]{0,60}?"
    r"(?=[,;.]|$| de kamer | te | voor ))"
)

_BARE = (
    "deze",
    "dit",
    "volgend",
    "kom",
    "next",
    "this",
    "begin",
    "eind",
    "medio",
    "half",
    "halv",
    "early",
    "mid",
    "end",
)
"""Points that need no preposition: "eind 2025", "volgende maand"."""


def find(
    text: str,
    made_on: date,
    calendar: Calendar | None = None,
    dossier: str | None = None,
    as_of: date | None = None,
) -> list[Deadline]:
    """Return the deadlines of a text in order; `target`, `action` and `recurring` entries are content.

    Parameters
    ----------
    text
        Dictum of a motion, sentence of a letter; positions refer to it.
    made_on
        Day on which it was written; relative dates count from it.
    calendar
        Events; the built-in table when absent.
    dossier
        For example ``36600-XVI``: which ministry "de begrotingsbehandeling" means.
    as_of
        Use what the calendar knew on this day; None: all it knows.
    """
    calendar = calendar or builtin()
    low = plain(text)
    found: list[Deadline] = []
    named = hangs(text, made_on, calendar, dossier, as_of)
    taken: list[Hang] = []
    for hang in named:
        read = _event(low, hang, made_on)
        taken += [] if hang.season and not read else [hang]
        found += read
    for match in _DURATION.finditer(low):
        found += _duration(low, match, made_on)
    for point in points(text, made_on):
        if not any(point.start < h.end and h.start < point.end for h in taken):
            found += _calendar(low, point, made_on)
    found += [Deadline(m.start(), m.end(), "", "soft") for m in _SOFT.finditer(low)]
    found += [Deadline(m.start(), m.end(), "", "conditional", status="unresolved") for m in _CONDITION.finditer(low)]
    for match in _RECURRING.finditer(low):
        if roles.REPORTING.search(low[max(0, match.start() - 60) : match.end() + 60]) and not _elsewhere(
            low, match.start()
        ):
            found.append(Deadline(match.start(), match.end(), "", "recurring"))
    return [_quoted(text, d) for d in _disjoint(found)]


def _elsewhere(low: str, start: int) -> bool:
    """A recurring duty of others: a subordinate clause that does not reach the Chamber before the word."""
    clause = re.split(r"[.;:•]\s", low[max(0, start - 160) : start])[-1]
    last = max((m.end() for m in compiled(r"\b(?:zodat|opdat|waardoor)\b").finditer(clause)), default=-1)
    return last >= 0 and not roles.CHAMBER.search(clause[last:])


def _disjoint(found: list[Deadline]) -> list[Deadline]:
    rank = {"event": 0, "conditional": 1, "duration": 2, "calendar": 3, "soft": 4}
    kept: list[Deadline] = []
    for one in sorted(found, key=lambda d: (rank.get(d.kind, 5), d.start - d.end)):
        if all(one.end <= k.start or k.end <= one.start for k in kept):
            kept.append(one)
    return sorted(kept, key=lambda d: d.start)


def _quoted(text: str, d: Deadline) -> Deadline:
    return Deadline(d.start, d.end, text[d.start : d.end], d.kind, d.lo, d.hi, d.event, d.status, d.latest, d.note)


def _duration(low: str, match: re.Match[str], made_on: date) -> list[Deadline]:
    frame, tail = match["frame"], match["tail"]
    if roles.others(low, match.start()) and not (tail and tail.split()[0] in ("na", "after")):
        return []
    if frame == "uiterlijk" and not tail:
        return []
    if frame.startswith("over") and not roles.asks(low, match.end()):
        return []
    if (
        tail
        and tail.split()[0] == "nadat"
        and not roles.REPORT.search(low[max(0, match.start() - 60) : match.end() + 60])
    ):
        return []
    own = tail and roles.OWN.search(tail)  # counted from this motion, so no event of its own
    if tail and not own and tail.split()[0] != "of":
        return [Deadline(match.start(), match.end(), "", "conditional", status="unresolved")]
    end = match.end() if own or not tail else match.start("tail")
    unit, amount = _length(match)
    hi = plus(made_on, amount, unit)
    note = "counted from the date of the text; from adoption at most four weeks later"
    return [Deadline(match.start(), end, "", "duration", made_on, hi, None, "provisional", hi + ADOPTION, note)]


def _length(match: re.Match[str]) -> tuple[str, int]:
    word = match["unit"]
    unit = {"w": "week", "m": "month", "d": "day", "k": "month", "j": "year", "y": "year", "q": "month"}[word[0]]
    if word.startswith(("werk", "kalender")):
        unit = "day"
    half = match["half"]
    if half:
        months = {"anderhalf": 18, "half": 6, "een half": 6, "een half half": 6}.get(" ".join(half.split()), 12)
        if unit == "year":
            return "month", months
        return unit, 2 if half.startswith("anderhalf") else 1
    number = int(match["n"]) if match["n"].isdigit() else NUMBERS[match["n"]]
    number *= 3 if word[0] in "kq" and not word.startswith("kalender") else 1
    return unit, number


def _calendar(low: str, point: Point, made_on: date) -> list[Deadline]:
    year_only = point.grain == "relyear"
    prefer = roles.ahead(roles.PREFER, low, point.start)
    if point.hi < made_on:
        return []
    if prefer:
        return [Deadline(prefer.start(), point.end, "", "target", point.lo, point.hi)]
    before = roles.ahead(roles.BEFORE, low, point.start)
    if before:
        if year_only and not _year_binds(low, before, point):
            return []
        hi = point.hi if point.closing else point.lo - timedelta(days=1)
        return [] if hi < made_on else [Deadline(before.start(), point.end, "", "calendar", made_on, hi)]
    by = roles.ahead(roles.BY, low, point.start)
    if by and (by.group(0).startswith("uiterlijk") or not roles.ATTRIBUTE.match(low, point.end)):
        return [Deadline(by.start(), point.end, "", "calendar", min(made_on, point.lo), point.hi)]
    return _in(low, point, year_only)


def _year_binds(low: str, before: re.Match[str], point: Point) -> bool:
    if before["lead"].strip() or not before.group(0).split()[0].startswith("voor"):
        return True
    return roles.asks(low, point.end) and not roles.ahead(roles.YEAR_NOUN, low, point.start)


def _in(low: str, point: Point, year_only: bool) -> list[Deadline]:
    frame = roles.ahead(roles.IN, low, point.start)
    start = frame.start() if frame else point.start
    if frame is None and (
        roles.ahead(roles.CONTENT_FRAME, low, point.start) or roles.ahead(roles.RELATIVE, low, point.start)
    ):
        return []
    if frame is None and not low[point.start : point.end].startswith(_BARE):
        return []
    if roles.ahead(roles.RELATIVE, low, start) or roles.ATTRIBUTE.match(low, point.end):
        return []
    report, asks = roles.reported(low, start, point.end), roles.asks(low, point.end)
    bearing = roles.ahead(roles.DECISION, low, start)
    deadline = Deadline(start, point.end, "", "calendar", point.lo, point.hi)
    if bearing and frame:
        return [deadline]
    if frame and frame["prep"] in ("per", "op", "on") and point.grain in ("day", "iso") and not report:
        return [Deadline(start, point.end, "", "target" if frame["prep"] == "per" else "action", point.lo, point.hi)]
    if year_only and not report:
        text = low[point.start : point.end]
        goal = asks or "%" in low[max(0, start - 80) : point.end + 40]
        if text.startswith(("dit", "this")) or not goal:
            return []
        return [Deadline(start, point.end, "", "target", point.lo, point.hi)]
    return [deadline] if report or asks else []


def _less(low: str, before: re.Match[str], day: date) -> date:
    """The last day before an event, or so many days or weeks earlier: "twee weken voor het debat"."""
    offset = roles.ahead(roles.OFFSET, low, before.start() + len(before["lead"]))
    word = offset["n"] if offset else ""
    if offset is None or not (re.fullmatch(r"[0-9]{1,3}", word) or word in NUMBERS):
        return day - timedelta(days=1)
    number = int(word) if word.isdigit() else NUMBERS[word]
    return plus(day, -number, {"d": "day", "w": "week", "m": "month"}[offset["unit"][0]])


def _event(low: str, hang: Hang, made_on: date) -> list[Deadline]:
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
    return _with(low, hang, hang.event, made_on) if hang.event and not hang.season else []


def _hung(hang: Hang, start: int, lo: date, hi: date | None) -> Deadline:
    sure = hang.event is not None and hang.event.status in ("fixed", "moved")
    status = "fixed" if sure else "provisional" if hi else "unresolved"
    note = hang.event.source if hang.event else ""
    return Deadline(start, hang.end, "", "event", lo, hi, hang.key, status, hang.hi, note)


def _after(low: str, hang: Hang, event: Event, after: re.Match[str]) -> list[Deadline]:
    """After a recess: within a month, or in the first week where the text says so."""
    at_once = len(after.group(0).split()) > 1
    if not (at_once or roles.asks(low, hang.end) or roles.reported(low, after.start(), hang.end)):
        return []
    lo = event.end or event.date + timedelta(weeks=8)
    first = roles.ahead(roles.FIRST_WEEK, low, after.start())
    hi = lo + timedelta(days=6 if first else 30)
    start = first.start() if first else after.start()
    return [Deadline(start, hang.end, "", "event", lo, hi, hang.key, "provisional", None, "within a month after it")]


def _with(low: str, hang: Hang, event: Event, made_on: date) -> list[Deadline]:
    """At an event: "bij de Voorjaarsnota", "in de Miljoenennota"; what is merely about it is content."""
    if event.kind in ("raad", "debat", "top", "verkiezing", "feest", "reces"):
        return []
    frame = roles.ahead(roles.BY, low, hang.start) or roles.ahead(roles.WITH, low, hang.start)
    if frame is None:
        return []
    prep = frame.groupdict().get("prep") or "by"
    on_the_day = prep == "op" and re.search(r"prinsjesdag|budget day", low[hang.start : hang.end])
    bearing = on_the_day or roles.ahead(roles.BEARING, low, frame.start())
    if prep in ("op", "over", "met", "of", "via") and not bearing:
        return []
    end = event.end or event.date
    return [] if end < made_on else [_hung(hang, frame.start(), made_on, end)]
