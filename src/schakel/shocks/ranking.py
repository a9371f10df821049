"""Which industries lose most, and how sure is their order?"""

from __future__ import annotations

from typing import Any

import numpy as np

from schakel.shocks.world import F64, World

RESAMPLES = 200
SEED = 20_000


def ranking(world: World, losses: F64, scale: float, *, most: int = 25) -> list[dict[str, Any]]:
    """Return the industries that lose most on average, with intervals of their ranks.

    Parameters
    ----------
    losses
        Loss by draw and industry, shape (draws, N).
    scale
        What to multiply by to get currency units.

    Notes
    -----
    Draws are resampled with replacement (bootstrap, Efron 1979), always with the same seed; the interval runs from the
    5th to the 95th percentile of the rank. With one draw there is no interval.
    """
    mean = losses.mean(axis=0)
    order = np.lexsort((np.arange(len(mean)), -mean))[:most]
    order = order[mean[order] > 0]
    draws = len(losses)
    ranks = None
    if draws > 1:
        rng = np.random.default_rng(SEED)
        weights = rng.multinomial(draws, np.full(draws, 1 / draws), size=RESAMPLES) / draws
        resampled = weights @ losses
        ranks = (
            np.array([(resampled > resampled[:, [i]]).sum(axis=1) + 1 for i in order])
            if len(order)
            else np.empty((0, 1))
        )
    out = []
    for k, i in enumerate(order.tolist()):
        entry: dict[str, Any] = {
            "rank": k + 1,
            "region": world.regions[world.region[i]],
            "product": world.sectors[world.sector[i]],
            "loss": float(mean[i] * scale),
            "rank_low": None,
            "rank_high": None,
        }
        if ranks is not None:
            low, high = np.quantile(ranks[k], [0.05, 0.95], method="nearest")
            entry["rank_low"], entry["rank_high"] = int(low), int(high)
        out.append(entry)
    return out
