"""What does one entry of the register say, and which hash vouches for it?"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from schakel.errors import InputError

GENESIS = "0" * 64
LONGEST = {"kind": 60, "subject": 200, "author": 120, "reason": 2_000}
_LONGEST_PAYLOAD = 100_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What a caller wants recorded: the part of an event that is not given by time and place in the chain.

    Attributes
    ----------
    kind, subject
        What sort of event, about what, for example ``judgement`` about ``NLD/850511``.
    payload
        Canonical JSON (see ``canonical``).
    author, reason
        Who decided, and why; both required.
    valid_from
        ISO date from which it holds.
    """

    kind: str
    subject: str
    payload: str
    author: str
    reason: str
    valid_from: str


@dataclass(frozen=True, slots=True)
class Event:
    """One entry as it stands in the chain.

    Attributes
    ----------
    seq
        Place in the chain, from 1, without gaps.
    recorded_at
        UTC, ``2026-11-22T08:30:00.123456Z``, by the clock of the machine that wrote it; order is by ``seq``.
    previous_hash, hash
        sha256 of the event before (64 zeros for the first), and of this one over every other field.
    """

    seq: int
    id: str
    kind: str
    subject: str
    payload: str
    author: str
    reason: str
    valid_from: str
    recorded_at: str
    previous_hash: str
    hash: str

    def data(self) -> dict[str, Any]:
        """Return the payload as a mapping."""
        loaded: dict[str, Any] = json.loads(self.payload)
        return loaded

    def expected_hash(self) -> str:
        """Return the hash the fields call for."""
        return chain_hash(
            self.seq,
            self.id,
            Entry(self.kind, self.subject, self.payload, self.author, self.reason, self.valid_from),
            self.recorded_at,
            self.previous_hash,
        )


def canonical(payload: Mapping[str, Any]) -> str:
    """Return JSON with sorted keys and no spaces, so that one content has one text.

    Raises
    ------
    InputError
        If a key is no text, a number is not finite, or a value is of no JSON type.
    """
    try:
        text = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        text.encode()
        if json.loads(text) != payload:
            raise ValueError("it does not read back as it was written (keys must be text, lists not tuples)")
    except (TypeError, ValueError) as error:
        raise InputError(f"the payload is not plain JSON: {error}", where="event payload") from None
    if len(text) > _LONGEST_PAYLOAD:
        raise InputError(f"the payload is longer than {_LONGEST_PAYLOAD} characters", where="event payload")
    return text


def chain_hash(seq: int, ident: str, entry: Entry, recorded_at: str, previous_hash: str) -> str:
    """Return the sha256 over all fields of an event; as a JSON list, so that no two contents share a text."""
    fields = [
        seq,
        ident,
        entry.kind,
        entry.subject,
        entry.payload,
        entry.author,
        entry.reason,
        entry.valid_from,
        recorded_at,
        previous_hash,
    ]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def line(text: str, name: str) -> str:
    """Return ``text`` trimmed and in Unicode's composed form, fit to be the field ``name``.

    Raises
    ------
    InputError
        If it is empty, too long, or holds control characters or what steers the direction of text.
    """
    clean = unicodedata.normalize("NFC", text).strip()
    if not any(unicodedata.category(c)[0] in "LNPS" for c in clean):
        raise InputError(f"{name} is empty", where=name, remedy=f"say it: --{name} TEXT")
    if len(clean) > LONGEST[name]:
        raise InputError(
            f"{name} has {len(clean)} characters, more than {LONGEST[name]}", where=name, remedy="shorten it"
        )
    for at, char in enumerate(clean, 1):
        if (
            unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")
            or "\u202a" <= char <= "\u202e"
            or "\u2066" <= char <= "\u2069"
        ):
            raise InputError(
                f"{name} holds a control character (U+{ord(char):04X})",
                where=f"{name}, character {at}",
                remedy="write it as one line of plain text",
            )
    return clean


def iso_day(day: date | str) -> str:
    """Return a day as ``2026-11-22``; of a time, the day in its own zone.

    Raises
    ------
    InputError
        If it is no date.
    """
    try:
        return (day if isinstance(day, date) else date.fromisoformat(day)).isoformat()[:10]
    except ValueError:
        raise InputError(f"{day!r} is no date", where="valid_from", remedy="write it as 2026-11-22") from None


def stamp(time: datetime) -> str:
    """Return a time as it is recorded: UTC, ``2026-11-22T08:30:00.123456Z``, of fixed length so that text order is time order."""
    return time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def entry(
    kind: str,
    subject: str,
    payload: Mapping[str, Any],
    *,
    author: str,
    reason: str,
    valid_from: date | str | None = None,
) -> Entry:
    """Return a checked entry; ``valid_from`` is today (UTC) unless given.

    Raises
    ------
    InputError
        If a text is empty, too long or not plain, the payload is not JSON, or the date is none.
    """
    iso = iso_day(valid_from if valid_from is not None else datetime.now(UTC).date())
    return Entry(
        line(kind, "kind"),
        line(subject, "subject"),
        canonical(payload),
        line(author, "author"),
        line(reason, "reason"),
        iso,
    )
