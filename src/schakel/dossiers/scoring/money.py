"""How many amounts and percentages are read as a person labelled them?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from schakel.dossiers.amounts import Amount, Percentage, find, find_percentages
from schakel.dossiers.score import Score, rows, share
from schakel.dossiers.scoring.promises import read_letters


def amounts(truth: Path, letters: Path) -> Iterator[Score]:
    """Amounts: value and currency right; period right; share of what was read that is labelled."""
    value = period = total = read = labelled = 0
    for _, text, _, those in read_letters(truth, letters, rows(truth, "amounts")):
        found = find(text)
        read += len(found)
        labelled += sum(any(_over(r, a) for r in those) for a in found)
        for row in those:
            total += 1
            one = next((a for a in found if _over(row, a)), None)
            if one is None:
                continue
            value += one.value == Decimal(row["value"]) and (one.currency or "") == row["currency"]
            period += one.period == row["period"].split(" (")[0]
    yield Score(
        "amounts", "recall", share(value, total), total, "price-parser 0 of 29, babel 16.8 as 168 (both halves)"
    )
    yield Score("amounts", "precision", share(labelled, read), read)
    yield Score("amounts", "recall:period", share(period, total), total)


def percentages(truth: Path, letters: Path) -> Iterator[Score]:
    """Percentages: value and upper end right; share of what was read that is labelled."""
    value = total = read = labelled = 0
    for _, text, _, those in read_letters(truth, letters, rows(truth, "percentages")):
        found = find_percentages(text)
        read += len(found)
        labelled += sum(any(_over(r, p) for r in those) for p in found)
        for row in those:
            total += 1
            high = Decimal(row["value_pct_high"]) if row["value_pct_high"] else None
            value += any(
                _over(row, p) and abs(p.value - Decimal(row["value_pct"])) < Decimal("0.5") and p.high == high
                for p in found
            )
    yield Score("percentages", "recall", share(value, total), total)
    yield Score("percentages", "precision", share(labelled, read), read)


def _over(row: dict[str, str], one: Amount | Percentage) -> bool:
    return one.start < int(row["char_end"]) and int(row["char_start"]) < one.end
