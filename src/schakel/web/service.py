"""What must somebody answer for the pages and REST to be served?

`Service` is the whole wish list. Unknown names raise `schakel.errors.NotFoundError`, unusable ones `InputError`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from schakel.evidence import Licence, Source
from schakel.web.frontpage import (
    Agreement,
    CountryShare,
    FlowLink,
    FlowNode,
    Leaning,
    Missing,
    Overview,
    Tally,
    VerdictRow,
    WorldShare,
)
from schakel.web.results import (
    NO_TEXT,
    PAGE_SIZE,
    Bound,
    Choices,
    Comparison,
    ControlPoint,
    Country,
    CountryLine,
    Criterion,
    Evidence,
    Flip,
    Judgement,
    Mutual,
    MutualCell,
    Product,
    Reliance,
    Reverse,
    Row,
    Screen,
    Supplier,
    Text,
    Trend,
)

__all__ = [
    "NO_TEXT",
    "PAGE_SIZE",
    "Agreement",
    "Bound",
    "Choices",
    "Comparison",
    "ControlPoint",
    "Country",
    "CountryLine",
    "CountryShare",
    "Criterion",
    "Data",
    "DataSet",
    "Evidence",
    "Flip",
    "FlowLink",
    "FlowNode",
    "Judgement",
    "Leaning",
    "Method",
    "MethodElement",
    "Missing",
    "Mutual",
    "MutualCell",
    "Named",
    "Overview",
    "Product",
    "Published",
    "Reliance",
    "Reverse",
    "Row",
    "Screen",
    "Service",
    "Supplier",
    "Tally",
    "Text",
    "Trend",
    "VerdictRow",
    "WorldShare",
]


@dataclass(frozen=True, slots=True)
class MethodElement:
    """One element of a definition (universe, bloc, concentration, share, substitution, world, persistence, minimum)."""

    element: str
    text: Text
    formula: str
    threshold: float | None
    verified: bool
    source: str
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """A figure a study printed, for comparison."""

    measure: Text
    value: float | None
    unit: str
    mark: str
    source: str


@dataclass(frozen=True, slots=True)
class Method:
    """A published definition: its elements with formula, threshold, source and whether it was read there.

    ``facts`` are what holds for the definition as a whole: universe, bloc, base, years, mark.
    """

    name: str
    title: Text
    description: Text
    citation: str
    url: str
    elements: tuple[MethodElement, ...]
    published: tuple[Published, ...] = ()
    caveats: tuple[Text, ...] = ()
    facts: tuple[tuple[str, Text], ...] = ()

    @property
    def verified(self) -> bool:
        """Whether every element was read in its source."""
        return all(e.verified for e in self.elements)


@dataclass(frozen=True, slots=True)
class DataSet:
    """A table or set of tables that answers rest on."""

    name: str
    title: Text
    version: str
    vintage: str
    licence: str
    rows: int | None
    retrieved: str
    caveats: tuple[Text, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Data:
    """Everything the answers rest on."""

    datasets: tuple[DataSet, ...]
    sources: tuple[Source, ...]
    licences: tuple[Licence, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A code with its names."""

    code: str
    name: Text


class Service(Protocol):
    """Answers for pages and REST. Methods may be called from several threads at once."""

    def choices(self) -> Choices:
        """Return what can be chosen."""
        ...

    def product_name(self, code: str, lang: str) -> str:
        """Return a product's name, the code itself when it has none."""
        ...

    def country_name(self, code: str, lang: str) -> str:
        """Return a country's or bloc's name, the code itself when it has none."""
        ...

    def overview(self, reporter: str, year: int, method: str, sort: str, query: str, page: int) -> Overview:
        """Return the front page; ``sort`` as in `schakel.web.selection.sort_keys`, pages counted from 1."""
        ...

    def screen(self, reporter: str, year: int, method: str) -> Screen:
        """Return all products under one definition."""
        ...

    def product(self, code: str, reporter: str, year: int, method: str) -> Product:
        """Return one product under every definition; verdicts of others by the definition named."""
        ...

    def country(self, iso3: str, reporter: str, year: int, method: str) -> Country:
        """Return one country, both directions; verdicts by the definition."""
        ...

    def reverse(self, reporter: str, year: int, method: str) -> Reverse:
        """Return who leans on the reporter."""
        ...

    def mutual(self, year: int, method: str) -> Mutual:
        """Return who depends on whom."""
        ...

    def methods(self) -> tuple[Method, ...]:
        """Return all definitions."""
        ...

    def method(self, name: str) -> Method:
        """Return one definition."""
        ...

    def data(self) -> Data:
        """Return data sets, sources and licences."""
        ...

    def products(self) -> tuple[Named, ...]:
        """Return the products that can be asked for."""
        ...

    def countries(self) -> tuple[Named, ...]:
        """Return the countries and blocs that can be asked for."""
        ...
