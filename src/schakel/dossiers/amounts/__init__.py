"""Which amounts, percentages and targets does a letter state, and do they agree?"""

from schakel.dossiers.amounts.model import Amount, Percentage
from schakel.dossiers.amounts.percentages import find as find_percentages
from schakel.dossiers.amounts.reading import find
from schakel.dossiers.amounts.relations import Conflict, Sum, check, conflicts, levers, sums

__all__ = [
    "Amount",
    "Conflict",
    "Percentage",
    "Sum",
    "check",
    "conflicts",
    "find",
    "find_percentages",
    "levers",
    "sums",
]
