"""Which inputs do not stop work at once, and what stands in for what?

A *capital* input (machines, spare parts) lowers capacity slowly when maintenance is missing. A *permission* (licence,
software, service) may lack for its days of grace and then fades. A *substitute* fills what is missing of another product;
what is then taken from stock is what the changed recipe needs, not what the old one would have needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from schakel.shocks.lens import Shock, Substitute
from schakel.shocks.links import Links
from schakel.shocks.world import CAPITAL, CRITICAL, F64, FLOW, I64, IMPORTANT, PERMISSION, World

ENDLESS = 1e18


@dataclass(frozen=True)
class Slow:
    """How fast missing maintenance and missing permissions are felt; assumptions, to be varied.

    Attributes
    ----------
    capital_decay
        Share of capacity lost in a year in which no maintenance of a kind is to be had at all.
    permission_days
        Days over which a permission fades (to 1/e) once its days of grace are over.
    forecast_days
        Days over which users smooth what they expect to make, when they set the stock they aim at.

    Each is one number, or one by draw, shape (B, 1).
    """

    capital_decay: float | F64 = 0.15
    permission_days: float | F64 = 30.0
    forecast_days: float | F64 = 30.0

    @classmethod
    def of(cls, shocks: Sequence[Shock]) -> Slow:
        """Return what each draw says, shape (B, 1)."""
        said = [(b.capital_decay, b.permission_fade, b.forecast_days) for b in (s.behaviour for s in shocks)]
        decay, fade, forecast = np.array(said, float).T[:, :, None]
        return cls(decay, fade, forecast)


@dataclass(frozen=True)
class Classes:
    """Which inputs bind at once, as sums of infinity outside them so that a minimum skips them.

    ``critical`` and ``important`` have one entry per product: None where none binds, 0.0 where all do, else an array (C,).
    """

    critical: tuple[float | F64 | None, ...]
    important: tuple[float | F64 | None, ...]


def classes(world: World, net: Links) -> Classes:
    """Return which inputs of kind flow are critical and which important."""

    def pads(level: int) -> tuple[float | F64 | None, ...]:
        out: list[float | F64 | None] = []
        n = net.industries
        for s in range(len(net.use)):
            used = net.use[s, :n] > 0
            binds = (world.criticality[s, net.order] == level) & (world.kind[s, net.order] == FLOW) & used
            if not binds.any():
                out.append(None)
            elif bool((binds | ~used).all()):
                out.append(0.0)
            else:
                out.append(np.r_[np.where(binds, 0.0, np.inf), np.full(net.use.shape[1] - n, np.inf)])
        return tuple(out)

    return Classes(pads(CRITICAL), pads(IMPORTANT))


class SlowInputs:
    """Capital and permission inputs of a block of draws, each as a share from 1 down."""

    def __init__(self, world: World, net: Links, draws: int, step: int, slow: Slow) -> None:
        kind = world.kind[:, net.order]
        wanted = (kind != FLOW) & (net.use[:, : net.industries] > 0) & (world.criticality[:, net.order] > 0)
        user, product = np.nonzero(wanted.T)
        self.product, self.user = product.astype(np.int64), user.astype(np.int64)
        self.capital = kind[product, user] == CAPITAL
        self.permission = kind[product, user] == PERMISSION
        self.critical = world.criticality[product, net.order[user]] == CRITICAL
        rate = np.where(
            self.capital,
            -np.log1p(-np.minimum(slow.capital_decay, 0.999999)) / 365.0,
            1.0 / np.maximum(slow.permission_days, 1e-9),
        )
        self.rate = -np.expm1(-rate * step)
        self.state = np.ones((draws, len(user)))
        self.first = np.flatnonzero(np.r_[True, np.diff(user) != 0]) if len(user) else np.zeros(0, np.int64)
        self.draws, self.industries, self.step = draws, net.industries, step

    def __bool__(self) -> bool:
        return bool(len(self.user))

    def _least(self, which: npt.NDArray[np.bool_]) -> F64:
        out = np.ones((self.draws, self.industries))
        share = np.where(self.critical, self.state, (1.0 + self.state) / 2)
        out[:, self.user[self.first]] = np.minimum.reduceat(np.where(which, share, 1.0), self.first, axis=1)
        return out

    def capacity(self) -> F64:
        """Return the share of capacity that maintenance has kept, (B, N)."""
        return self._least(self.capital)

    def permitted(self) -> F64:
        """Return the share of what is wanted that permissions still allow, (B, N)."""
        return self._least(self.permission)

    def follow(self, stock: F64, desired: F64) -> None:
        """Move towards what was there in this step: stock (S, B, C) in days of use, desired output (B, C) over baseline."""
        need = desired[:, self.user] * self.step
        held = stock[self.product, :, self.user].T
        there = np.minimum(1.0, np.divide(held, need, out=np.ones_like(need), where=need > 0))
        self.state += self.rate * (there - self.state)


class Substitutes:
    """Products that stand in for others, in a block of draws."""

    def __init__(self, net: Links, shocks: Sequence[Shock], step: int) -> None:
        self.step = step
        found: dict[tuple[int, int, bytes], int] = {}
        rows: list[tuple[int, int, Substitute]] = []
        for draw, shock in enumerate(shocks):
            for sub in shock.substitutes:
                key = (sub.lacking, sub.instead, np.packbits(sub.users).tobytes())
                rows.append((found.setdefault(key, len(found)), draw, sub))
        self.pairs: list[tuple[int, int]] = [(lacking, instead) for lacking, instead, _ in found]
        self.lacking = frozenset(lacking for lacking, _ in self.pairs)
        self.start = np.full((len(found), len(shocks), 1), np.inf)
        self.worth = np.zeros(
            (len(found), len(shocks), net.flows.shape[1])
        )  # days of the lacking product for a day of the other
        self.without = 0
        for number, draw, sub in rows:
            self.start[number, draw] = sub.start
            users = np.r_[sub.users[net.order], np.zeros(net.flows.shape[1] - net.industries, bool)]
            lacks = users & (net.use[sub.lacking] > 0)
            self.without += int((lacks & (net.use[sub.instead] == 0)).sum())
            self.worth[number, draw] = np.where(
                lacks, net.use[sub.instead] * net.per_use[sub.lacking] * sub.efficiency, 0.0
            )
        self.plan: list[F64] = []
        self.used: dict[int, F64] = {}

    def __bool__(self) -> bool:
        return bool(self.pairs)

    def fill(self, day: float, stock: F64, desired: F64) -> dict[int, F64]:
        """Return by lacking product the stock (B, C) counted with what stands in; remembers the plan."""
        need = desired * self.step
        filled: dict[int, F64] = {}
        claimed: dict[int, F64] = {}
        self.plan = []
        for number, (lacking, instead) in enumerate(self.pairs):
            worth = self.worth[number] * (self.start[number] < day + self.step)
            have = filled.get(lacking, stock[lacking])
            free = np.maximum(stock[instead] - claimed.get(instead, 0.0) - need, 0.0)
            usable = np.multiply(free, worth, out=np.zeros_like(worth), where=worth > 0)
            take = np.minimum(usable, np.maximum(need - have, 0.0))
            self.plan.append(take)
            filled[lacking] = have + take
            taken = np.divide(take, worth, out=np.zeros_like(take), where=worth > 0)
            claimed[instead] = claimed.get(instead, 0.0) + taken
        return filled

    def take(self, stock: F64, made: F64) -> None:
        """Take from stock what the changed recipe used, for output ``made`` (B, C); what was used extra stands in ``used``."""
        self.used = {}
        short: dict[int, F64] = {}
        for number, (lacking, instead) in enumerate(self.pairs):
            worth = self.worth[number]
            missing = short[lacking] if lacking in short else np.maximum(made * self.step - stock[lacking], 0.0)
            take = np.minimum(self.plan[number], missing)
            short[lacking] = missing - take
            amount = np.divide(take, worth, out=np.zeros_like(take), where=worth > 0)
            stock[instead] = np.where(amount > 0, np.maximum(stock[instead] - amount, 0.0), stock[instead])
            self.used[instead] = self.used.get(instead, 0.0) + amount / self.step


def targets(world: World, net: Links, shocks: Sequence[Shock], least: float) -> tuple[F64, F64]:
    """Return stocks at the start and stocks aimed at, (S, B or 1, C), in days of baseline use.

    Stocks without end, and those of what nobody uses, are ENDLESS days, with nothing aimed at: a number so large that what
    is used disappears in its rounding.

    A stock bought for a crisis is released once: it is not aimed at again. A shortfall lowers the aim as well, since it says
    how the economy stood before.
    """
    days = np.zeros(net.use.shape)
    days[:, : net.industries] = world.stock_days[:, net.order]
    draws = len(shocks) if any(s.stocks for s in shocks) else 1
    start = np.repeat(days[:, None, :], draws, axis=1)
    aim = start.copy()
    for draw, shock in enumerate(shocks):
        for extra in shock.stocks:
            users = np.flatnonzero(extra.users[net.order])
            for s in np.asarray(extra.sectors, np.int64):
                start[s, draw, users] = np.maximum(start[s, draw, users] + extra.days, 0.0)
                if extra.days < 0:
                    aim[s, draw, users] = np.maximum(aim[s, draw, users] + extra.days, 0.0)
    endless = np.isinf(start) | (net.use == 0)[:, None, :]
    endless[:, :, net.industries :] = True
    return np.where(endless, ENDLESS, start + least), np.where(endless, 0.0, np.where(np.isinf(aim), 0.0, aim) + least)


def columns(order: I64, mask: npt.NDArray[np.bool_], users: int) -> F64:
    """Return a mask of industries as numbers over all users, final users 0."""
    out = np.zeros(users)
    out[: len(order)] = mask[order]
    return out
