"""What is a record after another version of it came in?

Every field and every link carries the moment of the version that said it; the later one stays, and of two of one moment the one
that says more, so that the order and number of arrivals do not matter. A version that is *whole* drops what older ones had more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from schakel.sources.tweedekamer.entities import ENTITIES
from schakel.sources.tweedekamer.record import Row

GONE = "verwijderd"


@dataclass(frozen=True, slots=True)
class State:
    """A record with the moments of what it holds.

    Attributes
    ----------
    whole
        Moment of the newest whole version.
    stamps
        Moments of the fields that are not of ``updated``.
    links
        Moment and identifiers by link; under ``verwijderd`` the moment of the newest deletion, before which nothing counts.
    """

    updated: str
    whole: str
    fields: Mapping[str, Any]
    stamps: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    @property
    def deleted(self) -> bool:
        """Whether its last word is that it was deleted."""
        return self.fields.get(GONE) is True


def first(row: Row) -> State:
    """Return the state of a record that was not known."""
    if row.fields.get(GONE) is True:
        return State(row.updated, row.updated, {GONE: True}, {}, {GONE: (row.updated, ())})
    links = {name: (row.updated, tuple(sorted(set(ids)))) for name, ids in row.relations.items()}
    if row.whole:
        for name in ENTITIES[row.entity].links:
            links.setdefault(name, (row.updated, ()))
    return State(row.updated, row.updated if row.whole else "", row.fields, {}, links)


def merged(old: State, row: Row) -> State:
    """Return the state after a further version."""
    new = first(row)
    updated, whole = max(old.updated, new.updated), max(old.whole, new.whole)
    links: dict[str, tuple[str, tuple[str, ...]]] = {}
    for name in dict.fromkeys((*old.links, *new.links)):
        known = [side.links[name] for side in (old, new) if name in side.links]
        moment = max(m for m, _ in known)
        links[name] = (moment, tuple(sorted({i for m, ids in known if m == moment for i in ids})))
    gone = links[GONE][0] if GONE in links else None
    fields: dict[str, Any] = {}
    stamps: dict[str, str] = {}
    for name in dict.fromkeys((*old.fields, *new.fields)):
        said = [
            (side.stamps.get(name, side.updated), *_rank(side.fields[name]), side.fields[name])
            for side in (old, new)
            if name in side.fields
        ]
        moment, _, _, value = max(said, key=lambda s: s[:3])
        if moment < whole or (gone is not None and moment <= gone and name != GONE):
            continue
        fields[name] = value
        if moment != updated:
            stamps[name] = moment
    if gone is not None:
        links = {name: link for name, link in links.items() if link[0] > gone or name == GONE}
    if fields.get(GONE) is True:  # nothing of a deleted record is kept but that it was
        fields, links = {GONE: True}, {GONE: links[GONE]}
        stamps = {k: v for k, v in stamps.items() if k == GONE}
    return State(updated, whole, fields, stamps, links)


def _rank(value: Any) -> tuple[bool, str]:
    """Return what orders two values of one moment: something before nothing, then the text."""
    return value not in (None, "", []), json.dumps(value, ensure_ascii=True, sort_keys=True)
