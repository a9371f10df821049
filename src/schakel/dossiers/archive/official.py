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
    """

    id: str
    title: str
    made_on: date | None
    dictum: str | None
    closed: bool = False
    closed_on: date | None = None


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
            found.append((seen.st_mtime_ns, seen.st_size))
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
            found[str(row["kst"])] = Official(
                str(row["kst"]),
                " ".join(str(row.get("titel") or "").split()),
                row.get("datum"),
                row.get("dictum"),
                bool(_CLOSED.match(str(row.get("besluit") or ""))),
                next((b["datum"] for b in reversed(row.get("besluiten") or ()) if b.get("datum")), None),
            )
    return found
