"""How much can each industry make today, after losses and with second sources and overtime?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from schakel.shocks import timing
from schakel.shocks.lens import Shock
from schakel.shocks.links import Links
from schakel.shocks.world import F64


class Capacity:
    """Capacity of a block of B draws over time, over baseline output, (B, N)."""

    def __init__(self, net: Links, shocks: Sequence[Shock], step: int, plain: bool) -> None:
        self.net, self.shocks, self.step, self.plain = net, shocks, step, plain
        self.losses = self._timed("losses", ("share", "start", "end", "recovery"))
        self.sources = self._timed("second_sources", ("capacity", "start", "ramp"))
        self.has_sources = bool(self.sources[1].size)
        self.most = np.array([[float(s.behaviour.overcapacity)] for s in shocks])
        self.days = np.array([[float(s.behaviour.overcapacity_days)] for s in shocks])
        self.over = np.ones((len(shocks), net.industries))

    def _timed(self, name: str, fields: tuple[str, ...]) -> tuple[list[F64], F64]:
        """Line up the timed events of all draws: values (events, B) of each field, and industries (events, B, N)."""
        most = max(len(getattr(s, name)) for s in self.shocks)
        values = [np.zeros((most, len(self.shocks))) for _ in fields]
        where = np.zeros((most, len(self.shocks), self.net.industries))
        for b, shock in enumerate(self.shocks):
            for nth, event in enumerate(getattr(shock, name)):
                where[nth, b] = event.industries[self.net.order]
                for value, field in zip(values, fields, strict=True):
                    value[nth, b] = getattr(event, field)
        return values, where

    def at(self, k: int, maintained: F64 | None) -> tuple[F64, F64, F64]:
        """Return capacity in step ``k``, capacity at full overtime, and what second sources offer of it."""
        t0, t1 = k * self.step, (k + 1) * self.step
        left = np.ones_like(self.over)
        (share, start, end, recovery), where = self.losses
        lost = share * timing.lost(start, end, recovery, t0, t1)
        for nth in np.flatnonzero(lost.any(axis=1)):
            left = left * (1.0 - lost[nth][:, None] * where[nth])
        if maintained is not None:
            left = left * maintained
        second = np.zeros_like(left)
        (capacity, start, ramp), where = self.sources
        ready = capacity * timing.risen(start, ramp, t0, t1)
        for nth in np.flatnonzero(ready.any(axis=1)):
            second = second + ready[nth][:, None] * where[nth]
        return self.over * left + second, np.maximum(self.over, self.most) * left + second, second

    def overtime(self, made: F64, wanted: F64) -> None:
        """Let capacity grow where demand is not met and fall back where it is."""
        if not (self.most > 1.0).any():
            return
        scarce = 1.0 - np.divide(made, wanted, out=np.ones_like(made), where=wanted > 0)
        grow = (self.most - self.over) * scarce / self.days
        fall = (1.0 - self.over) / self.days
        # Plain rule: a surplus takes overtime back as fast as a lack adds to it.
        eased = np.abs(scarce) < 1e-12 if self.plain else scarce < 1e-12
        self.over = np.maximum(1.0, self.over + self.step * np.where(eased, fall, grow))
