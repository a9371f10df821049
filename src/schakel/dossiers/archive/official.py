"""What does the register of the House say of a commitment or motion?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, Protocol


class Mirror(Protocol):
    """The part of `schakel.sources.tweedekamer.Mirror` that the archive asks."""

    def toezeggingen(self) -> Iterable[Mapping[str, Any]]:
        """Return the registered commitments."""

    def moties(self) -> Iterable[Mapping[str, Any]]:
        """Return the motions."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A commitment in the register of the House."""

    number: str
    text: str
    made_on: date | None
    state: str | None
    fulfilled_on: date | None
    ministry: str | None
    actor: str | None


@dataclass(frozen=True, slots=True)
class Official:
    """A motion in the official data.

    Attributes
    ----------
    dictum
        What it requests, where its paper is here.
    closed, closed_on
        Whether the House rejected it or its members withdrew it, and when, as far as the decision has a day.
    appreciation
        What the government thought of it (Oordeel Kamer, Ontraden, ...).
    decision, decided_on
        Last decision, in the words of the House, and its day.
    votes_for, votes_against
        Seats, where the votes are here.
    """

    id: str
    title: str
    made_on: date | None
    dictum: str | None
    closed: bool = False
    closed_on: date | None = None
    appreciation: str | None = None
    decision: str | None = None
    decided_on: date | None = None
    votes_for: int | None = None
    votes_against: int | None = None

    def value(self, on: date | None = None) -> dict[str, Any] | None:
        """Return appreciation and vote as JSON, None when the official data have neither; a later decision is not known yet."""
        known = on is None or self.decided_on is None or self.decided_on <= on
        said = {
            "appreciation": self.appreciation,
            "decision": self.decision if known else None,
            "decided_on": self.decided_on.isoformat() if known and self.decided_on else None,
            "votes_for": self.votes_for if known else None,
            "votes_against": self.votes_against if known else None,
        }
        return said if any(v is not None for v in said.values()) else None


_CLOSED = re.compile(r"\s*(?:verworpen|ingetrokken|vervallen)\b", re.I)
_STATES = {"Afgedaan": "Voldaan", "Deels Afgedaan": "Deels Voldaan", "Deels afgedaan": "Deels Voldaan"}


_TURNS = count()
Known = tuple[dict[str, Registered], dict[str, Official]]
_KNOWN: dict[Any, Known] = {}


def known(mirror: Mirror | None) -> Known:
    """Return commitments and motions of the official data, read again only when its file has changed."""
    if mirror is None:
        return {}, {}
    key = stamp(mirror)
    if key not in _KNOWN:
        _KNOWN.clear()
        _KNOWN[key] = commitments(mirror), motions(mirror)
    return _KNOWN[key]


def stamp(mirror: Mirror | None) -> Any:
    """Return what changes when the official data does: place, size and time of its files; None when it has no file."""
    path = getattr(mirror, "path", None)
    if path is None:
        return None if mirror is None else ("memory", id(mirror), next(_TURNS))
    found = []
    for suffix in ("", "-wal"):
        try:
            seen = Path(f"{path}{suffix}").stat()
            # Opening the file makes an empty log beside it: that says nothing, and would change the stamp every time.
            found.append((seen.st_mtime_ns, seen.st_size) if seen.st_size else (0, 0))
        except OSError:
            found.append((0, 0))
    return (str(path), *found)


def commitments(mirror: Mirror | None) -> dict[str, Registered]:
    """Return the registered commitments by their number; none without a mirror."""
    found = {}
    for row in mirror.toezeggingen() if mirror is not None else ():
        number, state = row.get("nummer"), row.get("status")
        if number:
            found[str(number)] = Registered(
                str(number),
                " ".join(str(row.get("tekst") or "").split()),
                row.get("datum"),
                _STATES.get(str(state), state),
                row.get("datumNakoming"),
                row.get("ministerie"),
                row.get("functie") or row.get("naam"),
            )
    return found


def motions(mirror: Mirror | None) -> dict[str, Official]:
    """Return the official motions by their paper (``kst-36600-XIII-29``)."""
    found = {}
    for row in mirror.moties() if mirror is not None else ():
        if row.get("kst"):
            decided_on = next((b["datum"] for b in reversed(row.get("besluiten") or ()) if b.get("datum")), None)
            found[str(row["kst"])] = Official(
                str(row["kst"]),
                " ".join(str(row.get("titel") or "").split()),
                row.get("datum"),
                row.get("dictum"),
                bool(_CLOSED.match(str(row.get("besluit") or ""))),
                decided_on,
                row.get("kabinetsappreciatie") or None,
                row.get("besluit") or None,
                decided_on,
                *_seats(row.get("stemmingen") or ()),
            )
    return found


def _seats(votes: Iterable[Mapping[str, Any]]) -> tuple[int | None, int | None]:
    """Seats for and against; None for both where no vote is here, or one has no number of seats."""
    sums = {"voor": 0, "tegen": 0}
    counted = False
    for vote in votes:
        side, seats = str(vote.get("soort") or "").lower(), vote.get("fractieGrootte")
        if vote.get("vergissing") or side not in sums:
            continue
        if vote.get("naam") and not vote.get("fractie"):
            seats = 1  # a roll call
        if not isinstance(seats, int):
            return None, None
        sums[side] += seats
        counted = True
    return (sums["voor"], sums["tegen"]) if counted else (None, None)
