"""How many letters find the motion they answer, and is the relation right?"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from schakel.dossiers.answers import Index, debates, link, relation, without_identifiers
from schakel.dossiers.score import Score, rows, share

_RELATION = {
    "fulfilment": "fulfils",
    "appreciation": "appreciates",
    "deferral": "defers",
    "status": "reports",
    "second_order": "answers_about",
    "reaction": "reacts",
    "other": None,
}
_NUMBER = re.compile(r"\b(\d{5}(?:-[A-Z]+)?)(?:-|, nr\. )(\d+)\b")


def cited(title: str) -> list[str]:
    """Return the numbers of papers that a title names, as identifiers."""
    return [f"kst-{m[1]}-{m[2]}" for m in _NUMBER.finditer(title)]


def motion_letters(truth: Path, letters: Path) -> Iterator[Score]:
    """First candidate right, all motions of the set as candidates, without and with identifiers; relation F1.

    A letter may answer several motions; any that it is labelled with, or names by number in its title, is right.
    """
    labelled = rows(truth, "motion_letters")
    index = Index(
        {r["motion"]: f"{r['motion_head']} {r['motion_dictum']}" for r in labelled},
        {r["motion"]: date.fromisoformat(r["motion_date"]) for r in labelled},
    )
    known = {r["motion"] for r in labelled}
    by: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for r in labelled:
        by[r["letter"], r["letter_date"], r["letter_title"]].add(r["motion"])
    first = top = numbered = 0
    for (_, day, title), motions in by.items():
        right = motions | (set(cited(title)) & known)
        ranked = index.rank(without_identifiers(title), 5, written=date.fromisoformat(day))
        first += bool(ranked) and ranked[0].id in right
        top += any(c.id in right for c in ranked)
        with_numbers = link(title, index, cited(title), known, date.fromisoformat(day))
        numbered += bool(with_numbers) and with_numbers[0].id in right
    n = len(by)
    yield Score("motion_letters", "recall", share(first, n), n, "plain TF-IDF 0.924 among 7,262")
    yield Score("motion_letters", "recall:top-5", share(top, n), n, "plain TF-IDF 0.982 among 7,262")
    yield Score("motion_letters", "recall:with-identifiers", share(numbered, n), n)
    yield from _relations(labelled)


def _relations(labelled: list[dict[str, str]]) -> Iterator[Score]:
    pairs = Counter(
        (r["relation"], relation(r["letter_title"], r["motion"].removeprefix("kst-")))
        for r in labelled
        if r["relation"] in _RELATION
    )
    values = []
    for name, ours in _RELATION.items():
        n = sum(c for (truth, _), c in pairs.items() if truth == name)
        if n:
            hits = pairs[name, ours]
            read = sum(c for (_, got), c in pairs.items() if got == ours)
            values.append((name, share(2 * hits, n + read), n))
    if values:
        yield Score(
            "motion_letters", "f1", round(sum(v for _, v, _ in values) / len(values), 4), sum(n for _, _, n in values)
        )
    for name, value, n in values:
        yield Score("motion_letters", f"f1:{name}", value, n)


def toezegging_letters(truth: Path, letters: Path) -> Iterator[Score]:
    """The debate in which a letter's commitment was given: kind and day, from the title."""
    hits = total = 0
    for row in rows(truth, "toezegging_letters"):
        total += 1
        hits += (row["debate_word"], row["debate_date"]) in {
            (w, d.isoformat()) for w, d in debates(row["title"], date.fromisoformat(row["letter_date"]))
        }
    yield Score("toezegging_letters", "recall", share(hits, total), total)
