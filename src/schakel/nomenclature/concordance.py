"""How do the codes of one nomenclature map to those of another, without losing splits and mergers?

A concordance is a set of links. Many-to-many stays many-to-many: no link is chosen and no value is divided, because
the published tables hold no weights. To compare values across revisions, add them up by family
(``Concordance.families``).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from schakel.errors import InputError
from schakel.nomenclature import families

RELATIONS = ("1:1", "n:1", "1:n", "n:n")


@dataclass(frozen=True, slots=True)
class Link:
    """One source code, one target code and their relation; "n:1" means that several sources share the target."""

    source: str
    target: str
    relation: str


@dataclass(frozen=True)
class Concordance:
    """All links between two nomenclatures, in the order of the file.

    Attributes
    ----------
    source, target
        Names such as ``HS2022``.
    published
        Whether ``relation`` was read in the file; otherwise it is counted from the links.
    """

    source: str
    target: str
    links: tuple[Link, ...]
    published: bool = False
    _forward: dict[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _backward: dict[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        forward: dict[str, list[str]] = {}
        backward: dict[str, list[str]] = {}
        for link in self.links:
            forward.setdefault(link.source, []).append(link.target)
            backward.setdefault(link.target, []).append(link.source)
        object.__setattr__(self, "_forward", {code: tuple(found) for code, found in forward.items()})
        object.__setattr__(self, "_backward", {code: tuple(found) for code, found in backward.items()})

    def targets(self, code: str) -> tuple[str, ...]:
        """Return every target of a source code; empty when the concordance does not have it."""
        return self._forward.get(code, ())

    def sources(self, code: str) -> tuple[str, ...]:
        """Return every source of a target code; empty when the concordance does not have it."""
        return self._backward.get(code, ())

    def inverse(self) -> Concordance:
        """Return the same links read backwards."""
        turned = tuple(Link(link.target, link.source, link.relation[::-1]) for link in self.links)
        return Concordance(self.target, self.source, turned, self.published)

    def families(self, apart: tuple[str, ...] = ()) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
        """Return the smallest groups (source codes, target codes) whose values are comparable on both sides.

        Parameters
        ----------
        apart
            Beginnings of source codes whose links tie nothing. In HS 2022 electronic waste (8549), display modules
            (8524), parts (852990) and other semiconductor devices (854151, 854159) draw on so many codes of HS 2017
            that one family holds 2,258 codes; with these five apart the largest holds 66. Codes set apart are in no
            family, and what they took from the others is not corrected for.
        """
        groups = families.components(
            (("s", link.source), ("t", link.target))
            for link in self.links
            if not link.source.startswith(apart or ("-",))
        )
        return tuple(
            (
                frozenset(code for side, code in group if side == "s"),
                frozenset(code for side, code in group if side == "t"),
            )
            for group in groups
        )


def from_pairs(source: str, target: str, pairs: Iterable[tuple[str, str]]) -> Concordance:
    """Build a concordance from pairs of codes; repeats count once and relations are counted from the links."""
    unique = tuple(dict.fromkeys(pairs))
    forward: dict[str, int] = {}
    backward: dict[str, int] = {}
    for left, right in unique:
        forward[left] = forward.get(left, 0) + 1
        backward[right] = backward.get(right, 0) + 1

    def relation(left: str, right: str) -> str:
        return f"{'n' if backward[right] > 1 else '1'}:{'n' if forward[left] > 1 else '1'}"

    return Concordance(source, target, tuple(Link(left, right, relation(left, right)) for left, right in unique))


def chain(*steps: Concordance) -> Concordance:
    """Compose concordances, such as HS2022 to 2017 and 2017 to 2012; relations are counted afresh over the whole way.

    Raises
    ------
    InputError
        No step, steps that do not join, or a code that has no way on (its rows would silently vanish).
    """
    if not steps:
        raise InputError("nothing to chain", remedy="give one concordance or more")
    result = steps[0]
    for step in steps[1:]:
        if step.source != result.target:
            raise InputError(
                f"{result.source} to {result.target} does not join {step.source} to {step.target}",
                remedy="order the steps so that each begins where the former ends; use inverse() to turn one",
            )
        lost = sorted({link.target for link in result.links if not step.targets(link.target)})
        if lost:
            raise InputError(
                f"{len(lost)} codes of {step.source} have no way on to {step.target}: {', '.join(lost[:10])}",
                remedy="check that both tables are complete and of the same revision",
            )
        pairs = ((link.source, far) for link in result.links for far in step.targets(link.target))
        result = from_pairs(result.source, step.target, pairs)
    return result


def _label(text: object) -> str:
    """Turn a heading such as "From HS 2017" or " HS2017" into HS2017."""
    plain = re.sub(r"^(from|to)\s+", "", str(text).strip(), flags=re.IGNORECASE)
    return re.sub(r"\s+", "", plain)


def _code(value: object) -> str:
    # Excel keeps some codes as numbers; six digits is the only width these tables have.
    text = str(int(value)).zfill(6) if isinstance(value, int | float) else str(value).strip()
    return text.replace(".", "")


def read_hs(path: Path, table: str = "correlation") -> Concordance:
    """Read one table between two HS revisions.

    Parameters
    ----------
    path
        UN Statistics Division workbook ("HS2022toHS2017ConversionAndCorrelationTables.xlsx"), or a CSV whose first
        two columns are source and target codes and whose column ``Relationship``, if any, gives the relation.
    table
        ``correlation`` (all links) or ``conversion`` (one target per source, as the UN converts its own data). A CSV
        holds one table; there it is ignored.

    Raises
    ------
    InputError
        No such table, an unreadable row, or a relation that is none of 1:1, n:1, 1:n, n:n.
    """
    if table not in ("correlation", "conversion"):
        raise InputError(f"no table {table!r}", remedy="use correlation or conversion")
    rows = _csv_rows(path) if path.suffix.lower() == ".csv" else _xlsx_rows(path, table)
    return _parse(path, rows)


def _csv_rows(path: Path) -> list[Sequence[object]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("not a UTF-8 file", where=f"file {path.name}", remedy="save the file as UTF-8") from error
    return list(csv.reader(text.splitlines()))


def _xlsx_rows(path: Path, table: str) -> list[Sequence[object]]:
    import zipfile

    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True)
    except (zipfile.BadZipFile, KeyError, openpyxl.utils.exceptions.InvalidFileException) as error:
        raise InputError("not a readable workbook", where=f"file {path.name}", remedy="fetch it again") from error
    try:
        sheet = next((name for name in book.sheetnames if table in name.casefold()), None)
        if sheet is None:
            found = ", ".join(book.sheetnames)
            raise InputError(f"no {table} table", where=f"file {path.name}", remedy=f"the sheets are: {found}")
        return list(book[sheet].iter_rows(values_only=True))
    finally:
        book.close()


def _parse(path: Path, rows: Sequence[Sequence[object]]) -> Concordance:
    widths = [sum(_filled(cell) for cell in row) for row in rows[:5]]
    head = next((number for number, width in enumerate(widths) if width >= 2), None)
    if head is None:
        raise InputError("no header naming two nomenclatures", where=f"file {path.name}", remedy="give it as published")
    columns = [index for index, cell in enumerate(rows[head]) if _filled(cell)]
    relation = next((index for index in columns if str(rows[head][index]).strip().casefold() == "relationship"), None)
    left, right = [index for index in columns if index != relation][:2]
    links: list[Link] = []
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        if not any(_filled(cell) for cell in row):
            continue
        where = f"file {path.name}, row {number}"
        if len(row) <= max(left, right) or not _filled(row[left]) or not _filled(row[right]):
            raise InputError("a row lacks a code", where=where, remedy="complete the row or fetch the file again")
        kind = str(row[relation]).strip() if relation is not None and relation < len(row) else ""
        if relation is not None and kind not in RELATIONS:
            raise InputError(f"unknown relation {kind!r}", where=where, remedy=f"one of {', '.join(RELATIONS)}")
        links.append(Link(_code(row[left]), _code(row[right]), kind))
    if not links:
        raise InputError("no links", where=f"file {path.name}", remedy="give the file as published")
    source, target = _label(rows[head][left]), _label(rows[head][right])
    if relation is None:
        return from_pairs(source, target, ((link.source, link.target) for link in links))
    return Concordance(source, target, tuple(links), published=True)


def _filled(cell: object) -> bool:
    return cell is not None and str(cell).strip() != ""
