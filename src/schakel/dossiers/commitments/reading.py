"""Which commitments does a letter hold?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from schakel.dossiers.commitments import cues
from schakel.dossiers.commitments.model import Commitment
from schakel.dossiers.deadlines import Calendar, Deadline, Point, builtin, points
from schakel.dossiers.deadlines import find as find_deadlines
from schakel.dossiers.deadlines.points import NUMBERS, compiled, plain, plus

_SENTENCE = re.compile(
    r"(?<=[.?!:])(?<!\bjl\.)(?<!\bca\.)(?<!\bnr\.)(?<!\bo\.a\.)(?<!\bc\.s\.)(?<!\bi\.o\.)(?<!\bt\.a\.v\.)"
    r"(?<!\bm\.b\.t\.)(?<!\bzgn\.)(?<!\bd\.d\.)(?<!\bdd\.)(?<!\bm\.n\.)(?<!\bart\.)(?<!\bvgl\.)(?<!\bblz\.)\d{0,2}\s+(?=[\"'“‘(\[*–•-]*[A-ZÀ-Ý0-9])|\n\s*\n|↩︎|;\s|(?<=\])\s+"
    r"(?=[A-Z])"
)
_AHEAD = compiled(
    rf"\b(?:de )?komende (?P<n>{'|'.join(NUMBERS)}|\d{{1,2}})(?: tot (?P<m>{'|'.join(NUMBERS)}|\d{{1,2}}))? jaar\b"
)
_IN_YEAR = re.compile(r"(?:in|vanaf|per) (20\d\d)\b")
_FOOTNOTE = re.compile(r"(?:^|\n)\s*(?P<n>\d{1,3})\s+[^\n]{0,80}?(?P<tz>TZ\s?\d{6}-\d{1,4})")
_MARK = re.compile(r"[a-z)](\d{1,2})(?=[.,\s])")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a text; a paragraph, a footnote and a member of a list end one too."""
    start = 0
    for match in _SENTENCE.finditer(text):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def find(text: str, made_on: date, calendar: Calendar | None = None, as_of: date | None = None) -> list[Commitment]:
    """Return the commitments of a letter in order.

    Parameters
    ----------
    text
        Letter, cleaned or as read.
    made_on
        Date of the letter; relative deadlines count from it.
    calendar, as_of
        As for `deadlines.find`.
    """
    calendar = calendar or builtin()
    notes = {m["n"]: re.sub(r"\s", "", m["tz"]) for m in _FOOTNOTE.finditer(text)}
    low = plain(text)
    found: list[Commitment] = []
    for start, end in sentences(text):
        for kind, s, e in _clauses(low, start, end, made_on.year):
            if (
                kind == "verwachting"
                and low[s:e].startswith("verwacht")
                and not any(True for _ in points(low[start:end], made_on))
            ):
                continue
            tz = _number(text, low, start, s, e, notes) if kind.startswith("toezegging") else None
            kind = _register(kind, tz, low[start:end])
            given = _given(text, start, e, made_on) if kind.startswith("toezegging_g") else None
            if kind == "verzoek_kamer":
                given = _asked(text, low, start, e, made_on)
                deadline = _recalled(text, given[0] if given else start, end, s, e, given, made_on, calendar, as_of)
            elif given is not None:
                deadline = _deadline(text, max(s, given[0]), e, s, e, given[1], calendar, as_of)
            else:
                deadline = _deadline(text, start, end, s, e, made_on, calendar, as_of)
            if (
                deadline is None
                and found
                and re.search(r"\bhier(?:bij|over|in)?\b", low[s:e])
                and kind == "belofte_kamer"
            ):
                before = found[-1]
                if before.kind == "belofte_kamer" and start - before.end < 400:
                    deadline = before.deadline
            found.append(_commitment(text, low, kind, s, e, start, end, deadline, tz, given[1] if given else None))
    return found


