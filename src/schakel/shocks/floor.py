"""What would it cost at least, if everything that is left went where it does most good?

A linear programme over the phases of a scenario. Users that the same restrictions hit are pooled, suppliers of one
product that the same restrictions bind are pooled, goods of one product are the same wherever they come from, stocks may
be shared and run down to nothing, and everybody knows what comes. All of that makes the loss smaller, so the answer is a
floor. For phases p of length L_p (years), products s, pools of users g and of suppliers k::

    minimise    sum (final demand - y_sgp) + sum (stock before - S_sg at the end)
    subject to  sum over i in k of x_ip = sum over g of f_kgp
                sum over k of s f_kgp + S_sg,p-1 = S_sgp + sum over j in g (input of s by j) + y_sgp
                0 <= x_ip <= capacity_ip,   0 <= f_kgp <= what a restriction leaves,   0 <= y_sgp <= final demand
                0 <= S_sgp <= normal stock

A critical input takes a_sj x_j; an important one a_sj (2 x_j - x0_j), because a line that lacks it runs at half; a minor
one takes nothing. The duals are the value of one more unit at each choke point.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from schakel.shocks import threads
from schakel.shocks.floor_more import leaks, share_out
from schakel.shocks.lens import LensResult, Shock, baseline
from schakel.shocks.programme import Programme
from schakel.shocks.timing import lasting_cut, lost, risen
from schakel.shocks.world import CRITICAL, F64, FLOW, I64, IMPORTANT, World

DAYS = 365.0
SLACK = 1e-7


@dataclass(frozen=True)
class _Pools:
    """Users and suppliers that no restriction tells apart.

    ``of_user`` (N,) and ``of_final`` (R,) give the pool of each user; ``of_supplier`` (N,) the pool of each industry as a
    supplier, ``product`` (K,) its product; ``bound`` (restrictions, K, G) where a restriction lies.
    """

    of_user: I64
    of_final: I64
    of_supplier: I64
    product: I64
    groups: int
    bound: npt.NDArray[np.bool_]


def _pools(world: World, shock: Shock) -> _Pools:
    n, r = world.size, len(world.regions)
    users = np.zeros((n + r, len(shock.restrictions)), np.int64)
    suppliers = np.zeros((n, 1 + len(shock.restrictions)), np.int64)
    suppliers[:, 0] = world.sector
    for k, cut in enumerate(shock.restrictions):
        users[:, k] = np.concatenate([cut.users, cut.final_users])
        suppliers[:, 1 + k] = cut.suppliers
    _, of_any = np.unique(users, axis=0, return_inverse=True)
    of_any = of_any.reshape(-1)
    kinds, of_supplier = np.unique(suppliers, axis=0, return_inverse=True)
    groups = int(of_any.max()) + 1
    hit = np.zeros((len(shock.restrictions), groups), bool)
    for k in range(len(shock.restrictions)):
        hit[k, of_any[users[:, k] == 1]] = True
    bound = kinds[:, 1:].T.astype(bool)[:, :, None] & hit[:, None, :]
    return _Pools(of_any[:n], of_any[n:], of_supplier.reshape(-1), kinds[:, 0], groups, bound)


def phases(shock: Shock, most: int = 12) -> F64:
    """Return the days at which something starts or ends, horizon included; gradual changes are cut in the middle."""
    points = {0.0, float(shock.horizon)}
    for c in shock.restrictions:
        points |= {c.start, c.start + c.phase_in / 2, c.end, c.start + c.leak_delay, c.start + c.licence_delay}
        points |= {t + c.leak_delay for route in c.routes for b in route for t in (b.start, b.end)}
    for s in shock.losses:
        points |= {s.start, s.end, s.end + s.recovery / 2, s.end + s.recovery}
    for e in shock.second_sources:
        points |= {e.start, e.start + e.ramp, e.start + 3 * e.ramp}
    points |= {float(s.start) for s in shock.substitutes}
    inside = sorted(p for p in points if 0 <= p <= shock.horizon)
    kept = [inside[0]]
    for p in inside[1:]:
        if p - kept[-1] > 0.5 or p == shock.horizon:
            kept.append(p)
    while len(kept) > most + 1:
        gaps = np.diff(kept)
        kept.pop(int(np.argmin(gaps[1:])) + 1 if len(kept) > 2 else 1)
    return np.array(kept)


def run(world: World, shock: Shock) -> LensResult:
    """Return the least loss of value added, with the duals that say what one more unit is worth where.

    Returns
    -------
    LensResult
        ``values["duals"]`` lists choke points: capacity of industries, restricted deliveries and stocks, each with the
        value added that one more unit (one million USD of it over the phase) would save.
    """
    if shock.quiet:
        return baseline("floor", world, shock)
    threads.breathe()
    pools, days = _pools(world, shock), phases(shock)
    n, s_count, groups, suppliers = world.size, len(world.sectors), pools.groups, len(pools.product)
    length = np.diff(days) / DAYS
    p_count = len(length)
    x0 = world.output
    a = np.where(world.kind == FLOW, world.coefficients, 0.0)
    hard = np.where(world.criticality == CRITICAL, a, np.where(world.criticality == IMPORTANT, 2 * a, 0.0))
    given = np.where(world.criticality == IMPORTANT, a, 0.0) * x0  # what an important input may lack, a year
    usual = np.zeros((s_count, groups))  # use that no line stops for, but that suppliers sell at baseline
    np.add.at(usual.T, pools.of_user, (np.where(world.criticality >= IMPORTANT, 0.0, world.coefficients) * x0).T)
    usual += _soft_kinds(world, pools)
    final = np.zeros((s_count, groups))
    for r in range(len(world.regions)):
        np.add.at(final[:, pools.of_final[r]], world.sector, world.final[:, r])
    stock = np.zeros((s_count, groups))
    for s in range(s_count):
        # one step's use is at hand besides the stock, as in the other lenses; an endless stock is a hundred years of use
        held = np.minimum(world.stock_days[s], 100 * DAYS) + shock.step
        np.add.at(stock[s], pools.of_user, held / DAYS * a[s] * x0)
    extra = np.zeros_like(stock)
    for more in shock.stocks:
        for s in more.sectors:
            np.add.at(extra[s], pools.of_user, np.where(more.users, more.days / DAYS * a[s] * x0, 0.0))
    sold = _baseline_links(world, pools)
    lp = Programme()
    x = lp.add((p_count, n), 0.0, 0.0, _capacity(world, shock, days))
    dear = any(r.leak_markup > 0 and r.leakage > 0 for r in shock.restrictions)
    if dear:
        most, leaked, price = leaks(shock, pools.bound, lambda s: _links(s, pools, sold, days))
    else:
        most = _links(shock, pools, sold, days)
    f = lp.add((p_count, suppliers, groups), 0.0, 0.0, most)
    y = lp.add((p_count, s_count, groups), -1.0, 0.0, (final + usual)[None] * length[:, None, None])
    worth = np.zeros((p_count, 1, 1))
    worth[-1] = -1.0
    kept = lp.add((p_count, s_count, groups), worth, 0.0, (stock + extra)[None])
    made = lp.balance((p_count, suppliers))
    used = lp.balance((p_count, s_count, groups), _right(given, pools, length, stock + extra))
    for p in range(p_count):
        lp.put(made[p, pools.of_supplier], x[p], 1.0)
        lp.put(made[p][:, None], f[p], -1.0)
        lp.put(used[p, pools.product], f[p], 1.0)
        lp.put(used[p], y[p], -1.0)
        lp.put(used[p], kept[p], -1.0)
        if p:
            lp.put(used[p], kept[p - 1], 1.0)
        rows = used[p][:, pools.of_user]
        lp.put(rows, np.broadcast_to(x[p], rows.shape), -hard)
    _substitutes(lp, shock, pools, used, days, (a * x0))
    share_out(lp, shock, used, np.r_[pools.of_user, pools.of_final])
    if dear:
        bought = lp.add((p_count, suppliers, groups), price[None], 0.0, leaked)
        for p in range(p_count):
            lp.put(made[p][:, None], bought[p], -1.0)
            lp.put(used[p, pools.product], bought[p], 1.0)
    value, dual, reduced, objective, dual_objective = lp.solve()
    out = value[x]
    share = np.divide(out, x0 * length[:, None], out=np.ones_like(out), where=x0 > 0)
    steps = np.arange(0, shock.horizon, shock.step)
    path = share[np.clip(np.searchsorted(days, steps, side="right") - 1, 0, p_count - 1)]
    lacking = np.maximum((final + usual) * length.sum() - value[y].sum(axis=0), 0.0)
    short = np.maximum(stock + extra - value[kept[-1]], 0.0)
    extra_paid = np.zeros_like(lacking)
    if dear:
        np.add.at(extra_paid, pools.product, (value[bought] * price[None]).sum(axis=0))
    missed = _by_user(world, pools, lacking + short + extra_paid)
    return LensResult(
        "floor",
        float(lacking.sum() + short.sum() + extra_paid.sum()),
        missed,
        path,
        None,  # with perfect foresight the timing within a phase means nothing
        _by_user(world, pools, lacking),
        {
            "objective": objective,
            "dual_objective": dual_objective,
            "gap": abs(objective - dual_objective) / max(1.0, abs(objective)),
            "phases": days.tolist(),
            **({"markup_cost": float(extra_paid.sum())} if dear else {}),
            "duals": _choke_points(world, shock, pools, reduced[x], reduced[f], dual[used], days),
        },
    )


def _by_user(world: World, pools: _Pools, lacking: F64) -> F64:
    """Share out what pools miss, shape (S, G), over the regions that go without; shape (N,) by region and product.

    A region that does not make the product itself carries it on its largest industry.
    """
    out = np.zeros(world.size)
    at = {(int(r), int(s)): i for i, (r, s) in enumerate(zip(world.region, world.sector, strict=True))}
    buys = np.zeros((len(world.sectors), len(world.regions)))
    np.add.at(buys, world.sector, world.final)
    largest = {}
    for r in range(len(world.regions)):
        mine = np.flatnonzero(world.region == r)
        largest[r] = int(mine[np.argmax(world.output[mine])]) if len(mine) else int(np.argmax(world.output))
    for s, g in np.argwhere(lacking > 0).tolist():
        inside = np.flatnonzero(pools.of_final == g)
        weight = buys[s, inside]
        if weight.sum() <= 0:
            inside = inside if len(inside) else np.arange(len(world.regions))
            weight = np.ones(len(inside))
        for r, w in zip(inside.tolist(), (weight / weight.sum()).tolist(), strict=True):
            out[at.get((r, s), largest[r])] += w * lacking[s, g]
    return out


def _soft_kinds(world: World, pools: _Pools) -> F64:
    """Return use of tools and permissions, which a floor does not let stop anything, shape (S, G)."""
    out = np.zeros((len(world.sectors), pools.groups))
    soft = np.where((world.kind != FLOW) & (world.criticality >= IMPORTANT), world.coefficients, 0.0) * world.output
    np.add.at(out.T, pools.of_user, soft.T)
    return out


def _baseline_links(world: World, pools: _Pools) -> F64:
    """Return baseline deliveries between pools, a year, shape (K, G)."""
    out = np.zeros((len(pools.product), pools.groups))
    by_group = np.zeros((world.size, pools.groups))
    for g in range(pools.groups):
        by_group[:, g] = world.flows[:, pools.of_user == g].sum(axis=1) + world.final[:, pools.of_final == g].sum(
            axis=1
        )
    np.add.at(out, pools.of_supplier, by_group)
    return out


def _one(share: Callable[..., F64], *times: float) -> float:
    *of, t0, t1 = times
    return float(share(*(np.asarray(t, np.float64) for t in of), t0, t1))


def _capacity(world: World, shock: Shock, days: F64) -> F64:
    """Return what each industry can make in each phase, shape (P, N)."""
    out = np.empty((len(days) - 1, world.size))
    for p, (t0, t1) in enumerate(pairwise(days.tolist())):
        share = np.ones(world.size)
        for c in shock.losses:
            gone = c.share * _one(lost, c.start, c.end, c.recovery, t0, t1)
            share *= np.where(c.industries, 1.0 - gone, 1.0)
        share = np.maximum(share, 0.0) * shock.behaviour.overcapacity
        for e in shock.second_sources:
            share = share + np.where(e.industries, e.capacity * _one(risen, e.start, e.ramp, t0, t1), 0.0)
        # A hair of slack where nothing is lost: otherwise demand and capacity bind at once and duals name either.
        out[p] = np.where(share < 1, share, share * (1 + SLACK)) * world.output * (t1 - t0) / DAYS
    return out


def _links(shock: Shock, pools: _Pools, sold: F64, days: F64) -> F64:
    """Return what restrictions leave of deliveries between pools, shape (P, K, G); infinite where none holds."""
    out = np.full((len(days) - 1, *sold.shape), np.inf)
    for p, (t0, t1) in enumerate(pairwise(days.tolist())):
        left = np.ones(sold.shape)
        hit = np.zeros(sold.shape, bool)
        for k, c in enumerate(shock.restrictions):
            cut = lasting_cut(c, t0, t1 - t0)
            if cut > 0:
                left = np.where(pools.bound[k], left * (1 - cut), left)
                hit |= pools.bound[k]
        out[p] = np.where(hit, left * sold * (t1 - t0) / DAYS, np.inf)
    return out


def _right(given: F64, pools: _Pools, length: F64, stock: F64) -> F64:
    """Return the right-hand side of the use balance: stocks at the start, and what important inputs may lack."""
    spare = np.zeros_like(stock)
    np.add.at(spare.T, pools.of_user, given.T)
    out = -spare[None] * length[:, None, None]
    out[0] -= stock
    return out


def _substitutes(lp: Programme, shock: Shock, pools: _Pools, used: I64, days: F64, use: F64) -> None:
    """Let one product fill in for another, from the day on which users can switch."""
    for sub in shock.substitutes:
        most = np.zeros(pools.groups)
        np.add.at(most, pools.of_user, np.where(sub.users, use[sub.lacking], 0.0))
        for p in range(len(days) - 1):
            share = max(0.0, days[p + 1] - max(sub.start, days[p])) / DAYS
            if share <= 0:
                continue
            at = lp.add((pools.groups,), 0.0, 0.0, most * share)
            lp.put(used[p, sub.lacking], at, 1.0)
            lp.put(used[p, sub.instead], at, -1.0 / sub.efficiency)


def _choke_points(
    world: World, shock: Shock, pools: _Pools, on_capacity: F64, on_links: F64, on_use: F64, days: F64, most: int = 50
) -> list[dict[str, Any]]:
    """Return the constraints that bind, the dearest first; a value is value added saved by one more unit."""
    out: list[dict[str, Any]] = []
    for p in range(len(days) - 1):
        span = {"from_day": float(days[p]), "to_day": float(days[p + 1])}
        for i in np.flatnonzero(on_capacity[p] < -1e-7):
            name = {"region": world.regions[world.region[i]], "product": world.sectors[world.sector[i]]}
            out.append({"kind": "capacity", **name, **span, "value": float(-on_capacity[p, i])})
        for k, g in np.argwhere(on_links[p] < -1e-7):
            ids = [c.id for j, c in enumerate(shock.restrictions) if pools.bound[j, k, g]]
            product = world.sectors[pools.product[k]]
            out.append(
                {"kind": "delivery", "measures": ids, "product": product, **span, "value": float(-on_links[p, k, g])}
            )
    for s, g in np.argwhere(np.abs(on_use[0]) > 1e-7):
        regions = sorted({world.regions[r] for r in range(len(world.regions)) if pools.of_final[r] == g})
        value = float(abs(on_use[0, s, g]))
        out.append(
            {
                "kind": "stock",
                "product": world.sectors[s],
                "users": regions,
                "from_day": 0.0,
                "to_day": 0.0,
                "value": value,
            }
        )
    return sorted(out, key=lambda d: (-d["value"], str(d)))[:most]
