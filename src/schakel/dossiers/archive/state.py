"""What does the register say about letters, answers and moved events?

Events of three kinds: ``letter`` (one for each version of a letter), ``answer`` (a person confirms or rejects) and
``calendar`` (an event moved). Texts and facts stand beside them, by the hash of their content.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from schakel.dossiers.archive.model import Letter, LetterCard
from schakel.dossiers.deadlines import Calendar, builtin
from schakel.dossiers.deadlines.calendar import Event as Dated
from schakel.errors import InputError, IntegrityError
from schakel.register import Event, Register
from schakel.register.event import Entry, entry

LETTER, ANSWER, CALENDAR = "letter", "answer", "calendar"
FACTS = (
    "citations",
    "findings",
    "commitments",
    "deadlines",
    "amounts",
    "percentages",
    "footnotes",
    "tables",
    "mentions",
)
CORE = ("commitments", "mentions", "amounts", "percentages")
"""Facts that `due`, `answers` and `conflicts` need of every letter; they are kept apart from the whole so that asking stays quick."""


@dataclass(frozen=True)
class Record:
    """The latest version of a letter, as recorded; ``files`` are the hashes of the files of all its versions."""

    card: LetterCard
    text_sha256: str
    facts_sha256: str
    core_sha256: str
    files: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person said of a proposal."""

    commitment: str
    document: str
    verdict: str
    relation: str
    author: str
    reason: str
    on: date
    new_deadline: date | None
    recorded_at: str


@dataclass(frozen=True, slots=True)
class Move:
    """An event of the parliamentary year that moved, as a person recorded it."""

    key: str
    to: date
    end: date | None
    known_on: date
    source: str
    author: str
    reason: str
    recorded_at: str


@dataclass(frozen=True)
class State:
    """Letters, verdicts and moves as the register has them."""

    head: str
    known_at: datetime | None = None
    letters: Mapping[str, Record] = field(default_factory=dict)
    verdicts: Mapping[tuple[str, str], Verdict] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()

    def find(self, ident: str) -> Record | None:
        """Return a letter by its identifier or one of its other numbers."""
        if ident in self.letters:
            return self.letters[ident]
        return next((r for r in self.letters.values() if ident in r.card.aliases), None)

    def calendar(self, base: Calendar | None = None) -> Calendar:
        """Return events, the built-in ones when left out, with the moves that people recorded."""
        calendar = base or builtin()
        for move in self.moves:
            try:
                calendar = calendar.move(move.key, move.to, move.known_on, move.source, move.end)
            except InputError:  # the official data that had the event are gone; what a person recorded stays
                kind, _, rest = move.key.partition(":")
                qualifier, _, year = rest.rpartition(":")
                event = Dated(kind, qualifier, year, move.to, move.end, "moved", move.known_on, move.source)
                calendar = calendar.add(event)
        return calendar


_STATES: dict[tuple[str, str, datetime | None], State] = {}
_STATES_KEPT = 8


def load(register: Register, known_at: datetime | None = None) -> State:
    """Replay the register, once for each head; ``known_at`` leaves out what was recorded later."""
    key = (register.where, register.head(), known_at)
    if key not in _STATES:
        while len(_STATES) >= _STATES_KEPT:
            _STATES.pop(next(iter(_STATES)), None)
        _STATES[key] = _replay(register, key[1], known_at)
    return _STATES[key]


def _replay(register: Register, head: str, known_at: datetime | None) -> State:
    letters: dict[str, Record] = {}
    verdicts: dict[tuple[str, str], Verdict] = {}
    moves: list[Move] = []
    for kind in (LETTER, ANSWER, CALENDAR):
        for event in register.events(kind, known_at=known_at):
            if kind == LETTER:
                before = letters.get(event.subject)
                letters[event.subject] = _record(event, before)
            elif kind == ANSWER:
                verdict = _verdict(event)
                verdicts[verdict.commitment, verdict.document] = verdict
            else:
                moves.append(_move(event))
    return State(head, known_at, letters, verdicts, tuple(moves))


def payload(letter: Letter, shas: Mapping[str, str]) -> dict[str, Any]:
    """Return what an event of kind ``letter`` holds."""
    card = letter.card.value()
    for later in ("versions", "imported_at"):
        del card[later]
    return {"card": card, **{name: {"text_sha256": sha} for name, sha in shas.items()}}


