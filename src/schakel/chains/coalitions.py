"""Which smallest coalitions can stop a product, and is it proven that no smaller one can?

Every single name is tried and, on all but the largest chains, every pair: that is a proof. For three names and more there
is one integer programme: choose the fewest holders to take away such that the product is lost. A step may be called lost
only when all rows of its holders are touched, or for one slot every alternative is lost; inside a loop what is lost must
be lost before what it takes along, so that a loop cannot call itself lost. Removal sets are antitone: a coalition that
contains an answer stops the product too and is cut off, so solving again gives the next smallest one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

from schakel.chains.makeable import TIE, Bools, Model, lost_under, makeable

SECONDS = 60.0
MOST_TRIED = 200_000_000  # pairs times steps: 25 MB of bits


@dataclass(frozen=True)
class Coalitions:
    """Smallest coalitions that stop a product.

    ``coalitions`` holds all of the smallest size up to the number asked for; ``proven`` is False when the search was cut
    off, and then ``bound`` says that none smaller than this exists. Empty and proven when named holders cannot stop it at all.
    ``complete`` is False when there may be more coalitions of that size than were asked for.
    """

    step: str
    size: int | None
    coalitions: tuple[tuple[str, ...], ...]
    proven: bool
    bound: int
    complete: bool


class Tried:
    """What is lost under every single name and every pair of them, each computed when it is first asked for."""

    def __init__(self, model: Model, names: Sequence[str]) -> None:
        self.model = model
        self.names = sorted(set(names))

    def _under(self, size: int) -> tuple[list[tuple[str, ...]], Bools]:
        sets = list(combinations(self.names, size))
        return sets, lost_under(self.model, [frozenset(s) for s in sets])

    @cached_property
    def _singles(self) -> tuple[list[tuple[str, ...]], Bools]:
        return self._under(1)

    @cached_property
    def _pairs(self) -> tuple[list[tuple[str, ...]], Bools]:
        return self._under(2)

    def smallest(self, step: int) -> tuple[int, list[tuple[str, ...]]]:
        """Return the largest size that was tried, and the smallest coalitions of that size or less that stop a step."""
        if not self.names:
            return 0, []
        sets, lost = self._singles
        found = [sets[k] for k in np.flatnonzero(lost[:, step])]
        pairs = len(self.names) * (len(self.names) - 1) // 2
        if found or not pairs or pairs * len(self.model.slots) > MOST_TRIED:
            return 1, found
        sets, lost = self._pairs
        return 2, [sets[k] for k in np.flatnonzero(lost[:, step])]


def stopping(
    model: Model,
    step: str,
    names: Sequence[str],
    *,
    most: int = 20,
    seconds: float = SECONDS,
    tried: Tried | None = None,
) -> Coalitions:
    """Return the smallest coalitions among `names` (countries or actors) without which a step cannot be made.

    Parameters
    ----------
    most
        Coalitions to give.
    seconds
        Longest time for one solution of three and more names; 0 or less leaves them out.
    tried
        Singles and pairs of the same names, where several steps of one model are asked for.

    Raises
    ------
    NotFoundError
        If the graph has no such step.
    """
    target = model.graph.step(step).id
    everyone = sorted(set(names))

    def stops(some: Sequence[str]) -> bool:
        return target in makeable(model, some).lost

    if not stops(everyone):
        return Coalitions(target, None, (), True, len(everyone) + 1, True)
    if stops(()):
        return Coalitions(target, 0, ((),), True, 0, True)
    size, found = (tried or Tried(model, everyone)).smallest(model.graph.index[target])
    if found:
        size = len(found[0])
        return Coalitions(target, size, tuple(found[:most]), True, size, len(found) <= most)
    if seconds <= 0:
        return Coalitions(target, None, (), False, size + 1, False)
    programme = _Programme(model, model.graph.index[target], everyone, seconds)
    programme.at_least(size + 1)
    answers: list[tuple[str, ...]] = []
    while len(answers) < most:
        chosen, bound = programme.solve()
        known = len(answers[0]) if answers else None
        if chosen is None or (known is not None and len(chosen) > known):
            cut = chosen is None and bound is not None and bound <= (known if known is not None else math.inf)
            low = known or max(bound or 0, size + 1)
            return Coalitions(target, known, tuple(sorted(answers)), not cut or known is not None, low, not cut)
        if not stops(chosen):
            raise AssertionError(f"{chosen} does not stop {target}")
        answers.append(chosen)
        programme.forbid(chosen)
    return Coalitions(target, len(answers[0]), tuple(sorted(answers)), True, len(answers[0]), False)


class _Programme:
    """The integer programme over the steps upstream of one target, all variables zero or one."""

    def __init__(self, model: Model, target: int, names: Sequence[str], seconds: float) -> None:
        import highspy

        self.names = names
        self.infinite = highspy.kHighsInf
        self.solver: Any = highspy.Highs()
        for option, value in (
            ("output_flag", False), ("threads", 1), ("random_seed", 1), ("time_limit", seconds), ("mip_rel_gap", 0.0),
        ):  # fmt: skip
            self.solver.setOptionValue(option, value)
        self.optimal = highspy.HighsModelStatus.kOptimal
        self.infeasible = highspy.HighsModelStatus.kInfeasible
        self.integer = highspy.HighsVarType.kInteger
        self.count = 0
        self.taken = {name: self._variable(cost=1.0) for name in names}
        upstream = self._upstream(model, target)
        self.lost = {i: self._variable() for i in upstream}
        part_of = {
            i: p for p, part in enumerate(model.parts) for i in part if len(part) > 1 or self._own_input(model, i)
        }
        self.turn = {i: self._variable(high=float(len(upstream)), whole=False) for i in upstream if i in part_of}
        for i in upstream:
            causes = []
            for level, asked in (
                (model.country_level[i], False),
                (model.actor_level[i], model.country_level[i] is not None),
            ):
                if level is not None and (model.least_share > 0 or level.rest <= 0):
                    causes.append(self._holders(model, i, level, asked))
            for slot in model.slots[i]:
                causes.append(gone := self._variable())
                for a in slot:
                    self._row([(gone, 1.0), (self.lost[a], -1.0)], high=0.0)
                    if not model.from_scratch and i in part_of and part_of.get(a) == part_of[i]:
                        span = float(len(upstream))
                        self._row([(self.turn[a], 1.0), (self.turn[i], -1.0), (gone, span)], high=span - 1.0)
            self._row([(self.lost[i], 1.0), *((c, -1.0) for c in causes)], high=0.0)
        self._row([(self.lost[target], 1.0)], low=1.0)

    @staticmethod
    def _own_input(model: Model, i: int) -> bool:
        return any(i in slot for slot in model.slots[i])

    @staticmethod
    def _upstream(model: Model, target: int) -> list[int]:
        found, queue = {target}, [target]
        while queue:
            for slot in model.slots[queue.pop()]:
                new = set(slot) - found
                found |= new
                queue += sorted(new)
        return sorted(found)

    def _holders(self, model: Model, i: int, level: Any, asked: bool) -> int:
        """Return the variable that may be one when no more than the least share of a level is left."""
        gone = self._variable()
        touched, weights = [], []
        for members, share in zip(level.members, level.shares, strict=True):
            takers = [(self.taken[m], -1.0) for m in sorted(members) if m in self.taken]
            if share is None or model.least_share <= 0:
                self._row([(gone, 1.0), *takers], high=0.0)
                touched += takers
                continue
            row = self._variable()
            self._row([(row, 1.0), *takers], high=0.0)
            touched.append((row, -1.0))
            weights.append((row, share))
        self._row([(gone, 1.0), *touched], high=0.0)
        if weights:
            # rest + sum of what is left <= least, when gone is one
            whole = level.rest + sum(share for _, share in weights)
            over = max(0.0, whole - model.least_share)
            self._row([(gone, over), *((row, -share) for row, share in weights)], high=TIE)
        if asked:
            firms = [(self.taken[a], -1.0) for a in sorted(model.actors[i]) if a in self.taken]
            self._row([(gone, 1.0), *firms], high=0.0)
        return gone

    def _variable(self, cost: float = 0.0, high: float = 1.0, whole: bool = True) -> int:
        self.solver.addVar(0.0, high)
        at = self.count
        if cost:
            self.solver.changeColCost(at, cost)
        if whole:
            self.solver.changeColIntegrality(at, self.integer)
        self.count += 1
        return at

    def _row(self, terms: Sequence[tuple[int, float]], low: float | None = None, high: float | None = None) -> None:
        joined: dict[int, float] = {}
        for column, value in terms:
            joined[column] = joined.get(column, 0.0) + value
        columns = np.array(list(joined), np.int32)
        bottom = -self.infinite if low is None else low
        top = self.infinite if high is None else high
        self.solver.addRow(bottom, top, len(columns), columns, np.array(list(joined.values())))

    def at_least(self, size: int) -> None:
        """Leave out coalitions of fewer names."""
        self._row([(taken, 1.0) for taken in self.taken.values()], low=float(size))

    def forbid(self, answer: Sequence[str]) -> None:
        """Cut off an answer and all that contain it."""
        self._row([(self.taken[name], 1.0) for name in answer], high=len(answer) - 1.0)

    def solve(self) -> tuple[tuple[str, ...] | None, int | None]:
        """Return a smallest coalition; None with the bound reached when time ran out, None twice when there is none."""
        self.solver.run()
        status = self.solver.getModelStatus()
        if status == self.infeasible:
            return None, None
        if status != self.optimal:
            bound = self.solver.getInfo().mip_dual_bound
            return None, max(0, math.ceil(bound - 1e-6)) if math.isfinite(bound) else 0
        values = self.solver.getSolution().col_value
        return tuple(name for name in self.names if values[self.taken[name]] > 0.5), None
