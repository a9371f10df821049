"""Does a small disturbance of demand die out, or does the ordering rule itself blow it up?

The step of the centre lens is made linear at baseline, on the side where capacity and stocks do not bind: demand is made,
stocks follow, orders pass the disturbance on and add a part of the gap. Its growth per step (the spectral radius) is found
by letting a disturbance run. At 1 or above, peaks long after a shock come from the rule and not from the shock.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from schakel.shocks.lens import Shock
from schakel.shocks.links import Links
from schakel.shocks.stocks import Slow
from schakel.shocks.world import F64

LENGTH, LONG = 80, 480


def growth(net: Links, aim: F64, shocks: Sequence[Shock], slow: Slow | None = None) -> list[float]:
    """Return the growth per step of a small disturbance in each draw.

    Parameters
    ----------
    aim
        Stocks aimed at in days of use, (S, 1 or B, C).
    """
    keys: dict[tuple[object, ...], int] = {}
    rows: list[int] = []
    place = []
    for draw, shock in enumerate(shocks):
        b = shock.behaviour
        own = draw if aim.shape[1] > 1 and any(extra.days < 0 for extra in shock.stocks) else 0
        if aim.shape[1] > 1 and own == 0 and any(extra.days < 0 for extra in shocks[0].stocks):
            own = draw
        key = (b.restore_days, b.production == "ario", b.forecast_days, own)
        if key not in keys:
            keys[key] = len(keys)
            rows.append(draw)
        place.append(keys[key])
    picked = aim[:, rows] if aim.shape[1] > 1 else np.repeat(aim, len(rows), axis=1)
    rates = _radius(net, picked, [shocks[i] for i in rows], slow, LENGTH)
    doubtful = [i for i, r in enumerate(rates) if r >= 0.999]
    if doubtful:  # a slow start can look like growth
        longer = _radius(net, picked[:, doubtful], [shocks[rows[i]] for i in doubtful], slow, LONG)
        for i, r in zip(doubtful, longer, strict=True):
            rates[i] = r
    return [rates[i] for i in place]


def _radius(net: Links, aim: F64, shocks: Sequence[Shock], slow: Slow | None, length: int) -> list[float]:
    n, dt = net.industries, shocks[0].step
    tau = np.array([[s.behaviour.restore_days] for s in shocks])
    plain = np.array([[s.behaviour.production == "ario"] for s in shocks])
    forecast_days = (slow or Slow.of(shocks)).forecast_days
    follow = np.where(plain, 1.0, np.minimum(1.0, dt / forecast_days))
    aim = np.ascontiguousarray(aim[:, :, :n])
    held = aim > 0
    rng = np.random.default_rng(5)
    demand = np.repeat(rng.standard_normal((1, n))[:, net.order] * (net.output > 0), len(shocks), axis=0)
    stock, order, forecast = np.zeros(aim.shape), np.zeros(aim.shape), np.zeros_like(demand)
    begun = np.zeros(len(shocks))
    total = np.zeros(len(shocks))
    for k in range(length):
        forecast += follow * (demand - forecast)
        new = np.empty_like(demand)
        size = (demand**2).sum(axis=1)
        for s, groups in net.products:
            own = stock[s]
            own += dt * (order[s] - demand)
            own *= held[s]
            order[s] = demand + np.where(held[s], aim[s] * forecast - own, 0.0) / tau
            rows = slice(groups[0].rows.start, groups[-1].rows.stop)
            new[:, rows] = order[s] @ net.flows[rows, :n].T
            size += (own * own * (net.use[s, :n] > 0)).sum(axis=1) / len(aim)
        demand = new * net.per_output
        size = np.sqrt(size)
        scale = np.where(size > 0, 1.0 / np.maximum(size, 1e-300), 1.0)[:, None]
        total += np.log(np.maximum(size, 1e-300))
        demand *= scale
        forecast *= scale
        stock *= scale[None]
        order *= scale[None]
        if k == length // 2 - 1:
            begun = total.copy()
    return [float(r) for r in np.exp((total - begun) / (length - length // 2))]
