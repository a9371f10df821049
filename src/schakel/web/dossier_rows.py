"""How are letters, commitments, answers, conflicts and events written as flat rows?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from schakel.dossiers.archive.model import Conflict, Due, Letter, LetterCard, Proposal
from schakel.web.formats import Table

_SURROGATE = re.compile("[\ud800-\udfff]")


def storable(text: str) -> str:
    """Return a text that any encoding of Unicode can hold: a half of a pair becomes the replacement sign."""
    return _SURROGATE.sub("�", text)


def due_table(rows: Sequence[Due]) -> Table:
    """Return commitments flat, one row each."""
    names = [
        *("id", "source", "kind", "action", "state", "reference_date", "deadline", "deadline_text", "event", "days"),
        *(
            "answered_on",
            "answered_by",
            "provisional",
            "conditional",
            "actor",
            "recipient",
            "ministry",
            "dossier",
            "letter",
        ),
        *("letter_title", "start", "end", "quote", "tz_number", "made_on", "official", "answers"),
    ]
    kinds = {
        "days": "int",
        "start": "int",
        "end": "int",
        "answers": "int",
        "provisional": "bool",
        "conditional": "bool",
    }
    out = []
    for d in rows:
        s, deadline = d.status, d.deadline or {}
        out.append(
            (d.id, d.source, d.kind, d.action, s.state, s.reference.isoformat(), _day(s.deadline), deadline.get("text"),
             deadline.get("event"), s.days, _day(s.answered_on), s.document or None, s.provisional, d.conditional, d.actor,
             d.recipient, d.ministry, d.dossier, d.letter, d.letter_title, d.start, d.end, d.quote, d.tz_number,
             _day(d.made_on), d.official, len(d.answers))
        )  # fmt: skip
    return table(names, kinds, out)


def card_table(rows: Sequence[LetterCard]) -> Table:
    """Return letters flat."""
    names = ["id", "title", "date", "kind", "dossier", "sender", "format", "versions", "imported_at", "sha256"]
    out = [(c.id, c.title, _day(c.date), c.kind, c.dossier, c.sender, c.format, c.versions, c.imported_at, c.sha256) for c in rows]  # fmt: skip
    return table(names, {"versions": "int"}, out)


def answer_table(rows: Sequence[Proposal]) -> Table:
    """Return answers flat."""
    names = ["commitment", "document", "relation", "on", "score", "margin", "state", "by", "reason", "new_deadline"]
    out = [(p.commitment, p.document, p.relation, _day(p.on), p.score, p.margin, p.state, p.by, p.reason, _day(p.new_deadline)) for p in rows]  # fmt: skip
    return table(names, {"score": "float", "margin": "float"}, out)


def conflict_table(rows: Sequence[Conflict]) -> Table:
    """Return conflicts flat, both sides in one row."""
    names = ["id", "subject", "attribute"]
    sides = ["letter", "date", "start", "end", "quote", "value"]
    out = []
    for c in rows:
        cells: list[Any] = [c.id, c.subject, c.attribute]
        for side in (c.first, c.second):
            cells += [side.get(key) if key in ("start", "end") else _word(side.get(key)) for key in sides]
        out.append((*cells, c.sentence.get("en"), c.sentence.get("nl")))
    names += [f"{which}_{key}" for which in ("first", "second") for key in sides] + ["sentence_en", "sentence_nl"]
    return table(names, {f"{w}_{k}": "int" for w in ("first", "second") for k in ("start", "end")}, out)


def mention_table(letter: Letter) -> Table:
    """Return everything that was read in a letter, one row a place."""
    parts = ("citations", "findings", "commitments", "deadlines", "amounts", "percentages")
    out = []
    for part in parts:
        for v in getattr(letter, part):
            value = v.get("id") or v.get("value") or v.get("value_pct") or v.get("hi") or v.get("best_reading")
            out.append((part, v["start"], v["end"], v["quote"], v.get("kind"), _word(value)))
    out.sort(key=lambda row: (row[1], row[2]))
    return table(["part", "start", "end", "quote", "kind", "value"], {"start": "int", "end": "int"}, out)


def event_rows(calendar: Any, on: date) -> list[dict[str, Any]]:
    """Return every statement about every event, and which one holds as known on a day."""
    out = []
    for key in calendar.identities():
        now = calendar.current(key, on)
        for e in calendar.history(key):
            row = {"key": key, "kind": e.kind, "qualifier": e.qualifier, "year": e.year, "date": _day(e.date), "end": _day(e.end),
                   "status": e.status, "known_on": _day(e.known_on), "source": e.source, "current": e is now}  # fmt: skip
            out.append(row)
    return sorted(out, key=lambda r: (r["date"], r["key"]))


def event_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Return statements about events flat."""
    names = ["key", "kind", "qualifier", "year", "date", "end", "status", "known_on", "source", "current"]
    return table(names, {"current": "bool"}, [tuple(row[n] for n in names) for row in rows])


def hit_rows(hits: Sequence[Any]) -> list[dict[str, Any]]:
    """Return what a search found, best first."""
    return [
        {"id": h.id, "kind": h.kind, "title": h.title, "date": _word(h.date), "snippet": h.snippet, "score": h.score}
        for h in hits
    ]


def hit_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Return what a search found, flat."""
    names = ["id", "kind", "title", "date", "snippet", "score"]
    return table(names, {"score": "float"}, [tuple(row[n] for n in names) for row in rows])


def counts(answer: Proposal) -> bool:
    """Whether an answer counts in the state: confirmed by a person, or the letter says itself what it answers."""
    return answer.state == "confirmed" or (answer.state == "proposed" and answer.explicit)


def table(names: Sequence[str], kinds: Mapping[str, str], rows: Sequence[tuple[Any, ...]]) -> Table:
    """Return a table whose columns are text unless said otherwise."""
    columns = tuple((name, kinds.get(name, "text")) for name in names)
    return Table(columns, tuple(tuple(storable(v) if isinstance(v, str) else v for v in row) for row in rows))


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _word(value: Any) -> str | None:
    return None if value is None else str(value)
