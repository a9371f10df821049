"""What is a commitment: who promised, asked or expects what, towards whom, by when?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from schakel.dossiers.deadlines import Deadline
from schakel.dossiers.text import Mention, Text

KINDS = (
    "toezegging_geregistreerd",
    "toezegging_ongeregistreerd",
    "belofte_kamer",
    "voornemen",
    "verwachting",
    "doel",
    "verzoek_kamer",
    "uitgesteld",
    "reeds_geinformeerd",
)
LABELS = {
    "toezegging_geregistreerd": {"nl": "geregistreerde toezegging", "en": "registered commitment"},
    "toezegging_ongeregistreerd": {"nl": "niet-geregistreerde toezegging", "en": "unregistered commitment"},
    "belofte_kamer": {"nl": "belofte aan de Kamer", "en": "promise to the House"},
    "voornemen": {"nl": "voornemen", "en": "intention"},
    "verwachting": {"nl": "verwachting", "en": "expectation"},
    "doel": {"nl": "doel", "en": "goal"},
    "verzoek_kamer": {"nl": "verzoek van de Kamer", "en": "request of the House"},
    "uitgesteld": {"nl": "uitgesteld", "en": "deferred"},
    "reeds_geinformeerd": {"nl": "reeds geïnformeerd", "en": "already informed"},
}
OWED = frozenset(
    {
        "toezegging_geregistreerd",
        "toezegging_ongeregistreerd",
        "belofte_kamer",
        "voornemen",
        "verzoek_kamer",
        "uitgesteld",
    }
)
"""Kinds that somebody in government still owes; a goal, an expectation or what was done already is not due."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """A commitment tied to its words.

    Attributes
    ----------
    start, end, quote
        Position in the text that was read.
    kind
        One of `KINDS`.
    actor, recipient
        As the sentence names them: ``ik``, ``kabinet``, ``Europese Commissie``; ``Tweede Kamer`` or None.
    action
        What is to be done, in the words of the text.
    deadline
        None when none is set.
    tz_number
        Number in the register of the House, where the text gives it.
    conditional
        "Waar mogelijk": the promise depends on a condition.
    made_on
        Day of the promise where it is not the day of the letter: the debate in which it was given, the day on which the House asked.
    """

    start: int
    end: int
    quote: str
    kind: str
    actor: str | None = None
    recipient: str | None = None
    action: str = ""
    deadline: Deadline | None = None
    tz_number: str | None = None
    conditional: bool = False
    made_on: date | None = None

    def value(self) -> dict[str, Any]:
        """Return the JSON-ready content."""
        return {
            "kind": self.kind,
            "actor": self.actor,
            "recipient": self.recipient,
            "action": self.action,
            "deadline": self.deadline.value() if self.deadline else None,
            "deadline_text": self.deadline.quote if self.deadline else None,
            "tz_number": self.tz_number,
            "conditional": self.conditional,
            "made_on": self.made_on.isoformat() if self.made_on else None,
        }

    def mention(self, text: Text) -> Mention:
        """Return it as a mention of the original text."""
        return text.mention(self.start, self.end, "commitment", self.value())
