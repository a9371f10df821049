"""What happens in one step of the centre lens: make, deliver, use, order?

Everything is counted in days of baseline use: an industry that makes its normal output uses one day of each input a day.
Orders are held by product and user; a step is two passes over the matrix of deliveries, done product by product while that
product's block lies in the processor's cache, for a block of draws at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from schakel.shocks import orders
from schakel.shocks.capacity import Capacity
from schakel.shocks.lens import Behaviour, Shock
from schakel.shocks.links import Group, Links
from schakel.shocks.ration import Gate, Rations, Reroute
from schakel.shocks.stocks import Slow, SlowInputs, Substitutes, classes, columns, targets
from schakel.shocks.together import Pools
from schakel.shocks.world import F64, World

FULL = 1.0 - 1e-14  # a maker that serves this share of its orders serves them all


def _plain(behaviour: Behaviour) -> bool:
    return behaviour.production == "ario"


class Engine:
    """A block of B draws that share horizon, step and rules, one step at a time.

    All arrays by user are (B, C), those by product and user (S, B, C), in the order of ``net.order`` and then final users.
    """

    def __init__(
        self, world: World, net: Links, shocks: Sequence[Shock], numbers: dict[bytes, int], slow: Slow | None = None
    ) -> None:
        self.world, self.net, self.shocks, self.slow = world, net, shocks, slow or Slow.of(shocks)
        self.dt, self.k = shocks[0].step, 0
        b = shocks[0].behaviour
        self.plain, self.actual = _plain(b), b.reorder == "actual"
        self.by_capacity = b.order_shares == "capacity"
        draws, (products, users), n = len(shocks), net.use.shape, net.industries
        self.n, self.users = n, users
        self.rule = {
            name: np.array([[float(getattr(s.behaviour, name))] for s in shocks])
            for name in ("restore_days", "psi", "panic")
        }
        self.stock, self.aim = targets(world, net, shocks, 0.0 if self.plain else float(self.dt))
        self.start = self.stock.copy()
        if self.stock.shape[1] != draws:
            self.stock = np.repeat(self.stock, draws, axis=1)
        self.per_limit: F64 | None = None
        if self.plain:  # the stock, in days of use, under which production suffers
            bound = self.rule["psi"] * self.aim
            self.per_limit = np.divide(1.0, bound, out=np.ones_like(bound), where=bound > 0)
        self.classes = classes(world, net)
        self.slow_inputs = SlowInputs(world, net, draws, self.dt, self.slow)
        self.substitutes = Substitutes(net, shocks, self.dt)
        self.rations = Rations(net, shocks, numbers, self.dt)
        self.pools = Pools(net, shocks)
        self.dearer: F64 | None = None  # what users pay more in a step for what leaks, value a day, (B, C)
        rerouting = not self.plain and any(s.behaviour.reroute_share > 0 for s in shocks)
        self.reroute = Reroute(net, shocks, self.dt) if rerouting else None
        self.first: F64 | None = None  # users served first, share of their orders
        if b.allocation == "priority" and shocks[0].priority is not None:
            self.first = np.repeat(columns(net.order, shocks[0].priority, users)[None], draws, axis=0)
            self.always = self.first[:, :n].copy()
        self.capacity = Capacity(net, shocks, self.dt, self.plain)
        self.panics = bool(self.rule["panic"].any())
        self.order = np.ones((products, draws, users))
        self.forecast = np.ones((draws, users))
        self.unfilled = np.zeros((products, draws, users)) if self.reroute else None
        self.short = [True] * products
        self.wanted = np.zeros((draws, products, len(net.class_member)))
        self.per_order = np.repeat(net.per_use[:, None, :], draws if self.by_capacity else 0, axis=1)
        self.weight = np.ones((draws, n))
        self.final_use = np.zeros((draws, products))
        self.final_wish = np.repeat(net.use[:, n:].sum(axis=1)[:, None], draws, axis=1)
        self.final_rows = net.flows[:, n:].sum(axis=1)
        self.own_final = np.zeros((draws, n))
        self.demand = np.zeros((draws, n))
        self.demand_first = np.zeros((draws, n))
        self.next_gate: Gate = self.rations.gate(0)
        self.next_licensed = self.rations.licensed(0)
        self.watch: Callable[[Engine, int, F64], None] | None = None
        for product, groups in net.products:
            self._demand(product, groups, self.order[product], 0)
        self.limit_critical, self.limit_important = self._limits()
        self.made, self.desired = np.ones((draws, users)), np.ones((draws, users))

    # ---- the two passes

    def _demand(self, s: int, groups: tuple[Group, ...], order: F64, step: int) -> None:
        """Pass orders for product ``s``, (B, C) in days, on to its makers as their demand of ``step``."""
        gate = self.next_gate
        if self.by_capacity:
            order = self._by_capacity(s, groups, order)
        for group in groups:
            block = self.net.flows[group.rows]
            wish, mine, licensed = order, order, None
            if group.affected >= 0:
                mine = np.minimum(order, gate.most[group.affected])
                wish = mine * gate.shipped[group.affected]
                licensed = self.next_licensed.get(group.affected)
                if licensed is not None:
                    wish = wish + licensed
                if gate.waiting:
                    self.rations.put_orders(step, gate, group.affected, mine)
            if self.by_capacity:
                self.demand[:, group.rows] = self.weight[:, group.rows] * (wish[:, : self.n] @ block[:, : self.n].T)
                self.demand[:, group.rows] += wish[:, self.n :] @ block[:, self.n :].T
            else:
                self.demand[:, group.rows] = wish @ block.T
            if self.first is not None:
                self.demand_first[:, group.rows] = (wish * self.first) @ block.T
            if group.affected >= 0:
                here = mine[:, self.n :] * gate.through[group.affected][:, self.n :]
                if licensed is not None:
                    here = here + licensed[:, self.n :]
                self.own_final[:, group.rows] = here @ block[:, self.n :].T
            else:
                self.own_final[:, group.rows] = self.final_rows[group.rows]

    def _by_capacity(self, s: int, groups: tuple[Group, ...], order: F64) -> F64:
        """Return orders scaled so that they can be split in proportion to baseline flow x remaining capacity."""
        rows = slice(groups[0].rows.start, groups[-1].rows.stop)
        total = self.weight[:, rows] @ self.net.flows[rows, : self.n]
        per = self.per_order[s]
        per[:, : self.n] = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
        out = order.copy()
        out[:, : self.n] *= self.net.use[s, : self.n] * per[:, : self.n]
        return out

    def _supply(
        self, s: int, groups: tuple[Group, ...], fill: F64, fill_first: F64 | None, gate: Gate, licensed: dict[int, F64]
    ) -> tuple[F64, F64 | None]:
        """Return what users get of product ``s`` now and what part of their orders is under way or here, both (B, C) in days."""
        order, net = self.order[s], self.net
        rows = slice(groups[0].rows.start, groups[-1].rows.stop)
        if groups[-1].affected < 0 and not self.by_capacity and fill_first is None and fill[:, rows].min() > FULL:
            return order, None  # every maker serves all its orders: nothing to read
        got: F64 | None = None
        covered: F64 | None = None
        for group in groups:
            share = self._share(s, group, fill)
            if fill_first is not None and self.was_first is not None:
                share = share + self.was_first * (self._share(s, group, fill_first) - share)
            a = group.affected
            if a < 0:
                here = order * share
                met = here
            else:
                mine = np.minimum(order, gate.most[a])
                here = mine * gate.through[a] * share
                if gate.dear is not None:
                    paid = mine * share * gate.dear[a] * net.use[s]
                    self.dearer = paid if self.dearer is None else self.dearer + paid
                met = mine * gate.shipped[a] * share if gate.leaking else here
                if gate.waiting:
                    block = net.flows[group.rows].sum(axis=0) * net.per_use[s]
                    met = met + sum(mine * w[a] for w in gate.waiting.values()) * block
                if a in licensed:
                    here = here + licensed[a] * share
                if gate.leaking:
                    self.rations.put_leaks(self.k, gate, a, mine * share)
                late = self.rations.arrived(self.k, a)
                if late is not None:
                    here = here + late
            got = here if got is None else got + here
            covered = met if covered is None else covered + met
        return got if got is not None else order, covered

    def _share(self, s: int, group: Group, fill: F64) -> F64:
        """Return which share of the product each user gets from a group, (B, C)."""
        block = self.net.flows[group.rows]
        if not self.by_capacity:
            share = fill[:, group.rows] @ block
            share *= self.net.per_use[s]
            return share
        got = np.empty((len(fill), self.users))
        got[:, : self.n] = (fill[:, group.rows] * self.was_weight[:, group.rows]) @ block[:, : self.n]
        got[:, self.n :] = fill[:, group.rows] @ block[:, self.n :]
        got *= self.was_per[s]
        return got

    # ---- one step

    def _limits(self) -> tuple[F64, F64 | None]:
        """Return the output that stocks allow, (B, C), for critical and for important inputs."""
        critical = np.full((len(self.shocks), self.users), np.inf)
        important: F64 | None = None
        for s in range(len(self.stock)):
            important = self._limit(s, self.stock[s], critical, important)
        return critical, important

    def _limit(self, s: int, stock: F64, critical: F64, important: F64 | None, filled: bool = False) -> F64 | None:
        """Lower the limits by one product, except where substitutes are counted first."""
        if not filled and s in self.substitutes.lacking:
            return important
        pads = self.classes.critical[s], self.classes.important[s]
        if pads[0] is None and pads[1] is None:
            return important
        days = stock if self.per_limit is None else stock * self.per_limit[s]
        if pads[0] is not None:
            np.minimum(critical, days if isinstance(pads[0], float) else days + pads[0], out=critical)
        if pads[1] is not None:
            if important is None:
                important = np.full_like(critical, np.inf)
            np.minimum(important, days if isinstance(pads[1], float) else days + pads[1], out=important)
        return important

    def step(self) -> F64:
        """Run one step; returns output over baseline, (B, N)."""
        net, n = self.net, self.n
        capacity, most, second = self.capacity.at(self.k, self._maintained())
        demand = self.demand * net.per_output
        asked: F64 | None = None
        if self.reroute is not None:
            spare = np.maximum(most - demand, 0.0) * net.output
            prepared = np.minimum(second * net.output, spare) if self.capacity.has_sources else None
            asked = self.reroute.ask(self.k, self.wanted, self.rations.open, spare, prepared)
        total = demand if asked is None else demand + asked * net.per_output
        desired = self.desired
        desired[:, :n] = np.minimum(total, capacity)
        made = self._produce(desired)
        self.made = made
        served = None
        own = np.minimum(made[:, :n], demand)
        if asked is not None and self.reroute is not None:
            served = self.reroute.served((made[:, :n] - own) * net.output)
        fill = np.divide(own, demand, out=np.ones_like(own), where=demand > 0)
        self._deliver(fill, own, served)
        self.capacity.overtime(made[:, :n], total if not self.plain else self.demand * net.per_output)
        self.k += 1
        return made[:, :n]

    def _maintained(self) -> F64 | None:
        return self.slow_inputs.capacity() if self.slow_inputs else None

    def _produce(self, desired: F64) -> F64:
        """Return output under stocks and permissions, (B, C), final users 1."""
        critical, important = self.limit_critical, self.limit_important
        if self.substitutes:
            for s, stock in self.substitutes.fill(self.k * self.dt, self.stock, desired).items():
                important = self._limit(s, stock, critical, important, filled=True)
        scale = 1.0 if self.plain else 1.0 / self.dt
        made = np.minimum(desired, critical * scale)
        if important is not None:
            made = np.minimum(made, (desired + np.minimum(desired, important * scale)) / 2)
        if self.slow_inputs:
            made[:, : self.n] = np.minimum(made[:, : self.n], desired[:, : self.n] * self.slow_inputs.permitted())
            self.slow_inputs.follow(self.stock, desired)
        if self.substitutes:
            self.substitutes.take(self.stock, made)
        return made

    def _deliver(self, fill: F64, own: F64, served: F64 | None) -> None:
        """Deliver, use, order anew and pass the new orders on: product by product, each block read once."""
        net, n, dt, k = self.net, self.n, self.dt, self.k
        fill_first: F64 | None = None
        self.was_first, self.was_weight = self.first, self.weight
        if self.first is not None:
            produced = own * net.output
            fill_first = np.minimum(
                1.0, np.divide(produced, self.demand_first, out=np.ones_like(own), where=self.demand_first > 0)
            )
            rest = self.demand - self.demand_first
            fill = np.divide(
                produced - fill_first * self.demand_first, rest, out=np.ones_like(own), where=rest > 1e-15 * self.demand
            )
            fill = np.clip(fill, 0.0, 1.0)
            rated = np.divide(self.demand_first, self.demand, out=np.zeros_like(own), where=self.demand > 0)
            self.first = np.c_[np.maximum(self.always, rated), np.zeros((len(own), self.users - n))]
        if self.by_capacity:
            self.was_per = self.per_order.copy()
            self.weight = self.capacity.at(k, self._maintained())[0]
        gate, licensed = self.next_gate, self.next_licensed
        self.next_gate, self.next_licensed = self.rations.gate(k + 1), self.rations.licensed(k + 1)
        basis = self.made if self.actual else self.desired
        if not self.plain:
            self.forecast += np.minimum(1.0, dt / self.slow.forecast_days) * (self.desired - self.forecast)
        expected = self.desired if self.plain else self.forecast
        use = self.made if dt == 1 else self.made * dt
        critical, important = self.limit_critical, self.limit_important
        critical.fill(np.inf)
        if important is not None:
            important.fill(np.inf)
        own_final = self.own_final.copy()
        self.dearer = None
        for s, groups in net.products:
            got, covered = self._supply(s, groups, fill, fill_first, gate, licensed)
            if self.pools and covered is not None:
                got = self.pools.share(s, self.order[s], got)
                covered = self.pools.share(s, self.order[s], covered)
            if self.unfilled is not None and self.reroute is not None:
                short = self.unfilled[s]
                if served is not None and served[:, s].any():
                    got = got + short * served[:, s][:, net.user_class]
                if covered is None:
                    if self.short[s]:
                        short.fill(0.0)
                        self.wanted[:, s], self.short[s] = 0.0, False
                else:
                    np.subtract(self.order[s], covered, out=short)
                    np.maximum(short, 0.0, out=short)
                    self.wanted[:, s] = short @ self.reroute.weight[s].T
                    self.short[s] = True
            self.final_use[:, s] = got[:, n:] @ net.use[s, n:]
            stock = self.stock[s]
            if self.watch is not None:
                self.watch(self, s, got)
            stock -= use
            np.maximum(stock, 0.0, out=stock)
            stock += got if dt == 1 else got * dt
            important = self._limit(s, stock, critical, important)
            self.order[s] = self._order(s, stock, basis, expected, got)
            self._demand(s, groups, self.order[s], k + 1)
        self.limit_important = important
        lack = np.maximum(self.final_rows - fill * own_final, 0.0)
        starts, product = self._product_starts()
        by_product = np.add.reduceat(lack, starts, axis=1)
        missing = np.maximum(self.final_wish.T[:, product] - self.final_use[:, product], 0.0)
        if self.pools:  # final users may go without because they share, though their own makers serve them
            none = np.repeat(by_product <= 1e-15 * self.final_wish.T[:, product], np.diff(np.r_[starts, n]), axis=1)
            lack = np.where(none, self.final_rows, lack)
            by_product = np.add.reduceat(lack, starts, axis=1)
        ratio = np.divide(
            missing, by_product, out=np.zeros_like(missing), where=by_product > 1e-15 * self.final_wish.T[:, product]
        )
        self.unmet = lack * np.repeat(ratio, np.diff(np.r_[starts, n]), axis=1)

    def _product_starts(self) -> tuple[np.ndarray, list[int]]:
        return np.array([groups[0].rows.start for _, groups in self.net.products]), [s for s, _ in self.net.products]

    def _order(self, s: int, stock: F64, basis: F64, expected: F64, got: F64) -> F64:
        """Return orders of product ``s`` in days of use a day; see :mod:`schakel.shocks.orders`."""
        panic = (got, self.order[s]) if self.panics else None
        aim = orders.anew(stock, basis, self.aim[s] * expected, self.start[s], self.rule, plain=self.plain, panic=panic)
        extra = self.substitutes.used.get(s)
        if extra is not None:
            aim += extra
        return aim
