"""How many deadlines, dates and commitments are read as a person labelled them?"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from schakel.dossiers.commitments import KINDS
from schakel.dossiers.deadlines import Deadline
from schakel.dossiers.deadlines import find as find_deadlines
from schakel.dossiers.score import Score
from schakel.dossiers.scoring.labelled import LeftOut, Row, by_letter, day, kept, over, share
from schakel.dossiers.scoring.letters import facts, times

COLLECTED = date(2025, 10, 4)
"""The open data behind the labels was collected until this day; later moves of an event were not known."""
_KIND = {"deadline_abs": "calendar", "deadline_rel": "duration", "deadline_event": "event", "action_date": "action"}
_BESIDE = {
    "deadline_abs": "dateparser 13 of 34 (both halves)",
    "deadline_rel": "dateparser 1 of 10 (both halves)",
    "deadline_event": "dateparser 1 of 56 (both halves)",
}
_SPAN = ("char_start", "char_end")
_UNDATED = frozenset({"target", "action_date"})


def right(row: Row, found: list[Deadline]) -> bool:
    """Whether one of the deadlines overlaps the labelled phrase, has its class, and ends inside the labelled window."""
    cls, last = row["cls"], row["end_max"] or row["end_min"]
    for one in found:
        if over(row, one.start, one.end) and one.kind == _KIND.get(cls, cls):
            inside = one.hi is not None and row["end_min"] <= one.hi.isoformat() <= last
            if inside or not row["end_min"] or cls in _UNDATED:
                return True
    return False


def motion_deadlines(truth: Path, letters: Path) -> Iterator[Score | LeftOut]:
    """Deadline phrases in motions: recall by class, precision of what binds, and traps taken for a deadline."""
    by: dict[tuple[str, str, str, str], list[Row]] = defaultdict(list)
    good_rows, left = kept(truth, "motion_deadlines", spans=_SPAN, days=("motion_date",), filled=("dictum", "cls"))
    for row in good_rows:
        by[row["doc"], row["kamerstuk"], row["motion_date"], row["dictum"]].append(row)
    hits, total, traps = Counter[str](), Counter[str](), 0
    good = bad = 0
    for (_, paper, moved, dictum), those in by.items():
        number = re.match(r"kst-(\d+(?:-[A-Z]+)?)-", paper)
        found = find_deadlines(
            dictum, date.fromisoformat(moved), dossier=number[1] if number else None, as_of=COLLECTED
        )
        for row in those:
            total[row["cls"]] += 1
            if row["cls"] == "not_a_deadline":
                traps += any(over(row, d.start, d.end) and (d.binding or d.kind == "recurring") for d in found)
            else:
                hits[row["cls"]] += right(row, found)
        phrases = [r for r in those if r["cls"] != "not_a_deadline"]
        for one in found:
            if one.binding:
                met = any(over(r, one.start, one.end) for r in phrases)
                good, bad = good + met, bad + (not met)
    asked = [c for c in total if c != "not_a_deadline"]
    yield Score(
        "motion_deadlines",
        "recall",
        share(sum(hits.values()), sum(total[c] for c in asked)),
        sum(total[c] for c in asked),
    )
    yield Score("motion_deadlines", "precision", share(good, good + bad), good + bad)
    for cls in asked:
        yield Score("motion_deadlines", f"recall:{cls}", share(hits[cls], total[cls]), total[cls], _BESIDE.get(cls, ""))
    yield Score("motion_deadlines", "traps", float(traps), total["not_a_deadline"])
    yield from left


def dates(truth: Path, letters: Path) -> Iterator[Score | LeftOut]:
    """Temporal expressions of letters whose interval is labelled: both ends equal."""
    hits, total = Counter[str](), Counter[str]()
    labelled, left = kept(truth, "dates", letters=letters, spans=_SPAN, days=("start", "end"))
    for path, those in by_letter(letters, labelled):
        found = times(truth, path)
        for row in those:
            total[row["expr_type"]] += 1
            hits[row["expr_type"]] += any(
                over(row, start, end) and (lo, hi) == (row["start"], row["end"]) for start, end, lo, hi in found
            )
    yield Score("dates", "recall", share(sum(hits.values()), sum(total.values())), sum(total.values()))
    for kind in sorted(filter(None, total)):
        yield Score("dates", f"recall:{kind}", share(hits[kind], total[kind]), total[kind])
    yield from left


def commitments(truth: Path, letters: Path) -> Iterator[Score | LeftOut]:
    """Kinds of commitment, with the deadlines and numbers of those found.

    A labelled mention is found when a mention of the same kind shares characters with it; each mention that was read counts
    for one row at most, and one that is left over counts as invented. ``f1`` is over all mentions together (micro).
    """
    hits, extra, missed = Counter[str](), Counter[str](), Counter[str]()
    ends, numbers = [0, 0], [0, 0]
    labelled, left = kept(truth, "commitments", letters=letters, spans=_SPAN, filled=("kind",))
    for path, those in by_letter(letters, labelled):
        found = facts(truth, path).commitments
        used: set[int] = set()
        for row in those:
            at = _match(row, found, used)
            one: Mapping[str, Any] = {} if at is None else found[at]
            (missed if at is None else hits)[row["kind"]] += 1
            if day(row["deadline_end"]):
                ends[0] += (one.get("deadline") or {}).get("hi") == row["deadline_end"]
                ends[1] += 1
            if row["tz_number"]:
                numbers[0] += one.get("tz_number") == row["tz_number"]
                numbers[1] += 1
            if at is not None:
                used.add(at)
        extra.update(c["kind"] for i, c in enumerate(found) if i not in used)
    yield _f1("commitments", "", sum(hits.values()), sum(extra.values()), sum(missed.values()))
    right_ones, read, asked = (sum(c.values()) for c in (hits, hits + extra, hits + missed))
    yield Score("commitments", "precision", share(right_ones, read), read)
    yield Score("commitments", "recall", share(right_ones, asked), asked)
    for kind in (*KINDS, *sorted(set(missed) - set(KINDS))):
        if hits[kind] + missed[kind]:
            yield _f1("commitments", f":{kind}", hits[kind], extra[kind], missed[kind])
    yield Score("commitments", "recall:deadline_end", share(ends[0], ends[1]), ends[1])
    yield Score("commitments", "recall:tz_number", share(numbers[0], numbers[1]), numbers[1])
    yield from left


def _match(row: Row, found: Sequence[Mapping[str, Any]], used: set[int]) -> int | None:
    for i, one in enumerate(found):
        if i not in used and one["kind"] == row["kind"] and over(row, one["start"], one["end"]):
            return i
    return None


def _f1(name: str, cls: str, hits: int, extra: int, missed: int) -> Score:
    return Score(name, f"f1{cls}", share(2 * hits, 2 * hits + extra + missed), hits + missed)
