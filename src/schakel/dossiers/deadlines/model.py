"""What is a deadline: its words, its kind, the days it allows, and the event it hangs on?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from schakel.dossiers.text import Mention, Text

KINDS = ("calendar", "duration", "event", "soft", "conditional")
"""Kinds that bind; ``recurring``, ``target`` and ``action`` are read too and are content, not deadlines."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A temporal expression with its role.

    Attributes
    ----------
    start, end, quote
        Position in the text that was read, and its words.
    kind
        One of `KINDS`, or ``recurring``, ``target`` (date of a result), ``action`` (date of an act).
    lo, hi
        First and last day on which it is met; the deadline is ``hi``. None: no day can be named.
    event
        Key of the event in the calendar, or a name when the calendar does not know it.
    status
        ``fixed``; ``provisional`` (a rule, a plan, or counted from the date of the text); ``unresolved``.
    latest
        Upper bound of a provisional date, for example counted from adoption four weeks later.
    note
        The convention used.
    """

    start: int
    end: int
    quote: str
    kind: str
    lo: date | None = None
    hi: date | None = None
    event: str | None = None
    status: str = "fixed"
    latest: date | None = None
    note: str = ""

    @property
    def binding(self) -> bool:
        """Whether it asks for something by a time, rather than describing content."""
        return self.kind in KINDS

    def value(self) -> dict[str, Any]:
        """Return the JSON-ready content."""
        return {
            "kind": self.kind,
            "lo": self.lo.isoformat() if self.lo else None,
            "hi": self.hi.isoformat() if self.hi else None,
            "latest": self.latest.isoformat() if self.latest else None,
            "event": self.event,
            "status": self.status,
            "note": self.note,
        }

    def mention(self, text: Text) -> Mention:
        """Return it as a mention of the original text."""
        return text.mention(self.start, self.end, "deadline", self.value())
