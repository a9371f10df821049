"""Small worlds for tests of the lenses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from schakel.shocks.lens import CapacityLoss, Restriction, Shock
from schakel.shocks.world import World, world

REGIONS = ("NLD", "TWN", "USA")
SECTORS = ("electronics", "vehicles", "services")


def three(stock_days: float = 0.0) -> World:
    """Ore in NLD goes to metal in USA, metal to goods in USA, goods to people in USA; all by hand.

    A year: 10 of ore make 30 of metal, 30 of metal make 100 of goods, 100 of goods are used. Value added 10, 20 and 70.
    """
    flows = np.array([[0.0, 10, 0], [0, 0, 30], [0, 0, 0]])
    final = np.array([[0.0, 0], [0, 0], [0, 100]])
    return world(
        "three", ("NLD", "USA"), ("ore", "metal", "goods"), [0, 1, 1], [0, 1, 2], flows, final, stock_days=stock_days
    )


def random_world(
    seed: int = 0,
    regions: tuple[str, ...] = REGIONS,
    sectors: tuple[str, ...] = SECTORS,
    stock_days: float = 10.0,
    sole: bool = False,
) -> World:
    """Return a dense world in which every industry earns something; ``sole`` leaves electronics to TWN alone."""
    rng = np.random.default_rng(seed)
    r, s = len(regions), len(sectors)
    pairs = [
        (i, k) for i in range(r) for k in range(s) if not sole or sectors[k] != "electronics" or regions[i] == "TWN"
    ]
    region, sector = np.array(pairs).T
    n = len(pairs)
    final = rng.uniform(5, 50, (n, r)) * np.where(region[:, None] == np.arange(r)[None, :], 3.0, 0.3)
    a = rng.uniform(0, 1, (n, n))
    a *= 0.5 / a.sum(axis=0)
    x = np.linalg.solve(np.eye(n) - a, final.sum(axis=1))
    return world("small", regions, sectors, region, sector, a * x, final, stock_days=stock_days)


def ban(
    w: World, who: str, made: str, intensity: float = 1.0, start: float = 0.0, end: float = 365.0, **more: float
) -> Restriction:
    """Return a ban on deliveries by one region of one product to everybody else."""
    suppliers = w.of(frozenset({who}), frozenset({made}))
    others = frozenset(w.regions) - {who}
    return Restriction(
        "ban", suppliers, w.of(others), np.array([x in others for x in w.regions]), intensity, start, end, **more
    )


def cut(w: World, who: str, made: str, intensity: float = 1.0, horizon: int = 365, **more: float) -> Shock:
    """Return a shock with one ban."""
    return Shock(horizon=horizon, restrictions=(ban(w, who, made, intensity, **more),))


def less(w: World, who: str, made: str, share: float, horizon: int = 365, end: float = 365.0) -> Shock:
    """Return a shock with one loss of capacity."""
    return Shock(
        horizon=horizon, losses=(CapacityLoss("loss", w.of(frozenset({who}), frozenset({made})), share, 0.0, end),)
    )


def relabelled(w: World, seed: int = 1) -> tuple[World, np.ndarray]:
    """Return the same world with its industries, regions and sectors in another order, and the new order of industries."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(w.size)
    new_r, new_s = rng.permutation(len(w.regions)), rng.permutation(len(w.sectors))  # new place -> old place
    at_r, at_s = np.argsort(new_r), np.argsort(new_s)
    other = replace(
        w,
        regions=tuple(w.regions[i] for i in new_r),
        sectors=tuple(w.sectors[i] for i in new_s),
        region=at_r[w.region[order]],
        sector=at_s[w.sector[order]],
        flows=w.flows[np.ix_(order, order)],
        final=w.final[np.ix_(order, new_r)],
        stock_days=w.stock_days[np.ix_(new_s, order)],
        criticality=w.criticality[np.ix_(new_s, order)],
        kind=w.kind[np.ix_(new_s, order)],
    )
    return other, order


def scaled(w: World, factor: float) -> World:
    """Return the same world in another unit."""
    return replace(w, flows=w.flows * factor, final=w.final * factor)
