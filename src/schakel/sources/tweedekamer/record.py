"""In what shapes do official records come in and go out?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

MARK_OPEN, MARK_CLOSE = "\u27e6", "\u27e7"


@dataclass(frozen=True, slots=True)
class Row:
    """One version of a record as an interface gave it.

    Attributes
    ----------
    updated
        Moment of the version as `values.stamp` writes it; empty when the source does not say, which is older than any.
    fields
        Values by name; ``verwijderd`` among them when the source said whether the record was deleted.
    relations
        Identifiers by link. A link that is not mentioned is not known, unless ``whole``.
    whole
        Whether what is not mentioned does not exist: so for the feed, not for OData, which can leave fields out.
    """

    entity: str
    id: str
    updated: str
    fields: Mapping[str, Any]
    relations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the mirror, as it stands.

    Attributes
    ----------
    id
        Identifier of the source.
    number
        Number that people use (``2024Z16270``, ``TZ202509-007``); empty when it has none.
    data
        Fields by name.
    relations
        Identifiers by link; those that are not in the mirror yet are there too.
    """

    entity: str
    id: str
    number: str
    updated: str
    deleted: bool
    data: Mapping[str, Any]
    relations: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Hit:
    """One find of a search.

    Attributes
    ----------
    id
        Number that people use, else the identifier.
    kind
        One of `entities.KINDS`.
    snippet
        Where it matches, the words between ⟦ and ⟧.
    score
        Greater is better (bm25 with the sign turned); only comparable within one search.
    entity, key
        Where to find the record in the mirror; entity ``Letter`` for an imported letter.
    """

    id: str
    kind: str
    title: str
    date: date | None
    snippet: str
    score: float
    entity: str = ""
    key: str = ""


@dataclass(slots=True)
class Counts:
    """What became of the records that came in; ``read`` is always the sum of the others.

    Attributes
    ----------
    new, changed, deleted
        Records taken: unknown before, changed, marked deleted.
    unchanged
        Records that were here already as they are.
    outdated
        Records of which a newer version was here.
    refused
        Records that could not be taken, by reason.
    notes
        What else is to be known.
    """

    read: int = 0
    new: int = 0
    changed: int = 0
    deleted: int = 0
    unchanged: int = 0
    outdated: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def kept(self) -> int:
        """Records that changed the mirror."""
        return self.new + self.changed + self.deleted

    def refuse(self, reason: str, amount: int = 1) -> None:
        """Count records that were read and cannot be taken."""
        self.read += amount
        self.refused[reason] = self.refused.get(reason, 0) + amount

    def count(self, outcome: str) -> None:
        """Count a record by what became of it."""
        self.read += 1
        setattr(self, outcome, getattr(self, outcome) + 1)

    def add(self, other: Counts) -> None:
        """Add the counts of another page or file."""
        for name in ("read", "new", "changed", "deleted", "unchanged", "outdated"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for reason, amount in other.refused.items():
            self.refused[reason] = self.refused.get(reason, 0) + amount
        self.notes += [n for n in other.notes if n not in self.notes]

    def as_dict(self) -> dict[str, Any]:
        """Return the counts as plain values."""
        names = ("read", "kept", "new", "changed", "deleted", "unchanged", "outdated")
        return {n: getattr(self, n) for n in names} | {"refused": dict(self.refused), "notes": list(self.notes)}
