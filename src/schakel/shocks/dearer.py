"""What do users pay more for what leaks, and in whose loss does it count?

Goods that come round a restriction cost more. The extra is counted as a loss of the industries that buy them; what final users
pay more counts with the largest industry of their region, so that sums by region stay right. Who earns it is not followed.
"""

from __future__ import annotations

import numpy as np

from schakel.shocks import timing
from schakel.shocks.lens import Shock
from schakel.shocks.world import F64, World

DAYS = 365.0


def by_industry(world: World, paid: F64) -> F64:
    """Return what users paid more, (N + R,) with final users last, by industry, (N,)."""
    out = np.array(paid[: world.size], np.float64)
    for r, more in enumerate(paid[world.size :].tolist()):
        mine = np.flatnonzero(world.region == r)
        among = mine if len(mine) else np.arange(world.size)
        out[among[np.argmax(world.output[among])]] += more
    return out


def at_baseline(world: World, shock: Shock) -> F64:
    """Return what the leaks of a shock cost more over the horizon, by industry, when suppliers make what they always made."""
    paid = np.zeros(world.size + len(world.regions))
    begin = np.arange(0, shock.horizon, shock.step, dtype=float)
    length = np.minimum(shock.step, shock.horizon - begin)
    for r in shock.restrictions:
        if r.leak_markup <= 0 or r.leakage <= 0:
            continue
        leaked = float((timing.parts(r, begin, shock.step)[2] * length).sum()) / DAYS
        sold = np.r_[
            np.where(r.users, world.flows[r.suppliers].sum(axis=0), 0.0),
            np.where(r.final_users, world.final[r.suppliers].sum(axis=0), 0.0),
        ]
        paid += leaked * r.leak_markup * sold
    return by_industry(world, paid)
