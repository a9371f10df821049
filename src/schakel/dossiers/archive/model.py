"""What does the archive of letters hand to those who ask: letters, commitments as they stand, proposals, conflicts?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from schakel.dossiers.status import Status


@dataclass(frozen=True, slots=True)
class LetterCard:
    """One letter, in a line.

    Attributes
    ----------
    id
        Identifier of the paper (``2025D44449``, ``kst-36600-XIII-29``), else ``L-`` and the first 12 digits of its hash.
    kind
        ``letter``, ``motion``, ``annex`` or ``other``.
    dossier
        Canonical dossier (``36600-XIII``); None when the letter names none.
    sha256
        Of the bytes of the file as it was last imported; ``versions`` counts the imports that changed something.
    imported_at
        UTC, as the register wrote it.
    sender, ministry
        Who signed, and for which ministry, where the letter says so.
    counts
        How many facts of each sort were read.
    date_basis
        ``given`` (by the person who imports), ``stated`` (in the letter or file), ``file-name``, ``month`` (only a month is known;
        ``date`` is its last day), ``inferred`` or ``year``; empty without a date.
    date_from
        First day on which the letter can have been written; ``date`` is the last.
    aliases
        Other identifiers of the same paper.
    file
        Name of the file.
    """

    id: str
    title: str
    date: date | None
    kind: str
    dossier: str | None
    sha256: str
    versions: int
    imported_at: str
    format: str = ""
    sender: str | None = None
    counts: dict[str, int] = field(default_factory=dict)
    ministry: str | None = None
    date_basis: str = ""
    date_from: dt.date | None = None
    aliases: tuple[str, ...] = ()
    file: str = ""

    def value(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {
            "id": self.id,
            "title": self.title,
            "date": _iso(self.date),
            "date_from": _iso(self.date_from),
            "date_basis": self.date_basis,
            "kind": self.kind,
            "dossier": self.dossier,
            "sender": self.sender,
            "ministry": self.ministry,
            "aliases": list(self.aliases),
            "file": self.file,
            "format": self.format,
            "sha256": self.sha256,
            "versions": self.versions,
            "imported_at": self.imported_at,
            "counts": dict(self.counts),
        }


@dataclass(frozen=True)
class Letter:
    """One letter with its text and everything read from it; every mapping carries ``start``, ``end`` and ``quote``.

    Attributes
    ----------
    text
        Original text; offsets are its code points.
    citations, findings
        As ``schakel dossier cite`` gives them.
    commitments
        ``Commitment.value()`` with ``id``, ``start``, ``end``, ``quote``.
    deadlines, amounts, percentages
        ``value()`` or ``content()`` of each with ``start``, ``end``, ``quote``.
    footnotes, tables
        As ``schakel dossier read`` gives them.
    mentions
        Motions and commitments that the letter names by number, with ``id``, ``what`` (``motion`` or ``toezegging``),
        ``relation``, ``explicit`` (it says in so many words that it answers), ``sentence`` and ``new_deadline``.
    pages, meta
        Of the file, while it is read; the register does not keep them.
    """

    card: LetterCard
    text: str
    citations: tuple[dict[str, Any], ...] = ()
    findings: tuple[dict[str, Any], ...] = ()
    commitments: tuple[dict[str, Any], ...] = ()
    deadlines: tuple[dict[str, Any], ...] = ()
    amounts: tuple[dict[str, Any], ...] = ()
    percentages: tuple[dict[str, Any], ...] = ()
    footnotes: tuple[dict[str, Any], ...] = ()
    tables: tuple[dict[str, Any], ...] = ()
    mentions: tuple[dict[str, Any], ...] = ()
    pages: int | None = None
    meta: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the program thinks a letter did with a commitment or motion; a person confirms or rejects it.

    Attributes
    ----------
    commitment, document
        Identifiers.
    relation
        One of `schakel.dossiers.answers.RELATIONS`.
    on
        Date of the letter.
    score, margin
        How near, and how far the next candidate is (0 to 1); both 1 when the letter names the number.
    why
        Reason by language.
    state
        ``proposed``, ``confirmed`` or ``rejected``; ``by`` and ``reason`` are the person's.
    explicit
        The letter names the number and says what it does; only such a proposal counts before a person has confirmed it,
        and the status is then marked provisional.
    earliest
        First day on which the letter can have been written, where only a month or year is known; None otherwise. A count of
        days then takes the day in between that is nearest to the deadline: so late, or so early, it was at least.
    motion
        Of a motion: what the official data say of it, as `Due.motion`.
    """

    commitment: str
    document: str
    relation: str
    on: date
    score: float = 0.0
    margin: float = 0.0
    why: dict[str, str] = field(default_factory=dict)
    state: str = "proposed"
    by: str | None = None
    reason: str | None = None
    new_deadline: date | None = None
    explicit: bool = False
    earliest: dt.date | None = None
    motion: dict[str, Any] | None = None

    def value(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {
            "commitment": self.commitment,
            "document": self.document,
            "relation": self.relation,
            "on": self.on.isoformat(),
            "earliest": _iso(self.earliest),
            "score": round(self.score, 4),
            "margin": round(self.margin, 4),
            "explicit": self.explicit,
            "why": dict(self.why),
            "state": self.state,
            "by": self.by,
            "reason": self.reason,
            "new_deadline": _iso(self.new_deadline),
            "motion": self.motion,
        }


@dataclass(frozen=True, slots=True)
class Due:
    """A commitment, motion or request as it stands on a reference date.

    Attributes
    ----------
    id
        Stays the same when a corrected letter is imported.
    source
        ``letter`` (read from a letter), ``official`` (register of the House) or ``motion``.
    letter, start, end
        Where it stands; None for what was only found in the register of the House.
    kind
        One of `schakel.dossiers.commitments.KINDS`, or ``motie``.
    deadline
        ``Deadline.value()`` on the event calendar as known on the reference date, with ``text``; None when none was set.
    history
        Earlier values of the deadline, oldest first: mappings with ``hi``, ``known_on``, ``source``.
    status
        State on the reference date, which stands in it.
    answers
        Proposals and confirmations. Only confirmed ones, and those in which a letter names the number, count in ``status``.
    official
        State in the register of the House (Openstaand, Voldaan, Deels Voldaan, Vervallen), where that is known.
    motion
        Of a motion, what the official data say by the reference date: ``appreciation`` of the government, ``decision`` of the
        House with ``decided_on``, ``votes_for`` and ``votes_against`` in seats; None when they say nothing.
    """

    id: str
    source: str
    kind: str
    action: str
    status: Status
    letter: str | None = None
    letter_title: str = ""
    start: int | None = None
    end: int | None = None
    quote: str = ""
    actor: str | None = None
    recipient: str | None = None
    ministry: str | None = None
    dossier: str | None = None
    tz_number: str | None = None
    made_on: date | None = None
    conditional: bool = False
    deadline: dict[str, Any] | None = None
    history: tuple[dict[str, Any], ...] = ()
    answers: tuple[Proposal, ...] = ()
    official: str | None = None
    motion: dict[str, Any] | None = None

    def value(self) -> dict[str, Any]:
        """Return a JSON-ready mapping; the reference date stands in ``status``."""
        status = self.status
        return {
            "id": self.id,
            "source": self.source,
            "kind": self.kind,
            "action": self.action,
            "actor": self.actor,
            "recipient": self.recipient,
            "ministry": self.ministry,
            "dossier": self.dossier,
            "tz_number": self.tz_number,
            "made_on": _iso(self.made_on),
            "conditional": self.conditional,
            "letter": self.letter,
            "letter_title": self.letter_title,
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
            "deadline": self.deadline,
            "history": [dict(h) for h in self.history],
            "official": self.official,
            "motion": self.motion,
            "status": {
                "state": status.state,
                "label": {"en": status.label("en"), "nl": status.label("nl")},
                "reference": status.reference.isoformat(),
                "deadline": _iso(status.deadline),
                "days": status.days,
                "answered_on": _iso(status.answered_on),
                "earliest": _iso(status.earliest),
                "latest": _iso(status.latest),
                "days_between": list(status.days_between) if status.days_between else None,
                "document": status.document,
                "provisional": status.provisional,
            },
            "answers": [a.value() for a in self.answers],
        }


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two letters that do not agree: on an amount, a percentage or target, a deadline or a date.

    ``first`` and ``second`` are mappings with ``letter``, ``title``, ``date``, ``start``, ``end``, ``quote``, ``value``.
    """

    id: str
    subject: str
    attribute: str
    first: dict[str, Any]
    second: dict[str, Any]
    sentence: dict[str, str]

    def value(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {
            "id": self.id,
            "subject": self.subject,
            "attribute": self.attribute,
            "first": dict(self.first),
            "second": dict(self.second),
            "sentence": dict(self.sentence),
        }


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: ``new``, ``unchanged`` or ``corrected``.

    Attributes
    ----------
    commitments, new, lost
        How many the letter holds, how many of them are new, and how many of the earlier version are found no more.
    kept
        How many confirmations and rejections of people still stand on this letter's commitments.
    notes
        By language: how the date was found, and every confirmation that lost its commitment.
    """

    letter: str
    outcome: str
    commitments: int = 0
    kept: int = 0
    lost: int = 0
    notes: tuple[dict[str, str], ...] = ()
    file: str = ""
    new: int = 0

    def value(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {
            "file": self.file,
            "letter": self.letter,
            "outcome": self.outcome,
            "commitments": self.commitments,
            "new": self.new,
            "kept": self.kept,
            "lost": self.lost,
            "notes": [dict(n) for n in self.notes],
        }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
