"""What does a chain consist of: steps, the recipes that join them, and who holds each step?

A recipe is an AND of slots, a slot an OR of alternatives. A step is made by one recipe; a step without slots is where the
chain begins. Cycles are legal: a scanner needs chips, and chips need the scanner.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from schakel.errors import InputError, NotFoundError
from schakel.evidence.spread import Number, Weights

KINDS = ("flow", "capital", "permission")
CLASSES = ("critical", "important", "minor")


@dataclass(frozen=True, slots=True)
class Step:
    """A product or an activity of the chain.

    Attributes
    ----------
    hs6
        Six-digit codes under which it is traded, empty when it is no good or shares none.
    layer
        Group for drawing: material, tool, fabrication, ...
    final
        True for an end use: what the chain is for.
    """

    id: str
    name_en: str
    name_nl: str
    layer: str = ""
    hs6: tuple[str, ...] = ()
    final: bool = False
    source: str = ""
    locator: str = ""
    note_en: str = ""
    note_nl: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing a step needs: any one of its alternatives will do.

    Attributes
    ----------
    kind
        ``flow`` is used up with every unit, ``capital`` is a tool, ``permission`` a licence, software or service.
    criticality
        ``critical`` stops the step, ``important`` halves it, ``minor`` costs something.
    coefficient
        Units of input for one unit of output, or cost share; None when nobody has said.
    stock_days
        Days of use that users hold; None when nobody has said.
    coefficient_spread, stock_days_spread, criticality_weights
        Distributions of which the three above are the central values; None where a value is given.
    """

    step: str
    name: str
    alternatives: tuple[str, ...]
    kind: str = "flow"
    criticality: str = "critical"
    coefficient: float | None = None
    stock_days: float | None = None
    confidence: float = 1.0
    source: str = ""
    locator: str = ""
    note_en: str = ""
    note_nl: str = ""
    coefficient_spread: Number | None = None
    stock_days_spread: Number | None = None
    criticality_weights: Weights | None = None

    @property
    def spreads(self) -> dict[str, Number | Weights]:
        """Distributions by the field of which they give the central value, in a fixed order."""
        found = {
            "coefficient": self.coefficient_spread,
            "stock_days": self.stock_days_spread,
            "criticality": self.criticality_weights,
        }
        return {k: v for k, v in found.items() if v is not None}


@dataclass(frozen=True, slots=True)
class Position:
    """Who holds how much of a step.

    Attributes
    ----------
    actor
        Firm or institute, empty when the row speaks of a country as a whole.
    plant, owner, control
        Alpha-3 codes: where it is made, where the owner has its seat, and who has the last word; empty when not said.
    share_low, share_high
        Bounds of the share of the world's capacity or output, 0 to 1; None when only the presence is known.
    mark, confidence
        How the figure was come by, and how sure its author is of it (0 to 1); None when nobody has said.
    """

    step: str
    actor: str = ""
    plant: str = ""
    owner: str = ""
    control: str = ""
    share_low: float | None = None
    share_high: float | None = None
    measure: str = ""
    year: int | None = None
    mark: str = "read"
    confidence: float | None = None
    source: str = ""
    locator: str = ""

    @property
    def share(self) -> float | None:
        """The middle of the bounds, None when only the presence is known."""
        if self.share_low is None or self.share_high is None:
            return None
        return (self.share_low + self.share_high) / 2

    def countries(self, by: str = "any") -> frozenset[str]:
        """Return the countries that this row hangs on: its plant, owner or control, or any of the three.

        A row that does not say the one asked for answers with what it does say.
        """
        said = frozenset(c for c in (self.plant, self.owner, self.control) if c)
        if by == "any":
            return said
        one = {"plant": self.plant, "owner": self.owner, "control": self.control}[by]
        return frozenset((one,)) if one else said