def _clauses(low: str, start: int, end: int, year: int) -> list[tuple[str, int, int]]:
    """The kinds of a sentence with their spans; later cues do not take words of earlier ones; what names a year gone by intends nothing."""
    taken: list[tuple[str, int, int]] = []

    def add(kind: str, pattern: re.Pattern[str]) -> None:
        for match in pattern.finditer(low, start, end):
            if all(match.end() <= s or e <= match.start() for _, s, e in taken):
                taken.append((kind, match.start(), match.end()))

    sentence = low[start:end]
    registered = list(cues.TZ.finditer(low, start, end))
    if registered and len(sentence.split()) < 6:
        return []  # a note that only gives the number
    if registered and cues.REGISTERED.search(sentence):
        last = start
        for number in registered:
            taken.append(("toezegging_geregistreerd", last, number.end()))
            last = number.end()
        return taken
    if not cues.GRANT.search(sentence) or re.search(cues.CHAMBER.replace(" ", r"\s+"), sentence):
        add("toezegging", cues.PROMISED)
        if taken:
            return [("toezegging", s, min(end, e + 90)) for _, s, e in taken[:1]]
    add("uitgesteld", cues.DEFERRED)
    add("verzoek_kamer", cues.REQUEST)
    if not re.search(r"\b(?:zal|zullen|wordt|worden)\b", sentence) or cues.DONE.search(sentence):
        add("reeds_geinformeerd", cues.DONE)
    if not cues.NOW.search(sentence):
        add("belofte_kamer", cues.PROMISE)
    add("doel", cues.GOAL)
    if not taken and not cues.FORECAST.search(sentence):
        add("verwachting", cues.EXPECT)
    if not any(k in ("belofte_kamer", "verwachting") for k, _, _ in taken):
        for match in cues.INTEND.finditer(low, start, end):
            inside = any(match.start() < e and s < match.end() for _, s, e in taken)
            named = _IN_YEAR.match(low, match.start())
            if (
                not inside
                and not (named and int(named[1]) < year)
                and not cues.NOT_INTEND.search(low, max(start, match.start() - 12), match.end())
            ):
                taken.append(("voornemen", match.start(), match.end()))
    return sorted(_first_of_each(taken), key=lambda t: t[1])


