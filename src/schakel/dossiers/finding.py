"""What does not add up in a letter, and on which characters does that stand?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class DossierFinding:
    """One doubt about a text, tied to its characters.

    Attributes
    ----------
    kind
        What kind of doubt, for example ``malformed``, ``date-weekday``, ``footnote-without-marker``.
    start, end, quote
        Code points of the original text (half open), and what stands there.
    sentence
        The doubt by language, ``{"en": ..., "nl": ...}``.
    best_reading
        What was probably meant; None when nothing can be said.
    candidates
        Further readings, best first.
    """

    kind: str
    start: int
    end: int
    quote: str
    sentence: dict[str, str]
    best_reading: str | None = None
    candidates: tuple[str, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {
            "kind": self.kind,
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
            "best_reading": self.best_reading,
            "candidates": list(self.candidates),
            "sentence": dict(self.sentence),
        }
