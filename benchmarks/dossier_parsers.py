"""General parsers on the deadlines of motions and the amounts of letters, beside the grammars of this project.

    python benchmarks/dossier_parsers.py TRUTH LETTERS

dateparser and price-parser are no dependencies; each is skipped by name when it is not installed.
"""

from __future__ import annotations

import sys
from collections import Counter
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from schakel.dossiers.score import rows, scores

CLASSES = ("deadline_abs", "deadline_event", "deadline_rel")


def dateparser_on_motions(truth: Path) -> None:
    """Phrases whose parsed day lies inside the labelled window; dates read in traps."""
    dateparser: Any = import_module("dateparser.search")
    hits, total, traps = Counter[str](), Counter[str](), 0
    for row in rows(truth, "motion_deadlines"):
        base = datetime.fromisoformat(row["motion_date"])
        settings = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": "future", "PREFER_DAY_OF_MONTH": "last"}
        found = dateparser.search_dates(row["quote"], languages=["nl"], settings=settings) or []
        days = [d.date().isoformat() for _, d in found]
        if row["cls"] in CLASSES:
            total[row["cls"]] += 1
            hits[row["cls"]] += any(row["end_min"] <= d <= row["end_max"] for d in days)
        elif row["cls"] == "not_a_deadline":
            total["traps"] += 1
            traps += bool(days)
    for cls in CLASSES:
        print(f"dateparser    motion_deadlines {cls:<16} {hits[cls]} of {total[cls]}")
    print(f"dateparser    motion_deadlines traps read       {traps} of {total['traps']}")


def price_parser_on_amounts(truth: Path) -> None:
    """Quotes whose parsed amount equals the labelled value."""
    price: Any = import_module("price_parser").Price
    labelled = rows(truth, "amounts")
    right = 0
    for row in labelled:
        amount = price.fromstring(row["quote"]).amount
        right += amount is not None and Decimal(amount) == Decimal(row["value"])
    print(f"price-parser  amounts          value            {right} of {len(labelled)}")


def main(arguments: list[str]) -> int:
    """Print the baselines, then the measures of this project on the same sets."""
    if len(arguments) != 2:
        print("usage: python benchmarks/dossier_parsers.py TRUTH LETTERS", file=sys.stderr)
        return 2
    truth, letters = (Path(a) for a in arguments)
    for module, name, run in (
        ("dateparser", "dateparser", dateparser_on_motions),
        ("price_parser", "price-parser", price_parser_on_amounts),
    ):
        if find_spec(module) is None:
            print(f"{name}: skipped, not installed")
        else:
            run(truth)
    for one in scores(truth, letters):
        if one.set in ("motion_deadlines", "amounts"):
            print(f"schakel       {one.set:<16} {one.measure:<24} {one.value:g} (n {one.n})")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
