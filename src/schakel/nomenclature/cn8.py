"""Which eight-digit codes of the Combined Nomenclature are comparable across years?

Eurostat publishes, for each pair of years, which code became which; codes that did not change are not listed. A code
number may be used again for something else, so what counts is a code in a stretch of years. Stretches tied by any
split or merger within the years asked for form a family, and sums over a family are comparable in all of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from schakel.errors import InputError
from schakel.nomenclature import families as graph
from schakel.nomenclature.concordance import Concordance, from_pairs


@dataclass(frozen=True, slots=True)
class Change:
    """Code ``origin`` of one year became (in part) ``destination`` of the next."""

    year: int
    origin: str
    destination: str


@dataclass(frozen=True, slots=True)
class Family:
    """Codes whose sum is comparable over the years asked for.

    Attributes
    ----------
    id
        The lowest code of the family's last year, with ``+N`` when it has N more in that year, and ``@YEAR`` when it
        ended before the last year asked for.
    stretches
        (code, first year, last year), each within the years asked for.
    """

    id: str
    stretches: tuple[tuple[str, int, int], ...]

    def codes(self, year: int) -> tuple[str, ...]:
        """Return the family's codes in a year, in order."""
        return tuple(sorted(code for code, first, last in self.stretches if first <= year <= last))


@dataclass(frozen=True)
class Families:
    """All families with a change between two years; any other code is its own family."""

    first: int
    last: int
    families: tuple[Family, ...]
    _index: dict[str, tuple[tuple[int, int, Family], ...]]

    def of(self, code: str, year: int) -> str:
        """Return the family's id; a code without any change is its own.

        Raises
        ------
        InputError
            The year lies outside the years asked for, or the code did not exist in that year.
        """
        if not self.first <= year <= self.last:
            raise InputError(
                f"year {year} is not within {self.first}-{self.last}", remedy="build families over these years"
            )
        stretches = self._index.get(code)
        if stretches is None:
            return code
        for first, last, family in stretches:
            if first <= year <= last:
                return family.id
        years = ", ".join(f"{first}-{last}" for first, last, _ in stretches)
        raise InputError(f"code {code} did not exist in {year}", remedy=f"it exists in {years}")


@dataclass(frozen=True)
class ChangeTable:
    """Every published change, in the order of the file."""

    changes: tuple[Change, ...]

    def years(self) -> tuple[int, int]:
        """Return the first and the last year the table covers."""
        return min(change.year for change in self.changes), max(change.year for change in self.changes) + 1

    def step(self, year: int) -> Concordance:
        """Return the links from ``year`` to the next; only changed codes are in it."""
        pairs = ((change.origin, change.destination) for change in self.changes if change.year == year)
        return from_pairs(f"CN{year}", f"CN{year + 1}", pairs)

    def follow(self, code: str, start: int, end: int) -> frozenset[str]:
        """Return what a code of year ``start`` became by year ``end``; backwards when ``end`` is earlier."""
        self._within(start, end)
        forward = end >= start
        current = {code}
        for year in range(start, end) if forward else range(start - 1, end - 1, -1):
            step = self.step(year) if forward else self.step(year).inverse()
            current = {far for near in current for far in (step.targets(near) or (near,))}
        return frozenset(current)

    def _within(self, *years: int) -> None:
        first, last = self.years()
        for year in years:
            if not first <= year <= last:
                raise InputError(f"year {year} is not in the table", remedy=f"it covers {first} to {last}")

    def families(self, first: int, last: int) -> Families:
        """Return the families over the years ``first`` to ``last``, both included."""
        self._within(first, last)
        if first > last:
            raise InputError(f"years {first} to {last} run backwards", remedy="give the earlier year first")
        changes = [change for change in self.changes if first <= change.year < last]
        starts, ends = _cuts(changes)

        def stretch(code: str, year: int) -> tuple[str, int]:
            cuts = sorted({*starts.get(code, ()), *(end + 1 for end in ends.get(code, ()))})
            place = bisect_right(cuts, year)
            return code, cuts[place - 1] if place else first

        def last_year(code: str, since: int) -> int:
            following = {*ends.get(code, ()), *(start - 1 for start in starts.get(code, ()))}
            return min((year for year in following if year >= since), default=last)

        edges = [
            (stretch(change.origin, change.year), stretch(change.destination, change.year + 1)) for change in changes
        ]
        # A code that takes in another without being listed as its own origin simply goes on.
        for code, begun in starts.items():
            for year in begun:
                before = stretch(code, year - 1)
                if before[1] in begun and year - 1 not in ends.get(code, ()) and last_year(*before) == year - 1:
                    edges.append((before, (code, year)))
        groups = graph.components(edges)
        found = tuple(
            _family([(code, since, last_year(code, since)) for code, since in group], last) for group in groups
        )
        index: dict[str, list[tuple[int, int, Family]]] = {}
        for family in found:
            for code, since, until in family.stretches:
                index.setdefault(code, []).append((since, until, family))
        return Families(first, last, found, {code: tuple(sorted(parts, key=_span)) for code, parts in index.items()})


