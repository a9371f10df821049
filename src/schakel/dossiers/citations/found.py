"""What does a reader of one family of citations hand back?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Found:
    """A citation at positions of the flat text.

    Attributes
    ----------
    start, end
        Positions, half open.
    kind
        Family, for example ``kamerstuk``, ``toezegging``, ``eu_document``.
    id
        Canonical identifier; None when none can be formed.
    link
        Address of the paper at its publisher; None when the citation is improbable or has none.
    value
        Parts and relations.
    problem, reading
        Why it is doubted (empty when it is not) and what was probably meant.
    """

    start: int
    end: int
    kind: str
    id: str | None
    link: str | None = None
    value: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    reading: str | None = None


def outside(found: list[Found]) -> list[Found]:
    """Keep what does not lie inside, or cross, something found before it; the order of the list is the order of trust."""
    import bisect

    kept: list[Found] = []
    starts: list[int] = []
    for item in found:
        at = bisect.bisect_right(starts, item.start)
        before = kept[at - 1] if at else None
        after = kept[at] if at < len(kept) else None
        same = before is not None and (before.start, before.end) == (item.start, item.end) and _one_list(before, item)
        if not same and ((before and before.end > item.start) or (after and after.start < item.end)):
            continue
        starts.insert(at, item.start)
        kept.insert(at, item)
    return kept


def _one_list(one: Found, other: Found) -> bool:
    """Tell whether two papers stand on the same characters because a range names both."""
    return one.value.get("list") is not None and one.value.get("list") == other.value.get("list") and one.id != other.id
