"""How well does the reading of letters do against hand-labelled rows?

    python -m schakel.dossiers.score TRUTH LETTERS [FORMAT]

TRUTH is a folder of CSV files, LETTERS one of texts. A set is scored when its CSV is there. FORMAT is ``table`` (default) or
``json``: one object a line, ``{"set", "measure", "value", "n"}``. ``recall``, ``precision`` and ``f1`` are shares of
``n``; ``traps`` counts the traps, of ``n``, that were taken for the real thing. A measure may carry ``:CLASS``.

A scorer is a function of the two folders that yields `Score`; a new set is a line in `SETS`.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from schakel.errors import InputError, NotFoundError, SchakelError

# Set (the CSV's name) and the function that scores it.
SETS: dict[str, str] = {
    "references": "schakel.dossiers.score_citations:references",
    "wild_citations": "schakel.dossiers.score_citations:wild_citations",
    "citation_forms": "schakel.dossiers.score_citations:citation_forms",
    "negatives": "schakel.dossiers.score_citations:negatives",
    "footnotes": "schakel.dossiers.score_citations:footnotes",
    "anomalies": "schakel.dossiers.score_citations:anomalies",
    "motion_deadlines": "schakel.dossiers.scoring.promises:motion_deadlines",
    "dates": "schakel.dossiers.scoring.promises:dates",
    "commitments": "schakel.dossiers.scoring.promises:commitments",
    "amounts": "schakel.dossiers.scoring.money:amounts",
    "percentages": "schakel.dossiers.scoring.money:percentages",
    "motion_letters": "schakel.dossiers.scoring.linking:motion_letters",
    "toezegging_letters": "schakel.dossiers.scoring.linking:toezegging_letters",
}


@dataclass(frozen=True, slots=True)
class Score:
    """One measure of one set.

    Attributes
    ----------
    set, measure
        Name of the CSV; ``recall``, ``precision``, ``f1`` or ``traps``, with or without ``:CLASS``.
    value, n
        Share, or number of traps; over how many rows.
    beside
        What another program gets on the same task, as published or as run; empty when nothing is known.
    """

    set: str
    measure: str
    value: float
    n: int
    beside: str = ""


Scorer = Callable[[Path, Path], Iterable[Score]]


class Row(dict[str, str]):
    """A row of a truth file; a column that the file does not have is empty."""

    def __missing__(self, key: str) -> str:
        return ""


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of a truth file, none when the file is absent."""
    path = folder / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [Row({k: v or "" for k, v in row.items() if k}) for row in csv.DictReader(file)]


def share(hits: int, n: int) -> float:
    """Return ``hits / n`` to four digits; 0 when there is nothing to find."""
    return round(hits / n, 4) if n else 0.0


def scores(truth: Path, letters: Path, skipped: list[SchakelError] | None = None) -> Iterator[Score]:
    """Score every set whose CSV the folder has.

    Parameters
    ----------
    truth, letters
        Folders of labelled rows and of the texts they speak of.
    skipped
        Takes the error of a set whose rows cannot be read, so that the others are still scored; without it the error is raised.

    Raises
    ------
    NotFoundError
        When a folder is not there.
    InputError
        When the truth folder has none of the sets, or a set has rows that cannot be read.
    """
    for folder in (truth, letters):
        if not folder.is_dir():
            raise NotFoundError(
                "There is no such folder.", where=str(folder), remedy="Give TRUTH=FOLDER and LETTERS=FOLDER."
            )
    present = [name for name in SETS if (truth / f"{name}.csv").exists()]
    if not present:
        raise InputError(
            "None of the labelled sets is in the folder.",
            where=str(truth),
            remedy=f"Expected one of: {', '.join(SETS)} (.csv).",
        )
    for name in present:
        module, _, function = SETS[name].partition(":")
        scorer: Scorer = getattr(import_module(module), function)
        try:
            yield from list(scorer(truth, letters))
        except (ArithmeticError, LookupError, OSError, ValueError) as error:
            refused = InputError(
                f"This set has a row that cannot be scored: {error}.",
                where=str(truth / f"{name}.csv"),
                remedy="Fill the columns that the rows of the project's own truth folder have.",
            )
            if skipped is None:
                raise refused from error
            skipped.append(refused)


def main(arguments: list[str]) -> int:
    """Print the scores; see the module."""
    truth, letters = (Path(a) for a in arguments[:2])
    form = arguments[2] if len(arguments) > 2 and arguments[2] else "table"
    write = sys.stdout.write
    last = ""
    skipped: list[SchakelError] = []
    for s in scores(truth, letters, skipped):
        if form == "json":
            write(json.dumps({"set": s.set, "measure": s.measure, "value": s.value, "n": s.n}) + "\n")
            continue
        if not last:
            write(f"{'set':<20} {'measure':<38} {'value':>8} {'n':>5}  beside\n")
        value = f"{s.value:.0f}" if s.measure.startswith("traps") else f"{s.value:.3f}"
        write(f"{s.set if s.set != last else '':<20} {s.measure:<38} {value:>8} {s.n:>5}  {s.beside}".rstrip() + "\n")
        last = s.set
    for error in skipped:
        sys.stderr.write(f"error: {error}\n")
    return skipped[0].exit_code if skipped else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.stderr.write("usage: python -m schakel.dossiers.score TRUTH LETTERS [table|json]\n")
        sys.exit(2)
    try:
        sys.exit(main(sys.argv[1:]))
    except SchakelError as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader, for example head, has seen enough
        sys.stderr.close()
