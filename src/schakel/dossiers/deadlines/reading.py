"""Which deadlines does a text set, and when do they fall?

Points of time, durations, events, soft words and conditions are found by grammar; `roles` keeps those that ask for
something by then. Every date follows from the text, the day on which it was written and the event calendar.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import date, timedelta

from schakel.dossiers.deadlines import roles
from schakel.dossiers.deadlines.calendar import Calendar, builtin
from schakel.dossiers.deadlines.events import Hang, hangs
from schakel.dossiers.deadlines.hung import by_event
from schakel.dossiers.deadlines.model import Deadline
from schakel.dossiers.deadlines.points import NUMBERS, Point, compiled, plain, plus, points

ADOPTION = timedelta(weeks=4)
"""A duration may also be counted from adoption; four weeks after the text is taken as the upper bound."""

_NUMBER = "|".join(sorted((w for w in NUMBERS if w not in ("nul", "zero")), key=len, reverse=True))
_UNIT = (
    r"(?P<unit>(?:werk|kalender)?dag(?:en)?|we(?:e?)k(?:en)?|maand(?:en)?|jaar|jaren|kwartaal"
    r"|kwartalen|uur|hours?|days?|weeks?|months?|years?|quarters?)"
)
_DURATION = compiled(
    rf"\b(?P<frame>binnen|within|uiterlijk|(?:uiterlijk |\(uiterlijk\) )?over|niet later dan|no later than)"
    rf"(?: (?:maximaal|uiterlijk|nu en|een termijn van|een periode van|de komende|the next|at most))*"
    rf" (?:(?P<half>(?:een |anderhalf |half |een half )(?:half )?)|(?:(?:{_NUMBER}|\d{{1,3}}) (?:tot"
    rf"|a|of|to) )?(?P<n>{_NUMBER}|\d{{1,3}}) )(?:kalender|werk)?{_UNIT}\b"
    rf"(?P<tail> (?:na|nadat|after|following|of)\b(?: (?!de kamer|afspraken|te |een |met de)[\w'/-]+){{1,7}}?"
    rf"(?=$|[,;.]| (?:te|de kamer|de regering|een|afspraken|aan|met|the house)\b))?"
)
_LATER = compiled(
    rf"\bna (?:uiterlijk |maximaal )?(?:(?P<half>(?:een |anderhalf |half |een half )(?:half )?)|(?P<n>{_NUMBER}|\d{{1,3}}) ){_UNIT}\b"
    r"(?=[^,.;]{0,50}\bte (?:evalueren|rapporteren|informeren)\b)"
)
_ADOPTED = compiled(
    rf"\b(?:(?P<half>(?:een |anderhalf |half |een half )(?:half )?)|(?P<n>{_NUMBER}|\d{{1,3}}) ){_UNIT} na "
    r"(?:(?:aanneming|aanname|aanvaarding|indiening|dagtekening) van deze motie|heden|vandaag)\b"
)
_SOFT = compiled(
    r"\b(?:zo (?:snel|spoedig|vlug|vroeg) (?:als )?mogelijk|(?:op|binnen) (?:zeer |de |zo )?"
    r"(?:korte?|afzienbare) (?:termijn|tijd)|per (?:direct|ommegaande)|met (?:de grootste )?spoed"
    r"|met onmiddellijke ingang|onverwijld|ten spoedigste|onmiddellijk|terstond|spoedig|binnenkort|te zijner tijd"
    r"|op zo kort mogelijke termijn|zo kort mogelijk|as soon as possible|shortly|without delay"
    r"|in due course|immediately|at short notice|in the (?:short|near) (?:term|future))\b"
)
_RECURRING = compiled(
    r"\b(?:(?:twee|drie|half)?jaarlijkse?|(?:twee|drie)?maandelijkse?|wekelijkse?|periodieke?"
    r"|(?:elk|ieder|elke|iedere) (?:half ?jaar|kwartaal|jaar|maand|week|zes maanden)|per (?:kwartaal|half ?jaar)"
    r"|(?:eens|tweemaal|driemaal|viermaal|(?:een|twee|drie|vier|\d) ?(?:keer|maal)) per (?:half ?)?(?:jaar|kwartaal|maand)"
    r"|(?:een |1 )?(?:half )?jaar later te herhalen|op regelmatige basis|regelmatig|annually"
    r"|every (?:year|quarter|month|six months)|periodically|quarterly|monthly)\b(?: te herhalen)?"
)
_CONDITION = compiled(
    r"\b(?:(?:alvorens|voordat) [^,;.]{3,70}?(?= de kamer )|zodra [^,;.]{3,70}?(?=[,;.]|$| en | de kamer | te )|as soon as (?!possible)[^,;.]{3,70}?"
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
        read = by_event(low, hang, made_on)
        taken += [hang] if read or (hang.event and not hang.season) else []
        found += read
    for match in _DURATION.finditer(low):
        found += _duration(low, match, made_on)
    for match in (*_LATER.finditer(low), *_ADOPTED.finditer(low)):
        if not roles.others(low, match.start()):
            found.append(_counted(match, made_on))
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
    rank = {"event": 0, "conditional": 1, "duration": 2, "recurring": 3, "calendar": 4, "soft": 5}
    kept: list[Deadline] = []
    starts: list[int] = []
    for one in sorted(found, key=lambda d: (rank.get(d.kind, 6), d.start - d.end)):
        at = bisect_left(starts, one.start)
        free = (at == 0 or kept[at - 1].end <= one.start) and (at == len(kept) or one.end <= kept[at].start)
        if free:
            kept.insert(at, one)
            starts.insert(at, one.start)
    return kept


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
    if tail and roles.POSSESSIVE.match(tail) and roles.others(low, match.start()):
        return []
    if tail and not own and tail.split()[0] != "of":
        return [Deadline(match.start(), match.end(), "", "conditional", status="unresolved")]
    end = match.end() if own or not tail else match.start("tail")
    unit, amount = _length(match)
    if unit == "hour":  # hours are for platforms and doctors, unless the House is to be told
        if not roles.reported(low, match.start(), end):
            return []
        unit, amount = "day", -(-amount // 24)
    return [_until(match.start(), end, made_on, plus(made_on, amount, unit))]


def _counted(match: re.Match[str], made_on: date) -> Deadline:
    unit, amount = _length(match)
    days = ("day", -(-amount // 24)) if unit == "hour" else (unit, amount)
    return _until(match.start(), match.end(), made_on, plus(made_on, days[1], days[0]))


def _until(start: int, end: int, made_on: date, hi: date) -> Deadline:
    note = "counted from the date of the text; from adoption at most four weeks later"
    return Deadline(start, end, "", "duration", made_on, hi, None, "provisional", hi + ADOPTION, note)


def _length(match: re.Match[str]) -> tuple[str, int]:
    word = match["unit"]
    unit = {
        "w": "week",
        "m": "month",
        "d": "day",
        "k": "month",
        "j": "year",
        "y": "year",
        "q": "month",
        "u": "hour",
        "h": "hour",
    }[word[0]]
    if word.startswith(("werk", "kalender")):
        unit = "day"
    half = match["half"]
    if half:
        months = {"anderhalf": 18, "half": 6, "een half": 6, "een half half": 6}.get(" ".join(half.split()), 12)
        if unit == "year":
            return "month", months
        return unit, 2 if half.startswith("anderhalf") else 1
    number = int(match["n"]) if match["n"].isdigit() else NUMBERS[" ".join(match["n"].split())]
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
    if (
        by
        and not roles.told_of_others(low, by.start())
        and (by.group(0).startswith("uiterlijk") or not roles.ATTRIBUTE.match(low, point.end))
    ):
        return [Deadline(by.start(), point.end, "", "calendar", min(made_on, point.lo), point.hi)]
    return _in(low, point, year_only)


def _year_binds(low: str, before: re.Match[str], point: Point) -> bool:
    if "nieuwe jaar" in low[point.start : point.end] or "new year" in low[point.start : point.end]:
        return True
    if before["lead"].strip() or not before.group(0).split()[0].startswith("voor"):
        return True
    if roles.LEAD_IN.search(low, max(0, before.start() - 20), before.start()) and roles.asks(low, point.end):
        return True
    return roles.reported(low, before.start(), point.end) and not roles.ahead(roles.YEAR_NOUN, low, point.start)


def _in(low: str, point: Point, year_only: bool) -> list[Deadline]:
    if roles.ahead(roles.CARRIER, low, point.start) and roles.APPEARS.search(low[point.end : point.end + 60]):
        return [Deadline(point.start, point.end, "", "calendar", point.lo, point.hi)]
    frame = roles.ahead(roles.IN, low, point.start)
    start = frame.start() if frame else point.start
    if frame is None and (roles.ahead(roles.CONTENT_FRAME, low, point.start) or roles.relative(low, point.start)):
        return []
    if frame is None and not low[point.start : point.end].startswith(_BARE):
        return []
    if (
        point.grain == "season"
        and low.startswith(("de ", "the "), point.start)
        and not point.explicit
        and not (roles.reported(low, start, point.end))
    ):
        return []
    if roles.relative(low, start) or roles.ATTRIBUTE.match(low, point.end):
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
