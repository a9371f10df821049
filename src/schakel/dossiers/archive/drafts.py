"""Which commitments, motions and requests are known on a day, from letters, motions and the register of the House?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from schakel.dossiers.archive.facts import settle
from schakel.dossiers.archive.model import LetterCard
from schakel.dossiers.archive.official import Official, Registered
from schakel.dossiers.archive.state import Record
from schakel.dossiers.archive.wording import action, tidy
from schakel.dossiers.commitments import OWED
from schakel.dossiers.deadlines import Calendar, Deadline
from schakel.dossiers.deadlines import find as find_deadlines

MOTION = "motie"


@dataclass
class Draft:
    """A commitment before its status is computed.

    Attributes
    ----------
    where
        Letter it stands in; None when only the register of the House has it.
    row
        Facts of the commitment; empty for a motion or number that is only named.
    closed
        A motion that the House rejected or its members withdrew.
    context, counted
        Sentence and day from which an event deadline is computed again; None for other deadlines.
    """

    id: str
    source: str
    kind: str
    action: str
    where: LetterCard | None = None
    row: Mapping[str, Any] = field(default_factory=dict)
    made_on: date | None = None
    dossier: str | None = None
    ministry: str | None = None
    actor: str | None = None
    tz_number: str | None = None
    deadline: dict[str, Any] | None = None
    context: str = ""
    counted: date | None = None
    registered: Registered | None = None
    closed: bool = False
    motion: dict[str, Any] | None = None


def known(
    letters: Iterable[tuple[Record, Mapping[str, Any]]],
    on: date,
    calendar: Calendar,
    toezeggingen: Mapping[str, Registered],
    moties: Mapping[str, Official],
    kinds: Iterable[str] = (),
) -> dict[str, Draft]:
    """Return what is known on a day, by identifier; letters and motions of a later date are not known yet.

    Parameters
    ----------
    kinds
        Also kinds that nobody owes (goals, expectations), when asked for by name.
    """
    wanted = OWED | set(kinds)
    before = [(r, c) for r, c in letters if r.card.date is not None and r.card.date <= on]
    names = {a: r.card.id for r, _ in before for a in r.card.aliases}
    drafts: dict[str, Draft] = {}
    for motion_first in (True, False):
        for record, core in before:
            if (record.card.kind == "motion") == motion_first:
                put_off = {r["context_start"] for r in core["commitments"] if r["kind"] == "uitgesteld"}
                for row in core["commitments"]:
                    if row["kind"] == "voornemen" and row["context_start"] in put_off and not row["deadline"]:
                        continue  # the sentence that leaves it to others is shown already
                    if row["kind"] in wanted or row.get("motion"):
                        _add(drafts, _from_row(record.card, row, names))
    for record, core in before:
        if record.card.kind == "motion" and record.card.id not in drafts:
            drafts[record.card.id] = _named(record.card, {"id": record.card.id, "what": "motion"}, moties)
        for mention in core["mentions"]:
            ident = names.get(mention["id"], mention["id"])
            if ident not in drafts:
                drafts[ident] = _named(record.card, {**mention, "id": ident}, moties)
    for draft in drafts.values():
        official = moties.get(draft.id)
        if official is not None:
            draft.made_on = draft.made_on or official.made_on
            draft.motion = official.value(on)
            draft.closed = official.closed and (official.closed_on is None or official.closed_on <= on)
            _asked(draft, official.dictum, official.made_on, calendar, on)
    for number, registered in toezeggingen.items():
        if registered.made_on is None or registered.made_on <= on:
            _merge(drafts, number, registered, calendar, on)
    return drafts


def _from_row(card: LetterCard, row: Mapping[str, Any], names: Mapping[str, str]) -> Draft:
    motion = row.get("motion")
    ident = names.get(motion, motion) if motion else row["id"]
    made_on = _day(row.get("made_on")) or (card.date if not motion or card.kind == "motion" else None)
    deadline = dict(row["deadline"], text=row["deadline_text"]) if row.get("deadline") else None
    if deadline is not None:
        deadline["start"], deadline["end"] = row.get("deadline_start"), row.get("deadline_end")
        deadline["letter"] = card.id
    event = deadline is not None and deadline["kind"] == "event"
    return Draft(
        ident,
        "motion" if motion and card.kind == "motion" else "letter",
        MOTION if motion else row["kind"],
        action(row),
        card,
        row,
        made_on,
        _dossier_of(ident) if motion else card.dossier,
        card.ministry,
        row.get("actor"),
        row.get("tz_number"),
        deadline,
        row["context"] if event else "",
        _day(row.get("counted_from")) if event else None,
    )


def _named(card: LetterCard, mention: Mapping[str, Any], moties: Mapping[str, Official]) -> Draft:
    motion = mention["what"] == "motion"
    ident = str(mention["id"])
    official = moties.get(ident)
    named = official.title if official else tidy(str(mention.get("about") or mention.get("sentence") or card.title))
    return Draft(
        ident,
        "motion" if card.id == ident else "letter",
        MOTION if motion else "toezegging_geregistreerd",
        named,
        card,
        mention if "start" in mention else {},
        official.made_on if official else card.date if card.id == ident else None,
        _dossier_of(ident) if motion else card.dossier,
        card.ministry,
        None,
        None if motion else ident,
    )


def _dossier_of(ident: str) -> str | None:
    return ident[4:].rpartition("-")[0] if ident.startswith("kst-") else None


def _add(drafts: dict[str, Draft], new: Draft) -> None:
    """Keep the first place of a commitment; what it lacks comes from a later one."""
    old = drafts.get(new.id)
    if old is None:
        drafts[new.id] = new
    elif old.deadline is None and new.deadline is not None and old.source != "motion":
        old.deadline, old.context, old.counted = new.deadline, new.context, new.counted


def _merge(drafts: dict[str, Draft], number: str, registered: Registered, calendar: Calendar, on: date) -> None:
    draft = drafts.get(number)
    if draft is None:
        draft = Draft(
            number,
            "official",
            "toezegging_geregistreerd",
            registered.text or number,
            tz_number=number,
            actor=registered.actor,
        )
        drafts[number] = draft
    draft.registered = registered
    draft.made_on = registered.made_on or draft.made_on
    draft.ministry = registered.ministry or draft.ministry
    _asked(draft, registered.text, registered.made_on, calendar, on)


def _asked(draft: Draft, text: str | None, made_on: date | None, calendar: Calendar, on: date) -> None:
    """Take the deadline that official words set, where no letter gave one."""
    if draft.deadline is not None or not text or made_on is None:
        return
    found = [d for d in find_deadlines(text, made_on, calendar, draft.dossier, on) if d.binding]
    best = min(found, key=lambda d: (d.hi is None, d.hi or date.max, d.start), default=None)
    if best is None:
        return
    draft.deadline = {**best.value(), "text": best.quote, "start": None, "end": None, "letter": None}
    if best.kind == "event":
        draft.context, draft.counted = text, made_on


def settled(draft: Draft, on: date, calendar: Calendar) -> tuple[dict[str, Any] | None, tuple[dict[str, Any], ...]]:
    """Return the deadline on the event calendar as known on a day, and its earlier values, oldest first."""
    base = draft.deadline
    if base is None or not draft.context or draft.counted is None:
        return base, ()
    was = Deadline(
        0,
        0,
        base["text"],
        "event",
        _day(base["lo"]),
        _day(base["hi"]),
        base["event"],
        base["status"],
        _day(base["latest"]),
        base["note"],
    )
    latest = settle(was, draft.context, draft.counted, draft.dossier, calendar, on)
    first = settle(was, draft.context, draft.counted, draft.dossier, calendar, draft.counted)
    moments = sorted(
        {draft.counted}
        | {
            e.known_on
            for key in {base["event"], *(d.event for d in (first, latest) if d)}
            for e in _about(calendar, key)
            if e.known_on is not None and draft.counted < e.known_on <= on
        }
    )
    values: list[tuple[date, Deadline]] = []
    for moment in moments:
        found = settle(was, draft.context, draft.counted, draft.dossier, calendar, moment)
        if found is not None and (not values or values[-1][1].hi != found.hi):
            values.append((moment, found))
    if not values:
        return base, ()
    last = values[-1][1]
    now = {**base, **last.value()}
    history = tuple(
        {"hi": d.hi.isoformat() if d.hi else None, "known_on": since.isoformat(), "source": d.note}
        for since, d in values[:-1]
    )
    return now, history


def _about(calendar: Calendar, key: str | None) -> Iterable[Any]:
    return calendar.history(key) if key else ()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
