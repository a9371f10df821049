"""General parsers on the deadlines, dates and amounts of the labelled papers, beside the grammars of this project.

    python benchmarks/dossier_parsers.py TRUTH LETTERS

dateparser and price-parser (the `bench` extra) are run on the same rows; one that is not installed is skipped by name. What
tkconv does with citations is its published behaviour, not run here.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from schakel.dossiers.score import scores
from schakel.dossiers.scoring.labelled import letter, rows
from schakel.dossiers.scoring.letters import made_on

CLASSES = {"deadline_abs": "calendar", "deadline_event": "event", "deadline_rel": "duration"}
TASKS = (
    "deadlines in motions, calendar",
    "deadlines in motions, event",
    "deadlines in motions, duration",
    "traps in motions taken for a time",
    "dates in letters, inside the labelled interval",
    "amounts, value",
    "citations of the letters",
    "citations of the letters, false",
)


@dataclass(frozen=True)
class Result:
    """Hits of n on a task, by a program."""

    task: str
    program: str
    hits: int
    n: int
    published: bool = False


def dateparser_search(text: str, base: datetime, future: bool) -> list[str]:
    """Return the days dateparser finds in a text, as ISO dates."""
    search: Any = import_module("dateparser.search")
    settings: dict[str, Any] = {"RELATIVE_BASE": base, "PREFER_DAY_OF_MONTH": "last"}
    if future:
        settings["PREFER_DATES_FROM"] = "future"
    found = search.search_dates(text, languages=["nl"], settings=settings) or []
    return [day.date().isoformat() for _, day in found]


def run_dateparser(truth: Path, letters: Path) -> Iterator[Result]:
    """Labelled phrases by themselves: any day read inside the labelled window counts."""
    name = f"dateparser {version('dateparser')}"
    hits, total = Counter[str](), Counter[str]()
    for row in rows(truth, "motion_deadlines"):
        days = dateparser_search(row["quote"], datetime.fromisoformat(row["motion_date"]), future=True)
        if row["cls"] in CLASSES:
            task = f"deadlines in motions, {CLASSES[row['cls']]}"
            total[task] += 1
            hits[task] += any(row["end_min"] <= d <= row["end_max"] for d in days)
        elif row["cls"] == "not_a_deadline":
            total[TASKS[3]] += 1
            hits[TASKS[3]] += bool(days)
    for row in rows(truth, "dates"):
        path = letter(letters, row["letter"])
        if not (row["start"] and row["end"] and path):
            continue
        day = made_on(truth, path)
        if day is None:
            continue
        days = dateparser_search(row["quote"], datetime(day.year, day.month, day.day), future=False)
        total[TASKS[4]] += 1
        hits[TASKS[4]] += any(row["start"] <= d <= row["end"] for d in days)
    yield from (Result(task, name, hits[task], n) for task, n in total.items())


def run_price_parser(truth: Path, letters: Path) -> Iterator[Result]:
    """Labelled quotes by themselves: the amount equals the labelled value."""
    price: Any = import_module("price_parser").Price
    labelled = rows(truth, "amounts")
    right = 0
    for row in labelled:
        amount = price.fromstring(row["quote"]).amount
        right += amount is not None and Decimal(amount) == Decimal(row["value"])
    yield Result("amounts, value", f"price-parser {version('price-parser')}", right, len(labelled))


def run_schakel(truth: Path, letters: Path) -> Iterator[Result]:
    """The measures of this project: phrases are found in the whole dictum or letter, not given."""
    tasks = {
        ("motion_deadlines", "recall:deadline_abs"): TASKS[0],
        ("motion_deadlines", "recall:deadline_event"): TASKS[1],
        ("motion_deadlines", "recall:deadline_rel"): TASKS[2],
        ("dates", "recall"): TASKS[4],
        ("amounts", "recall"): TASKS[5],
    }
    for one in scores(truth, letters):
        if (one.set, one.measure) in tasks:
            yield Result(tasks[one.set, one.measure], "schakel", round(one.value * one.n), one.n)
        elif (one.set, one.measure) == ("motion_deadlines", "traps"):
            yield Result(TASKS[3], "schakel", round(one.value), one.n)
        elif one.set == "references" and one.measure == "recall":
            yield Result(TASKS[6], "schakel", round(one.value * one.n), one.n)


PUBLISHED = (
    Result(TASKS[6], "tkconv (published: all five letters)", 52, 61, True),
    Result(TASKS[7], "tkconv (published: all five letters)", 2, 61, True),
)
RIVALS: tuple[tuple[str, str, Callable[[Path, Path], Iterator[Result]]], ...] = (
    ("dateparser", "dateparser", run_dateparser),
    ("price_parser", "price-parser", run_price_parser),
)


def main(arguments: list[str]) -> int:
    """Print one table: task, program, hits of n."""
    if len(arguments) != 2:
        print("usage: python benchmarks/dossier_parsers.py TRUTH LETTERS", file=sys.stderr)
        return 2
    truth, letters = (Path(a) for a in arguments)
    results = [*run_schakel(truth, letters), *PUBLISHED]
    for module, name, run in RIVALS:
        if find_spec(module) is None:
            print(f"{name}: skipped, not installed")
        else:
            results += run(truth, letters)
    print(f"{'task':<48} {'program':<38} {'hits':>5} {'of':>4}")
    for one in sorted(results, key=lambda r: (TASKS.index(r.task), r.program != "schakel", r.program)):
        print(f"{one.task:<48} {one.program:<38} {one.hits:>5} {one.n:>4}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
