"""How much of a measure holds during one step?

A step may be a day or a week and a measure may start or end within it, so every share is the average over the step. Then
a measure of 36.4 days is not taken for one of 36.
"""

from __future__ import annotations

import numpy as np

from schakel.shocks.lens import Restriction
from schakel.shocks.world import F64


def _ramp_integral(t: F64, rise: F64) -> F64:
    """Return the integral from 0 to t of min(1, s / rise), for t >= 0."""
    safe = np.maximum(rise, 1e-300)
    within = np.minimum(t, rise)
    return np.where(rise > 0, within * within / (2 * safe), 0.0) + np.maximum(t - rise, 0.0)


def held(start: F64, end: F64, phase_in: F64, t0: float | F64, t1: float | F64) -> F64:
    """Return the average from day t0 to t1 of a share that grows over ``phase_in`` days from ``start`` and ends at ``end``."""

    def until(t: float | F64) -> F64:
        return _ramp_integral(np.clip(np.minimum(t, end) - start, 0.0, None), phase_in)

    return np.asarray((until(t1) - until(t0)) / (t1 - t0), np.float64)


def lost(start: F64, end: F64, recovery: F64, t0: float | F64, t1: float | F64) -> F64:
    """Return the average from t0 to t1 of a loss that is whole from ``start`` to ``end`` and then shrinks over ``recovery`` days."""

    def until(t: float | F64) -> F64:
        whole = np.clip(np.minimum(t, end) - start, 0.0, None)
        after = np.clip(t - np.maximum(end, start), 0.0, recovery)
        return whole + after - np.where(recovery > 0, after * after / (2 * np.maximum(recovery, 1e-300)), 0.0)

    return np.asarray(np.where(end > start, (until(t1) - until(t0)) / (t1 - t0), 0.0), np.float64)


def risen(start: F64, ramp: F64, t0: float | F64, t1: float | F64) -> F64:
    """Return the average from t0 to t1 of 1 - exp(-(t - start) / ramp) after ``start``, and 0 before; a ramp of 0 is a jump."""
    safe = np.maximum(ramp, 1e-9)

    def until(t: float | F64) -> F64:
        late = np.clip(t - start, 0.0, None)
        return np.asarray(late - safe * -np.expm1(-late / safe))

    return np.asarray(np.clip((until(t1) - until(t0)) / (t1 - t0), 0.0, 1.0), np.float64)


def passing(restriction: Restriction, t0: float | F64, t1: float | F64) -> F64:
    """Return the share of the ways round that is open on average from day t0 to t1; 1 where no way is named."""
    if not restriction.routes:
        return np.ones(np.shape(t0))
    open_ = np.zeros(np.shape(t0))
    for route in restriction.routes:
        free = np.ones(np.shape(t0))
        for b in route:
            free *= 1 - b.share * held(np.asarray(b.start), np.asarray(b.end), np.asarray(b.phase_in), t0, t1)
        open_ += free
    return open_ / len(restriction.routes)


def lasting_cut(restriction: Restriction, day: float | F64, days: float = 1.0) -> F64:
    """Return the share of deliveries really missing in the ``days`` from each day: what is cut, less licences and leaks that came through."""
    cut, licensed, leaked = parts(restriction, day, days)
    return np.asarray(np.maximum(0.0, cut - licensed - leaked))


def parts(restriction: Restriction, day: float | F64, days: float = 1.0) -> tuple[F64, F64, F64]:
    """Return the share cut in the ``days`` from each day, and what of it licences and leaks bring back."""
    r = restriction

    def at(t: F64) -> F64:
        return held(np.asarray(r.start), np.asarray(r.end), np.asarray(r.phase_in), t, t + days)

    begin = np.asarray(day, np.float64)
    cut = r.intensity * at(begin)
    licensed = np.minimum(cut, r.licence_share * r.intensity * at(begin - r.licence_delay))
    sent = (1 - r.licence_share) * r.leakage * r.intensity * at(begin - r.leak_delay)
    if r.routes:
        sent = sent * passing(r, begin - r.leak_delay, begin - r.leak_delay + days)
    return cut, licensed, np.minimum(cut - licensed, sent)
