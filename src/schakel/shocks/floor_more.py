"""What else may a planner choose under the floor: to buy what leaks at its higher price, and to share out what is bought together?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from schakel.shocks.lens import Shock
from schakel.shocks.programme import Programme
from schakel.shocks.world import F64, I64

Bools = npt.NDArray[np.bool_]


def leaks(shock: Shock, bound: Bools, links: Callable[[Shock], F64]) -> tuple[F64, F64, F64]:
    """Return what restrictions leave of deliveries without dear leaks (P, K, G), what dear leaks add, and what one unit costs.

    Parameters
    ----------
    bound
        Where each restriction lies, (restrictions, K, G).
    links
        What restrictions leave of deliveries in a shock, (P, K, G).
    """
    dear = [r.leak_markup > 0 and r.leakage > 0 for r in shock.restrictions]
    whole = links(shock)
    closed = replace(
        shock,
        restrictions=tuple(replace(r, leakage=0.0) if d else r for r, d in zip(shock.restrictions, dear, strict=True)),
    )
    free = links(closed)
    more = np.where(np.isfinite(whole), np.maximum(whole - np.where(np.isfinite(free), free, 0.0), 0.0), 0.0)
    more = np.where(np.isfinite(free), more, 0.0)
    price = np.full(bound.shape[1:], np.inf)
    for k, r in enumerate(shock.restrictions):
        if dear[k]:
            price = np.where(bound[k], np.minimum(price, r.leak_markup), price)
    return np.where(np.isfinite(free), free, whole), more, np.where(np.isfinite(price), price, 0.0)


def share_out(lp: Programme, shock: Shock, used: I64, of_any: I64) -> None:
    """Let pools with users that buy a product together pass it on to each other, in each phase.

    Pools are not split by who buys together: users that no restriction tells apart share already, and a split would make
    the floor higher for a measure that can only help.

    Parameters
    ----------
    used
        Rows of the balance of use, (P, S, G).
    of_any
        Pool of each user, (N + R,).
    """
    for t in shock.together:
        pools = np.unique(of_any[np.r_[t.users, t.final_users]])
        if len(pools) < 2:
            continue
        for s in t.sectors.tolist():
            for p in range(len(used)):
                level = lp.balance((1,))
                out, in_ = lp.add((len(pools),)), lp.add((len(pools),))
                lp.put(used[p, s, pools], out, -1.0)
                lp.put(used[p, s, pools], in_, 1.0)
                lp.put(level, out, 1.0)
                lp.put(level, in_, -1.0)