def _first_of_each(taken: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    seen: dict[str, tuple[str, int, int]] = {}
    for one in taken:
        seen.setdefault(one[0], one)
    return list(seen.values())


def _given(text: str, start: int, e: int, made_on: date) -> tuple[int, date] | None:
    """The day of the debate in which a promise was given, and where its words end: the first past day of the sentence."""
    for point in points(text[start:e], made_on):
        if point.grain == "day":
            day = point.lo if point.lo <= made_on else plus(point.lo, -1, "year")
            return start + point.end, day
    return None


_ON_DAY = re.compile(r"\b(?:op|van|d\.?d\.?|on|of) $")
_YEAR = re.compile(r"(?:19|20)\d\d")
_HALF = 183


def _asked(text: str, low: str, start: int, e: int, made_on: date) -> tuple[int, date] | None:
    """The day on which the House asked, which is past, and where its words end: "heeft op 3 oktober gevraagd"."""
    for point in points(text[start:e], made_on):
        if point.grain == "day" and _ON_DAY.search(low, max(0, start + point.start - 6), start + point.start):
            return start + point.end, point.lo if point.lo <= made_on else plus(point.lo, -1, "year")
    return None


def _recalled(
    text: str,
    start: int,
    end: int,
    s: int,
    e: int,
    asked: tuple[int, date] | None,
    made_on: date,
    calendar: Calendar,
    as_of: date | None,
) -> Deadline | None:
    """The deadline of a request that a letter recalls: a day without a year is that of the year nearest to the letter."""
    if asked is not None:
        return _deadline(text, start, end, s, e, asked[1], calendar, as_of)
    found = _deadline(text, start, end, s, e, made_on, calendar, as_of)
    if found is None or found.hi is None or found.kind != "calendar" or _YEAR.search(found.quote):
        return found
    if (found.hi - made_on).days <= _HALF:
        return found
    earlier = _deadline(text, start, end, s, e, made_on - timedelta(days=_HALF), calendar, as_of)
    return earlier if earlier is not None and earlier.quote == found.quote else found


def _number(text: str, low: str, start: int, s: int, e: int, notes: dict[str, str]) -> str | None:
    match = cues.TZ.search(low, s, e) or cues.TZ.search(low, start, e + 60)
    if match:
        return f"TZ{match['m']}-{match['n']}"
    mark = next((m[1] for m in _MARK.finditer(text, s, min(len(text), e + 220)) if m[1] in notes), None)
    return notes[mark] if mark else None


def _register(kind: str, tz: str | None, sentence: str) -> str:
    if kind != "toezegging":
        return kind
    oral = re.search(r"debat|overleg|mondeling|vergadering|vragenuur|beschouwingen|debate", sentence)
    return "toezegging_geregistreerd" if tz or oral else "toezegging_ongeregistreerd"


def _deadline(
    text: str, start: int, end: int, s: int, e: int, made_on: date, calendar: Calendar, as_of: date | None
) -> Deadline | None:
    """The deadline of a clause: what binds first, or else the last future time the sentence names."""
    sentence = text[start:end]
    binding = [
        d
        for d in find_deadlines(sentence, made_on, calendar, as_of=as_of)
        if d.kind in ("calendar", "event", "duration")
    ]
    if binding:
        return min(binding, key=lambda d: (d.hi is None, abs(d.start + start - s)))
    ahead = _AHEAD.search(plain(sentence))
    if ahead:
        low, high = (
            int(n) if n and n.isdigit() else NUMBERS.get(n or "", 0) for n in (ahead["n"], ahead["m"] or ahead["n"])
        )
        lo = plus(made_on, low, "year") if ahead["m"] else made_on
        hi = date(made_on.year + high, 12, 31)
        return Deadline(
            ahead.start(), ahead.end(), sentence[ahead.start() : ahead.end()], "duration", lo, hi, None, "provisional"
        )
    future = [p for p in points(sentence, made_on) if p.hi >= made_on]
    if not future:
        return None
    near = _together([p for p in future if s - 60 <= start + p.start <= e + 60] or future, s - start)
    lo, hi = min(p.lo for p in near), max(p.hi for p in near)
    quote = sentence[near[0].start : near[-1].end]
    return Deadline(near[0].start, near[-1].end, quote, "calendar", lo, hi)


def _together(near: list[Point], at: int) -> list[Point]:
    """The points beside the one nearest to the cue, so that "in december en januari" is one period."""
    first = min(range(len(near)), key=lambda i: abs(near[i].start - at))
    low = high = first
    while low > 0 and near[low].start - near[low - 1].end < 8:
        low -= 1
    while high + 1 < len(near) and near[high + 1].start - near[high].end < 8:
        high += 1
    return near[low : high + 1]


def _commitment(
    text: str,
    low: str,
    kind: str,
    s: int,
    e: int,
    start: int,
    end: int,
    deadline: Deadline | None,
    tz: str | None,
    given: date | None,
) -> Commitment:
    while s > start and text[s - 1] not in " \n":
        s -= 1
    while e < end and text[e] not in " \n.,;":
        e += 1
    quote = text[s:e].rstrip()
    sentence = low[start:end]
    chamber = (
        re.search(cues.CHAMBER.replace(" ", r"\s+") + r"|\bu\b", sentence)
        if kind not in ("voornemen", "verwachting", "doel")
        else None
    )
    named = [
        (min(abs(m.start() - s), abs(m.end() - s)), name or " ".join(m.group(0).split()))
        for pattern, name in cues.ACTORS
        for m in pattern.finditer(low, max(start, s - 80), e)
    ]
    elsewhere = (
        name or " ".join(m.group(0).split()) for pattern, name in cues.ACTORS if (m := pattern.search(sentence))
    )
    actor = min(named)[1] if named else next(elsewhere, None)
    action = " ".join(text[s:end].split())[:240]
    return Commitment(
        s,
        s + len(quote),
        quote,
        kind,
        actor,
        "Tweede Kamer" if chamber else None,
        action,
        deadline,
        tz,
        bool(cues.CONDITIONAL.search(sentence)),
        given,
    )
