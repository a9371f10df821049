"""How many letters find the motion they answer, and is the relation right?"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from schakel.dossiers.answers import Index, debates, link, relation, without_identifiers
from schakel.dossiers.score import Score
from schakel.dossiers.scoring.labelled import LeftOut, Row, day, kept, share

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


def motion_letters(truth: Path, letters: Path) -> Iterator[Score | LeftOut]:
    """First candidate right, all motions of the set as candidates, without and with identifiers; relation F1.

    A letter may answer several motions; any that it is labelled with is right. A candidate is the heading and the request of a
    motion, with its day where the row has one.
    """
    labelled, left = kept(truth, "motion_letters", filled=("motion",))
    texts = {r["motion"]: f"{r['motion_head']} {r['motion_dictum']}" for r in labelled}
    made = {r["motion"]: d for r in labelled if (d := day(r["motion_date"]))}
    index = Index(texts, made)
    by: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for r in labelled:
        if r["letter_title"]:
            by[r["letter"], r["letter_date"], r["letter_title"]].add(r["motion"])
    first = top = numbered = 0
    for (_, written, title), right in by.items():
        ranked = index.rank(without_identifiers(title), 5, written=day(written))
        first += bool(ranked) and ranked[0].id in right
        top += any(c.id in right for c in ranked)
        with_numbers = link(title, index, cited(title), texts, day(written))
        numbered += bool(with_numbers) and with_numbers[0].id in right
    n = len(by)
    yield Score("motion_letters", "recall", share(first, n), n, "plain TF-IDF 0.924 among 7,262")
    yield Score("motion_letters", "recall:top-5", share(top, n), n, "plain TF-IDF 0.982 among 7,262")
    yield Score("motion_letters", "recall:with-identifiers", share(numbered, n), n)
    titled = [r for r in labelled if r["letter_title"]]
    yield from _relations(titled)
    for missing, why in (
        (len(labelled) - len(titled), "column letter_title does not hold anything"),
        (sum(r["relation"] not in _RELATION for r in titled), "column relation does not hold a known relation"),
    ):
        if missing:
            left = [*left, LeftOut("motion_letters", missing, why)]
    yield from left


def _relations(labelled: list[Row]) -> Iterator[Score]:
    """F1 of each relation that a row has, and their plain mean (macro-F1): a rare relation counts as much as a common one."""
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


def toezegging_letters(truth: Path, letters: Path) -> Iterator[Score | LeftOut]:
    """The debate in which a letter's commitment was given: kind and day, from the title."""
    hits = found = right = 0
    labelled, left = kept(truth, "toezegging_letters", days=("debate_date",), filled=("title", "debate_word"))
    for row in labelled:
        told = {(w, d.isoformat()) for w, d in debates(row["title"], day(row["letter_date"]))}
        hits += (row["debate_word"], row["debate_date"]) in told
        found += len(told)
        right += sum(w == row["debate_word"] and d == row["debate_date"] for w, d in told)
    yield Score("toezegging_letters", "recall", share(hits, len(labelled)), len(labelled))
    yield Score("toezegging_letters", "precision", share(right, found), found)
    yield from left
