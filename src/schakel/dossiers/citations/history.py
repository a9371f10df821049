"""How far had a dossier come on a day?

Papers of a dossier are numbered in the order in which they appear, so a number has a time. The table holds points (day,
number) of dossiers that run for years, from the Chamber's open data (CC0), written by ``scripts/dossier_points.py``.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class History:
    """A dossier that runs for years.

    Attributes
    ----------
    stem
        Dossier with addition.
    title
        Title, empty when the table does not have it.
    points
        Days and the number reached, both rising.
    """

    stem: str
    title: str
    points: tuple[tuple[date, int], ...]

    def earliest(self, number: int) -> date | None:
        """Return a day before which the number cannot have been given out; None when no point is below it."""
        return max((day for day, n in self.points if n < number), default=None)

    def latest(self, number: int) -> date | None:
        """Return a day by which the number had been given out; None when no point reaches it."""
        return min((day for day, n in self.points if n >= number), default=None)

    def expected(self, day: date) -> int | None:
        """Return the number reached on a day, between two points in proportion; None far outside the points."""
        before = [p for p in self.points if p[0] <= day]
        after = [p for p in self.points if p[0] > day]
        if not before:
            return None
        if not after:
            return before[-1][1] if day - before[-1][0] < timedelta(days=800) else None
        (d0, n0), (d1, n1) = before[-1], after[0]
        return n0 + round((n1 - n0) * (day - d0).days / (d1 - d0).days)

    def fits(self, number: int, day: date, slack: timedelta = timedelta(days=1100)) -> bool:
        """Tell whether a paper of that number would be a recent one on a day."""
        first, last = self.earliest(number), self.latest(number)
        if first and first > day + timedelta(days=30):
            return False
        if last:
            return last >= day - slack
        return first is not None and first >= day - slack


@cache
def histories() -> dict[str, History]:
    """Return the dossiers of the table by stem."""
    text = files("schakel.dossiers.citations").joinpath("dossiers.csv").read_text(encoding="utf-8")
    found = {}
    for row in csv.DictReader(text.splitlines()):
        pairs = (p.rsplit(":", 1) for p in row["points"].split())
        found[row["dossier"]] = History(
            row["dossier"], row["title"], tuple((date.fromisoformat(d), int(n)) for d, n in pairs)
        )
    return found


def neighbours(dossier: str) -> list[str]:
    """Return the dossiers of the table that differ by one digit, or by two neighbouring digits exchanged."""
    return [stem for stem in histories() if "-" not in stem and near(dossier, stem)]


def near(one: str, other: str) -> bool:
    """Tell whether two numbers of one length differ by one digit or by an exchange of neighbours."""
    if len(one) != len(other) or one == other:
        return False
    places = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    swapped = (
        len(places) == 2
        and places[1] == places[0] + 1
        and one[places[0]] == other[places[1]]
        and one[places[1]] == other[places[0]]
    )
    return len(places) == 1 or swapped
