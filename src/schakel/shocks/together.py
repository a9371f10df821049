"""What does each user get of what several users buy together?

Common purchasing: what members get of a product is put together and shared out by what each usually uses, or orders when that is
less, so that a measure against one of them is felt by all. As on a restricted link, nobody counts for more than usual because
he lacks; only what is left goes by what was ordered beyond that. What does not arrive is shared in the same way, and sought
elsewhere by all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from schakel.shocks.lens import Shock
from schakel.shocks.links import Links
from schakel.shocks.world import F64


class Pools:
    """The groups of users that buy together, in a block of draws: by product the members and the draws they hold for."""

    def __init__(self, net: Links, shocks: Sequence[Shock]) -> None:
        self.net = net
        self.groups: dict[
            int, list[tuple[F64, F64]]
        ] = {}  # product -> (value of a day's use of members (C,), draws (B, 1))
        found: dict[tuple[int, bytes], tuple[F64, list[int]]] = {}
        for draw, shock in enumerate(shocks):
            for group in shock.together:
                members = np.r_[group.users[net.order], group.final_users]
                for s in group.sectors.tolist():
                    found.setdefault((s, members.tobytes()), (np.where(members, net.use[s], 0.0), []))[1].append(draw)
        for (s, _), (value, draws) in found.items():
            holds = np.zeros((len(shocks), 1))
            holds[draws] = 1.0
            self.groups.setdefault(s, []).append((value, holds))

    def __bool__(self) -> bool:
        return bool(self.groups)

    def share(self, s: int, order: F64, got: F64) -> F64:
        """Return what users get of product ``s``, (B, C) in days of use, after members shared it out."""
        for value, holds in self.groups.get(s, ()):
            claim = np.minimum(order, 1.0)
            rest = order - claim
            claimed, more, had = claim @ value, rest @ value, got @ value
            first = np.minimum(1.0, np.divide(had, claimed, out=np.ones_like(had), where=claimed > 0))
            left = np.maximum(had - claimed, 0.0)
            then = np.minimum(1.0, np.divide(left, more, out=np.ones_like(had), where=more > 0))
            over = had / np.where(claimed + more > 0, claimed + more, 1.0)
            shared = np.where((over > 1)[:, None], order * over[:, None], claim * first[:, None] + rest * then[:, None])
            inside = holds * (value > 0) * (claimed + more > 0)[:, None]
            got = np.where(inside > 0, shared, got)
        return got
