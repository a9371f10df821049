"""What does one file hold: every fact of a letter, tied to the characters of its original text?"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from schakel.dossiers import amounts
from schakel.dossiers.anomalies import anomalies
from schakel.dossiers.archive.identity import Identity, identify
from schakel.dossiers.archive.mentions import answered_here, named
from schakel.dossiers.archive.model import Letter, LetterCard
from schakel.dossiers.citations import cite
from schakel.dossiers.citations.cited import Cited, citation
from schakel.dossiers.commitments import Commitment, sentences
from schakel.dossiers.commitments import find as find_commitments
from schakel.dossiers.deadlines import Calendar, Deadline
from schakel.dossiers.deadlines import find as find_deadlines
from schakel.dossiers.reading import Document, Footnote, read
from schakel.dossiers.text import Mention, Text

UNDATED = date(1800, 1, 1)
"""Stands in for the date of a letter that has none; what would count from it stays unresolved."""


def analyse(
    path: Path,
    *,
    written: date | None = None,
    dossier: str | None = None,
    ident: str | None = None,
    calendar: Calendar | None = None,
    step: Callable[[float], None] | None = None,
) -> Letter:
    """Read a letter into facts; pure, nothing is kept.

    Parameters
    ----------
    path
        docx, PDF, official XML, HTML or text.
    written
        Date of the letter; what the file says when left out. A letter without any keeps its relative deadlines unresolved.
    dossier, ident
        Its dossier and identifier; what the file says when left out.
    calendar
        Events that deadlines hang on; the built-in table when left out.
    step
        Told how much of the work was done since it was last told; all of it together is 1.

    Raises
    ------
    InputError, NotFoundError, MachineError
        As `schakel.dossiers.reading.read`.
    """
    tell = step or _silent
    doc = _sound(read(path))
    tell(0.2)
    letter = facts(doc, identify(doc, written=written, dossier=dossier, ident=ident), calendar, tell)
    tell(0.1)
    return letter


_SURROGATE = re.compile("[\ud800-\udfff]")


def _sound(doc: Document) -> Document:
    """Return a document without halves of surrogate pairs, which no encoding can store; positions keep."""

    def whole(text: str) -> str:
        return _SURROGATE.sub("\ufffd", text)

    text = replace(doc.text, original=whole(doc.text.original), cleaned=whole(doc.text.cleaned))
    return replace(doc, name=whole(doc.name), text=text, meta={k: whole(v) for k, v in doc.meta.items()})


def _silent(share: float) -> None:
    """Tell nobody."""


def facts(
    doc: Document, who: Identity, calendar: Calendar | None = None, step: Callable[[float], None] = _silent
) -> Letter:
    """Return everything read from a document."""
    text = doc.text
    cited = cite(text, own_dossier=who.dossier, date=who.date)
    step(0.15)
    money = amounts.find(text.cleaned)
    made_on = anchor(who)
    if who.kind == "motion":  # what it recalls of letters is no promise of its own
        promised = _motion(text, made_on, calendar, who)
        found = [promised] if promised else []
    else:
        found = _numbered(text, _commitments(text, who, made_on, calendar), doc.footnotes)
    step(0.35)
    doubts = [
        *doc.findings,
        *cited.findings,
        *anomalies(text, footnotes=doc.footnotes, citations=cited.citations, date=who.date),
        *(_moved(text, f) for f in amounts.check(text.cleaned, money)),
    ]
    step(0.2)
    mentions = named(text, cited.citations, doc.footnotes, who.title, made_on, calendar, (who.id, *who.aliases))
    parts: dict[str, tuple[dict[str, Any], ...]] = {
        "citations": tuple(citation(m) for m in cited.citations),
        "findings": tuple(f.as_dict() for f in sorted(doubts, key=lambda f: (f.start, f.end))),
        "commitments": tuple(_with_motions(found, mentions)),
        "deadlines": _deadlines(text, who, made_on, calendar),
        "amounts": tuple(_flat(a.mention(text)) for a in money),
        "percentages": _percentages(text),
        "footnotes": tuple(_notes(doc)),
        "tables": tuple(
            {"start": t.place.start, "end": t.place.end, "rows": [list(r) for r in t.rows]} for t in doc.tables
        ),
        "mentions": (*mentions, *_replaced(cited, who)),
    }
    return Letter(_card(doc, who, parts), text.original, **parts, pages=doc.pages, meta=dict(doc.meta))


def anchor(who: Identity) -> date:
    """Return the day that relative dates count from: of a letter of which only the month is known, the first of it."""
    return (who.date_from if who.date_basis == "month" else who.date) or UNDATED


def _card(doc: Document, who: Identity, parts: dict[str, tuple[dict[str, Any], ...]]) -> LetterCard:
    return LetterCard(
        who.id,
        who.title,
        who.date,
        who.kind,
        who.dossier,
        doc.sha256,
        0,
        "",
        doc.format,
        who.sender,
        {name: len(rows) for name, rows in parts.items() if name != "mentions"},
        who.ministry,
        who.date_basis,
        who.date_from,
        who.aliases,
        doc.name,
    )


def _flat(mention: Mention) -> dict[str, Any]:
    return {"start": mention.start, "end": mention.end, "quote": mention.quote, **mention.value}


def _moved(text: Text, finding: Any) -> Any:
    """A finding on positions of the cleaned text, on those of the original."""
    span = text.span(finding.start, finding.end)
    return replace(finding, start=span.start, end=span.end, quote=text.original[span.start : span.end])


def _commitments(text: Text, who: Identity, made_on: date, calendar: Calendar | None) -> list[dict[str, Any]]:
    spans = list(sentences(text.cleaned))
    starts = [s for s, _ in spans]
    rows = []
    for one in find_commitments(text.cleaned, made_on, calendar):
        begin, end = spans[bisect_right(starts, one.start) - 1]
        counted = one.made_on or made_on
        context = text.cleaned[begin : max(end, one.end)]
        deadline = settle(one.deadline, context, counted, who.dossier, calendar, None)
        deadline = _unknown(deadline) if who.date is None and one.made_on is None else deadline
        row = _row(text, one, deadline, begin, context, counted if who.date or one.made_on else None)
        if one.kind == "verzoek_kamer" or one.kind.startswith("toezegging"):
            here = answered_here(text, begin, max(end, one.end))
            row["answered"] = {"relation": here[0], "sentence": here[1]} if here else None
        rows.append(row)
    return rows


_TZ = re.compile(r"TZ ?(\d{6}-\d{1,4})")


_THIS = re.compile(r"\b(?:[Dd]eze|[Dd]ie|[Tt]his|[Tt]hat) (?:toezegging|commitment)\W{0,2}$")


def _numbered(text: Text, rows: list[dict[str, Any]], footnotes: Sequence[Footnote]) -> list[dict[str, Any]]:
    """Give a promise the number in the register of the House that the one note to it holds: to its sentence, or to "deze toezegging"."""
    marked = [(n.marker.start, _TZ.findall(n.text)) for n in footnotes if n.marker]
    for row in rows:
        if row["tz_number"] or not row["kind"].startswith("toezegging"):
            continue
        end = max(row["end"], row["context_start"] + len(row["context"])) + 6
        numbers = {
            tz
            for at, found in marked
            if row["start"] <= at <= end or (end < at < end + 300 and _THIS.search(text.original[at - 30 : at]))
            for tz in found
        }
        if len(numbers) == 1:
            row["tz_number"], row["kind"] = f"TZ{numbers.pop()}", "toezegging_geregistreerd"
    return rows


def _row(
    text: Text, one: Commitment, deadline: Deadline | None, begin: int, context: str, counted: date | None
) -> dict[str, Any]:
    value = replace(one, deadline=deadline).value()
    row = {**_flat(text.mention(one.start, one.end, "commitment", value)), "id": "", "motion": None}
    row["context"] = context
    row["context_start"] = text.at(begin)
    row["counted_from"] = counted.isoformat() if counted else None
    if deadline is not None:
        at = context.find(deadline.quote)
        span = text.span(begin + at, begin + at + len(deadline.quote)) if at >= 0 and deadline.quote else None
        row["deadline_start"], row["deadline_end"] = (span.start, span.end) if span else (None, None)
    return row


def settle(
    deadline: Deadline | None,
    context: str,
    counted: date,
    dossier: str | None,
    calendar: Calendar | None,
    as_of: date | None,
) -> Deadline | None:
    """Return a deadline that hangs on an event, on a calendar and as known on a day; others are as they were."""
    if deadline is None or deadline.kind != "event":
        return deadline
    for other in find_deadlines(context, counted, calendar, dossier, as_of):
        if other.kind == "event" and other.quote == deadline.quote:
            return other
    return deadline


def _percentages(text: Text) -> tuple[dict[str, Any], ...]:
    """Shares and targets; a target with its sentence, which says what it is about."""
    spans = list(sentences(text.cleaned))
    starts = [s for s, _ in spans]
    rows = []
    for one in amounts.find_percentages(text.cleaned):
        row = _flat(one.mention(text))
        if one.kind == "target":
            row["context"] = text.cleaned[slice(*spans[bisect_right(starts, one.start) - 1])]
        rows.append(row)
    return tuple(rows)


def _unknown(deadline: Deadline | None) -> Deadline | None:
    """What counts from a date that is not known has no days; a year in the text needs no such date."""
    if deadline is None or (deadline.kind == "calendar" and re.search(r"(?:19|20)\d\d", deadline.quote)):
        return deadline
    return replace(deadline, lo=None, hi=None, latest=None, status="unresolved", note="date of the letter unknown")


def _deadlines(text: Text, who: Identity, made_on: date, calendar: Calendar | None) -> tuple[dict[str, Any], ...]:
    found = find_deadlines(text.cleaned, made_on, calendar, who.dossier)
    known = found if who.date else [d for d in map(_unknown, found) if d]
    return tuple(_flat(d.mention(text)) for d in known)


_DICTUM = re.compile(
    r"\bverzoekt (?:de regering|het kabinet|het presidium|de minister)\b|\bspreekt uit\b|\brequests the government\b",
    re.I,
)
_CALLS = re.compile(
    r"(?:^|[,;:•]\s)\s{0,8}(?P<verb>(?:verzoekt|roept|draagt|nodigt|dringt|requests|calls|urges)\b)"
    r"|^[ \t•–-]{0,8}(?P<other>(?:besluit|verklaart|keurt)\b)",
    re.M | re.I,
)
"""How else a line of a motion begins that asks something: of another minister, of the chair, of the House itself."""
_DAY_ORDER = re.compile(r"\b(?:en )?gaat over tot de orde van de dag|\band proceeds to the order of the day", re.I)


def _motion(text: Text, made_on: date, calendar: Calendar | None, who: Identity) -> dict[str, Any] | None:
    """The request of a motion, with its earliest binding deadline that has a day, or else the first that binds."""
    start = _DICTUM.search(text.cleaned) or _CALLS.search(text.cleaned)
    if start is None:
        return None
    stop = _DAY_ORDER.search(text.cleaned, start.end())
    end = stop.start() if stop else min(len(text.cleaned), start.start() + 2_000)
    while end > start.end() and text.cleaned[end - 1] in " \n\t,;":
        end -= 1
    begin = max([start.start(), *(start.start(name) for name in start.groupdict())])
    dictum = text.cleaned[begin:end]
    binding = [d for d in find_deadlines(dictum, made_on, calendar, who.dossier) if d.binding]
    deadline = min(binding, key=lambda d: (d.hi is None, d.hi or made_on, d.start), default=None)
    if who.date is None:
        deadline = _unknown(deadline)
    one = Commitment(begin, end, dictum, "verzoek_kamer", "kabinet", None, " ".join(dictum.split())[:600], deadline)
    row = _row(text, one, deadline, begin, dictum, made_on if who.date else None)
    return {**row, "motion": who.id}


def _with_motions(rows: list[dict[str, Any]], mentions: tuple[dict[str, Any], ...]) -> list[dict[str, Any]]:
    """Tie a request of the House to the motion whose number stands in its sentence."""
    for row in rows:
        if row["kind"] != "verzoek_kamer" or row["motion"]:
            continue
        since, until = row["context_start"], row["context_start"] + len(row["context"]) + 40
        inside = [m for m in mentions if m["what"] == "motion" and since <= m["start"] < until]
        if inside:
            row["motion"] = inside[0]["id"]
    return rows


def _replaced(cited: Cited, who: Identity) -> list[dict[str, Any]]:
    """A motion that comes in place of another lets that one lapse."""
    if who.kind != "motion":
        return []
    return [
        {
            "id": m.value["id"],
            "what": "motion",
            "start": m.start,
            "end": m.end,
            "quote": m.quote,
            "relation": "lapsed",
            "explicit": True,
            "about": m.quote,
            "sentence": m.quote,
            "new_deadline": None,
        }
        for m in cited.citations
        if m.value.get("relation") == "replaces" and m.value.get("id") and m.value["id"] != who.id
    ]


def _notes(doc: Document) -> list[dict[str, Any]]:
    return [
        {
            "label": n.label,
            "marker": [n.marker.start, n.marker.end] if n.marker else None,
            "definition": [n.definition.start, n.definition.end] if n.definition else None,
            "text": n.text,
        }
        for n in doc.footnotes
    ]
