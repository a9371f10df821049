"""What does an answer hold? Frozen dataclasses for screens, products, countries and both directions of dependence.

Shares are of one, values in whole units of the currency named, countries alpha-3 or a bloc, products text codes.
None always means unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from schakel.evidence import Source

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages."""

    en: str = ""
    nl: str = ""

    def in_(self, lang: str) -> str:
        """Return the text in a language."""
        return self.nl if lang == "nl" else self.en


NO_TEXT = Text()


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of a product: ``passes`` when the dependency condition is met; ``why`` says what is missing."""

    name: str
    value: float | None
    threshold: float | None
    passes: bool | None
    distance: float | None = None
    why: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Row:
    """One product in a screen."""

    product: str
    import_value_usd: int | None
    import_value_eur: int | None
    criteria: tuple[Criterion, ...]
    dependent: bool | None
    top_supplier: str | None
    top_supplier_share: float | None

    def value(self, currency: str) -> int | None:
        """Return the import value in ``USD`` or ``EUR``."""
        return self.import_value_eur if currency == "EUR" else self.import_value_usd

    def criterion(self, name: str) -> Criterion | None:
        """Return a criterion by name, None when the method has no such one."""
        return next((c for c in self.criteria if c.name == name), None)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a result rests on; ``receipt`` is a `schakel.evidence.Receipt` as dict, ``result_sha256`` the ETag."""

    sources: tuple[Source, ...] = ()
    licences: tuple[str, ...] = ()
    warnings: tuple[Text, ...] = ()
    receipt: Mapping[str, Any] = field(default_factory=dict)
    result_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a reader can choose; the defaults open the front page."""

    reporters: tuple[str, ...]
    years: tuple[int, ...]
    methods: tuple[str, ...]
    reporter: str
    year: int
    method: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person decided about a product; the program never computes it."""

    product: str
    public_interest: bool | None
    replaceable: bool | None
    author: str
    time: str
    reason: str


@dataclass(frozen=True, slots=True)
class Screen:
    """All products under one definition, as ``schakel screen`` gives them."""

    reporter: str
    year: int
    method: str
    rows: tuple[Row, ...]
    evidence: Evidence = Evidence()


@dataclass(frozen=True, slots=True)
class Flip:
    """Where a threshold would have to lie for the verdict to turn; None when it cannot turn."""

    criterion: str
    threshold: float | None
    flips_at: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One product under one definition."""

    method: str
    dependent: bool | None
    criteria: tuple[Criterion, ...]
    flips: tuple[Flip, ...] = ()


@dataclass(frozen=True, slots=True)
class Supplier:
    """Who supplies a product; governance is a World Bank estimate, the voting distance is in ideal points."""

    country: str
    value: int | None
    share: float | None
    governance: float | None
    voting_distance: float | None


@dataclass(frozen=True, slots=True)
class Bound:
    """A criterion as declared and its bounds; ``kind`` is ``re-export`` or ``confidential``."""

    kind: str
    criterion: str
    declared: float | None
    low: float | None
    high: float | None
    threshold: float | None
    flips: bool | None
    note: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Reliance:
    """How far a partner leans on the reporter for a product: its share of the partner's imports."""

    product: str
    partner: str
    value: int | None
    share: float | None
    dependent: bool | None


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """The five numbers of a control point; never one score."""

    unique: float | None
    valuable: float | None
    depended_upon: float | None
    reciprocal: float | None
    domestic_adjusted: float | None


@dataclass(frozen=True, slots=True)
class Trend:
    """A criterion over the years."""

    criterion: str
    points: tuple[tuple[int, float | None], ...]
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """One product of one reporter: every definition, suppliers, reverse reliance and bounds."""

    product: str
    reporter: str
    year: int
    currency: str
    row: Row
    comparisons: tuple[Comparison, ...]
    suppliers: tuple[Supplier, ...]
    bounds: tuple[Bound, ...] = ()
    reverse: tuple[Reliance, ...] = ()
    control: ControlPoint | None = None
    trends: tuple[Trend, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    weighted_distance: float | None = None
    weighted_concentration: float | None = None
    home: tuple[str, ...] = ()
    evidence: Evidence = Evidence()


@dataclass(frozen=True, slots=True)
class CountryLine:
    """A product between the reporter and one country: ``share`` of the receiving side's imports of it."""

    product: str
    value: int | None
    share: float | None
    dependent: bool | None


@dataclass(frozen=True, slots=True)
class Country:
    """A country seen from the reporter: ``incoming`` is what the reporter takes from it, ``outgoing`` what it takes
    from the reporter, None when the flows cannot tell; so with ``common``, (product, third country) pairs.
    """

    country: str
    reporter: str
    year: int
    currency: str
    incoming: tuple[CountryLine, ...]
    outgoing: tuple[CountryLine, ...] | None
    outgoing_note: Text = NO_TEXT
    common: tuple[tuple[str, str], ...] | None = ()
    common_note: Text = NO_TEXT
    governance: float | None = None
    voting_distance: float | None = None
    evidence: Evidence = Evidence()


@dataclass(frozen=True, slots=True)
class Reverse:
    """All reliance of others on the reporter."""

    reporter: str
    year: int
    method: str
    rows: tuple[Reliance, ...]
    evidence: Evidence = Evidence()


@dataclass(frozen=True, slots=True)
class MutualCell:
    """How many products, and how much, ``importer`` depends on ``supplier`` for; asymmetry is this count less the
    opposite one.
    """

    importer: str
    supplier: str
    products: int | None
    value: int | None
    asymmetry: int | None


@dataclass(frozen=True, slots=True)
class Mutual:
    """The matrix of who depends on whom."""

    year: int
    method: str
    rows: tuple[MutualCell, ...]
    evidence: Evidence = Evidence()
