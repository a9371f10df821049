"""Where does each box of a layered graph stand, so that few lines cross?

Layers by longest way (Sugiyama, Tagawa, Toda 1981): links that close a loop are turned round first, then every box is
drawn as near to what uses it as it can be; long links pass through points of their own; the order within a layer
follows the means of the neighbours, and the order with the fewest crossings seen is kept; heights are the least-squares
places that keep order and distance (pool adjacent violators).
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

SWEEPS = 24
SCREEN = 200.0  # in units of height: what a reader sees of a drawing without scrolling, and a little less


@dataclass(frozen=True)
class Layout:
    """Where everything stands.

    Attributes
    ----------
    layer
        Layer of each key, from 0.
    y
        Middle of each key, in units of height from 0.
    ways
        For each link, in order, the keys it passes through; a key that is no box stands for a bend.
    loops
        Indices of the links that run against the layers.
    layers
        Keys of each layer from top to bottom, bends included.
    height
        Height of the tallest layer.
    crossings
        Crossings of lines between neighbouring layers.
    """

    layer: dict[str, int]
    y: dict[str, float]
    ways: tuple[tuple[str, ...], ...]
    loops: frozenset[int]
    layers: tuple[tuple[str, ...], ...]
    height: float
    crossings: int


def place(keys: Sequence[str], links: Sequence[tuple[str, str]], *, box: float = 46.0, bend: float = 9.0) -> Layout:
    """Lay out a graph whose links may form loops.

    Parameters
    ----------
    keys
        Boxes, in an order that decides ties.
    links
        (from, to) by key; a link to itself counts as a loop.
    box, bend
        Height that a box and a passing line take.
    """
    loops = _loops(keys, links)
    forward = [(b, a) if k in loops else (a, b) for k, (a, b) in enumerate(links) if a != b]
    layer = _layers(keys, forward)
    ways, passing = _ways(links, loops, layer)
    layers = _order(_first(keys, passing, layer), ways, layer)
    size = dict.fromkeys(keys, box) | dict.fromkeys(passing, bend)
    y = _heights(layers, ways, size)
    _opening(layers, y, size)
    top = min((y[k] - size[k] / 2 for c in layers for k in c), default=0.0)
    y = {k: v - top for k, v in y.items()}
    height = max((y[k] + size[k] / 2 for c in layers for k in c), default=0.0)
    shown = tuple(tuple(c) for c in layers)
    return Layout(layer | passing, y, ways, loops, shown, height, _crossings(layers, _pairs(ways, layer | passing)))


def _loops(keys: Sequence[str], links: Sequence[tuple[str, str]]) -> frozenset[int]:
    """Return links that close a loop, found on a walk through the boxes in order."""
    out: dict[str, list[tuple[int, str]]] = {k: [] for k in keys}
    entered = set()
    for k, (a, b) in enumerate(links):
        out[a].append((k, b))
        entered.add(b)
    state: dict[str, int] = {}
    found = {k for k, (a, b) in enumerate(links) if a == b}
    for root in sorted(keys, key=lambda k: k in entered):
        if root in state:
            continue
        state[root] = 1
        stack = [(root, iter(out[root]))]
        while stack:
            at, rest = stack[-1]
            for k, b in rest:
                if state.get(b) == 1:
                    found.add(k)
                elif b not in state:
                    state[b] = 1
                    stack.append((b, iter(out[b])))
                    break
            else:
                state[at] = 2
                stack.pop()
    return frozenset(found)


def _layers(keys: Sequence[str], links: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return layers by the longest way, each box then drawn as near to its users as they allow."""
    users: dict[str, list[str]] = {k: [] for k in keys}
    wait = dict.fromkeys(keys, 0)
    for a, b in links:
        users[a].append(b)
        wait[b] += 1
    layer = dict.fromkeys(keys, 0)
    order = [k for k in keys if not wait[k]]
    for at in order:
        for b in users[at]:
            layer[b] = max(layer[b], layer[at] + 1)
            wait[b] -= 1
            if not wait[b]:
                order.append(b)
    for at in reversed(order):
        if users[at]:
            layer[at] = min(layer[b] for b in users[at]) - 1
    lowest = min(layer.values(), default=0)
    return {k: v - lowest for k, v in layer.items()}


def _ways(
    links: Sequence[tuple[str, str]], loops: frozenset[int], layer: Mapping[str, int]
) -> tuple[tuple[tuple[str, ...], ...], dict[str, int]]:
    """Return the way of each link and the layer of each bend; links from one box share their bends."""
    passing: dict[str, int] = {}
    ways = []
    for k, (a, b) in enumerate(links):
        start, end = (b, a) if k in loops else (a, b)
        between = []
        for level in range(layer[start] + 1, layer[end]):
            bend = f"\x00{start}\x00{level}" + ("\x00loop" if k in loops else "")
            passing[bend] = level
            between.append(bend)
        way = (start, *between, end)
        ways.append(way[::-1] if k in loops else way)
    return tuple(ways), passing


