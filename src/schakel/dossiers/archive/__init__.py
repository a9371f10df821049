"""Which letters has somebody imported, what was promised in them, and how does that stand on a day?

Everything stands in the register: letters with their versions, what people confirmed or rejected, and events that moved.
Asking computes; nothing is kept that could go out of step.
"""

from schakel.dossiers.archive.archive import VERDICTS, Archive
from schakel.dossiers.archive.facts import analyse
from schakel.dossiers.archive.model import Conflict, Due, Imported, Letter, LetterCard, Proposal

__all__ = ["VERDICTS", "Archive", "Conflict", "Due", "Imported", "Letter", "LetterCard", "Proposal", "analyse"]