def _span(part: tuple[int, int, Family]) -> tuple[int, int]:
    return part[0], part[1]


def _cuts(changes: Iterable[Change]) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
    """Return the years in which a code begins, and those after which it ends."""
    starts: dict[str, set[int]] = {}
    ends: dict[str, set[int]] = {}
    for change in changes:
        ends.setdefault(change.origin, set()).add(change.year)
        starts.setdefault(change.destination, set()).add(change.year + 1)
    return starts, ends


def _family(stretches: list[tuple[str, int, int]], last: int) -> Family:
    final = max(until for _, _, until in stretches)
    names = sorted(code for code, _, until in stretches if until == final)
    more = f"+{len(names) - 1}" if len(names) > 1 else ""
    ended = f"@{final}" if final < last else ""
    return Family(f"{names[0]}{more}{ended}", tuple(sorted(stretches)))


def read_cn8(path: Path) -> ChangeTable:
    """Read Eurostat's year-to-year concordances (``CN_concordances_1988_2025.xls``, or a csv with the same columns).

    Columns: Period (19881989, number or text), Origin code, Destination code (eight digits, since 2013 written with
    blanks).

    Raises
    ------
    InputError
        Another header, a period that is not two successive years, or a code without eight digits.
    """
    rows = _rows(path)
    if not rows or [str(cell).strip().casefold() for cell in rows[0][:3]] != [
        "period",
        "origin code",
        "destination code",
    ]:
        raise InputError(
            "not Eurostat's table of Combined Nomenclature changes",
            where=f"file {path.name}, row 1",
            remedy="the columns are Period, Origin code, Destination code",
        )
    changes: list[Change] = []
    for number, row in enumerate(rows[1:], start=2):
        where = f"file {path.name}, row {number}"
        if len(row) < 3:
            raise InputError("a row lacks a column", where=where, remedy="fetch the file again")
        period = str(row[0]).strip().removesuffix(".0")
        if not (len(period) == 8 and period.isdigit() and int(period[4:]) == int(period[:4]) + 1):
            raise InputError(f"period {period!r} is not two successive years", where=where, remedy="write 20242025")
        origin, destination = (str(cell).replace(" ", "").replace("\xa0", "") for cell in row[1:3])
        for code in (origin, destination):
            if not (len(code) == 8 and code.isascii() and code.isdigit()):
                raise InputError(f"code {code!r} has not eight digits", where=where, remedy="read the column as text")
        changes.append(Change(int(period[:4]), origin, destination))
    if not changes:
        raise InputError("no changes", where=f"file {path.name}", remedy="give the file as published")
    return ChangeTable(tuple(changes))


def _rows(path: Path) -> list[list[object]]:
    if path.suffix.lower() == ".csv":
        import csv

        return [list(row) for row in csv.reader(path.read_text(encoding="utf-8-sig").splitlines()) if any(row)]
    import xlrd

    try:
        sheet = xlrd.open_workbook(str(path)).sheet_by_index(0)
    except xlrd.XLRDError as error:
        raise InputError("not a readable xls file", where=f"file {path.name}", remedy="fetch it again") from error
    return [sheet.row_values(index) for index in range(sheet.nrows)]
