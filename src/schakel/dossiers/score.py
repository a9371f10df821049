"""How well does the reading of letters do against hand-labelled rows?

    python -m schakel.dossiers.score TRUTH LETTERS [FORMAT]

TRUTH is a folder of CSV files, LETTERS one of texts. A set is scored when its CSV is there. FORMAT is ``table`` (default) or
``json``: one object a line, ``{"set", "measure", "value", "n"}``. ``recall``, ``precision`` and ``f1`` are shares of
``n``; ``traps`` counts the traps, of ``n``, that were taken for the real thing. A measure may carry ``:CLASS``. The table ends
with the time that a megabyte of digits and hyphens takes.

Rows that do not say what is right are left out, and said on the standard error stream; nothing else goes to the output.

A scorer is a function of the two folders that yields `Score` and `LeftOut`; a new set is a line in `SETS`.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from schakel.dossiers.scoring.labelled import LeftOut
from schakel.errors import InputError, NotFoundError, SchakelError

# Set (the CSV's name) and the function that scores it.
SETS: dict[str, str] = {
    "references": "schakel.dossiers.score_citations:references",
    "wild_citations": "schakel.dossiers.score_citations:wild_citations",
    "citation_forms": "schakel.dossiers.score_citations:citation_forms",
    "negatives": "schakel.dossiers.scoring.layout:negatives",
    "footnotes": "schakel.dossiers.scoring.layout:footnotes",
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


Scorer = Callable[[Path, Path], Iterable[Score | LeftOut]]


def scores(
    truth: Path, letters: Path, skipped: list[SchakelError] | None = None, left: list[LeftOut] | None = None
) -> Iterator[Score]:
    """Score every set whose CSV the folder has; a measure of nothing (``n`` is 0) is not given.

    Parameters
    ----------
    truth, letters
        Folders of labelled rows and of the texts they speak of.
    skipped
        Takes the error of a set whose rows cannot be read, so that the others are still scored; without it the error is raised.
    left
        Takes what was left out of the sets: rows that do not say what is right, or speak of a letter that is not there.

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
    present = [name for name in SETS if (truth / f"{name}.csv").is_file()]
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
            told = list(scorer(truth, letters))
        except SchakelError as error:
            if skipped is None:
                raise
            skipped.append(error)
        except (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError, csv.Error) as error:
            refused = InputError(
                f"This set has a row that cannot be scored: {error}.",
                where=str(truth / f"{name}.csv"),
                remedy="Fill the columns that the rows of the project's own truth folder have.",
            )
            if skipped is None:
                raise refused from error
            skipped.append(refused)
        else:
            yield from (s for s in told if not isinstance(s, LeftOut) and s.n)
            if left is not None:
                left += [s for s in told if isinstance(s, LeftOut)]


def _megabyte() -> float:
    """Return the seconds that a million digits and hyphens take: what would betray a pattern that goes back over its steps."""
    from schakel.dossiers.citations import cite
    from schakel.dossiers.text import Text

    text = "36600-29-" * 111_111
    began = time.perf_counter()
    cite(Text(text, text))
    return time.perf_counter() - began


def main(arguments: list[str]) -> int:
    """Print the scores; see the module."""
    truth, letters = (Path(a) for a in arguments[:2])
    form = arguments[2].lower() if len(arguments) > 2 and arguments[2] else "table"
    if form not in ("table", "json"):
        raise InputError(f"There is no format {form!r}.", where="FORMAT", remedy="Give FORMAT=table or FORMAT=json.")
    write = sys.stdout.write
    last = ""
    skipped: list[SchakelError] = []
    left: list[LeftOut] = []
    for s in scores(truth, letters, skipped, left):
        if form == "json":
            write(json.dumps({"set": s.set, "measure": s.measure, "value": s.value, "n": s.n}) + "\n")
            continue
        if not last:
            write(f"{'set':<20} {'measure':<38} {'value':>8} {'n':>5}  beside\n")
        value = f"{s.value:.0f}" if s.measure.startswith("traps") else f"{s.value:.3f}"
        write(f"{s.set if s.set != last else '':<20} {s.measure:<38} {value:>8} {s.n:>5}  {s.beside}".rstrip() + "\n")
        last = s.set
    if form == "table":
        write(f"\n1 MB of digits and hyphens is read for citations in {_megabyte():.2f} s here\n")
    for out in left:
        sys.stderr.write(f"note: {out.set}: {out.rows} rows not scored: {out.why}\n")
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