@dataclass(frozen=True)
class ChainGraph:
    """A chain, ready to be asked.

    ``sources`` are JSON-ready source descriptions, ``licences`` the ids of everything that went in, ``reading`` says how
    is-a-type-of links were read (``alternatives`` or ``together``; empty when there are none), ``inputs`` are the
    InputRefs of the files read.
    """

    name: str
    steps: tuple[Step, ...]
    slots: tuple[Slot, ...]
    positions: tuple[Position, ...]
    sources: tuple[Mapping[str, Any], ...] = ()
    licences: tuple[str, ...] = ()
    reading: str = ""
    warnings: tuple[str, ...] = ()
    inputs: tuple[Any, ...] = field(default=())

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each step by id."""
        return {s.id: i for i, s in enumerate(self.steps)}

    def step(self, key: str) -> Step:
        """Return a step by id, or by its English or Dutch name.

        Raises
        ------
        InputError, NotFoundError
            If none is named, or there is none, with the nearest names.
        """
        if not key.strip():
            raise InputError(
                "no step is named", remedy=f"name one of {self.name}, such as {', '.join(list(self.index)[:3])}"
            )
        if key in self.index:
            return self.steps[self.index[key]]
        wanted = key.casefold()
        for step in self.steps:
            if wanted in (step.id.casefold(), step.name_en.casefold(), step.name_nl.casefold()):
                return step
        raise NotFoundError(f"{self.name} has no step {key!r}", remedy=f"nearest: {', '.join(self._near(wanted))}")

    def _near(self, key: str) -> list[str]:
        from difflib import get_close_matches

        found = [s.id for s in self.steps if key in s.name_en.casefold() or key in s.id.casefold()]
        return (found or get_close_matches(key, list(self.index), n=3, cutoff=0.3) or list(self.index))[:3]

    @cached_property
    def slots_of(self) -> dict[str, tuple[Slot, ...]]:
        """Slots by the step that needs them, in the order of the table."""
        out: dict[str, list[Slot]] = {}
        for slot in self.slots:
            out.setdefault(slot.step, []).append(slot)
        return {k: tuple(v) for k, v in out.items()}

    @cached_property
    def positions_of(self) -> dict[str, tuple[Position, ...]]:
        """Positions by step, in the order of the table."""
        out: dict[str, list[Position]] = {}
        for row in self.positions:
            out.setdefault(row.step, []).append(row)
        return {k: tuple(v) for k, v in out.items()}

    @cached_property
    def used_by(self) -> dict[str, tuple[str, ...]]:
        """Steps that have a step among the alternatives of one of their slots."""
        out: dict[str, dict[str, None]] = {}
        for slot in self.slots:
            for alternative in slot.alternatives:
                out.setdefault(alternative, {})[slot.step] = None
        return {k: tuple(v) for k, v in out.items()}

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """Every country that holds something, in order of code."""
        return tuple(sorted({c for row in self.positions for c in row.countries()}))

    @cached_property
    def actors(self) -> tuple[str, ...]:
        """Every firm or institute that holds something, in order of name."""
        return tuple(sorted({row.actor for row in self.positions if row.actor}))

    def finals(self) -> tuple[Step, ...]:
        """Return the steps the chain is for: the end uses, or else the steps that nothing uses."""
        marked = tuple(s for s in self.steps if s.final)
        return marked or tuple(s for s in self.steps if s.id not in self.used_by)


def holders(rows: Iterable[Position], by: str = "plant") -> dict[str, float | None]:
    """Sum the rows of one step to a share by country; None where only the presence is known.

    Rows about countries as a whole are taken when there are any, else the rows of firms. A row that names several
    countries (``by="any"``) counts for each of them.
    """
    rows = list(rows)
    out: dict[str, float | None] = {}
    for row in [r for r in rows if not r.actor] or rows:
        for code in sorted(row.countries(by)):
            known, share = out.get(code), row.share
            out[code] = share if known is None else known if share is None else known + share
    return out
