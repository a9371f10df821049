"""What does an economy consist of before anything happens: who makes what, from what, for whom?

One form serves sector tables and recipe graphs. Industries are (region, sector) pairs; a sector is what an industry makes
and what others use. ``N`` industries, ``S`` sectors, ``R`` regions; industry order is free, ``region`` and ``sector`` say
what each one is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from schakel.errors import InputError

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
I8 = npt.NDArray[np.int8]
CRITICAL, IMPORTANT, MINOR = 2, 1, 0
FLOW, CAPITAL, PERMISSION = 0, 1, 2


@dataclass(frozen=True)
class World:
    """An inter-country table at baseline.

    Attributes
    ----------
    regions, sectors
        Names, lengths R and S.
    region, sector
        Position of region and sector of each industry, shape (N,).
    flows
        Deliveries from industry i to industry j in a year, shape (N, N), million USD.
    final
        Deliveries from industry i to final users in region r, shape (N, R), million USD.
    stock_days
        Days of input s that industry j holds, shape (S, N).
    criticality
        CRITICAL, IMPORTANT or MINOR for input s of industry j, shape (S, N).
    kind
        FLOW, CAPITAL or PERMISSION, shape (S, N).
    unit
        What one unit is; ``million USD`` for tables, ``share`` where a graph has no values.
    """

    name: str
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    region: I64
    sector: I64
    flows: F64
    final: F64
    stock_days: F64
    criticality: I8
    kind: I8
    year: int = 0
    unit: str = "million USD"
    sources: tuple[Mapping[str, Any], ...] = ()
    licences: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    inputs: tuple[Any, ...] = ()
    hs6: Mapping[str, tuple[str, ...]] | None = None  # six-digit codes of each sector, for worlds made from a chain
    alternatives: tuple[Any, ...] = ()  # standing Substitutes, for worlds made from a chain

    @cached_property
    def output(self) -> F64:
        """Gross output x0 of each industry in a year: everything it delivers, shape (N,)."""
        return np.asarray(self.flows.sum(axis=1) + self.final.sum(axis=1), np.float64)

    @cached_property
    def use(self) -> F64:
        """Use of product s by industry j in a year, shape (S, N)."""
        out = np.zeros((len(self.sectors), len(self.sector)))
        np.add.at(out, self.sector, self.flows)
        return out

    @cached_property
    def coefficients(self) -> F64:
        """Input s for one unit of output of industry j, a_sj, shape (S, N); zero where nothing is made."""
        x = self.output
        return np.divide(self.use, x, out=np.zeros_like(self.use), where=x > 0)

    @cached_property
    def value_added(self) -> F64:
        """Output less inputs, shape (N,)."""
        return np.asarray(self.output - self.flows.sum(axis=0), np.float64)

    @property
    def size(self) -> int:
        """Return the number of industries."""
        return len(self.sector)

    def of(self, regions: frozenset[str] | None = None, sectors: frozenset[str] | None = None) -> npt.NDArray[np.bool_]:
        """Return which industries lie in these regions and make these products, shape (N,); None means all."""
        mask = np.ones(self.size, bool)
        if regions is not None:
            mask &= np.isin(self.region, [i for i, r in enumerate(self.regions) if r in regions])
        if sectors is not None:
            mask &= np.isin(self.sector, [i for i, s in enumerate(self.sectors) if s in sectors])
        return mask

    def with_stocks(self, days: float | F64) -> World:
        """Return the same world with other stocks."""
        return replace(self, stock_days=np.broadcast_to(np.asarray(days, float), self.stock_days.shape).copy())


def world(
    name: str,
    regions: tuple[str, ...],
    sectors: tuple[str, ...],
    region: Any,
    sector: Any,
    flows: Any,
    final: Any,
    *,
    stock_days: float | F64 = 60.0,
    criticality: int | I8 = CRITICAL,
    kind: int | I8 = FLOW,
    **about: Any,
) -> World:
    """Check shapes and signs and build a World.

    Raises
    ------
    InputError
        If shapes disagree or a number is negative or not finite.
    """
    where = f"table {name}"
    region, sector = np.asarray(region, np.int64), np.asarray(sector, np.int64)
    flows, final = np.ascontiguousarray(flows, np.float64), np.ascontiguousarray(final, np.float64)
    n, shape = len(region), (len(sectors), len(region))
    if sector.shape != (n,) or flows.shape != (n, n) or final.shape != (n, len(regions)):
        raise InputError(
            f"shapes do not agree: {n} industries, flows {flows.shape}, final use {final.shape}",
            where=where,
            remedy="give flows (N, N) and final use (N, number of regions)",
        )
    for label, values in (("flows", flows), ("final use", final)):
        bad = np.argwhere(~(np.isfinite(values) & (values >= 0)))
        if len(bad):
            i, j = bad[0]
            raise InputError(
                f"{label} holds {values[i, j]} in row {i + 1}, column {j + 1}",
                where=where,
                remedy="negative cells (changes in stocks) must be moved out before; the readers do that and count them",
            )
    return World(
        name=name,
        regions=regions,
        sectors=sectors,
        region=region,
        sector=sector,
        flows=flows,
        final=final,
        stock_days=np.broadcast_to(np.asarray(stock_days, float), shape).copy(),
        criticality=np.broadcast_to(np.asarray(criticality, np.int8), shape).copy(),
        kind=np.broadcast_to(np.asarray(kind, np.int8), shape).copy(),
        **about,
    )
