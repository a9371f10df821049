"""How does the loss run from day to day when industries have stocks, order, ration and look for other suppliers?

The centre lens. Everything is counted in days of baseline use: an industry that makes its normal output uses one day of
each input a day. Orders are held by product and user; a step is two passes over the matrix of deliveries, done product by
product while that product's block lies in the processor's cache, for a block of draws at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from schakel.errors import InputError
from schakel.shocks import dearer, stability, threads
from schakel.shocks.engine import Engine
from schakel.shocks.lens import LensResult, Shock, baseline
from schakel.shocks.links import Links, links, mask_key, masks
from schakel.shocks.stocks import Slow
from schakel.shocks.world import I64, World

STOPPED = 0.05
_CHOICES = {
    "production": ("feasible_flow", "ario"),
    "reorder": ("desired", "actual"),
    "allocation": ("proportional", "priority"),
    "order_shares": ("baseline", "capacity"),
}


@dataclass(frozen=True)
class _Block:
    world: World
    net: Links
    shocks: tuple[Shock, ...]
    numbers: dict[bytes, int]
    slow: Slow | None
    keep_path: bool
    check: bool


def _run_block(block: _Block) -> list[LensResult]:
    """Run a block of draws to the end."""
    net, shocks = block.net, block.shocks
    engine = Engine(block.world, net, shocks, block.numbers, block.slow)
    steps, dt, draws, n = -(-shocks[0].horizon // shocks[0].step), shocks[0].step, len(shocks), net.industries
    path = np.ones((draws, steps if block.keep_path else 0, n))
    lost, unmet = np.zeros((draws, n)), np.zeros((draws, n))
    daily = np.zeros((draws, steps))
    paid = (
        np.zeros((draws, net.flows.shape[1]))
        if any(r.leak_markup > 0 for s in shocks for r in s.restrictions)
        else None
    )
    stop = np.full(draws, -1.0)
    works = net.output > 0
    lines = np.array([works & ~_named(s, net.order) for s in shocks])
    first: list[int | None] = [None] * draws
    by_product = np.full((draws, len(block.world.sectors)), -1.0)
    for k in range(steps):
        threads.breathe()
        made = np.where(works, engine.step(), 1.0)
        days = min(dt, shocks[0].horizon - k * dt)
        lost += (1.0 - made) * days
        unmet += engine.unmet * days
        if paid is not None and engine.dearer is not None:
            paid += engine.dearer * days
        daily[:, k] = (1.0 - made) @ net.value_added
        if block.keep_path:
            path[:, k, net.order] = made
        down = (made < STOPPED) & lines
        for b, i in np.argwhere(down):
            s = block.world.sector[net.order[i]]
            if by_product[b, s] < 0:
                by_product[b, s] = k * dt
        for b in np.flatnonzero((stop < 0) & down.any(axis=1)).tolist():
            stop[b] = k * dt
            hit = np.flatnonzero(down[b])
            first[b] = int(net.order[hit[np.argmax(net.output[hit])]])
    growth = stability.growth(net, engine.aim, shocks, block.slow) if block.check else [None] * draws
    results = []
    for b, shock in enumerate(shocks):
        loss, missing = np.zeros(n), np.zeros(n)
        loss[net.order] = lost[b] * net.value_added
        missing[net.order] = unmet[b]
        values: dict[str, object] = {"loss_per_day": [float(v) for v in daily[b]]}
        if paid is not None:
            more = np.zeros(n + len(block.world.regions))
            more[net.order], more[n:] = paid[b, :n], paid[b, n:]
            loss = loss + dearer.by_industry(block.world, more)
            values["markup_cost"] = float(paid[b].sum())
        where = first[b]
        if where is not None:
            world = block.world
            values["stops"] = {world.sectors[s]: float(by_product[b, s]) for s in np.flatnonzero(by_product[b] >= 0)}
            values["first_stop"] = [world.regions[world.region[where]], world.sectors[world.sector[where]]]
        warnings: list[str] = []
        rate = growth[b]
        if rate is not None:
            values["growth_per_step"] = rate
            if rate >= 1.0:
                warnings.append(
                    f"small disturbances of demand grow (factor {rate:.3f} a step): peaks in this draw come from the ordering rule"
                )
        if engine.substitutes.without and shock.substitutes:
            warnings.append("some users cannot switch: they buy nothing of the substitute")
        results.append(
            LensResult(
                "centre",
                float(loss.sum()),
                loss,
                path[b],
                float(stop[b]) if stop[b] >= 0 else None,
                missing,
                values,
                tuple(warnings),
            )
        )
    return results


def _named(shock: Shock, order: I64) -> np.ndarray:
    """Return the industries that the measures themselves name: that these sell or make less is the measure, not its effect."""
    named = np.zeros(len(order), bool)
    for cut in shock.restrictions:
        named |= cut.suppliers
    for loss in shock.losses:
        named |= loss.industries
    return np.asarray(named[order], bool)


def _check(shock: Shock) -> None:
    for name, choices in _CHOICES.items():
        value = getattr(shock.behaviour, name)
        if value not in choices:
            raise InputError(
                f"behaviour {name} is {value!r}", where="centre lens", remedy=f"use one of: {', '.join(choices)}"
            )
    if shock.horizon < 1 or shock.step < 1 or shock.behaviour.restore_days <= 0:
        raise InputError(
            "horizon, step and restore_days must be positive",
            where="centre lens",
            remedy="give whole days of 1 or more",
        )


def block_size(users: int) -> int:
    """Return how many draws go together: enough for fast matrix products, few enough to stay in the processor's cache."""
    return int(np.clip(20_000 // max(1, users), 1, 16))


def run_many(
    world: World,
    shocks: Sequence[Shock],
    *,
    keep_path: bool = True,
    threads_: int | None = None,
    slow: Slow | None = None,
    check_growth: bool = True,
    block: int | None = None,
    force: bool = False,
) -> list[LensResult]:
    """Run many draws; one result per draw, in order.

    Parameters
    ----------
    keep_path
        Keep output by step and industry; without it ``path`` is empty (0, N) and only sums are kept.
    threads_
        Blocks of draws that run side by side; the answer does not depend on it.
    check_growth
        Add ``values["growth_per_step"]`` and a warning when small disturbances of demand grow.
    block
        Draws per block; the answer depends on it only by rounding.
    slow
        How fast missing maintenance and permissions are felt, for all draws alike; by default what each shock says.
    force
        Compute quiet draws too, instead of returning the baseline.

    Raises
    ------
    InputError
        If a behaviour is not known.
    """
    for shock in shocks:
        _check(shock)
    results: list[LensResult | None] = [None] * len(shocks)
    together: dict[tuple[object, ...], list[int]] = {}
    for i, shock in enumerate(shocks):
        if shock.quiet and not force:
            results[i] = baseline("centre", world, shock)
            continue
        b = shock.behaviour
        first = shock.priority.tobytes() if shock.priority is not None and b.allocation == "priority" else b""
        key = (shock.horizon, shock.step, b.production, b.reorder, b.allocation, b.order_shares, first)
        together.setdefault(key, []).append(i)
    named = masks([shocks[i] for members in together.values() for i in members])
    if together:
        net = links(world, list(named.values()))
        numbers = {mask_key(m): i for i, m in enumerate(named.values())}
        size = block or block_size(net.flows.shape[1])
        parts = [members[i : i + size] for members in together.values() for i in range(0, len(members), size)]
        blocks = [
            _Block(world, net, tuple(shocks[i] for i in part), numbers, slow, keep_path, check_growth) for part in parts
        ]
        for part, answers in zip(parts, threads.side_by_side(_run_block, blocks, threads_), strict=True):
            for i, answer in zip(part, answers, strict=True):
                results[i] = answer
    return [r for r in results if r is not None]


def run(world: World, shock: Shock, **options: bool | int | Slow | None) -> LensResult:
    """Run one draw; see :func:`run_many`."""
    return run_many(world, [shock], **options)[0]  # type: ignore[arg-type]


def without_measures(shock: Shock) -> Shock:
    """Return the same draw with nothing happening in it."""
    return replace(shock, restrictions=(), losses=())
