"""Which characters of a text mean the same to a citation?

Spaces of any width become a space, dashes of any length a hyphen, a line end a space; a blank line stays, because no
citation runs over it. The result has the length of the input, so positions keep.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SPACES = (
    "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\x0b\x0c\r\x00"
)
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
_TABLE = {**dict.fromkeys(map(ord, _SPACES), " "), **dict.fromkeys(map(ord, _DASHES), "-")}
_RAISED = dict.fromkeys(map(ord, "⁰¹²³⁴⁵⁶⁷⁸⁹"), " ")
_BLANK = re.compile(r"\n[ \n]*\n")
# Characters that show nothing: soft hyphen (also as PDF readers write it), zero-width space and joiners, direction marks, word joiner, byte order mark.
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\x02]")


def even(text: str) -> str:
    """Return the text with one kind of space and hyphen and its line ends, of the same length."""
    return text.translate(_TABLE)


def flat(text: str) -> str:
    """Return the text with one kind of space and hyphen and no line ends but blank lines, of the same length."""
    text = _BLANK.sub(lambda m: "\x1e" * len(m.group()), even(text))
    return text.replace("\n", " ").replace("\x1e", "\n")


def without_marks(text: str) -> str:
    """Return the text with spaces for raised digits: the mark of a footnote is no part of a number, of the same length."""
    return text.translate(_RAISED)


class Line:
    """A text to search, with the places at which a pattern can match at all.

    A pattern is tried only around the plain strings without which it cannot match, so a long text costs what its
    citations cost and not what its characters cost.

    Attributes
    ----------
    text
        The text.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        lower = text.lower()
        self._lower = (
            lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
        )

    def find(
        self, pattern: re.Pattern[str], *anchors: str, before: int = 60, after: int = 60
    ) -> Iterator[re.Match[str]]:
        """Yield the matches of a pattern that begin at most ``before`` before, and end at most ``after`` behind, an anchor's beginning.

        Parameters
        ----------
        pattern
            What to find.
        anchors
            Strings in lower case, one of which every match contains.
        before, after
            Reach of a match on both sides of its anchor.
        """
        last = 0
        for start, end in self._windows(anchors, before, after):
            for m in pattern.finditer(self.text, max(start, last), min(len(self.text), end + _SLACK)):
                if m.start() >= end:
                    break
                last = m.end()
                yield m

    def _windows(self, anchors: tuple[str, ...], before: int, after: int) -> list[tuple[int, int]]:
        places: list[int] = []
        for anchor in anchors:
            at = self._lower.find(anchor)
            while at >= 0:
                places.append(at)
                at = self._lower.find(anchor, at + len(anchor))
        windows: list[tuple[int, int]] = []
        for place in sorted(places):
            start, end = max(0, place - before), place + after
            if windows and start <= windows[-1][1]:
                windows[-1] = (windows[-1][0], end)
            else:
                windows.append((start, end))
        return windows


_SLACK = 600  # a match may run on behind its window, and looks ahead
