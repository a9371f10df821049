"""Who promised, asked or expects what, and by when?"""

from schakel.dossiers.commitments.model import KINDS, LABELS, OWED, Commitment
from schakel.dossiers.commitments.reading import find, sentences

__all__ = ["KINDS", "LABELS", "OWED", "Commitment", "find", "sentences"]