def _pairs(ways: Sequence[tuple[str, ...]], layer: Mapping[str, int]) -> set[tuple[str, str]]:
    """Return every piece of a way between neighbouring layers, the lower layer first."""
    out = set()
    for way in ways:
        for a, b in pairwise(way):
            if layer[a] != layer[b]:
                out.add((a, b) if layer[a] < layer[b] else (b, a))
    return out


def _first(keys: Sequence[str], passing: Mapping[str, int], layer: Mapping[str, int]) -> list[list[str]]:
    count = max([*layer.values(), *passing.values()], default=-1) + 1
    layers: list[list[str]] = [[] for _ in range(count)]
    for k in keys:
        layers[layer[k]].append(k)
    for k in passing:
        layers[passing[k]].append(k)
    return layers


def _order(layers: list[list[str]], ways: Sequence[tuple[str, ...]], layer: Mapping[str, int]) -> list[list[str]]:
    at = {k: i for i, c in enumerate(layers) for k in c}
    pairs = _pairs(ways, at)
    left: dict[str, list[str]] = {k: [] for k in at}
    right: dict[str, list[str]] = {k: [] for k in at}
    for a, b in sorted(pairs):
        right[a].append(b)
        left[b].append(a)
    best, fewest = [list(c) for c in layers], _crossings(layers, pairs)
    now = [list(c) for c in layers]
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        span = range(1, len(now)) if down else range(len(now) - 2, -1, -1)
        for i in span:
            rank = {k: j for j, k in enumerate(now[i - 1] if down else now[i + 1])}
            near = left if down else right
            own = {k: float(j) for j, k in enumerate(now[i])}
            pull = {k: _mean([rank[n] for n in near[k] if n in rank], own[k]) for k in now[i]}
            now[i].sort(key=lambda k, pull=pull, own=own: (pull[k], own[k]))  # type: ignore[misc]
        crossed = _crossings(now, pairs)
        if crossed < fewest:
            best, fewest = [list(c) for c in now], crossed
    return best


def _mean(values: Sequence[float], other: float) -> float:
    return sum(values) / len(values) if values else other


def _crossings(layers: Sequence[Sequence[str]], pairs: set[tuple[str, str]]) -> int:
    """Count crossings between neighbouring layers in O(E log E)."""
    rank = {k: (i, j) for i, c in enumerate(layers) for j, k in enumerate(c)}
    by_layer: dict[int, list[tuple[int, int]]] = {}
    for a, b in pairs:
        by_layer.setdefault(rank[a][0], []).append((rank[a][1], rank[b][1]))
    total = 0
    for ends in by_layer.values():
        seen: list[int] = []
        for _, end in sorted(ends):
            total += len(seen) - bisect_left(seen, end + 1)
            insort(seen, end)
    return total


def _heights(
    layers: Sequence[Sequence[str]], ways: Sequence[tuple[str, ...]], size: Mapping[str, float]
) -> dict[str, float]:
    near: dict[str, list[str]] = {k: [] for c in layers for k in c}
    at = {k: i for i, c in enumerate(layers) for k in c}
    for a, b in sorted(_pairs(ways, at)):
        near[a].append(b)
        near[b].append(a)
    y: dict[str, float] = {}
    for column in layers:
        down = 0.0
        for k in column:
            y[k] = down + size[k] / 2
            down += size[k]
        for key in column:
            y[key] -= down / 2
    for sweep in range(8):
        for i in range(len(layers)) if sweep % 2 else range(len(layers) - 1, -1, -1):
            column = layers[i]
            wish = [_mean([y[n] for n in near[k]], y[k]) for k in column]
            y.update(zip(column, _apart(wish, [size[k] for k in column]), strict=True))
    return y


def _opening(layers: Sequence[Sequence[str]], y: dict[str, float], size: Mapping[str, float]) -> None:
    """Move the first two layers to the top where they begin more than a screen lower: a drawing opens on its top left."""
    top = min((y[c[0]] - size[c[0]] / 2 for c in layers if c), default=0.0)
    for column in layers[:2]:
        down = y[column[0]] - size[column[0]] / 2 - top if column else 0.0
        if down > SCREEN:
            y.update({k: y[k] - down for k in column})


def _apart(wish: Sequence[float], size: Sequence[float]) -> list[float]:
    """Return the places nearest to the wishes, in least squares, that keep order and do not overlap."""
    offset, run = [], 0.0
    for i, tall in enumerate(size):
        run += (size[i - 1] + tall) / 2 if i else 0.0
        offset.append(run)
    blocks: list[tuple[float, int]] = []
    for value in (w - o for w, o in zip(wish, offset, strict=True)):
        mean, count = value, 1
        while blocks and blocks[-1][0] > mean:
            other, many = blocks.pop()
            mean = (mean * count + other * many) / (count + many)
            count += many
        blocks.append((mean, count))
    flat = [mean for mean, count in blocks for _ in range(count)]
    return [f + o for f, o in zip(flat, offset, strict=True)]
