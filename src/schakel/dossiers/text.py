"""Which characters does a fact stand on?

Offsets are Unicode code points of the original text. Readers clean a text (hard wraps, hyphens, glued markers) without
losing them: a `Text` knows for every character of the cleaned form where it stood.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of code points of the original text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A fact tied to its characters: every citation, deadline, amount and commitment is one.

    Attributes
    ----------
    start, end
        Code points of the original text, half open.
    quote
        ``original[start:end]``.
    kind
        What it is, for example ``kamerstuk``, ``amount``, ``deadline``.
    value
        JSON-ready content, by kind.
    """

    start: int
    end: int
    quote: str
    kind: str
    value: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Text:
    """An original text and its cleaned form.

    Attributes
    ----------
    original, cleaned
        As read, and as parsers see it.
    starts, shifts
        Piecewise map: cleaned position p lies in the last piece whose start is not above p, at original
        ``shifts[piece] + p``.
    """

    original: str
    cleaned: str
    starts: tuple[int, ...] = (0,)
    shifts: tuple[int, ...] = (0,)

    def at(self, position: int) -> int:
        """Return the original position of a cleaned one."""
        return position + self.shifts[bisect_right(self.starts, position) - 1]

    def span(self, start: int, end: int) -> Span:
        """Return the original range of a cleaned one; never empty when the cleaned one is not."""
        if end <= start:
            return Span(self.at(start), self.at(start))
        return Span(self.at(start), self.at(end - 1) + 1)

    def mention(self, start: int, end: int, kind: str, value: dict[str, Any]) -> Mention:
        """Return a mention of a cleaned range."""
        s = self.span(start, end)
        return Mention(s.start, s.end, self.original[s.start : s.end], kind, value)


def replaced(original: str, edits: Sequence[tuple[int, int, str]]) -> Text:
    """Return a text in which ranges of the original are replaced; edits are ordered and do not overlap."""
    parts: list[str] = []
    starts, shifts = [0], [0]
    length, last = 0, 0
    for start, end, new in edits:
        piece = original[last:start]
        parts += [piece, new]
        length += len(piece)
        if new:
            if length == starts[-1]:
                shifts[-1] = start - length
            else:
                starts.append(length)
                shifts.append(start - length)
        length += len(new)
        last = end
        if length == starts[-1]:
            shifts[-1] = last - length
        else:
            starts.append(length)
            shifts.append(last - length)
    parts.append(original[last:])
    return Text(original, "".join(parts), tuple(starts), tuple(shifts))
