"""Which amounts are parts of which totals, and do they add up, within a letter and between letters?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from schakel.dossiers.amounts.model import Amount
from schakel.dossiers.deadlines.points import compiled, plain
from schakel.dossiers.finding import DossierFinding

_TOTAL = compiled(
    r"\b(?:in totaal|totale? (?:\w+ ){0,2}(?:van )?|totaal (?:van )?|totaalbedrag (?:van )?|ophoging tot"
    r"|opgehoogd (?:tot|naar)|optellend tot|tezamen|in total|total(?: \w+)? of|adding up to)\s*"
    r"(?:ca\.? |circa |ruim )?$"
)
_LEVER = compiled(r"\b(?:waaruit|nog eens|lokt|uitlokken|leverag\w+|triggers?)\b[^.;]{0,40}$")


@dataclass(frozen=True, slots=True)
class Sum:
    """A total with its parts.

    ``rest`` is what the parts leave of the total; 0 when they add up. A negative rest is a finding.
    """

    total: Amount
    parts: tuple[Amount, ...]
    rest: Decimal


def sums(text: str, amounts: Sequence[Amount]) -> list[Sum]:
    """Return totals with the parts that stand before them in the same paragraph, in the same currency and period.

    Per-year and one-off amounts are never added, nor amounts of different currencies.
    """
    low = plain(text)
    found: list[Sum] = []
    used: set[int] = set()
    for i, total in enumerate(amounts):
        if not _TOTAL.search(low, max(0, total.start - 60), total.start + _lead(total)):
            continue
        parts: list[Amount] = []
        for part in reversed(amounts[:i]):
            gap = low[part.end : total.start]
            if "\n\n" in gap or len(gap) > 400 or part.start in used or part.value >= total.value:
                break
            if (part.currency, part.period) == (total.currency, total.period):
                parts.insert(0, part)
        used.add(total.start)
        if parts:
            used.update(p.start for p in parts)
            found.append(Sum(total, tuple(parts), total.value - sum((p.value for p in parts), Decimal(0))))
    return found


def _lead(amount: Amount) -> int:
    """Length of a qualifier inside the quote, so that a total mark before it is seen."""
    return next((i for i, c in enumerate(amount.quote) if c.isdigit() or c in "€$£"), 0)


def levers(text: str, amounts: Sequence[Amount]) -> list[tuple[Amount, Amount, Decimal]]:
    """Return (public amount, private amount it draws, private per public unit)."""
    low = plain(text)
    found = []
    for first, second in pairwise(amounts):
        close = second.start - first.end < 90 and first.currency == second.currency and first.period == second.period
        if close and second.side in ("private", "public+private") and _LEVER.search(low, first.end, second.start):
            found.append((first, second, (second.value / first.value).quantize(Decimal("0.01"))))
    return found


def check(text: str, amounts: Sequence[Amount]) -> list[DossierFinding]:
    """Return what does not add up within one letter, and amounts without a currency."""
    findings = []
    for one in sums(text, amounts):
        several = len(one.parts) > 1 and one.rest != 0
        if one.rest < 0 or several:
            parts = " + ".join(p.quote for p in one.parts)
            findings.append(
                DossierFinding(
                    "amount-sum",
                    one.total.start,
                    one.total.end,
                    one.total.quote,
                    {
                        "en": f"{parts} is not {one.total.quote}: the difference is {one.rest:f}",
                        "nl": f"{parts} is niet {one.total.quote}: het verschil is {one.rest:f}",
                    },
                )
            )
    for amount in amounts:
        if amount.currency is None:
            findings.append(
                DossierFinding(
                    "amount-without-currency",
                    amount.start,
                    amount.end,
                    amount.quote,
                    {
                        "en": f"{amount.quote}: no currency stands here",
                        "nl": f"{amount.quote}: er staat geen valuta bij",
                    },
                )
            )
    return findings


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two letters that give a programme two different amounts of the same order."""

    programme: str
    first_letter: str
    first: Amount
    second_letter: str
    second: Amount

    def sentence(self) -> dict[str, str]:
        """Return the conflict by language."""
        a, b = f"{self.first.quote} ({self.first_letter})", f"{self.second.quote} ({self.second_letter})"
        return {"en": f"{self.programme}: {a} against {b}", "nl": f"{self.programme}: {a} tegenover {b}"}


def conflicts(letters: Mapping[str, Sequence[Amount]], within: Decimal = Decimal("0.25")) -> list[Conflict]:
    """Return amounts of one programme, currency and period that differ by less than a quarter between two letters.

    A larger difference is taken for another amount (a total, a part), an equal one for the same.
    """
    rows = [(letter, a) for letter, amounts in letters.items() for a in amounts if a.programme and a.high is None]
    found: dict[tuple[str, str, Decimal, str, Decimal], Conflict] = {}
    for i, (first_letter, first) in enumerate(rows):
        for second_letter, second in rows[i + 1 :]:
            if first_letter == second_letter or first.programme != second.programme or first.value == second.value:
                continue
            if (first.currency, first.period) != (second.currency, second.period):
                continue
            if abs(first.value - second.value) <= within * max(first.value, second.value):
                key = (first.programme or "", first_letter, first.value, second_letter, second.value)
                found.setdefault(key, Conflict(first.programme or "", first_letter, first, second_letter, second))
    return list(found.values())
