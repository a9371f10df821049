"""How much of a network of firms stops when one of them does, if nobody has a stock?

The rigid cascade of Diem and others (Economic Systemic Risk Index), to its exact fixed point. A firm without a supplier of
an essential input stops in proportion to what is missing; inputs that are not essential count by their share of all inputs;
a supplier with a small share of its market is replaced as far as the market has makers left. Upwards, a firm loses the
sales to those who stopped. Losses only grow from step to step, so the order of updates does not matter and only firms near
a change are computed again. Many cascades run side by side as columns of one block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from schakel.errors import InputError
from schakel.shocks import threads
from schakel.shocks.firms import Network, network
from schakel.shocks.world import F64, I64

__all__ = ["Cascade", "Network", "Systemic", "cascade", "network", "systemic"]
COLUMNS = 64
LIMIT = 20_000


@dataclass(frozen=True)
class Cascade:
    """What is left of each firm, (n, m) per direction, and the number of steps of each of m cascades."""

    down: F64
    up: F64
    steps: I64

    @property
    def left(self) -> F64:
        """Return the worse of the two directions, (n, m)."""
        return np.minimum(self.down, self.up)


class _Rows:
    """Rows of a sparse matrix that name any of some columns."""

    def __init__(self, matrix: Any) -> None:
        self.matrix = matrix
        turned = matrix.tocsc()
        self.pattern = sparse.csr_array(
            (np.ones(len(turned.indices), np.int8), turned.indices, turned.indptr), shape=matrix.shape[::-1]
        )

    def touched(self, changed: npt.NDArray[np.bool_]) -> I64:
        """Return the rows that name any changed column."""
        rows = np.zeros(self.matrix.shape[0], bool)
        if changed.mean() > 0.5:
            return np.arange(len(rows))
        start, stop = self.pattern.indptr[:-1][changed], self.pattern.indptr[1:][changed]
        counts = stop - start
        at = (
            np.repeat(start - np.r_[0, np.cumsum(counts)[:-1]], counts) + np.arange(counts.sum())
            if len(counts)
            else np.zeros(0, np.int64)
        )
        rows[self.pattern.indices[at]] = True
        return np.flatnonzero(rows)

    def product(self, rows: I64, values: F64) -> F64:
        """Return the product of some rows with a block."""
        part = self.matrix if len(rows) == self.matrix.shape[0] else self.matrix[rows]
        return np.asarray(part @ values)


def _settle(first: F64, follow: Any, tolerance: float) -> tuple[F64, I64]:
    """Let losses (n, m) grow until what is still to come is below the tolerance; columns that have settled leave the block."""
    loss, steps = first.copy(), np.zeros(first.shape[1], np.int64)
    alive = np.arange(first.shape[1])
    block, before = first.copy(), np.full(first.shape[1], np.inf)
    changed = (first > 0).any(axis=1)
    for _ in range(LIMIT):
        if not len(alive):
            return loss, steps
        block, change, changed = follow(block, changed, alive)
        steps[alive] += 1
        ratio = np.clip(
            np.divide(change, before, out=np.zeros_like(change), where=(before > 0) & np.isfinite(before)),
            0.0,
            0.999999,
        )
        done = (change == 0.0) | (
            (steps[alive] > 2) & (change * np.maximum(1.0, ratio / (1.0 - ratio)) < 0.1 * tolerance)
        )
        before = change
        if done.any():
            loss[:, alive[done]] = block[:, done]
            if done.all() or done.mean() > 0.12 or len(alive) <= 8:
                keep = ~done
                alive, block, before = alive[keep], np.ascontiguousarray(block[:, keep]), before[keep]
    raise InputError(
        "the cascade did not settle", where="network of firms", remedy="check that sales are at least what is delivered"
    )


def cascade(
    net: Network,
    left: F64,
    *,
    tolerance: float = 1e-10,
    replaceable: bool = True,
    upward: bool = True,
    downward: bool = True,
) -> Cascade:
    """Return the exact fixed point of m cascades.

    Parameters
    ----------
    left
        What the shock itself leaves of each firm, 0 to 1, (n, m).
    tolerance
        What may still be missing of a loss at most.
    replaceable
        Whether a supplier is replaced as far as its market has other makers.
    """
    start = 1.0 - np.asarray(left, np.float64)
    down, up = start, start
    steps = np.zeros(start.shape[1], np.int64)
    if downward:
        down, steps = _down(net, start, tolerance, replaceable)
    if upward:
        up, more = _up(net, start, tolerance)
        steps = np.maximum(steps, more)
    return Cascade(1.0 - down, 1.0 - up, steps)


def _up(net: Network, start: F64, tolerance: float) -> tuple[F64, I64]:
    rows = _Rows(net.customers)
    width = -1
    fixed = start

    def follow(block: F64, changed: npt.NDArray[np.bool_], alive: I64) -> tuple[F64, F64, npt.NDArray[np.bool_]]:
        nonlocal width, fixed
        if len(alive) != width:
            width, fixed = len(alive), np.ascontiguousarray(start[:, alive])
        touched = rows.touched(changed)
        new = rows.product(touched, block)
        np.maximum(new, fixed[touched], out=new)
        np.minimum(new, 1.0, out=new)
        return _compare(block, touched, new, tolerance)

    return _settle(start, follow, tolerance)


def _up_of_one(net: Network, part: I64, tolerance: float) -> tuple[F64, int]:
    """Return the losses of sales (n, m) when one firm stops per column: linear, so it is a sum over chains of customers.

    A chain ends where it comes back to the firm that stopped, since that firm has nothing more to lose.
    """
    columns = np.arange(len(part))
    step = np.zeros((net.size, len(part)))
    step[part, columns] = 1.0
    total, alive = step.copy(), columns
    kept, before = step, np.full(len(part), np.inf)
    shares, ones = net.customers, np.ones(net.size)
    for count in range(1, LIMIT):
        step = shares @ step
        step[part[alive], np.arange(len(alive))] = 0.0
        if len(alive) < len(part):
            kept += step
        else:
            total += step
        change = ones @ step  # the sum bounds the largest
        ratio = np.clip(np.divide(change, before, out=np.zeros_like(change), where=before > 0), 0.0, 0.999999)
        before = change
        going = change * np.maximum(1.0, ratio / (1.0 - ratio)) > 0.1 * tolerance
        if not going.any() or going.mean() < 0.88:
            if len(alive) < len(part):
                total[:, alive] = kept
            if not going.any():
                return np.minimum(total, 1.0), count
            alive, before = alive[going], before[going]
            step, kept = np.ascontiguousarray(step[:, going]), np.ascontiguousarray(total[:, alive])
    raise InputError(
        "the cascade did not settle", where="network of firms", remedy="check that sales are at least what is delivered"
    )


def _compare(block: F64, touched: I64, new: F64, tolerance: float) -> tuple[F64, F64, npt.NDArray[np.bool_]]:
    """Put new rows in their place; a change far below the tolerance does not make a firm changed, but it is not lost either."""
    old = block[touched]
    np.maximum(new, old, out=new)
    np.subtract(new, old, out=old)
    changed = np.zeros(len(block), bool)
    block[touched] = new
    changed[touched[old @ np.ones(old.shape[1]) > 1e-3 * tolerance]] = True
    return block, old.max(axis=0, initial=0.0), changed


def _down(net: Network, start: F64, tolerance: float, replaceable: bool) -> tuple[F64, I64]:
    matrix, owner, starts = net.slots
    rows = _Rows(matrix)
    size = net.market @ np.ones(net.size)
    place = np.zeros(net.size, np.int64)

    def follow(block: F64, changed: npt.NDArray[np.bool_], alive: I64) -> tuple[F64, F64, npt.NDArray[np.bool_]]:
        passed, source = block, changed
        if replaceable:
            passed, source = _replaced(net, block, changed, size, tolerance)
        touched = rows.touched(source)
        if not len(touched):
            return block, np.zeros(len(alive)), np.zeros(net.size, bool)
        missing = rows.product(touched, passed)
        firms = np.zeros(net.size, bool)
        firms[owner[touched]] = True
        who = np.flatnonzero(firms)
        place[who] = np.arange(len(who))
        new = block[who]
        cuts = np.searchsorted(touched, starts)
        for a, b in pairwise(cuts):
            if b > a:
                at = place[owner[touched[a:b]]]
                new[at] = np.maximum(new[at], missing[a:b])
        np.minimum(new, 1.0, out=new)
        return _compare(block, who, new, tolerance)

    return _settle(start, follow, tolerance)


def _replaced(
    net: Network, block: F64, changed: npt.NDArray[np.bool_], size: F64, tolerance: float
) -> tuple[F64, npt.NDArray[np.bool_]]:
    """Return the losses that others in the market do not make good, and the firms in markets where anything changed."""
    markets = np.zeros(len(size), bool)
    markets[net.product[changed]] = True
    moved = markets[net.product]
    rest = size[:, None] - net.market @ block
    np.maximum(rest, 1e-300, out=rest)
    np.divide(1.0, rest, out=rest)
    part = rest[net.product]
    part *= net.sales[:, None]
    np.minimum(part, 1.0, out=part)
    part *= block
    return part, moved & (part @ np.ones(part.shape[1]) > 1e-3 * tolerance)


@dataclass(frozen=True)
class Systemic:
    """Share of all output at risk when a firm stops, (m,), for the firms ``nodes``; steps of the longest cascade."""

    nodes: I64
    index: F64
    down: F64
    up: F64
    steps: int


def systemic(
    net: Network,
    nodes: Sequence[int] | I64 | None = None,
    *,
    tolerance: float = 1e-8,
    replaceable: bool = True,
    threads_: int | None = None,
    columns: int = COLUMNS,
) -> Systemic:
    """Return the share of output at risk when each firm stops entirely, one cascade per firm.

    Parameters
    ----------
    nodes
        Firms to stop, one at a time; all of them when not given.
    """
    chosen = np.arange(net.size) if nodes is None else np.asarray(nodes, np.int64)
    net.slots, net.customers, net.market  # noqa: B018  computed once, before threads share them
    order = chosen[
        np.lexsort((chosen, -net.sales[chosen]))
    ]  # cascades of like size take like long and leave the block together
    parts = [order[i : i + columns] for i in range(0, len(order), columns)]

    def work(part: I64) -> tuple[F64, F64, F64, int]:
        start = np.zeros((net.size, len(part)))
        start[part, np.arange(len(part))] = 1.0
        down, steps = _down(net, start, tolerance, replaceable)
        up, more = _up_of_one(net, part, tolerance)
        w = net.weight
        sums = w @ down, w @ up
        return w @ np.maximum(down, up, out=up), sums[0], sums[1], max(more, int(steps.max(initial=0)))

    answers = threads.side_by_side(work, parts, threads_)
    back = (
        np.argsort(np.searchsorted(np.sort(chosen), order), kind="stable")
        if nodes is None
        else np.array([int(np.flatnonzero(order == c)[0]) for c in chosen], np.int64)
    )
    joined = [
        np.concatenate([np.atleast_1d(a[i]) for a in answers])[back] if answers else np.zeros(0) for i in range(3)
    ]
    return Systemic(chosen, joined[0], joined[1], joined[2], max((a[3] for a in answers), default=0))
