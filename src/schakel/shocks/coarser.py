"""What do a table and a shock look like when regions and sectors are put together?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from schakel.errors import InputError
from schakel.shocks.lens import Shock
from schakel.shocks.world import F64, I64, World

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Grouping:
    """Which group every region and every sector goes to: groups are numbered from 0 without gaps."""

    regions: I64
    sectors: I64

    @property
    def sizes(self) -> tuple[int, int]:
        """Number of groups of regions and of sectors."""
        return int(self.regions.max()) + 1, int(self.sectors.max()) + 1


def coarser(world: World, grouping: Grouping) -> tuple[World, I64]:
    """Return a coarser world, and the industry of it that each industry goes to.

    Deliveries are summed. Stocks in days are averaged by use; criticality and kind are those of the larger part of the use.
    """
    n_regions, n_sectors = grouping.sizes
    pairs = grouping.regions[world.region] * n_sectors + grouping.sectors[world.sector]
    used, fold = np.unique(pairs, return_inverse=True)
    flows = _sum(_sum(world.flows, fold, len(used), 0), fold, len(used), 1)
    final = _sum(_sum(world.final, fold, len(used), 0), grouping.regions, n_regions, 1)

    def both(values: F64) -> F64:
        return _sum(_sum(values, grouping.sectors, n_sectors, 0), fold, len(used), 1)

    weight = world.use + 1e-12  # without use, the plain mean
    whole = both(weight)
    stock = both(weight * world.stock_days) / whole

    def most(values: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
        kinds = np.unique(values)
        shares = np.array([both(weight * (values == k)) for k in kinds])
        return np.asarray(kinds[shares.argmax(axis=0)], np.int8)

    made = replace(
        world,
        name=f"{world.name}, {n_regions} regions by {n_sectors} sectors",
        regions=_names(world.regions, grouping.regions, n_regions),
        sectors=_names(world.sectors, grouping.sectors, n_sectors),
        region=used // n_sectors,
        sector=used % n_sectors,
        flows=flows,
        final=final,
        stock_days=stock,
        criticality=most(world.criticality),
        kind=most(world.kind),
        hs6=None,
        alternatives=(),
    )
    return made, np.asarray(fold, np.int64)


def _sum(values: F64, groups: I64, count: int, axis: int) -> F64:
    shape = list(values.shape)
    shape[axis] = count
    out = np.zeros(shape)
    if axis == 0:
        np.add.at(out, groups, values)
    else:
        np.add.at(out.T, groups, values.T)
    return out


def _names(names: Sequence[str], groups: I64, count: int) -> tuple[str, ...]:
    return tuple("+".join(n for n, g in zip(names, groups, strict=True) if g == k) for k in range(count))


def carried(shock: Shock, world: World, coarse: World, grouping: Grouping, fold: I64) -> Shock:
    """Return the same shock on the coarser world.

    Raises
    ------
    InputError
        If the grouping puts together what the shock tells apart.
    """

    def industries(mask: Bools) -> Bools:
        return _carry(mask, fold, coarse.size)

    def sector(k: int) -> int:
        return int(grouping.sectors[k])

    n_regions, n_sectors = grouping.sizes
    return replace(
        shock,
        restrictions=tuple(
            replace(
                r,
                suppliers=industries(r.suppliers),
                users=industries(r.users),
                final_users=_carry(r.final_users, grouping.regions, n_regions),
            )
            for r in shock.restrictions
        ),
        losses=tuple(replace(x, industries=industries(x.industries)) for x in shock.losses),
        second_sources=tuple(replace(x, industries=industries(x.industries)) for x in shock.second_sources),
        stocks=tuple(
            replace(
                x,
                users=industries(x.users),
                sectors=np.flatnonzero(
                    _carry(np.isin(np.arange(len(world.sectors)), x.sectors), grouping.sectors, n_sectors)
                ),
            )
            for x in shock.stocks
        ),
        substitutes=tuple(
            replace(x, lacking=sector(x.lacking), instead=sector(x.instead), users=industries(x.users))
            for x in shock.substitutes
        ),
        together=tuple(
            replace(
                x,
                users=industries(x.users),
                final_users=_carry(x.final_users, grouping.regions, n_regions),
                sectors=np.flatnonzero(
                    _carry(np.isin(np.arange(len(world.sectors)), x.sectors), grouping.sectors, n_sectors)
                ),
            )
            for x in shock.together
        ),
        priority=None if shock.priority is None else industries(shock.priority),
    )


def _carry(mask: Bools, groups: I64, count: int) -> Bools:
    inside = np.bincount(groups[mask], minlength=count)
    if (inside != np.bincount(groups, minlength=count))[inside > 0].any():
        raise InputError(
            "the grouping puts together what the scenario tells apart",
            where="resolution",
            remedy="keep the countries and products that measures name in groups of their own",
        )
    return inside > 0
