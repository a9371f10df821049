"""Which characters of a letter are marked, and how do marks that overlap stand inside each other?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median
from typing import Any

from schakel.web.render import clean

KINDS = ("finding", "commitment", "deadline", "citation", "amount", "percentage", "footnote")
PAGE = 30_000  # characters of a letter on one page
PIECE = 6_000  # characters of a paragraph
MARKUP = ("html", "xml")
UNSEEN = "\x1f"
"""Stands for a character of the file that no reader sees; a text that holds one itself was cleaned of it before."""
_LIST = re.compile(r"\s*(?:[-•*–○▪]\s|\(?[0-9a-z]{1,3}[.)]\s|\[)")
_TORN = re.compile(
    r"(?<=[^\s.:;!?])[ \t]*\n(?:[ \t\f]*\n)+[ \t]*(?=[a-zà-ÿ])"
)  # a sentence that a page break tore in two
_BLANK = re.compile(r"\n[ \t\r\f\v]*(?:\n[ \t\r\f\v]*)+")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table in a letter: where it stands, and where every cell does, by row."""

    start: int
    end: int
    rows: tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A marked piece of text: its kind, its number among that kind, and what was read there.

    ``here`` is the passage a reader was sent to; it has no note.
    """

    kind: str
    start: int
    end: int
    number: int
    value: dict[str, Any]

    @property
    def ident(self) -> str:
        """Id of the mark; that of its note has ``n-`` before it."""
        return "here" if self.kind == "here" else f"{self.kind}-{self.number}"


Token = tuple[str, Any, bool]
"""``("text", words, False)``, ``("open", span, first)`` or ``("close", span, last)``."""


def spans_of(parts: Iterable[tuple[str, Iterable[dict[str, Any]]]], length: int) -> list[Span]:
    """Number what was read in a letter by kind, in the order of the text; what lies outside the text is left out."""
    out = []
    for kind, values in parts:
        inside = [v for v in values if 0 <= v["start"] < v["end"] <= length]
        ordered = sorted(inside, key=lambda v: (v["start"], v["end"]))
        out += [Span(kind, v["start"], v["end"], i, v) for i, v in enumerate(ordered, 1)]
    return out


def shown(text: str, form: str = "") -> str:
    """Return a text that can be shown, of the same length; ``form`` is the format of its file.

    Of HTML and XML only what a reader sees is left; every other character becomes `UNSEEN`, which `tokens` leaves out.

    Line breaks within a sentence of a text that was wrapped at a margin become spaces; signs that are none, or that would turn
    the direction of the page, become the replacement sign.
    """
    if form in MARKUP:
        return _seen(text, form)
    plain = clean(text)
    if not wrapped(plain):
        return plain
    lines = _TORN.sub(lambda m: " " * len(m[0]), plain).split("\n")
    margin = 0.6 * sorted(map(len, lines))[int(len(lines) * 0.9)]
    out = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        soft = len(line) >= margin and following.strip() and not _LIST.match(following)
        out.append(line + (" " if soft else "\n"))
    return "".join(out)[:-1]


def _seen(text: str, form: str) -> str:
    from schakel.dossiers.reading.markup import seen

    visible = seen(text, form)
    out = [UNSEEN] * len(text)
    said = clean(visible.cleaned)
    for start, end, shift in zip(visible.starts, [*visible.starts[1:], len(said)], visible.shifts, strict=True):
        out[start + shift : end + shift] = said[start:end]
    return "".join(out[: len(text)])


def tables(text: str, found: Iterable[Mapping[str, Any]]) -> list[Grid]:
    """Return the tables whose cells can be told apart in a shown text, as places of every cell; the others stay text.

    A tab ends a cell. All characters of a table belong to one cell, so that no mark in it is lost.
    """
    out: list[Grid] = []
    for one in found:
        start, end, widths = int(one["start"]), int(one["end"]), [len(row) for row in one["rows"] if row]
        tabs = [m.start() for m in re.finditer("\t", text[start:end])]
        if len(tabs) != sum(widths) or not tabs or (out and start < out[-1].end):
            continue
        edges = [start, *(start + tab + 1 for tab in tabs[:-1]), end]
        cells = list(pairwise(edges))
        rows = []
        for width in widths:
            rows.append(tuple(cells[:width]))
            cells = cells[width:]
        out.append(Grid(start, end, tuple(rows)))
    return out


def laid(places: Sequence[tuple[int, int]], grids: Sequence[Grid]) -> list[tuple[int, int]]:
    """Return paragraphs in which every table stands once, as one place; what overlaps a table is cut off at it."""
    out = list(places)
    for grid in grids:
        kept = [(a, b) for a, b in out if b <= grid.start or a >= grid.end]
        cut = [(a, grid.start) for a, b in out if a < grid.start < b] + [
            (grid.end, b) for a, b in out if a < grid.end < b
        ]
        out = sorted([*kept, *cut, (grid.start, grid.end)])
    return out


def wrapped(text: str) -> bool:
    """Whether lines were broken at a margin: nearly all of them short, and many of about the same length."""
    lengths = sorted(len(line) for line in text.split("\n") if line.strip())
    return len(lengths) > 5 and lengths[int(len(lengths) * 0.97)] < 180 and median(lengths) > 40


def paragraphs(text: str, blank: bool = False) -> list[tuple[int, int]]:
    """Return the paragraphs as places in the text, parted by every line break, or only by ``blank`` lines.

    A very long one is cut at a space.
    """
    ends = _BLANK if blank else re.compile(r"\n\s*")
    out: list[tuple[int, int]] = []
    at = 0
    for match in [*ends.finditer(text), None]:
        until = match.start() if match else len(text)
        if text[at:until].strip():
            out += _pieces(text, at, until)
        at = match.end() if match else until
    return out


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > PIECE:
        cut = text.rfind(" ", start + PIECE // 2, start + PIECE) + 1 or start + PIECE
        yield start, cut
        start = cut
    yield start, end


def pages(places: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Return the paragraphs by page."""
    out: list[list[tuple[int, int]]] = [[]]
    size = 0
    for start, end in places:
        if out[-1] and size + end - start > PAGE:
            out.append([])
            size = 0
        out[-1].append((start, end))
        size += end - start
    return out


