"""By when was it asked or promised, and on which event does that hang?"""

from schakel.dossiers.deadlines.calendar import Calendar, Event, builtin, load
from schakel.dossiers.deadlines.model import KINDS, Deadline
from schakel.dossiers.deadlines.periods import expressions, periods
from schakel.dossiers.deadlines.points import Point, points
from schakel.dossiers.deadlines.reading import find

__all__ = [
    "KINDS",
    "Calendar",
    "Deadline",
    "Event",
    "Point",
    "builtin",
    "expressions",
    "find",
    "load",
    "periods",
    "points",
]
