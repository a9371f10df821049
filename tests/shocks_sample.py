"""Made-up tables for the tests of shocks, and the step of the centre lens written out in loops."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from schakel.shocks import timing
from schakel.shocks.lens import Behaviour, CapacityLoss, Restriction, Shock
from schakel.shocks.stocks import Slow
from schakel.shocks.world import CAPITAL, CRITICAL, FLOW, IMPORTANT, MINOR, PERMISSION, World, world

DAYS = 365.0


def table(
    regions: int, sectors: int, seed: int = 0, *, added: float = 0.45, domestic: float = 0.7, **about: Any
) -> World:
    """A dense table in which every industry delivers to every other."""
    rng = np.random.default_rng(seed)
    n = regions * sectors
    region, sector = np.repeat(np.arange(regions), sectors), np.tile(np.arange(sectors), regions)
    recipe = rng.gamma(0.7, 1, (sectors, sectors)) + 1e-3
    size = rng.lognormal(0, 1, regions)
    origin = np.outer(size / size.sum(), np.ones(regions)) * (1 - domestic) + np.eye(regions) * domestic
    coefficients = recipe[sector][:, sector] * origin[region][:, region] * rng.lognormal(0, 0.3, (n, n))
    coefficients *= (1 - added) / coefficients.sum(0)
    final = rng.lognormal(0, 1, (n, regions)) * origin[region] * size
    output = np.linalg.solve(np.eye(n) - coefficients, final.sum(1))
    names = tuple(f"R{i}" for i in range(regions)), tuple(f"S{i}" for i in range(sectors))
    return world("made up", *names, region, sector, coefficients * output * 1000, final * 1000, **about)


def ban(
    w: World, region: int, sector: int, intensity: float = 0.8, start: float = 3.0, end: float = 40.0, **more: float
) -> Restriction:
    """One region stops delivering one product abroad."""
    suppliers = (w.region == region) & (w.sector == sector)
    return Restriction(
        "ban", suppliers, w.region != region, np.arange(len(w.regions)) != region, intensity, start, end, **more
    )


def fire(
    w: World, industries: list[int], share: float = 0.5, start: float = 2.0, end: float = 20.0, recovery: float = 10.0
) -> CapacityLoss:
    """Some industries lose capacity."""
    mask = np.zeros(w.size, bool)
    mask[industries] = True
    return CapacityLoss("fire", mask, share, start, end, recovery)


def plain(**more: Any) -> Behaviour:
    return Behaviour(production="ario", reorder="actual", **more)


class Twin:
    """The corrected and the plain rule in loops over industries, in value a day: slow and meant to be obvious."""

    def __init__(self, w: World, shock: Shock, slow: Slow | None = None) -> None:
        self.w, self.shock, self.slow, self.dt = w, shock, slow or Slow(), shock.step
        self.n, self.s, self.r = w.size, len(w.sectors), len(w.regions)
        self.users = self.n + self.r
        self.z = np.hstack([w.flows, w.final]) / DAYS
        self.x0 = self.z.sum(axis=1)
        self.use = np.array(
            [
                [sum(self.z[i, j] for i in range(self.n) if w.sector[i] == s) for j in range(self.users)]
                for s in range(self.s)
            ]
        )
        self.ario = shock.behaviour.production == "ario"
        least = 0 if self.ario else self.dt
        self.aim = np.zeros((self.s, self.n))
        self.stock = np.zeros((self.s, self.n))
        for s in range(self.s):
            for j in range(self.n):
                start = aim = float(w.stock_days[s, j])
                for extra in shock.stocks:
                    if s in extra.sectors and extra.users[j]:
                        start = max(0.0, start + extra.days)
                        aim = max(0.0, aim + extra.days) if extra.days < 0 else aim
                self.stock[s, j] = (start + least) * self.use[s, j]
                self.aim[s, j] = aim + least
        self.begun = self.stock.copy()
        self.begin = self.stock.copy()
        self.order = self.use.copy()
        self.forecast = self.x0[: self.n].copy()
        self.unfilled = np.zeros((self.s, self.users))
        self.slow_state = np.ones((self.s, self.n))
        self.over = np.ones(self.n)
        self.leaks: dict[tuple[int, int], np.ndarray] = {}
        self.permits: dict[tuple[int, int], np.ndarray] = {}
        self.rated = (
            shock.priority.astype(float)
            if shock.priority is not None and shock.behaviour.allocation == "priority"
            else None
        )
        self.demand, self.first = np.zeros(self.n), np.zeros(self.n)
        self._place(0)
        self.k = 0
        self.unmet = 0.0
        self.paid = 0.0  # more, for what leaks

    def _links(self, k: int) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
        """Shares that arrive at once, leak and wait for a licence, by restriction: (N, users)."""
        shape = (self.n, self.users)
        kept, leak, wait, dear = [], [], [], []
        for r in self.shock.restrictions:
            cut = r.intensity * float(
                timing.held(
                    np.float64(r.start), np.float64(r.end), np.float64(r.phase_in), k * self.dt, (k + 1) * self.dt
                )
            )
            ways = []
            for route in r.routes:
                stopped = [
                    b.share
                    * float(
                        timing.held(
                            np.float64(b.start),
                            np.float64(b.end),
                            np.float64(b.phase_in),
                            k * self.dt,
                            (k + 1) * self.dt,
                        )
                    )
                    for b in route
                ]
                ways.append(math.prod(1 - x for x in stopped))
            leaks = r.leakage * (sum(ways) / len(ways) if ways else 1.0)
            now = (r.licence_share if r.licence_delay == 0 else 0) + (
                (1 - r.licence_share) * leaks if r.leak_delay == 0 else 0
            )
            hit = np.outer(r.suppliers, np.r_[r.users, r.final_users]).astype(bool)
            kept.append(np.where(hit, 1 - cut * (1 - min(1.0, now)), 1.0))
            leak.append(np.where(hit, cut * (1 - r.licence_share) * leaks * (r.leak_delay > 0), 0.0))
            dear.append(np.where(hit, cut * (1 - r.licence_share) * leaks * r.leak_markup, 0.0))
            wait.append(np.where(hit, cut * r.licence_share * (r.licence_delay > 0), 0.0))
        through = np.prod(kept, axis=0) if kept else np.ones(shape)
        for parts in (leak, wait, dear):
            for a in range(len(parts)):
                for b in range(len(kept)):
                    if a != b:
                        parts[a] = parts[a] * kept[b]
        self.dear = np.sum(dear, axis=0) if dear else np.zeros(shape)
        return through, leak, wait

    def _wished(self, i: int, j: int) -> float:
        """What user j orders from maker i, before restrictions."""
        s = self.w.sector[i]
        if self.use[s, j] == 0:
            return 0.0
        order = self.order[s, j]
        if self.through[i, j] < 1 - 1e-15:  # on a restricted link nobody counts for more than usual
            order = min(order, self.use[s, j])
        return order * self.z[i, j] / self.use[s, j]

    def _place(self, k: int) -> None:
        self.through, self.leak, self.wait = self._links(k)
        self.licensed = self.permits.pop((k, 0), np.zeros((self.n, self.users)))
        self.sent = np.zeros((self.n, self.users))
        for i in range(self.n):
            for j in range(self.users):
                wish = self._wished(i, j)
                for number, r in enumerate(self.shock.restrictions):
                    if self.wait[number][i, j]:
                        late = (k + max(1, round(r.licence_delay / self.dt)), 0)
                        self.permits.setdefault(late, np.zeros((self.n, self.users)))[i, j] += (
                            wish * self.wait[number][i, j]
                        )
                self.sent[i, j] = wish * (self.through[i, j] + sum(x[i, j] for x in self.leak)) + self.licensed[i, j]
        self.demand = self.sent.sum(axis=1)
        if self.rated is not None:
            self.was_rated = self.rated.copy()
            self.first = self.sent[:, : self.n] @ self.rated

    def step(self) -> np.ndarray:
        w, b, n, k, dt = self.w, self.shock.behaviour, self.n, self.k, self.dt
        t0, t1 = k * dt, (k + 1) * dt
        cap, most, second = np.zeros(n), np.zeros(n), np.zeros(n)
        for i in range(n):
            left = 1.0
            for x in self.shock.losses:
                if x.industries[i]:
                    left *= 1 - x.share * float(
                        timing.lost(np.float64(x.start), np.float64(x.end), np.float64(x.recovery), t0, t1)
                    )
            for x in self.shock.second_sources:
                if x.industries[i]:
                    second[i] += (
                        x.capacity * float(timing.risen(np.float64(x.start), np.float64(x.ramp), t0, t1)) * self.x0[i]
                    )
            kept = [1.0]
            for s in range(self.s):
                if w.kind[s, i] == CAPITAL and self.use[s, i] > 0:
                    v = self.slow_state[s, i]
                    kept.append({CRITICAL: v, IMPORTANT: (1 + v) / 2, MINOR: 1.0}[int(w.criticality[s, i])])
            left *= min(kept)
            cap[i] = self.over[i] * left * self.x0[i] + second[i]
            most[i] = max(self.over[i], b.overcapacity) * left * self.x0[i] + second[i]
        asked, share = self._ask(most, second)
        desired = np.minimum(self.demand + asked, cap)
        made, plan = self._produce(desired)
        own = np.minimum(made, self.demand)
        fill = np.array([own[i] / self.demand[i] if self.demand[i] > 0 else 1.0 for i in range(n)])
        fill_first = fill.copy()
        if self.rated is not None:
            for i in range(n):
                if self.demand[i] > 0:
                    fill_first[i] = min(1.0, own[i] / self.first[i]) if self.first[i] > 0 else 1.0
                    rest = self.demand[i] - self.first[i]
                    fill[i] = (
                        min(1.0, max(0.0, (own[i] - fill_first[i] * self.first[i]) / rest))
                        if rest > 1e-15 * self.demand[i]
                        else 1.0
                    )
        extra = self._extra(made - own, asked, share)
        got, covered = np.zeros((self.s, self.users)), np.zeros((self.s, self.users))
        for i in range(n):
            s = w.sector[i]
            for j in range(self.users):
                rated = self.was_rated[j] if self.rated is not None and j < n else 0.0
                rate = rated * fill_first[i] + (1 - rated) * fill[i]
                wish = self._wished(i, j)
                got[s, j] += (wish * self.through[i, j] + self.licensed[i, j]) * rate
                covered[s, j] += wish * self.through[i, j] * rate
                self.paid += dt * wish * self.dear[i, j] * rate
                for number, r in enumerate(self.shock.restrictions):
                    covered[s, j] += wish * self.leak[number][i, j] * rate + wish * self.wait[number][i, j]
                    if self.leak[number][i, j]:
                        late = (k + max(1, round(r.leak_delay / dt)), 0)
                        self.leaks.setdefault(late, np.zeros((self.s, self.users)))[s, j] += (
                            wish * self.leak[number][i, j] * rate
                        )
        got += self.leaks.pop((k, 0), np.zeros((self.s, self.users)))
        for group in self.shock.together:
            members = np.flatnonzero(np.r_[group.users, group.final_users])
            for s in group.sectors:
                order = self.order[s, members]
                usual = np.minimum(order, self.use[s, members])
                for what in (got, covered):
                    had = what[s, members].sum()
                    if had >= order.sum() > 0:
                        what[s, members] = order * had / order.sum()
                    elif had > usual.sum():
                        what[s, members] = usual + (order - usual) * (had - usual.sum()) / (order - usual).sum()
                    elif usual.sum() > 0:
                        what[s, members] = usual * had / usual.sum()
        rerouting = not self.ario and b.reroute_share > 0
        if rerouting:
            got += self.unfilled * extra
            self.unfilled = np.maximum(self.order - covered, 0.0)
        final = np.arange(n, self.users)
        self.unmet += dt * np.maximum(self.use[:, final].sum(axis=1) - got[:, final].sum(axis=1), 0.0).sum()
        if self.rated is not None:
            self.rated = np.maximum(
                self.shock.priority, np.divide(self.first, self.demand, out=np.zeros(n), where=self.demand > 0)
            )
        basis = made if b.reorder == "actual" else desired
        self.forecast += min(1.0, dt / self.slow.forecast_days) * (desired - self.forecast)
        expected = desired if self.ario else self.forecast
        for j in range(n):
            for s in range(self.s):
                if self.use[s, j] == 0:
                    continue
                a = self.use[s, j] / self.x0[j]
                need = a * made[j] * dt
                swapped_in = min(plan["in"][s, j], max(0.0, need - self.stock[s, j]))
                plan["done"][s, j] = swapped_in
                self.stock[s, j] = max(0.0, self.stock[s, j] - need)
        taken = np.zeros((self.s, n))
        for sub in self.shock.substitutes:
            for j in range(n):
                if plan["in"][sub.lacking, j] > 0:
                    taken[sub.instead, j] = plan["done"][sub.lacking, j] / sub.efficiency
        self.stock = np.maximum(self.stock - taken, 0.0) + got[:, :n] * dt
        for j in range(n):
            for s in range(self.s):
                if self.use[s, j] == 0:
                    continue
                a = self.use[s, j] / self.x0[j]
                aim = self.aim[s, j] * a * expected[j]
                if b.panic:
                    aim *= 1 + b.panic * (1 - min(1.0, got[s, j] / self.order[s, j] if self.order[s, j] > 0 else 1.0))
                gap = aim - self.stock[s, j]
                if (
                    gap < 0
                ):  # more than aimed at: the corrected rule orders less of what there is more of than at the start
                    gap = 0.0 if self.ario else max(gap, min(0.0, self.begun[s, j] - self.stock[s, j]))
                self.order[s, j] = max(0.0, gap / b.restore_days + a * basis[j] + taken[s, j] / dt)
        total = self.demand + asked
        self.k += 1
        self._place(self.k)
        if b.overcapacity > 1:
            wanted = self.demand if self.ario else total
            for i in range(n):
                scarce = 1 - made[i] / wanted[i] if wanted[i] > 0 else 0.0
                eased = abs(scarce) < 1e-12 if self.ario else scarce < 1e-12
                rise = (1 - self.over[i]) if eased else (b.overcapacity - self.over[i]) * scarce
                self.over[i] = max(1.0, self.over[i] + dt * rise / b.overcapacity_days)
        return np.divide(made, self.x0, out=np.ones(n), where=self.x0 > 0)

    def _produce(self, desired: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        w, b, n, dt = self.w, self.shock.behaviour, self.n, self.dt
        plan = {"in": np.zeros((self.s, n)), "done": np.zeros((self.s, n))}
        made = desired.copy()
        permits = np.ones(n)
        for j in range(n):
            if self.x0[j] == 0:
                continue
            a = self.use[:, j] / self.x0[j]
            have = self.stock[:, j].copy()
            for sub in self.shock.substitutes:
                if sub.users[j] and sub.start < (self.k + 1) * dt and a[sub.lacking] > 0 and a[sub.instead] > 0:
                    free = max(0.0, self.stock[sub.instead, j] - a[sub.instead] * desired[j] * dt)
                    take = min(free * sub.efficiency, max(0.0, a[sub.lacking] * desired[j] * dt - have[sub.lacking]))
                    plan["in"][sub.lacking, j] = take
                    have[sub.lacking] += take
            for s in range(self.s):
                if a[s] == 0:
                    continue
                kind, level = int(w.kind[s, j]), int(w.criticality[s, j])
                if kind == FLOW and level != MINOR:
                    per_day = b.psi * self.aim[s, j] if self.ario else dt
                    allowed = have[s] / (a[s] * per_day) if per_day > 0 else math.inf
                    if level == CRITICAL:
                        made[j] = min(made[j], allowed)
                    else:
                        made[j] = min(made[j], (desired[j] + min(desired[j], allowed)) / 2)
                if kind == PERMISSION and level != MINOR:
                    v = self.slow_state[s, j]
                    permits[j] = min(permits[j], v if level == CRITICAL else (1 + v) / 2)
                if kind != FLOW and level != MINOR:
                    need = a[s] * desired[j] * dt
                    there = min(1.0, self.stock[s, j] / need) if need > 0 else 1.0
                    rate = (
                        -math.log(1 - self.slow.capital_decay) / 365
                        if kind == CAPITAL
                        else 1 / self.slow.permission_days
                    )
                    self.slow_state[s, j] += (1 - math.exp(-rate * dt)) * (there - self.slow_state[s, j])
            made[j] = min(made[j], desired[j] * permits[j])
        return made, plan

    def _ask(self, most: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What is asked of each maker extra, and the share of each user's unfilled orders that goes to each maker."""
        n, b = self.n, self.shock.behaviour
        asked, share = np.zeros(n), np.zeros((n, self.users))
        if self.ario or b.reroute_share == 0 or not (self.unfilled.sum() > 1e-12 * self.x0.sum()):
            return asked, share
        spare = np.maximum(most - self.demand, 0.0)
        prepared = np.minimum(second, spare)
        starts = [(r.start, r.suppliers) for r in self.shock.restrictions] + [
            (x.start, x.industries) for x in self.shock.losses
        ]
        for s in range(self.s):
            makers = [i for i in range(n) if self.w.sector[i] == s]
            named = [t for t, mask in starts if any(mask[i] for i in makers)]
            start = min(named) if named else min(t for t, _ in starts)
            t0 = self.k * self.dt
            ready = b.reroute_share * float(
                timing.risen(np.float64(start), np.float64(b.reroute_ramp), t0, t0 + self.dt)
            )
            left = np.ones(self.users)
            for room, speed in (
                ((prepared, None), (spare - prepared, ready)) if self.shock.second_sources else ((spare, ready),)
            ):
                part = np.zeros((n, self.users))
                for j in range(self.users):
                    open_ = [i for i in makers if self.through[i, j] >= 1 - 1e-15]
                    total = sum(room[i] for i in open_)
                    for i in open_:
                        part[i, j] = (left[j] * (1 if speed is None else speed) * room[i] / total) if total > 0 else 0.0
                wish = part @ self.unfilled[s]
                if speed is None:
                    for group in self._groups(makers):
                        want, have = sum(wish[i] for i in group), sum(room[i] for i in group)
                        if want > have:
                            for i in group:
                                part[i] *= have / want
                    wish = part @ self.unfilled[s]
                asked += wish
                share += part
                left = np.clip(left - part.sum(axis=0), 0.0, 1.0)
        return asked, share

    def _groups(self, makers: list[int]) -> list[list[int]]:
        found: dict[tuple[bool, ...], list[int]] = {}
        for i in makers:
            found.setdefault(tuple(bool(r.suppliers[i]) for r in self.shock.restrictions), []).append(i)
        return list(found.values())

    def _extra(self, made: np.ndarray, asked: np.ndarray, share: np.ndarray) -> np.ndarray:
        """Share of each user's unfilled orders that is served, (S, users): makers under the same restrictions serve as one."""
        out = np.zeros((self.s, self.users))
        for s in range(self.s):
            for group in self._groups([i for i in range(self.n) if self.w.sector[i] == s]):
                want = sum(asked[i] for i in group)
                ratio = min(1.0, sum(made[i] for i in group) / want) if want > 0 else 0.0
                for i in group:
                    out[s] += share[i] * ratio
        return out

    def run(self) -> np.ndarray:
        return np.array([self.step() for _ in range(-(-self.shock.horizon // self.dt))])
