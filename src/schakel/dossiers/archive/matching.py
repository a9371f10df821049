"""Which commitment of a corrected letter is which of the earlier version, so that its identifier and confirmations stay?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from schakel.dossiers.answers import terms
from schakel.dossiers.deadlines.points import plain

SAME_KIND, ANY_KIND = 0.6, 0.8
"""How alike the words of two commitments must be: of one kind, or of different kinds."""
ONE_LETTER = 0.25
"""Two texts under one number that share a smaller part of their words are two letters."""
SAME_LETTER = 0.5
"""Two texts without a number, of the same file or title, that share this part of their words are versions of one letter."""


def identified(
    rows: Sequence[Mapping[str, Any]], letter: str, earlier: Sequence[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """Return commitments with identifiers: that of the register of the House, of the motion, of the earlier version, or a new one."""
    same = matched(rows, earlier)
    taken = {str(e["id"]) for e in earlier}
    out = []
    for at, row in enumerate(rows):
        official = row.get("tz_number") or row.get("motion")
        ident = str(official) if official else same.get(at) or _new(row, letter, taken)
        taken.add(ident)
        out.append({**row, "id": ident})
    return out


def matched(rows: Sequence[Mapping[str, Any]], earlier: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """Return the earlier identifier by place of the new row, for those without a number; the likest pair goes first."""
    new = [(i, r, terms(_words(r))) for i, r in enumerate(rows) if not (r.get("tz_number") or r.get("motion"))]
    old = [(j, r, terms(_words(r))) for j, r in enumerate(earlier) if str(r["id"]).startswith("C-")]
    same: dict[int, str] = {}
    used: set[int] = set()
    exact: dict[tuple[str, str], list[int]] = {}
    for j, b, _ in reversed(old):
        exact.setdefault((b["kind"], _words(b)), []).append(j)
    for i, a, _ in new:  # most of a corrected letter is word for word the same, in its order
        places = exact.get((a["kind"], _words(a)))
        if places:
            same[i] = str(earlier[places[-1]]["id"])
            used.add(places.pop())
    pairs = []
    for i, a, words in new:
        for j, b, others in old if i not in same else ():
            likeness = cosine(words, others) if j not in used else 0.0
            if likeness >= (SAME_KIND if a["kind"] == b["kind"] else ANY_KIND):
                order = abs(i / max(1, len(rows)) - j / max(1, len(earlier)))
                pairs.append((-round(likeness, 3), a["kind"] != b["kind"], order, i, j))
    for _, _, _, i, j in sorted(pairs):
        if i not in same and j not in used:
            same[i] = str(earlier[j]["id"])
            used.add(j)
    return same


def likeness(first: str, second: str) -> float:
    """Return the share of three-word runs that two texts have in common (Jaccard), 0 to 1."""
    a, b = _runs(first), _runs(second)
    return len(a & b) / len(a | b) if a or b else 1.0


def _runs(text: str) -> set[int]:
    words = plain(text).split()
    return {hash(tuple(words[i : i + 3])) for i in range(max(1, len(words) - 2))}


def _words(row: Mapping[str, Any]) -> str:
    return str(row.get("action") or row.get("quote") or "")


def cosine(a: Mapping[str, int], b: Mapping[str, int]) -> float:
    """Return how alike two counts of words are, 0 to 1."""
    dot = sum(n * b.get(t, 0) for t, n in a.items())
    norm = (_square(a.values()) * _square(b.values())) ** 0.5
    return dot / norm if norm else 0.0


def _square(values: Iterable[int]) -> float:
    return float(sum(v * v for v in values))


def _new(row: Mapping[str, Any], letter: str, taken: set[str]) -> str:
    base = f"{letter}|{row['kind']}|{plain(_words(row))}"
    turn = 0
    while True:
        ident = "C-" + hashlib.sha256(f"{base}|{turn}".encode()).hexdigest()[:12]
        if ident not in taken:
            return ident
        turn += 1
