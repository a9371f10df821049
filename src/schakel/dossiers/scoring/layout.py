"""How many footnotes of the labelled letters are tied right, and which strings are taken for what they are not?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from schakel.dossiers.score import Score
from schakel.dossiers.scoring.labelled import LeftOut, Row, by_letter, citations, document, kept, over, share
from schakel.dossiers.scoring.letters import deadlines, facts

_SPAN = ("char_start", "char_end")
_PAPERS = frozenset(["kamerstuk", "dossier", "relative", "document_number", "zaak", "placeholder"])
Spans = Callable[[Path, Path], list[tuple[int, int]]]


def footnotes(truth: Path, letters: Path) -> Iterator[Score | LeftOut]:
    """Score marks and definitions of footnotes by the place where each begins.

    A row without ``marker_start`` is a mark that the letter lost: right is a note that is found without one.
    """
    marks = notes = total = defined = told = right = 0
    labelled, left = kept(truth, "footnotes", letters=letters, filled=("footnote",))
    for path, group in by_letter(letters, labelled):
        doc = document(path)
        by_label = {n.label: n for n in doc.footnotes}
        starts = {int(r["marker_start"]) for r in group if r["marker_start"].isdigit()}
        for row in group:
            note = by_label.get(row["footnote"])
            total += 1
            wanted = int(row["marker_start"]) if row["marker_start"].isdigit() else None
            marks += note is not None and (note.marker.start if note.marker else None) == wanted
            if row["definition_start"].isdigit():
                defined += 1
                place = note.definition if note else None
                notes += place is not None and place.start == int(row["definition_start"])
        placed = [n.marker.start for n in doc.footnotes if n.marker]
        told += len(placed)
        right += sum(s in starts for s in placed)
    yield Score("footnotes", "recall:mark", share(marks, total), total)
    yield Score("footnotes", "recall:definition", share(notes, defined), defined)
    yield Score("footnotes", "precision:mark", share(right, told), told)
    yield from left


def _papers(truth: Path, path: Path) -> list[tuple[int, int]]:
    return [(m.start, m.end) for m in citations(path).citations if m.kind in _PAPERS]


def _urls(truth: Path, path: Path) -> list[tuple[int, int]]:
    return [(m.start, m.end) for m in citations(path).citations if m.kind == "url"]


def _money(truth: Path, path: Path) -> list[tuple[int, int]]:
    return [(r["start"], r["end"]) for r in facts(truth, path).amounts]


def _shares(truth: Path, path: Path) -> list[tuple[int, int]]:
    return [(r["start"], r["end"]) for r in facts(truth, path).percentages]


def _promises(truth: Path, path: Path) -> list[tuple[int, int]]:
    kinds = ("toezegging", "belofte")
    return [(r["start"], r["end"]) for r in facts(truth, path).commitments if r["kind"].startswith(kinds)]


def _notes(truth: Path, path: Path) -> list[tuple[int, int]]:
    spans = [s for n in document(path).footnotes for s in (n.marker, n.definition) if s]
    return [(s.start, s.end) for s in spans]


# What the words of column not_a speak of: class, words, and where the reading says it found one.
_CLASSES: tuple[tuple[str, tuple[str, ...], Spans], ...] = (
    ("kamerstuk reference", ("kamerstuk", "reference"), _papers),
    ("amount", ("amount",), _money),
    ("percentage", ("percentage",), _shares),
    ("parliamentary commitment", ("commitment", "toezegging"), _promises),
    ("deadline", ("deadline",), deadlines),
    ("footnote", ("footnote",), _notes),
    ("URL", ("url",), _urls),
)


def negatives(truth: Path, letters: Path) -> Iterator[Score | LeftOut]:
    """Count the strings that look like a paper, an amount, a promise ... and are none.

    ``traps`` counts rows taken for at least one of the things they are not; kinds that nothing is read of (names) are left out.
    """
    taken: Counter[str] = Counter()
    total: Counter[str] = Counter()
    traps = trapped = 0
    labelled, left = kept(truth, "negatives", letters=letters, spans=_SPAN, filled=("not_a",))
    untested = 0
    for path, group in by_letter(letters, labelled):
        for row in group:
            tested = {name: _taken(truth, path, row, spans) for name, words, spans in _CLASSES if _speaks(row, words)}
            untested += not tested
            traps += bool(tested)
            trapped += any(tested.values())
            total.update(tested.keys())
            taken.update(name for name, it_is in tested.items() if it_is)
    yield Score("negatives", "traps", trapped, traps)
    for name, _, _ in _CLASSES:
        beside = "tkconv 2 (published)" if name == "kamerstuk reference" else ""
        yield Score("negatives", f"traps:{name}", taken[name], total[name], beside)
    if untested:
        left = [*left, LeftOut("negatives", untested, "nothing of the kind in column not_a is read")]
    yield from left


def _speaks(row: Row, words: tuple[str, ...]) -> bool:
    return any(w in row["not_a"].lower() for w in words)


def _taken(truth: Path, path: Path, row: Row, spans: Spans) -> bool:
    return any(over(row, start, end) for start, end in spans(truth, path))
