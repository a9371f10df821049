"""What does a restriction let through today, what comes later, and who may look elsewhere?

Of an order on a restricted link a part is cut, and who orders more than usual because of it gets no more: what is left is a
share of usual deliveries. Of the cut part a share gets a licence and becomes an order again after the
licence's delay; of what is left a share leaks and arrives after the leak's delay; the rest never comes. Orders that nobody
filled may go to other makers of the same product, as far as these have room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from schakel.shocks import timing
from schakel.shocks.lens import Restriction, Shock
from schakel.shocks.links import Links, mask_key
from schakel.shocks.world import F64, I64


@dataclass(frozen=True)
class Gate:
    """What restrictions do in one step, by affected group: arrays (affected, B, C)."""

    through: F64  # share of an order that arrives in the same step
    leaking: dict[int, F64]  # slot -> share that is shipped now and arrives later
    waiting: dict[int, F64]  # slot -> share that waits for a licence
    shipped: F64  # through + leaking
    most: F64  # orders beyond this are not counted: 1 (as usual) while a link is restricted, else infinite
    dear: F64 | None = None  # what users pay more, as a share of the price of all they order; None where nobody does


class Queue:
    """Amounts that come out a number of steps after they went in, the number differing by draw."""

    def __init__(self, steps: I64, rows: int, columns: int) -> None:
        self.steps = steps
        self.draws = np.arange(len(steps))
        self.ring = np.zeros((int(steps.max()) + 1, rows, len(steps), columns))

    def put(self, step: int, row: int, amount: F64) -> None:
        """Put an amount (B, columns) in at ``step``."""
        at = (step + self.steps) % len(self.ring)
        self.ring[at, row, self.draws] += amount

    def take(self, step: int, row: int) -> F64:
        """Take out what comes out at ``step``."""
        cell = self.ring[step % len(self.ring), row]
        out: F64 = cell.copy()
        cell[:] = 0.0
        return out

    @property
    def inside(self) -> F64:
        """Return what is under way, summed over time: (rows, B, columns)."""
        return np.asarray(self.ring.sum(axis=0))


@dataclass(frozen=True)
class Slots:
    """The restrictions of B draws: slot k of a draw names mask ``mask[k]``; values are (slots, B), 0 where a draw has none."""

    mask: list[int]
    intensity: F64
    start: F64
    end: F64
    phase_in: F64
    licence: F64
    licence_delay: F64
    leak: F64
    leak_delay: F64
    markup: F64
    ways: list[tuple[int, int, Restriction]]  # slot, draw and restriction of each leak whose way is named


def slots(shocks: Sequence[Shock], numbers: dict[bytes, int]) -> Slots:
    """Line up the restrictions of several draws by the suppliers and users that they name."""
    place: dict[tuple[int, int], int] = {}
    rows: list[tuple[int, int, Restriction]] = []
    for draw, shock in enumerate(shocks):
        seen: dict[int, int] = {}
        for restriction in shock.restrictions:
            mask = numbers[mask_key(restriction)]
            nth = seen[mask] = seen.get(mask, -1) + 1
            rows.append((place.setdefault((mask, nth), len(place)), draw, restriction))
    shape = (len(place), len(shocks))
    values = {
        name: np.zeros(shape)
        for name in (
            *("intensity", "start", "end", "phase_in", "leakage", "leak_delay", "licence_share", "licence_delay"),
            "leak_markup",
        )
    }
    for slot, draw, restriction in rows:
        for name, target in values.items():
            target[slot, draw] = getattr(restriction, name)
    return Slots(
        [mask for mask, _ in place],
        values["intensity"],
        values["start"],
        values["end"],
        values["phase_in"],
        values["licence_share"],
        values["licence_delay"],
        values["leakage"],
        values["leak_delay"],
        values["leak_markup"],
        [row for row in rows if row[2].routes],
    )


class Rations:
    """The restrictions of a block of draws over time."""

    def __init__(self, net: Links, shocks: Sequence[Shock], numbers: dict[bytes, int], step: int) -> None:
        self.net, self.step, self.draws = net, step, len(shocks)
        self.slots = slots(shocks, numbers)
        s = self.slots
        self.member = net.named[s.mask][:, net.affected]
        self.class_users = net.class_users[s.mask]
        lic_steps = np.where(s.licence_delay > 0, np.maximum(1, np.rint(s.licence_delay / step)), 0).astype(np.int64)
        leak_steps = np.where(s.leak_delay > 0, np.maximum(1, np.rint(s.leak_delay / step)), 0).astype(np.int64)
        self.later_licence = s.licence * (lic_steps > 0)
        self.later_leak = (1 - s.licence) * s.leak * (leak_steps > 0)
        self.licence_now = np.where(lic_steps > 0, 0.0, s.licence)
        self.leak_now = np.where(leak_steps > 0, 0.0, (1 - s.licence) * s.leak)
        self.stays = 1.0 - np.minimum(1.0, self.licence_now + self.leak_now)
        columns = net.flows.shape[1]
        self.row_of = [{int(a): i for i, a in enumerate(np.flatnonzero(m))} for m in self.member]
        self.licences = {
            k: Queue(np.maximum(lic_steps[k], 1), len(self.row_of[k]), columns)
            for k in range(len(s.mask))
            if self.later_licence[k].any() and self.row_of[k]
        }
        self.leaks = {
            k: Queue(np.maximum(leak_steps[k], 1), len(self.row_of[k]), columns)
            for k in range(len(s.mask))
            if self.later_leak[k].any() and self.row_of[k]
        }
        self._cut: F64 | None = None
        self._open: F64 | None = None
        self._gate: Gate | None = None
        self.open = np.ones((self.draws, len(net.group_start), len(net.class_member)))

    def gate(self, step: int) -> Gate:
        """Return what is let through at ``step``; built anew only when a restriction changes."""
        s = self.slots
        cut = s.intensity * timing.held(s.start, s.end, s.phase_in, step * self.step, (step + 1) * self.step)
        open_ = self._ways(step)
        same = open_ is None or (self._open is not None and np.array_equal(open_, self._open))
        if self._gate is not None and self._cut is not None and np.array_equal(cut, self._cut) and same:
            return self._gate
        self._cut, self._open = cut, open_
        stays, later_leak = self.stays, self.later_leak
        leaks = (1 - s.licence) * s.leak
        if open_ is not None:
            stays = 1.0 - np.minimum(1.0, self.licence_now + self.leak_now * open_)
            later_leak, leaks = later_leak * open_, leaks * open_
        named = self.member[:, :, None] & self.class_users[:, None, :]  # slot, affected, class
        kept = np.where(named[:, :, None, :], (1.0 - cut * stays)[:, None, :, None], 1.0)
        through = (
            kept.prod(axis=0) if len(kept) else np.ones((len(self.member.T), self.draws, self.class_users.shape[1]))
        )
        whole = 1.0 - 1e-15
        self.open[:, self.net.affected] = (through >= whole).transpose(1, 0, 2)
        leaking, waiting = {}, {}
        dear: F64 | None = None
        for k in range(len(s.mask)):
            others = np.delete(kept, k, axis=0).prod(axis=0)
            part = np.where(named[k][:, None, :], others, 0.0)
            if k in self.leaks:
                leaking[k] = self._columns(part * (cut[k] * later_leak[k])[None, :, None])
            if k in self.licences:
                waiting[k] = self._columns(part * (cut[k] * self.later_licence[k])[None, :, None])
            if (s.markup[k] * leaks[k]).any():
                more = self._columns(part * (cut[k] * leaks[k] * s.markup[k])[None, :, None])
                dear = more if dear is None else dear + more
        wide = self._columns(through)
        shipped = wide + sum(leaking.values()) if leaking else wide
        self._gate = Gate(wide, leaking, waiting, np.asarray(shipped), np.where(wide < whole, 1.0, np.inf), dear)
        return self._gate

    def _ways(self, step: int) -> F64 | None:
        """Return the open share of the ways round at ``step``, by slot and draw; None where no way is named."""
        if not self.slots.ways:
            return None
        out = np.ones(self.slots.leak.shape)
        for slot, draw, restriction in self.slots.ways:
            out[slot, draw] = timing.passing(restriction, step * self.step, (step + 1) * self.step)
        return out

    def _columns(self, by_class: F64) -> F64:
        return np.ascontiguousarray(by_class[:, :, self.net.user_class])

    def licensed(self, step: int) -> dict[int, F64]:
        """Return the orders by affected group whose licence came through at ``step``, each (B, C), in days of baseline use."""
        out: dict[int, F64] = {}
        for k, queue in self.licences.items():
            for a, row in self.row_of[k].items():
                amount = queue.take(step, row)
                out[a] = out[a] + amount if a in out else amount
        return out

    def put_orders(self, step: int, gate: Gate, affected: int, order: F64) -> None:
        """Let an order wait for its licence."""
        for k, share in gate.waiting.items():
            row = self.row_of[k].get(affected)
            if row is not None:
                self.licences[k].put(step, row, order * share[affected])

    def put_leaks(self, step: int, gate: Gate, affected: int, sold: F64) -> None:
        """Send goods on their way through third countries."""
        for k, share in gate.leaking.items():
            row = self.row_of[k].get(affected)
            if row is not None:
                self.leaks[k].put(step, row, sold * share[affected])

    def arrived(self, step: int, affected: int) -> F64 | None:
        """Return the goods of an affected group that come out of third countries at ``step``."""
        total: F64 | None = None
        for k, queue in self.leaks.items():
            row = self.row_of[k].get(affected)
            if row is not None:
                amount = queue.take(step, row)
                total = amount if total is None else total + amount
        return total


class Reroute:
    """Unfilled orders that go to other makers of the same product, as far as these have room."""

    def __init__(self, net: Links, shocks: Sequence[Shock], step: int) -> None:
        self.net, self.step = net, step
        first = [min([r.start for r in s.restrictions] + [x.start for x in s.losses], default=np.inf) for s in shocks]
        products = len(net.use)
        start = np.broadcast_to(np.array(first)[:, None], (len(shocks), products)).copy()
        industry_product = np.repeat(net.group_product, np.diff(np.r_[net.group_start, net.industries]))
        for draw, shock in enumerate(shocks):  # a product that a measure names: from that measure on
            own = np.full(products, np.inf)
            named = [(r.suppliers, r.start) for r in shock.restrictions] + [
                (x.industries, x.start) for x in shock.losses
            ]
            for industries, day in named:
                own[np.unique(industry_product[industries[net.order]])] = np.minimum(
                    own[np.unique(industry_product[industries[net.order]])], day
                )
            start[draw] = np.where(np.isfinite(own), own, start[draw])
        self.start = np.where(np.isfinite(start), start, 1e9)
        self.share = np.array([[s.behaviour.reroute_share] for s in shocks])
        self.ramp = np.array([[s.behaviour.reroute_ramp] for s in shocks])
        self.weight = net.class_member[None, :, :] * net.use[:, None, :]  # product, class, user
        first_group = np.flatnonzero(np.r_[True, np.diff(net.group_product) != 0])
        self.first_group, self.with_groups = first_group, net.group_product[first_group]
        self.asked = np.zeros((len(shocks), len(net.group_start)))
        self.share_of_class = np.zeros((len(shocks), len(net.group_start), len(net.class_member)))

    def _split(self, wanted: F64, room: F64, open_: F64) -> tuple[F64, F64]:
        """Return the share of each class's wish that goes to each group (B, H, Q), and what is wished of each group (B, H)."""
        weight = open_ * room[:, :, None]
        total = np.zeros((len(room), len(self.net.use), weight.shape[2]))
        total[:, self.with_groups] = np.add.reduceat(weight, self.first_group, axis=1)
        total = total[:, self.net.group_product]
        share = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
        return share, np.einsum("bhq,bhq->bh", wanted[:, self.net.group_product], share)

    def ask(self, step: int, wanted: F64, open_: F64, spare: F64, prepared: F64 | None) -> F64 | None:
        """Return what is asked of each industry on top of its own orders, in value a day, (B, N); None when nothing is.

        Parameters
        ----------
        wanted
            Unfilled orders of the step before by product and class of users, (B, S, Q), value a day.
        open_
            1 where no restriction stands between a group and a class, (B, H, Q).
        spare
            Room of each industry above its own orders, (B, N); ``prepared`` the part of it that second sources offer, which
            needs no search.
        """
        if not (wanted > 1e-12 * self.net.output.sum()).any():
            self.asked[:] = 0.0
            self.share_of_class[:] = 0.0
            return None
        t0 = step * self.step
        ready = self.share * timing.risen(self.start, self.ramp, t0, t0 + self.step)
        groups = self.net.group_start
        owner = np.repeat(np.arange(len(groups)), np.diff(np.r_[groups, self.net.industries]))
        asked = np.zeros_like(spare)
        self.asked = np.zeros_like(self.asked)
        self.share_of_class = np.zeros_like(self.share_of_class)
        left = np.ones_like(wanted)
        pools = [(spare, ready)] if prepared is None else [(prepared, None), (spare - prepared, ready)]
        for room, speed in pools:
            by_group = np.add.reduceat(room, groups, axis=1)
            wish = wanted * left if speed is None else wanted * left * speed[:, :, None]
            share, of_group = self._split(wish, by_group, open_)
            part = np.ones_like(of_group)
            if speed is None:  # prepared capacity takes no more than it can make; the rest keeps looking
                np.divide(np.minimum(of_group, by_group), of_group, out=part, where=of_group > 0)
            given = (
                share
                * part[:, :, None]
                * (left if speed is None else left * speed[:, :, None])[:, self.net.group_product]
            )
            self.share_of_class += given
            self.asked += of_group * part
            scale = np.divide(of_group * part, by_group, out=np.zeros_like(of_group), where=by_group > 0)
            asked += room * scale[:, owner]
            gone = np.zeros_like(left)
            gone[:, self.with_groups] = np.add.reduceat(given, self.first_group, axis=1)
            left = np.clip(left - gone, 0.0, 1.0)
        return asked

    def served(self, extra: F64) -> F64:
        """Return the share of each class's unfilled orders that is served elsewhere, (B, S, Q), from what was made extra, (B, N)."""
        made = np.add.reduceat(extra, self.net.group_start, axis=1)
        ratio = np.minimum(1.0, np.divide(made, self.asked, out=np.zeros_like(made), where=self.asked > 0))
        out = np.zeros((len(extra), len(self.net.use), self.share_of_class.shape[2]))
        out[:, self.with_groups] = np.add.reduceat(self.share_of_class * ratio[:, :, None], self.first_group, axis=1)
        return out
