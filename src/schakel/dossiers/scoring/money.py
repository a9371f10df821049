"""How many amounts and percentages are read as a person labelled them?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from schakel.dossiers.score import Score
from schakel.dossiers.scoring.labelled import LeftOut, by_letter, kept, number, over, share
from schakel.dossiers.scoring.letters import facts

_SPAN = ("char_start", "char_end")
_ROUNDED = Decimal("0.05")
"""A percentage printed to one decimal, of a share that has more ("een derde")."""


def amounts(truth: Path, letters: Path) -> Iterator[Score | LeftOut]:
    """Amounts: value and currency right of the first one that overlaps; period right; share of what was read that is labelled."""
    value = period = total = periods = read = labelled = 0
    good, left = kept(truth, "amounts", letters=letters, spans=_SPAN, numbers=("value",))
    for path, those in by_letter(letters, good):
        found = facts(truth, path).amounts
        read += len(found)
        labelled += sum(any(over(r, a["start"], a["end"]) for r in those) for a in found)
        for row in those:
            one = next((a for a in found if over(row, a["start"], a["end"])), None)
            total += 1
            value += (
                one is not None
                and Decimal(one["value"]) == number(row["value"])
                and (one["currency"] or "") == row["currency"]
            )
            if row["period"]:
                periods += 1
                period += one is not None and one["period"] == row["period"].split(" (")[0]
    yield Score(
        "amounts", "recall", share(value, total), total, "price-parser 0 of 29, babel 16.8 as 168 (both halves)"
    )
    yield Score("amounts", "precision", share(labelled, read), read)
    yield Score("amounts", "recall:period", share(period, periods), periods)
    yield from left


def percentages(truth: Path, letters: Path) -> Iterator[Score | LeftOut]:
    """Percentages: value and upper end right of one that overlaps; share of what was read that is labelled."""
    value = total = read = labelled = 0
    good, left = kept(truth, "percentages", letters=letters, spans=_SPAN, numbers=("value_pct",))
    for path, those in by_letter(letters, good):
        found = facts(truth, path).percentages
        read += len(found)
        labelled += sum(any(over(r, p["start"], p["end"]) for r in those) for p in found)
        for row in those:
            total += 1
            value += any(
                over(row, p["start"], p["end"])
                and _near(p["value_pct"], row["value_pct"])
                and _near(p["value_pct_high"], row["value_pct_high"])
                for p in found
            )
    yield Score("percentages", "recall", share(value, total), total)
    yield Score("percentages", "precision", share(labelled, read), read)
    yield from left


def _near(read: str | None, wanted: str) -> bool:
    """Whether a figure is the labelled one; none is right only where none is labelled."""
    one, other = number(read or ""), number(wanted)
    if one is None or other is None:
        return one is None and other is None
    return abs(one - other) < _ROUNDED