def page_of(book: Sequence[Sequence[tuple[int, int]]], offset: int) -> int:
    """Return the page (from 1) on which a character stands."""
    for number, page in enumerate(book, 1):
        if page and offset < page[-1][1]:
            return number
    return len(book)


def tokens(text: str, start: int, end: int, spans: Sequence[Span]) -> list[Token]:
    """Return a paragraph as text and marks that are properly nested: where two marks cross, the inner one is cut in two.

    The first piece of a mark is opened with True, its last closed with True; a mark that began in an earlier paragraph has no
    first piece here.
    """
    mine = [s for s in spans if s.start < end and s.end > start]
    edges = sorted({start, end, *(e for s in mine for e in (s.start, s.end) if start < e < end)})
    opening = _by_place((max(s.start, start), s) for s in mine)
    out: list[Token] = []
    stack: list[Span] = []
    for at, until in zip(edges, [*edges[1:], end], strict=True):
        again: list[Span] = []
        while any(s.end <= at for s in stack):
            top = stack.pop()
            done = top.end <= at
            out.append(("close", top, done))
            if not done:
                again.append(top)
        for s in reversed(again):
            out.append(("open", s, False))
            stack.append(s)
        for s in sorted(opening.get(at, ()), key=lambda s: (-s.end, KINDS.index(s.kind) if s.kind in KINDS else -1)):
            out.append(("open", s, s.start >= start))
            stack.append(s)
        if until > at:
            words = text[at:until].replace(UNSEEN, "")
            out += [("text", words, False)] if words else []
    while stack:
        top = stack.pop()
        out.append(("close", top, top.end <= end))
    return out


def begun(parts: list[Token]) -> list[Token]:
    """Return tokens without the blanks they begin with: the line break before a row of a table is none of its first cell."""
    first = next((i for i, (what, _, _) in enumerate(parts) if what == "text"), None)
    if first is None:
        return parts
    what, said, flag = parts[first]
    return [*parts[:first], (what, said.lstrip(), flag), *parts[first + 1 :]]


def _by_place(pairs: Iterable[tuple[int, Span]]) -> dict[int, list[Span]]:
    ordered = sorted(pairs, key=lambda p: p[0])
    return {place: [s for _, s in group] for place, group in groupby(ordered, key=lambda p: p[0])}
