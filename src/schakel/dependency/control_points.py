"""Is a product a control point of the reporter? Five numbers, never one score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from schakel.dependency.reverse import MAJORITY
from schakel.dependency.screen import Setting
from schakel.dependency.suppliers import product_index
from schakel.lake.flowset import FlowSet


@dataclass(frozen=True)
class ControlPoint:
    """The profile of one product of one reporter (after TNO 2024: unique and valuable, and others depend on it); None where the flows lack the input.

    Attributes
    ----------
    unique
        World export HHI over countries: few exporters when high. With `world_share`, the reporter's W = X / world exports.
    valuable
        Unit value of the reporter's exports over that of the world's (1 = the same); needs quantities.
    depended_upon, depended_value
        Number of partners that take more than half of their imports from the reporter, and what they take.
    reciprocal
        Mean over partners of (R[j from c] - R[c from j]), weighted by deliveries, -1..1; high when others lean on the reporter more than it on them.
    domestic_share
        W* = (X - RE) / sum (X - RE): the reporter's world share without re-exports; needs re-exports.
    """

    product: str
    unique: float | None
    world_share: float | None
    valuable: float | None
    depended_upon: int
    depended_value: int | float
    reciprocal: float | None
    domestic_share: float | None

    def as_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def control_point(flows: FlowSet, where: Setting, product: str, year: int) -> ControlPoint:
    """Compute the five numbers of one product."""
    import pyarrow.parquet as pq

    index = product_index(flows, product)
    table = pq.read_table(flows.path(year), filters=[("product", "==", index)])
    i, e, v = (table[c].to_numpy() for c in ("importer", "exporter", "value"))
    is_bloc = where.reporter == where.bloc
    member = np.array([c in where.members for c in flows.countries], dtype=bool)
    mine = member if is_bloc else np.arange(len(flows.countries)) == flows.country_index(where.reporter)
    if is_bloc:  # trade inside the bloc is not world trade
        keep = ~(member[i] & member[e])
        table, i, e, v = table.filter(keep), i[keep], e[keep], v[keep]
    n = len(flows.countries)
    node = np.where(member, n, np.arange(n)) if is_bloc else np.arange(n)
    exports = np.bincount(node[e], weights=v.astype(float), minlength=n + 1)
    world = exports.sum()
    own = v[mine[e]].sum()
    bought = np.bincount(node[i], weights=v.astype(float), minlength=n + 1)
    sold = np.bincount(node[i][mine[e]], weights=v[mine[e]].astype(float), minlength=n + 1)
    taken = np.bincount(node[e][mine[i]], weights=v[mine[i]].astype(float), minlength=n + 1)
    partners = np.flatnonzero(sold)
    reliance = sold[partners] / bought[partners]
    own_bought = taken.sum()
    back = taken[partners] / own_bought if own_bought else np.zeros(len(partners))
    heavy = reliance > MAJORITY
    value = int(sold[partners][heavy].sum())
    return ControlPoint(
        product=product,
        unique=float((exports**2).sum() / world**2) if world and flows.coverage == "world" else None,
        world_share=float(own / world) if world and flows.coverage == "world" else None,
        valuable=_premium(table, mine[e]) if flows.coverage == "world" else None,
        depended_upon=int(heavy.sum()),
        depended_value=value // flows.scale if value % flows.scale == 0 else value / flows.scale,
        reciprocal=float(((reliance - back) * sold[partners]).sum() / sold[partners].sum())
        if len(partners) and flows.coverage == "world"
        else None,
        domestic_share=_domestic(table, v, mine[e]) if flows.has_re_export and flows.coverage == "world" else None,
    )


def _premium(table: Any, mine: Any) -> float | None:
    """Return the unit value of the reporter's exports over the world's, on rows that have a quantity."""
    kg = table["quantity_kg"].combine_chunks().fill_null(0).to_numpy(zero_copy_only=False)
    v = table["value"].to_numpy()
    has = kg > 0
    if not (has & mine).any():
        return None
    own = v[has & mine].sum() / kg[has & mine].sum()
    return float(own / (v[has].sum() / kg[has].sum()))


def _domestic(table: Any, v: Any, mine: Any) -> float | None:
    re = table["re_export"].combine_chunks().fill_null(0).to_numpy(zero_copy_only=False)
    left = (v - re).sum()
    return float((v[mine] - re[mine]).sum() / left) if left > 0 else None
