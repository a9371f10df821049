"""Which labelled rows can be scored, and on which text?

A row that does not say what is right (an empty cell, a number that is none, a letter that is not in the folder) is left out and
reported; a row that is right or wrong is never left out.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path

from schakel.dossiers.citations import Cited, cite
from schakel.dossiers.reading import Document, read


class Row(dict[str, str]):
    """A row of a truth file; a column that the file does not have is empty."""

    def __missing__(self, key: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows of a set that were not scored, and why."""

    set: str
    rows: int
    why: str


def rows(folder: Path, name: str) -> list[Row]:
    """Return the rows of a truth file, none when the file is absent; white space around a cell does not count."""
    path = folder / f"{name}.csv"
    if not path.is_file():
        return []
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    with path.open(encoding="utf-8-sig", newline="") as file:
        read = csv.DictReader(file)
        found = [Row({k.strip(): (v or "").strip() for k, v in row.items() if k}) for row in read]
    return [row for row in found if any(row.values())]


def kept(
    truth: Path,
    name: str,
    *,
    letters: Path | None = None,
    spans: Sequence[str] = (),
    days: Sequence[str] = (),
    numbers: Sequence[str] = (),
    filled: Sequence[str] = (),
) -> tuple[list[Row], list[LeftOut]]:
    """Return the rows of a truth file that say all that is needed, and what was left out.

    Parameters
    ----------
    letters
        Folder that must hold the letter of the row; not asked when None.
    spans, days, numbers, filled
        Columns that must hold an offset, an ISO date, a number, or anything.
    """
    good: list[Row] = []
    bad: Counter[str] = Counter()
    for row in rows(truth, name):
        why = _fault(row, letters, spans, days, numbers, filled)
        if why:
            bad[why] += 1
        else:
            good.append(row)
    return good, [LeftOut(name, n, why) for why, n in sorted(bad.items())]


def _fault(
    row: Row,
    letters: Path | None,
    spans: Sequence[str],
    days: Sequence[str],
    numbers: Sequence[str],
    filled: Sequence[str],
) -> str:
    """Return why a row cannot be scored, empty when it can."""
    checks: tuple[tuple[Sequence[str], Callable[[str], bool], str], ...] = (
        (spans, _offset, "an offset"),
        (days, lambda text: day(text) is not None, "a date"),
        (numbers, lambda text: number(text) is not None, "a number"),
        (filled, bool, "anything"),
    )
    for columns, good, what in checks:
        for column in columns:
            if not good(row[column]):
                return f"column {column} does not hold {what}"
    if letters is not None and letter(letters, row["letter"]) is None:
        return f"letter {row['letter'] or '(none named)'} is not in the folder of letters"
    return ""


def _offset(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


def day(text: str) -> date | None:
    """Return an ISO date, None when the cell holds none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def number(text: str) -> Decimal | None:
    """Return a number, None when the cell holds none."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def span(row: Mapping[str, str]) -> tuple[int, int] | None:
    """Return the offsets of a row, None when it has none."""
    start, end = row["char_start"], row["char_end"]
    return (int(start), int(end)) if _offset(start) and _offset(end) else None


def over(row: Mapping[str, str], start: int, end: int) -> bool:
    """Whether a range of the letter shares characters with the labelled one."""
    labelled = span(row)
    return labelled is not None and start < labelled[1] and labelled[0] < end


def letter(letters: Path, name: str) -> Path | None:
    """Return the file of a letter, None when the folder has no such file."""
    try:
        path = letters / name
        return path if name and path.is_file() else None
    except (OSError, ValueError):
        return None


def by_letter(letters: Path, labelled: Iterable[Row]) -> Iterator[tuple[Path, list[Row]]]:
    """Yield each letter with its rows, in the order of the names."""
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in labelled:
        grouped[row["letter"]].append(row)
    for name, group in sorted(grouped.items()):
        path = letter(letters, name)
        if path is not None:
            yield path, group


@lru_cache(maxsize=32)
def document(path: Path) -> Document:
    """Return a letter, read as `schakel dossier read` reads it."""
    return read(path)


@lru_cache(maxsize=32)
def citations(path: Path) -> Cited:
    """Return the citations of a letter."""
    return cite(document(path).text)


def share(hits: int, n: int) -> float:
    """Return ``hits / n`` to four digits; 0 when there is nothing to find."""
    return round(hits / n, 4) if n else 0.0
