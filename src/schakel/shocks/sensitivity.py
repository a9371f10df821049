"""Which uncertain number moves the loss most: what should somebody find out next?

Variance-based indices (Sobol 1993; Saltelli et al. 2010): the first-order index is the share of the variance of the loss
that one number explains by itself, the total index the share in which it has a hand. With n base points and d numbers the
lens runs n (d + 2) times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from schakel.errors import InputError
from schakel.shocks.draws import F64, Draws, draw, values_at
from schakel.shocks.lenses import Progress, run_lens
from schakel.shocks.run import chosen, envelope
from schakel.shocks.scenario import Scenario
from schakel.shocks.world import World

SEED_STEP = 1_000


def indices(
    scenario: Scenario,
    *,
    lens: str = "centre",
    on: str = "table",
    base: int = 32,
    threads: int | None = None,
    progress: Progress | None = None,
    given: Mapping[str, World] | None = None,
) -> dict[str, Any]:
    """Return first-order and total indices of every uncertain number, the largest total first.

    Parameters
    ----------
    base
        Base points n, a power of two.

    Raises
    ------
    InputError
        If nothing in the scenario is uncertain, or n is no power of two.
    """
    if base < 2 or base & (base - 1):
        raise InputError(f"{base} is no power of two", remedy="use 16, 32, 64, ...")
    from scipy.stats import qmc

    found, world = chosen(scenario, on, given)
    two = draw(scenario, 1)
    if not two.paths:
        raise InputError(f"nothing in scenario {scenario.id} is uncertain", remedy="give some numbers as distributions")
    d = len(two.paths)
    both = qmc.Sobol(2 * d, scramble=True, rng=np.random.default_rng(scenario.seed)).random(base)
    both = np.clip(both, 1e-9, 1 - 1e-9)
    a, b = both[:, :d], both[:, d:]
    blocks = [a, b]
    for k in range(d):
        mixed = a.copy()
        mixed[:, k] = b[:, k]
        blocks.append(mixed)
    drawn = _at(scenario, two, np.vstack(blocks))
    records, notes = run_lens(lens, world, scenario, drawn, threads=threads, progress=progress)
    loss = np.array([r.loss for r in records]).reshape(d + 2, base)
    first, total = saltelli(loss)
    low, high = bootstrap(loss, scenario.seed)
    rows: list[dict[str, Any]] = [
        {
            "number": name,
            "first_order": float(first[k]),
            "total": float(total[k]),
            "total_p05": float(low[k]),
            "total_p95": float(high[k]),
        }
        for k, name in enumerate(two.names)
    ]
    result = {
        "scenario": scenario.id,
        "lens": lens,
        "world": world.name,
        "runs": len(records),
        "variance": float(loss[:2].var()),
        "rows": sorted(rows, key=lambda r: (-r["total"], r["number"])),
    }
    asked = {"lens": lens, "on": on, "base": base}
    return envelope(scenario, found, drawn, result, notes, asked, "sensitivity")


def saltelli(loss: F64) -> tuple[F64, F64]:
    """Return first-order (Saltelli et al. 2010, table 2 b) and total indices (Jansen 1999).

    Parameters
    ----------
    loss
        Values at A, B and A with one column of B each, shape (d + 2, n).
    """
    loss = loss - loss[:2].mean()  # changes nothing in expectation, and takes most of the noise out
    at_a, at_b, mixed = loss[0], loss[1], loss[2:]
    variance = np.concatenate([at_a, at_b]).var()
    if variance <= 0:
        return np.zeros(len(mixed)), np.zeros(len(mixed))
    first = (at_b * (mixed - at_a)).mean(axis=1) / variance
    total = ((at_a - mixed) ** 2).mean(axis=1) / (2 * variance)
    return first, total


def bootstrap(loss: F64, seed: int, resamples: int = 200) -> tuple[F64, F64]:
    """Return the 5th and 95th percentile of the total indices over resampled base points."""
    rng = np.random.default_rng(seed + SEED_STEP)
    n = loss.shape[1]
    totals = np.array([saltelli(loss[:, rng.integers(0, n, n)])[1] for _ in range(resamples)])
    low, high = np.quantile(totals, [0.05, 0.95], axis=0)
    return low, high


def _at(scenario: Scenario, like: Draws, unit: F64) -> Draws:
    """Return draws at given points of the unit cube."""
    return replace(like, unit=unit, values=values_at(scenario, like.paths, unit))