def moved(key: str, to: date, end: date | None, known_on: date, source: str, author: str, reason: str) -> Entry:
    """Return the event by which a person records that something moved."""
    said = {"to": to.isoformat(), "end": _iso(end), "known_on": known_on.isoformat(), "source": source}
    return entry(CALENDAR, key, said, author=author, reason=reason, valid_from=known_on)


def judged(
    commitment: str,
    card: LetterCard,
    verdict: str,
    relation: str,
    author: str,
    reason: str,
    new_deadline: date | None,
) -> Entry:
    """Return the event by which a person confirms or rejects what a letter did."""
    said = {"document": card.id, "verdict": verdict, "relation": relation, "new_deadline": _iso(new_deadline)}
    return entry(ANSWER, commitment, said, author=author, reason=reason, valid_from=card.date)


def texts(letter: Letter) -> dict[str, str]:
    """Return the texts of a letter that the register keeps, by name: the letter, its facts, and the core of them."""
    return {
        "text": letter.text,
        "facts": _json({name: list(getattr(letter, name)) for name in FACTS}),
        "core": _json({name: list(getattr(letter, name)) for name in CORE}),
    }


def whole(register: Register, record: Record) -> Letter:
    """Return a letter with its text and all its facts."""
    facts = json.loads(register.text(record.facts_sha256))
    parts: dict[str, Any] = {name: tuple(facts[name]) for name in FACTS}
    return Letter(record.card, register.text(record.text_sha256), **parts)


def history(register: Register, ident: str) -> tuple[Record, ...]:
    """Return every version of a letter as it was recorded, the first one first; ``ident`` is its own identifier."""
    found: list[Record] = []
    for event in register.events(LETTER, subject=ident):
        found.append(_record(event, found[-1] if found else None))
    return tuple(found)


def core(register: Register, record: Record) -> dict[str, Any]:
    """Return the facts that every question needs; parsed once, because a content never changes under its hash."""
    return _parsed(register.text, record.core_sha256)


def cores(register: Register, state: State) -> Iterator[tuple[Record, dict[str, Any]]]:
    """Yield every letter with its core, in order of date."""
    for record in sorted(state.letters.values(), key=lambda r: (r.card.date or date.max, r.card.id)):
        yield record, core(register, record)


_PARSED: dict[str, dict[str, Any]] = {}
_KEPT = 8_192


def _parsed(read: Callable[[str], str], sha256: str) -> dict[str, Any]:
    if sha256 not in _PARSED:
        loaded: dict[str, Any] = json.loads(read(sha256))
        while len(_PARSED) >= _KEPT:
            _PARSED.pop(next(iter(_PARSED)), None)
        _PARSED[sha256] = loaded
    return _PARSED[sha256]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _record(event: Event, before: Record | None) -> Record:
    try:
        data = event.data()
        card = data["card"]
        made = LetterCard(
            card["id"],
            card["title"],
            _day(card["date"]),
            card["kind"],
            card["dossier"],
            card["sha256"],
            before.card.versions + 1 if before else 1,
            event.recorded_at,
            card["format"],
            card["sender"],
            dict(card["counts"]),
            card["ministry"],
            card["date_basis"],
            _day(card["date_from"]),
            tuple(card["aliases"]),
            card["file"],
        )
        text, facts, kept = (data[name]["text_sha256"] for name in ("text", "facts", "core"))
        return Record(made, text, facts, kept, (before.files if before else frozenset()) | {made.sha256})
    except (KeyError, TypeError, ValueError) as error:
        raise IntegrityError(
            f"an event does not read as a letter: {error!r}",
            where=f"register, event seq {event.seq}",
            remedy="see schakel judge --verify",
        ) from None


def _verdict(event: Event) -> Verdict:
    data = event.data()
    return Verdict(
        event.subject,
        data["document"],
        data["verdict"],
        data["relation"],
        event.author,
        event.reason,
        dt.date.fromisoformat(event.valid_from),
        _day(data.get("new_deadline")),
        event.recorded_at,
    )


def _move(event: Event) -> Move:
    data = event.data()
    return Move(
        event.subject,
        dt.date.fromisoformat(data["to"]),
        _day(data.get("end")),
        dt.date.fromisoformat(data["known_on"]),
        data["source"],
        event.author,
        event.reason,
        event.recorded_at,
    )


def _day(text: str | None) -> date | None:
    return dt.date.fromisoformat(text) if text else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
