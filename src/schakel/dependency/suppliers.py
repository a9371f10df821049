"""Who supplies a product, how well are they governed, how far do they vote from us, and how concentrated is that?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from schakel.dependency.screen import Setting
from schakel.errors import NotFoundError
from schakel.lake.flowset import FlowSet

Values = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Supply:
    """Imports of one product by supplier, largest first, ties by alphabet; values in units of 1 / scale currency."""

    exporters: tuple[str, ...]
    values: tuple[int, ...]
    inside: tuple[bool, ...]
    scale: int

    @property
    def total(self) -> int:
        """Imports from all suppliers."""
        return sum(self.values)

    def shares(self) -> tuple[float, ...]:
        """Return each supplier's share of all imports."""
        return tuple(v / self.total for v in self.values)


def product_index(flows: FlowSet, product: str) -> int:
    """Return the position of a product.

    Raises
    ------
    NotFoundError
        If the flows do not hold it; the message names near codes.
    """
    if product in flows.products:
        return flows.products.index(product)
    near = [p for p in flows.products if p[:4] == product[:4]] or [p for p in flows.products if p[:2] == product[:2]]
    hint = f"near it are {', '.join(near[:8])}" if near else f"the flows hold {len(flows.products)} products"
    raise NotFoundError(f"the flows hold no product {product!r}", remedy=hint)


def supply(flows: FlowSet, where: Setting, product: str, year: int) -> Supply:
    """Return who supplies a product to the reporter; a bloc treated as one has outside suppliers only."""
    import pyarrow.parquet as pq

    index = product_index(flows, product)
    table = pq.read_table(
        flows.path(year), columns=["importer", "exporter", "value"], filters=[("product", "==", index)]
    )
    importer, exporter, value = (table[c].to_numpy() for c in ("importer", "exporter", "value"))
    member = np.array([c in where.members for c in flows.countries], dtype=bool)
    if where.reporter == where.bloc:
        keep = member[importer]
        if where.treatment == "one":
            keep &= ~member[exporter]
    else:
        keep = importer == flows.country_index(where.reporter)
    totals = np.zeros(len(flows.countries), np.int64)
    np.add.at(totals, exporter[keep], value[keep])
    order = sorted(np.flatnonzero(totals).tolist(), key=lambda c: (-int(totals[c]), flows.countries[c]))
    return Supply(
        exporters=tuple(flows.countries[c] for c in order),
        values=tuple(int(totals[c]) for c in order),
        inside=tuple(bool(member[c]) for c in order),
        scale=flows.scale,
    )


def trade_weighted_distance(shares: Sequence[float], distances: Sequence[float | None]) -> tuple[float | None, float]:
    """Return sum of share times distance over suppliers whose distance is known, rescaled to them, and the share that is covered.

    Half of a country's trade at distance 10 and half at 5 gives 7.5 (McKinsey Global Institute 2024, geopolitical distance).
    """
    covered = sum(s for s, d in zip(shares, distances, strict=True) if d is not None)
    if covered == 0:
        return None, 0.0
    return sum(s * d for s, d in zip(shares, distances, strict=True) if d is not None) / covered, covered


def weighted_hhi(shares: Sequence[float], weights: Sequence[float | None]) -> float | None:
    """Return sum of share^2 times weight; None when a supplier's weight is unknown.

    With weight = distance / largest distance this is the voting-distance form; with governance rescaled to 0..10, high being bad, it is the form of the
    EC's supply risk (recalled, not verified).
    """
    if any(w is None for w in weights):
        return None
    return sum(s * s * w for s, w in zip(shares, weights, strict=True) if w is not None)


def governance_scaled(estimate: float) -> float:
    """Return a governance estimate (-2.5 good .. 2.5 is best) turned to 0..10 with high being bad: (2.5 - estimate) * 2."""
    return min(10.0, max(0.0, (2.5 - estimate) * 2))


@dataclass(frozen=True)
class Profile:
    """Suppliers with governance and voting distance, and what they weigh together.

    Attributes
    ----------
    distance
        Trade-weighted voting distance (ideal points, 0 = same) over the covered share.
    hhi
        Concentration of the suppliers shown.
    hhi_distance, hhi_governance
        sum s^2 d / d_max, with d_max the largest distance of any country from the reporter; and sum s^2 g, with g on 0..10, high being bad. None when a
        supplier has no figure.
    """

    rows: tuple[dict[str, object], ...]
    distance: float | None
    distance_covered: float
    hhi: float | None
    hhi_distance: float | None
    hhi_governance: float | None


def profile(who: Supply, governance: Mapping[str, float], distance: Mapping[str, float]) -> Profile:
    """Describe suppliers.

    Parameters
    ----------
    governance
        Estimate by alpha-3, -2.5..2.5.
    distance
        Voting distance from the reporter by alpha-3.
    """
    shares = who.shares() if who.total else ()
    d = [distance.get(c) for c in who.exporters]
    g = [governance_scaled(governance[c]) if c in governance else None for c in who.exporters]
    largest = max(distance.values(), default=0.0)
    mean, covered = trade_weighted_distance(shares, d)
    rows: tuple[dict[str, object], ...] = tuple(
        {
            "exporter": c,
            "value": v / who.scale if v % who.scale else v // who.scale,
            "share": s,
            "inside_bloc": inside,
            "governance": governance.get(c),
            "voting_distance": distance.get(c),
        }
        for c, v, s, inside in zip(who.exporters, who.values, shares, who.inside, strict=True)
    )
    return Profile(
        rows=rows,
        distance=mean,
        distance_covered=covered,
        hhi=sum(v * v for v in who.values) / who.total**2 if who.total else None,
        hhi_distance=weighted_hhi(shares, [x / largest if x is not None and largest else None for x in d])
        if shares
        else None,
        hhi_governance=weighted_hhi(shares, g) if shares else None,
    )
