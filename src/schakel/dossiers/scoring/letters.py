"""What does the program read in a labelled letter: the same facts as `schakel dossier read` prints?"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from schakel.dossiers.archive.facts import analyse
from schakel.dossiers.archive.model import Letter
from schakel.dossiers.deadlines import expressions, find
from schakel.dossiers.scoring.labelled import day, document, rows


def facts(truth: Path, path: Path) -> Letter:
    """Return the facts of a letter; its date is given with it, as by ``--date``, where ``documents.csv`` has one."""
    return _analysed(path, given(truth, path.name))


@lru_cache(maxsize=32)
def _analysed(path: Path, written: date | None) -> Letter:
    return analyse(path, written=written)


def given(truth: Path, letter: str) -> date | None:
    """Return the date of a letter in ``documents.csv``: printed in it, or the earliest it can be; None when it is not there."""
    for row in rows(truth, "documents"):
        if row["letter"] == letter:
            return day(row["date_explicit"]) or day(row["date_low"])
    return None


def made_on(truth: Path, path: Path) -> date | None:
    """Return the date that relative dates of a letter count from: given, or as the letter or the name of its file tells."""
    card = facts(truth, path).card
    return card.date_from if card.date_basis == "month" else card.date


def times(truth: Path, path: Path) -> list[tuple[int, int, str, str]]:
    """Return the temporal expressions of a letter: place in the original, first and last day."""
    written, text = made_on(truth, path), document(path).text
    found = expressions(text.cleaned, written) if written else []
    places = [(text.span(p.start, p.end), p) for p in found]
    return [(s.start, s.end, p.lo.isoformat(), p.hi.isoformat()) for s, p in places]


def deadlines(truth: Path, path: Path) -> list[tuple[int, int]]:
    """Return where a letter has a deadline that binds."""
    written, text = made_on(truth, path), document(path).text
    found = [d for d in find(text.cleaned, written) if d.binding] if written else []
    return [(s.start, s.end) for s in (text.span(d.start, d.end) for d in found)]
