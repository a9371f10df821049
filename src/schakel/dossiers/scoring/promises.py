"""How many deadlines, dates and commitments are read as a person labelled them?"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from schakel.dossiers.commitments import KINDS, Commitment
from schakel.dossiers.commitments import find as find_commitments
from schakel.dossiers.days import letter_date
from schakel.dossiers.deadlines import Deadline, expressions
from schakel.dossiers.deadlines import find as find_deadlines
from schakel.dossiers.score import Score, rows, share

COLLECTED = date(2025, 10, 4)
"""The open data behind the labels was collected until this day; later moves of an event were not known."""
_KIND = {"deadline_abs": "calendar", "deadline_rel": "duration", "deadline_event": "event", "action_date": "action"}
_BESIDE = {
    "deadline_abs": "dateparser 13 of 34 (both halves)",
    "deadline_rel": "dateparser 1 of 10 (both halves)",
    "deadline_event": "dateparser 1 of 56 (both halves)",
}
_UNDATED = frozenset({"target", "action_date"})


def made_on(truth: Path, letter: str, text: str) -> date | None:
    """Return the date of a letter: labelled, the earliest it can be, or as its text tells."""
    for row in rows(truth, "documents"):
        if row["letter"] == letter and (row["date_explicit"] or row["date_low"]):
            return date.fromisoformat(row["date_explicit"] or row["date_low"])
    told = letter_date(text)
    return told.value if told else None


def read_letters(
    truth: Path, letters: Path, labelled: list[dict[str, str]]
) -> Iterator[tuple[str, str, date, list[dict[str, str]]]]:
    """Yield (name, text, date, rows) of the letters that have labelled rows and are there."""
    by: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in labelled:
        by[row["letter"]].append(row)
    for name, those in by.items():
        path = letters / name
        if path.exists():
            text = path.read_text(encoding="utf-8")
            day = made_on(truth, name, text)
            if day is not None:
                yield name, text, day, those


def right(row: dict[str, str], found: list[Deadline]) -> bool:
    """Whether one of the deadlines overlaps the labelled phrase, has its class, and ends inside the labelled window."""
    start, end, cls = int(row["char_start"]), int(row["char_end"]), row["cls"]
    for one in found:
        if one.start < end and start < one.end and one.kind == _KIND.get(cls, cls):
            inside = one.hi is not None and row["end_min"] <= one.hi.isoformat() <= row["end_max"]
            if inside or not row["end_min"] or cls in _UNDATED:
                return True
    return False


def motion_deadlines(truth: Path, letters: Path) -> Iterator[Score]:
    """Deadline phrases in motions: recall by class, precision of what binds, and traps taken for a deadline."""
    by: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows(truth, "motion_deadlines"):
        by[row["doc"], row["dictum"]].append(row)
    hits, total, traps = Counter[str](), Counter[str](), 0
    good = bad = 0
    for (_, dictum), those in by.items():
        number = re.match(r"kst-(\d+(?:-[A-Z]+)?)-", those[0]["kamerstuk"])
        day = date.fromisoformat(those[0]["motion_date"])
        found = find_deadlines(dictum, day, dossier=number[1] if number else None, as_of=COLLECTED)
        for row in those:
            total[row["cls"]] += 1
            if row["cls"] == "not_a_deadline":
                start, end = int(row["char_start"]), int(row["char_end"])
                traps += any(d.start < end and start < d.end and (d.binding or d.kind == "recurring") for d in found)
            else:
                hits[row["cls"]] += right(row, found)
        spans = [(int(r["char_start"]), int(r["char_end"])) for r in those if r["cls"] != "not_a_deadline"]
        for one in found:
            if one.binding:
                met = any(one.start < e and s < one.end for s, e in spans)
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


def dates(truth: Path, letters: Path) -> Iterator[Score]:
    """Temporal expressions of letters whose interval is labelled: both ends equal."""
    hits, total = Counter[str](), Counter[str]()
    for _, text, day, those in read_letters(truth, letters, rows(truth, "dates")):
        found = expressions(text, day)
        for row in those:
            if not (row["start"] and row["end"]):
                continue
            start, end = int(row["char_start"]), int(row["char_end"])
            total[row["expr_type"]] += 1
            hits[row["expr_type"]] += any(
                p.start < end and start < p.end and (p.lo.isoformat(), p.hi.isoformat()) == (row["start"], row["end"])
                for p in found
            )
    yield Score("dates", "recall", share(sum(hits.values()), sum(total.values())), sum(total.values()))
    for kind in sorted(total):
        yield Score("dates", f"recall:{kind}", share(hits[kind], total[kind]), total[kind])


def commitments(truth: Path, letters: Path) -> Iterator[Score]:
    """Kinds of commitment: F1 over mentions that overlap and have the kind; deadlines and numbers of those found."""
    hits, extra, missed = Counter[str](), Counter[str](), Counter[str]()
    ends = [0, 0]
    numbers = [0, 0]
    for _, text, day, those in read_letters(truth, letters, rows(truth, "commitments")):
        found = find_commitments(text, day)
        used: set[int] = set()
        for row in those:
            one = _match(row, found, used)
            (hits if one is not None else missed)[row["kind"]] += 1
            until = found[one].deadline if one is not None else None
            if row["deadline_end"]:
                ends[0] += until is not None and until.hi is not None and until.hi.isoformat() == row["deadline_end"]
                ends[1] += 1
            if row["tz_number"]:
                numbers[0] += one is not None and found[one].tz_number == row["tz_number"]
                numbers[1] += 1
            if one is not None:
                used.add(one)
        extra.update(c.kind for i, c in enumerate(found) if i not in used)
    yield _f1("commitments", "", sum(hits.values()), sum(extra.values()), sum(missed.values()))
    found_right, read, labelled = (sum(c.values()) for c in (hits, hits + extra, hits + missed))
    yield Score("commitments", "precision", share(found_right, read), read)
    yield Score("commitments", "recall", share(found_right, labelled), labelled)
    for kind in KINDS:
        if hits[kind] + missed[kind]:
            yield _f1("commitments", f":{kind}", hits[kind], extra[kind], missed[kind])
    yield Score("commitments", "recall:deadline_end", share(ends[0], ends[1]), ends[1])
    yield Score("commitments", "recall:tz_number", share(numbers[0], numbers[1]), numbers[1])


def _match(row: dict[str, str], found: list[Commitment], used: set[int]) -> int | None:
    start, end = int(row["char_start"]), int(row["char_end"])
    for i, one in enumerate(found):
        if i not in used and one.kind == row["kind"] and one.start < end and start < one.end:
            return i
    return None


def _f1(name: str, cls: str, hits: int, extra: int, missed: int) -> Score:
    return Score(name, f"f1{cls}", share(2 * hits, 2 * hits + extra + missed), hits + missed)
