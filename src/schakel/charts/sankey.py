"""How do goods run from supplier by way of stage to importer?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from schakel.charts.numbers import written
from schakel.charts.svg import Words, clip, coordinate, el, label, picture, text_of
from schakel.errors import InputError

WIDTH, BAR, PAD, SLOT = 600.0, 10.0, 8.0, 15.0
MARGIN = 138.0
HUES = 6


@dataclass(frozen=True, slots=True)
class Node:
    """A bar of the diagram: key, label and column counted from 0 at the left."""

    key: str
    label: str
    column: int


@dataclass(frozen=True, slots=True)
class Link:
    """A flow from a node to one in a later column; value above zero, any unit."""

    source: str
    target: str
    value: float


@dataclass(frozen=True, slots=True)
class _Bar:
    node: Node
    x: float
    y: float
    height: float


def fold(
    nodes: Sequence[Node], links: Sequence[Link], *, column: int, keep: int, other: str
) -> tuple[list[Node], list[Link]]:
    """Join all but the largest nodes of a column in one node ``other``; totals stay the same."""
    size = {n.key: sum(k.value for k in links if n.key in (k.source, k.target)) for n in nodes}
    inside = sorted((n for n in nodes if n.column == column), key=lambda n: (-size[n.key], n.key))
    if len(inside) <= keep + 1:
        return list(nodes), list(links)
    gone = {n.key for n in inside[keep:]}
    joint = f"*{column}"  # one a column, so that two folded columns stay apart
    joined: dict[tuple[str, str], float] = {}
    for k in links:
        ends = (joint if k.source in gone else k.source, joint if k.target in gone else k.target)
        joined[ends] = joined.get(ends, 0.0) + k.value
    kept = [n for n in nodes if n.key not in gone]
    return [*kept, Node(joint, other, column)], [Link(a, b, value) for (a, b), value in joined.items()]


def sankey(
    nodes: Sequence[Node],
    links: Sequence[Link],
    *,
    title: str,
    desc: str,
    ident: str,
    lang: str = "en",
    kind: str = "usd",
    height: float = 330.0,
) -> str:
    """Draw flows between two or three columns of bars.

    A bar is as high as the larger of what comes in and what goes out. Bars stand in the order that crosses least by
    the means of their neighbours (two sweeps of the barycentre heuristic: Sugiyama, Tagawa, Toda 1981). The hue of a
    ribbon follows the node of the first column it leaves.

    Raises
    ------
    InputError
        If a link does not run to a later column, names an unknown node, or is not above zero.
    """
    _check(nodes, links)
    columns = _order(nodes, links)
    height = max(height, max((len(c) for c in columns), default=0) * (SLOT + PAD) + 2)
    bars = _place(columns, links, height)
    hue = {n.key: f"hue{i % HUES}" for i, n in enumerate(columns[0])} if columns else {}
    scale = _scale(columns, _sizes(nodes, links), height)
    out_at = {key: bar.y for key, bar in bars.items()}
    in_at = dict(out_at)
    ribbons = []
    name = {n.key: n.label for n in nodes}
    for k in sorted(links, key=lambda k: (bars[k.source].y, bars[k.target].y)):
        a, b = bars[k.source], bars[k.target]
        thick = k.value * scale
        y0, y1 = out_at[k.source], in_at[k.target]
        out_at[k.source], in_at[k.target] = y0 + thick, y1 + thick
        tip = el("title", text_of(f"{name[k.source]} → {name[k.target]}: {written(k.value, kind, lang)}"))
        path = _ribbon(a.x + BAR, y0, b.x, y1, max(thick, 0.4))
        ribbons.append(el("path", tip, class_=f"ribbon {hue.get(k.source, 'plain')}", d=path))
    marks = [_bar(bar, len(columns)) for bar in bars.values()]
    return picture("sankey", WIDTH, height, ident, title, desc, *ribbons, *marks)


def sankey_words(
    nodes: Sequence[Node], links: Sequence[Link], *, header: tuple[str, str, str], lang: str = "en", kind: str = "usd"
) -> Words:
    """Say what the diagram shows: every link, the largest first."""
    name = {n.key: n.label for n in nodes}
    order = sorted(links, key=lambda k: (-k.value, name[k.source], name[k.target]))
    rows = tuple((name[k.source], name[k.target], written(k.value, kind, lang)) for k in order)
    if not rows:
        return Words({"en": "There are no flows.", "nl": "Er zijn geen stromen."}[lang], header, rows)
    first = min(n.column for n in nodes)
    inside = {n.label for n in nodes if n.column == first}
    largest = next((row for row in rows if row[0] in inside), rows[0])
    lead = {
        "en": "{} flows; the largest from a supplier runs from {} to {}: {}.",
        "nl": "{} stromen; de grootste van een leverancier gaat van {} naar {}: {}.",
    }
    return Words(lead[lang].format(len(rows), *largest), header, rows)


def _check(nodes: Sequence[Node], links: Sequence[Link]) -> None:
    column = {n.key: n.column for n in nodes}
    for k in links:
        if k.source not in column or k.target not in column or column[k.source] >= column[k.target]:
            raise InputError(f"the flow {k.source} to {k.target} does not run to a later column")
        if not (math.isfinite(k.value) and k.value > 0):
            raise InputError(f"the flow {k.source} to {k.target} is {k.value}", remedy="leave out empty flows")


def _sizes(nodes: Sequence[Node], links: Sequence[Link]) -> dict[str, float]:
    into = dict.fromkeys((n.key for n in nodes), 0.0)
    out = dict(into)
    for k in links:
        out[k.source] += k.value
        into[k.target] += k.value
    return {key: max(into[key], out[key]) for key in into}


def _order(nodes: Sequence[Node], links: Sequence[Link]) -> list[list[Node]]:
    size = _sizes(nodes, links)
    count = max((n.column for n in nodes), default=-1) + 1
    columns = [
        sorted((n for n in nodes if n.column == c and size[n.key] > 0), key=lambda n: (-size[n.key], n.key))
        for c in range(count)
    ]
    columns = [c for c in columns if c]
    for _ in range(2):
        for i in range(1, len(columns)):
            rank = {n.key: float(j) for j, n in enumerate(columns[i - 1])}
            columns[i].sort(key=lambda n, rank=rank: (_pull(n.key, links, rank), n.key))  # type: ignore[misc]
    return columns


def _pull(key: str, links: Sequence[Link], rank: Mapping[str, float]) -> float:
    pulls = [(k.value, rank[k.source]) for k in links if k.target == key and k.source in rank]
    weight = sum(value for value, _ in pulls)
    return sum(value * place for value, place in pulls) / weight if weight else 1e9


def _scale(columns: list[list[Node]], size: Mapping[str, float], height: float) -> float:
    """Return units of height a unit of value: the most that leaves every bar its slot for a label."""
    best = math.inf
    for column in columns:
        low, high = 0.0, height / max(sum(size[n.key] for n in column), 1e-300)
        room = height - 2 - PAD * (len(column) - 1)
        for _ in range(50):
            middle = (low + high) / 2
            fits = sum(max(size[n.key] * middle, SLOT) for n in column) <= room
            low, high = (middle, high) if fits else (low, middle)
        best = min(best, low)
    return best if math.isfinite(best) else 0.0


def _place(columns: list[list[Node]], links: Sequence[Link], height: float) -> dict[str, _Bar]:
    size = _sizes([n for c in columns for n in c], links)
    scale = _scale(columns, size, height)
    left = MARGIN
    right = WIDTH - MARGIN - BAR
    bars = {}
    for i, column in enumerate(columns):
        x = left + (right - left) * i / max(len(columns) - 1, 1)
        slots = [max(size[n.key] * scale, SLOT) for n in column]
        gap = (height - 2 - sum(slots)) / (len(column) + 1) if len(column) == 1 else PAD
        y = (height - sum(slots) - gap * (len(column) - 1)) / 2
        for node, slot in zip(column, slots, strict=True):
            tall = size[node.key] * scale
            bars[node.key] = _Bar(replace(node, column=i), x, y + (slot - tall) / 2, tall)
            y += slot + gap
    return bars


def _ribbon(x0: float, y0: float, x1: float, y1: float, thick: float) -> str:
    half = (x0 + x1) / 2
    a, m, b = coordinate(x0), coordinate(half), coordinate(x1)
    s, t, u, v = (coordinate(y) for y in (y0, y1, y1 + thick, y0 + thick))
    return f"M{a} {s}C{m} {s} {m} {t} {b} {t}V{u}C{m} {u} {m} {v} {a} {v}Z"


def _bar(bar: _Bar, columns: int) -> str:
    rect = el("rect", class_="node", x=bar.x, y=bar.y, width=BAR, height=max(bar.height, 0.6))
    y = bar.y + bar.height / 2 + 4
    text = clip(bar.node.label, 20)
    if bar.node.column == 0:
        return rect + label(text, bar.x - 6, y, "label", "end")
    if bar.node.column == columns - 1:
        return rect + label(text, bar.x + BAR + 6, y, "label", "start")
    return rect + label(text, bar.x + BAR + 6, y, "label halo", "start")
