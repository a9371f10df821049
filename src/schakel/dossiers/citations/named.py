"""What was read at one place of a text: a parliamentary paper, or a dossier?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paper:
    """What was read at one place: a paper, or a dossier when ``number`` is empty.

    Attributes
    ----------
    start, end
        Positions in the text that was parsed.
    dossier, addition, number
        Parts of the identifier, without spaces.
    also
        Further dossiers under which the paper is registered.
    page
        Pinpoint, when given.
    problem
        Why it cannot be right as it stands; empty when nothing is wrong.
    reading
        What was probably meant, for a problem.
    literal
        What stands there, for a problem.
    how
        What brought the number in: ``nr``, ``-``, ``loose`` or empty.
    """

    start: int
    end: int
    dossier: str
    addition: str = ""
    number: str = ""
    also: tuple[str, ...] = ()
    page: str = ""
    problem: str = ""
    reading: str = ""
    literal: str = ""
    how: str = ""

    @property
    def stem(self) -> str:
        """Dossier with its addition."""
        return f"{self.dossier}-{self.addition}" if self.addition else self.dossier
