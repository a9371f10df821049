"""What is the worst that can follow when nobody has a stock and nobody gets round a restriction?

The ceiling lens: a rigid cascade, day by day at its exact fixed point. Downwards an industry makes no more than its worst
supplied critical input allows, and important inputs count by their share of all inputs; upwards it sells no more than its
customers still buy. As in the published index, other makers of a product step in for one that fails by its own doing. Days
with the same restrictions are computed once. Stocks, second sources, substitutes and searching are left out on purpose:
what they are worth shows as the distance to the centre lens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from schakel.errors import InputError
from schakel.shocks import dearer, threads, timing
from schakel.shocks.lens import LensResult, Shock, baseline
from schakel.shocks.links import Links, links, mask_key, masks
from schakel.shocks.stocks import columns
from schakel.shocks.world import CRITICAL, F64, FLOW, IMPORTANT, World

STATES = 16  # different days of one draw that are computed; more are drawn together to the worse one
COLUMNS = 16
LIMIT = 20_000
STOPPED = 0.05


@dataclass(frozen=True)
class _State:
    """What holds on some days of one draw: share cut by mask and share of capacity left by industry (inside order)."""

    draw: int
    cut: F64
    left: F64
    days: F64  # weight in days of each step it stands for, (T,)


class Rigid:
    """The two maps of the cascade for a block of states: output left (B, N) to output left."""

    def __init__(self, world: World, net: Links, through: F64, left: F64, replaceable: bool) -> None:
        """``through`` is the share delivered by affected group, state and class of users; ``left`` capacity by state, (B, N)."""
        self.net, self.left, self.n, self.replaceable = net, left, net.industries, replaceable
        self.through = through[:, :, net.user_class] if len(through) else through
        n = self.n
        kinds = world.criticality[:, net.order]
        used = net.use[:, :n] > 0
        bought = net.use[:, :n].sum(axis=0)
        share = np.divide(net.use[:, :n], bought, out=np.zeros((len(net.use), n)), where=bought > 0)
        self.free = np.where((kinds == CRITICAL) & used, 0.0, np.inf)
        self.weight = np.where(kinds == IMPORTANT, share, 0.0)
        self.part = np.ones((len(net.use), len(left), n))
        self.seen: list[F64 | None] = [None] * len(net.use)

    def down(self, h: F64) -> F64:
        """Return what the supply of inputs leaves, given what every supplier makes."""
        net, n = self.net, self.n
        for s, groups in net.products:
            rows = slice(groups[0].rows.start, groups[-1].rows.stop)
            before = self.seen[s]
            if before is not None and np.array_equal(before, h[:, rows]):
                continue  # nobody who makes this has changed
            self.seen[s] = h[:, rows].copy()
            felt = h
            if self.replaceable:  # others in the market step in, except for the maker's own share of what is left of it
                rest = h[:, rows] @ net.output[rows]
                weight = np.divide(
                    net.output[rows], rest[:, None], out=np.ones_like(h[:, rows]), where=rest[:, None] > 0
                )
                felt = h.copy()
                felt[:, rows] = 1.0 - np.minimum(1.0, weight) * (1.0 - h[:, rows])
            got = np.zeros((len(h), n))
            for group in groups:
                share = felt[:, group.rows] @ net.flows[group.rows, :n]
                got += share if group.affected < 0 else share * self.through[group.affected][:, :n]
            self.part[s] = np.where(net.use[s, :n] > 0, np.minimum(1.0, got * net.per_use[s, :n]), 1.0)
        worst = (self.part + self.free[:, None, :]).min(axis=0)
        linear = 1.0 - np.einsum("sn,sbn->bn", self.weight, 1.0 - self.part)
        return np.asarray(np.maximum(np.minimum(np.minimum(self.left, worst), linear), 0.0))

    def up(self, h: F64) -> F64:
        """Return what customers still buy, given what every customer makes; final users buy what restrictions let through."""
        net, n = self.net, self.n
        out = np.empty_like(h)
        wide = np.concatenate([h, np.ones((len(h), net.flows.shape[1] - n))], axis=1)
        for _, groups in net.products:
            for group in groups:
                users = wide if group.affected < 0 else wide * self.through[group.affected]
                out[:, group.rows] = users @ net.flows[group.rows].T
        return np.asarray(np.clip(np.minimum(self.left, out * net.per_output + (net.output == 0)), 0.0, 1.0))


def fixed_point(move: object, start: F64, tolerance: float = 1e-10) -> tuple[F64, int]:
    """Return the greatest fixed point below ``start`` of an isotone map and the number of steps; what is missing is below the tolerance.

    Raises
    ------
    InputError
        If it is not reached in 20,000 steps.
    """
    h, before = start, np.full(len(start), np.inf)
    for count in range(1, LIMIT):
        threads.breathe()
        new = np.minimum(h, move(h))  # type: ignore[operator]
        change = (h - new).max(axis=1, initial=0.0)
        h = new
        ratio = np.clip(
            np.divide(change, before, out=np.zeros_like(change), where=(before > 0) & np.isfinite(before)),
            0.0,
            0.999999,
        )
        before = change
        if not change.any() or (count > 3 and (change * np.maximum(1.0, ratio / (1 - ratio)) < 0.1 * tolerance).all()):
            return h, count
    raise InputError(
        "the cascade did not settle",
        where="ceiling lens",
        remedy="check the table for industries that only sell to themselves",
    )


def _states(net: Links, shock: Shock, draw: int, numbers: dict[bytes, int], most: int) -> list[_State]:
    """Return the different states of one draw; days are drawn together, to the worse of them, when there are too many."""
    steps, dt = -(-shock.horizon // shock.step), shock.step
    cut, lost = np.zeros((steps, max(1, len(numbers)))), np.zeros((steps, len(shock.losses)))
    begin = np.arange(steps, dtype=float) * dt
    for r in shock.restrictions:
        m = numbers[mask_key(r)]
        cut[:, m] = 1.0 - (1.0 - cut[:, m]) * (1.0 - timing.lasting_cut(r, begin, dt))
    for i, x in enumerate(shock.losses):
        edges = np.asarray(x.start), np.asarray(x.end), np.asarray(x.recovery)
        lost[:, i] = x.share * timing.lost(*edges, begin, begin + dt)
    days = np.minimum(dt, shock.horizon - np.arange(steps) * dt).astype(float)
    levels, which = np.unique(np.concatenate([cut, lost], axis=1), axis=0, return_inverse=True)
    which = np.asarray(which).reshape(-1)
    if len(levels) > most:  # neighbours in severity share the worse of their levels
        rank = np.argsort(np.argsort(levels.sum(axis=1), kind="stable"), kind="stable")
        band = np.where(levels.any(axis=1), 1 + rank * (most - 1) // len(levels), 0)
        merged = np.array([levels[band == b].max(axis=0) for b in np.unique(band)])
        which, levels = np.searchsorted(np.unique(band), band)[which], merged
    out = []
    for number, level in enumerate(levels):
        left = np.ones(net.industries)
        for i, x in enumerate(shock.losses):
            left *= 1.0 - level[cut.shape[1] + i] * columns(net.order, x.industries, net.industries)
        out.append(_State(draw, level[: cut.shape[1]], left, np.where(which == number, days, 0.0)))
    return out


def _solve(
    world: World, net: Links, states: Sequence[_State], tolerance: float, joint: bool, replaceable: bool
) -> tuple[F64, F64, int]:
    """Return what is left by state, (B, N), what is let through by affected group, (A, B, Q), and the steps taken."""
    named = net.named[:, net.affected]
    through = np.ones((len(net.affected), len(states), len(net.class_member)))
    for m in range(len(named)):
        hit = named[m][:, None, None] & net.class_users[m][None, None, :]
        kept = np.array([1.0 - s.cut[m] for s in states])
        through *= np.where(hit, kept[None, :, None], 1.0)
    left = np.array([s.left for s in states])
    maps = Rigid(world, net, through, left, replaceable)
    if joint:
        h, steps = fixed_point(lambda x: np.minimum(maps.down(x), maps.up(x)), left, tolerance)
        return h, through, steps
    down, a = fixed_point(maps.down, left, tolerance)
    up, b = fixed_point(maps.up, left, tolerance)
    return np.minimum(down, up), through, max(a, b)


def run_many(
    world: World,
    shocks: Sequence[Shock],
    *,
    keep_path: bool = True,
    tolerance: float = 1e-10,
    joint: bool = False,
    replaceable: bool = True,
    states: int = STATES,
    threads_: int | None = None,
) -> list[LensResult]:
    """Run many draws; one result per draw, in order.

    Parameters
    ----------
    joint
        Let the two directions feed each other: a firm that lacks inputs also buys less. Harsher than the published cascade.
    replaceable
        As published: what a supplier no longer makes is missed only by its share of what is left of its market; what a
        restriction holds back is missed in full. Without it nobody steps in for anybody: where critical inputs run in
        circles, any lasting cut then ends in a full stop, and the answer says no more than that.
    states
        Different days of one draw that are computed at most.
    """
    results: list[LensResult | None] = [baseline("ceiling", world, s) if s.quiet else None for s in shocks]
    live = [i for i, r in enumerate(results) if r is None]
    named = masks([shocks[i] for i in live])
    net = links(world, list(named.values()))
    numbers = {mask_key(m): i for i, m in enumerate(named.values())}
    todo = [state for i in live for state in _states(net, shocks[i], i, numbers, states)]
    parts = [todo[a : a + COLUMNS] for a in range(0, len(todo), COLUMNS)]

    def work(part: Sequence[_State]) -> tuple[F64, F64, int]:
        h, through, steps = _solve(world, net, part, tolerance, joint, replaceable)
        served = np.empty_like(h)
        for _, groups in net.products:
            for g in groups:
                final = net.flows[g.rows, net.industries :]
                if g.affected < 0:
                    served[:, g.rows] = h[:, g.rows] * final.sum(axis=1)
                else:
                    open_ = through[g.affected][:, net.user_class[net.industries :]]
                    served[:, g.rows] = h[:, g.rows] * (open_ @ final.T)
        return h, net.flows[:, net.industries :].sum(axis=1) - served, steps

    answers = threads.side_by_side(work, parts, threads_)
    found: dict[int, list[tuple[_State, F64, F64, int]]] = {}
    for part, (h, short, steps) in zip(parts, answers, strict=True):
        for row, state in enumerate(part):
            found.setdefault(state.draw, []).append((state, h[row], short[row], steps))
    for i in live:
        results[i] = _result(world, net, shocks[i], found[i], keep_path)
    return [r for r in results if r is not None]


def _result(
    world: World, net: Links, shock: Shock, found: list[tuple[_State, F64, F64, int]], keep_path: bool
) -> LensResult:
    n, steps = net.industries, -(-shock.horizon // shock.step)
    loss, unmet, first = np.zeros(n), np.zeros(n), None
    path = np.ones((steps if keep_path else 0, n))
    daily = np.zeros(steps)
    for state, h, short, _ in found:
        total = state.days.sum()
        works = net.output > 0
        missing = np.where(works, 1.0 - h, 0.0)
        loss[net.order] += missing * net.value_added * total
        unmet[net.order] += np.maximum(short, 0.0) * total
        on: npt.NDArray[np.int64] = np.flatnonzero(state.days)
        daily[on] = missing @ net.value_added
        if keep_path:
            path[np.ix_(on, net.order)] = 1.0 - missing
        if len(on) and (h[works] < STOPPED).any():
            first = min(int(on[0]) * shock.step, first if first is not None else shock.horizon)
    more = dearer.at_baseline(world, shock)
    if more.any():
        loss = loss + more
    warnings = []
    if (world.kind != FLOW).any():
        warnings.append("the ceiling counts machines and permissions like goods: they stop work at once")
    values: dict[str, object] = {"steps": max(f[3] for f in found), "states": len(found)}
    values["loss_per_day"] = [float(v) for v in daily]
    if more.any():
        values["markup_cost"] = float(more.sum())
    return LensResult(
        "ceiling",
        float(loss.sum()),
        loss,
        path,
        None if first is None else float(first),
        unmet,
        values,
        tuple(warnings),
    )


def run(world: World, shock: Shock, **options: bool | int | float | None) -> LensResult:
    """Run one draw; see :func:`run_many`."""
    return run_many(world, [shock], **options)[0]  # type: ignore[arg-type]
