"""What does the front page hold?

Shares are of one, values in whole units of the currency named. None always means unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from schakel.web.results import NO_TEXT, Evidence, Judgement, Reliance, Row, Text


@dataclass(frozen=True, slots=True)
class CountryShare:
    """A country's value and share of a total."""

    country: str
    value: int | None
    share: float | None


@dataclass(frozen=True, slots=True)
class FlowNode:
    """A bar of the flow diagram: column 0 supplier, 1 stage or material, 2 importer."""

    key: str
    label: Text
    column: int


@dataclass(frozen=True, slots=True)
class FlowLink:
    """A flow between two nodes, above zero."""

    source: str
    target: str
    value: float


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One product under every definition: (method, verdict) in the order of `Choices.methods`."""

    product: str
    verdicts: tuple[tuple[str, bool | None], ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A criterion that is unknown for so many products, what it lacks, and which file would supply it."""

    criterion: str
    products: int
    what: Text
    remedy: Text


@dataclass(frozen=True, slots=True)
class Tally:
    """How many products a definition calls dependent, does not, or leaves open; ``unverified`` counts its elements that
    were not read in the source.
    """

    method: str
    yes: int
    no: int
    open: int
    unverified: int = 0


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far definitions agree over ``products``.

    ``any`` counts those that at least one definition calls dependent, ``disputed`` those that one calls dependent and
    another does not, ``open`` those on which no definition reaches a verdict.
    """

    products: int
    any: int
    disputed: int
    open: int


@dataclass(frozen=True, slots=True)
class Leaning:
    """A partner that leans on the reporter: products it buys there, those of which more than half, and their value."""

    partner: str
    products: int
    majority: int
    value: int | None


@dataclass(frozen=True, slots=True)
class WorldShare:
    """The reporter's share of world supply of a material at a stage, between two borders."""

    material: Text
    stage: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Overview:
    """The front page: totals over all products screened, and one page of rows.

    ``dependent``, ``undecided`` and ``screened`` count products; ``total`` counts the rows that match the query.
    ``suppliers`` are of the import value of the products that ``suppliers_basis`` names (dependent or near it);
    ``home`` are the countries the reporter consists of; ``scope`` says which products and years the flows hold;
    ``leaning_products`` are the largest deliveries that are more than half of a partner's imports; ``leaning_note``
    says why nobody is listed in ``leaning``.
    """

    reporter: str
    year: int
    method: str
    currency: str
    screened: int
    dependent: int
    undecided: int
    import_value: int | None
    dependent_value: int | None
    suppliers: tuple[CountryShare, ...]
    suppliers_basis: Text
    nodes: tuple[FlowNode, ...]
    links: tuple[FlowLink, ...]
    criteria: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int
    page: int
    grid: tuple[VerdictRow, ...]
    missing: tuple[Missing, ...]
    tallies: tuple[Tally, ...] = ()
    agreement: Agreement | None = None
    leaning: tuple[Leaning, ...] = ()
    leaning_products: tuple[Reliance, ...] = ()
    leaning_note: Text = NO_TEXT
    world_shares: tuple[WorldShare, ...] = ()
    scope: Text = NO_TEXT
    judgements: tuple[Judgement, ...] = ()
    home: tuple[str, ...] = ()
    evidence: Evidence = field(default_factory=Evidence)
