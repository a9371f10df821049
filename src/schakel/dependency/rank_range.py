"""How strongly can a ranking agree with another when its values are known only within intervals?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """All values from ``low`` to ``high``, both included."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"empty interval from {self.low} to {self.high}")


def ranks(values: Sequence[float]) -> list[float]:
    """Return ranks from 1, equal values sharing the mean of theirs."""
    order = sorted(range(len(values)), key=values.__getitem__)
    result = [0.0] * len(values)
    at = 0
    while at < len(order):
        end = at
        while end + 1 < len(order) and values[order[end + 1]] == values[order[at]]:
            end += 1
        for place in order[at : end + 1]:
            result[place] = (at + end) / 2 + 1
        at = end + 1
    return result


def spearman(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Return Spearman's rank correlation; None when one side has no two different values."""
    a, b = ranks(first), ranks(second)
    mean = (len(a) + 1) / 2
    product = sum((x - mean) * (y - mean) for x, y in zip(a, b, strict=True))
    size = sum((x - mean) ** 2 for x in a) * sum((y - mean) ** 2 for y in b)
    return float(product / size**0.5) if size > 0 else None


def spearman_range(boxes: Sequence[Interval], published: Sequence[float]) -> dict[str, list[float] | None]:
    """Bracket Spearman's correlation over all choices of one value from each interval, no two equal.

    Returns
    -------
    dict
        ``attained``: lowest and highest value that a greedy order reaches. It takes, from the bottom up, among the
        items no other must lie below, the one with the largest (smallest) published figure. Any such order can be
        realised: give each item the highest lower end so far. ``bounds``: no choice lies outside them. An item's rank
        is at least 1 plus the number of items wholly below it and at most n less the number wholly above; the best
        assignment of ranks within these windows bounds every choice from both sides.
    """
    size = len(boxes)
    if spearman(range(size), published) is None:
        return {"attained": None, "bounds": None}
    target = ranks(published)
    below = [{j for j, b in enumerate(boxes) if b.high < box.low} for box in boxes]
    above = [sum(b.low > box.high for b in boxes) for box in boxes]
    attained, bounds = [], []
    for sign in (-1.0, 1.0):
        left, order = set(range(size)), [0] * size
        for rank in range(size):
            pick = min((i for i in left if not below[i] & left), key=lambda i: (sign * target[i], i))
            left.remove(pick)
            order[pick] = rank
        attained.append(_given_ranks(order, target))
        forbidden = 2.0 * size**3
        costs = [
            [-sign * target[i] * rank if len(below[i]) <= rank < size - above[i] else forbidden for rank in range(size)]
            for i in range(size)
        ]
        bounds.append(_given_ranks(_assign(costs), target))
    return {"attained": attained, "bounds": bounds}


def _given_ranks(order: Sequence[int], target: Sequence[float]) -> float:
    found = spearman(order, target)
    assert found is not None  # noqa: S101 - the caller has seen to it that both sides vary
    return found


def _assign(costs: Sequence[Sequence[float]]) -> list[int]:
    """Return the cheapest assignment of columns to rows of a square matrix (Kuhn 1955, shortest augmenting paths)."""
    size = len(costs)
    row_price, column_price = [0.0] * (size + 1), [0.0] * (size + 1)
    owner = [0] * (size + 1)
    for row in range(1, size + 1):
        owner[0], column = row, 0
        slack, used, way = [float("inf")] * (size + 1), [False] * (size + 1), [0] * (size + 1)
        while owner[column]:
            used[column] = True
            for j in range(1, size + 1):
                gap = costs[owner[column] - 1][j - 1] - row_price[owner[column]] - column_price[j]
                if not used[j] and gap < slack[j]:
                    slack[j], way[j] = gap, column
            nearest = min((j for j in range(1, size + 1) if not used[j]), key=slack.__getitem__)
            step = slack[nearest]
            for j in range(size + 1):
                if used[j]:
                    row_price[owner[j]] += step
                    column_price[j] -= step
                else:
                    slack[j] -= step
            column = nearest
        while column:
            owner[column] = owner[way[column]]
            column = way[column]
    result = [0] * size
    for j in range(1, size + 1):
        result[owner[j] - 1] = j - 1
    return result
