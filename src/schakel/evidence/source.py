"""Where did a number come from, and did anybody read it there?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How a fact entered the tables.

    ``read`` in the source itself; ``second-hand`` in another work that describes it; ``recalled`` without a source at hand; ``derived`` computed.
    """

    READ = "read"
    SECOND_HAND = "second-hand"
    RECALLED = "recalled"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Source:
    """One publication or data file.

    Attributes
    ----------
    id
        Short stable key used on every row.
    licence
        Id of a licence in ``licences.toml``.
    vintage
        The publisher's version or the period covered.
    retrieved
        ISO date, empty when unknown.
    """

    id: str
    title: str
    publisher: str
    url: str
    licence: str
    vintage: str = ""
    retrieved: str = ""
    mark: Mark = Mark.READ
    note: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return a JSON-ready mapping."""
        return {key: str(value) for key, value in asdict(self).items()}
