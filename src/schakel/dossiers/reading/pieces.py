"""How is a cleaned text put together out of pieces of the original, in any order?"""

from __future__ import annotations

from schakel.dossiers.text import Text


class Pieces:
    """Collects pieces of cleaned text, each with the place it comes from."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._starts: list[int] = []
        self._shifts: list[int] = []
        self.length = 0
        self._last = "\n"

    def add(self, part: str, origin: int) -> None:
        """Append text that begins at ``origin`` of the original."""
        if not part:
            return
        shift = origin - self.length
        if not self._starts or self._shifts[-1] != shift:
            self._starts.append(self.length)
            self._shifts.append(shift)
        self._parts.append(part)
        self.length += len(part)
        self._last = part[-1]

    def end_line(self, origin: int) -> None:
        """End the line, unless it has just begun."""
        if self._last != "\n":
            self.add("\n", origin)

    @property
    def at_space(self) -> bool:
        """Whether the text ends in a space or line end."""
        return self._last.isspace()

    def text(self, original: str) -> Text:
        """Return the text."""
        return Text(original, "".join(self._parts), tuple(self._starts or [0]), tuple(self._shifts or [0]))

    def join(self, other: Pieces) -> None:
        """Append everything that another collected."""
        for part, start, shift in other.runs():
            self.add(part, start + shift)

    def runs(self) -> list[tuple[str, int, int]]:
        """Return the runs: text, position, shift."""
        if not self._starts:
            return []
        whole = "".join(self._parts)
        ends = [*self._starts[1:], self.length]
        return [(whole[s:e], s, shift) for s, e, shift in zip(self._starts, ends, self._shifts, strict=True)]
