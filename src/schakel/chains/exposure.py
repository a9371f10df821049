"""How exposed is a step to a country, through how many steps, and by which path?

Exposure is the share of a step that hangs on a country, directly or through what it is made of. For step p with direct
share s_p(c) and slots k::

    S_k = min over alternatives q of E_q                   one alternative elsewhere is enough
    U_p = max( max over critical and important slots S_k, sum over minor slots w_k S_k )
    E_p = s_p + (1 - s_p) U_p

Where the weights of the minor slots of a step sum to more than 1 they are scaled to 1: no more than the whole can hang on
them. Within a loop a share is not compounded: a slot with an alternative in p's own loop counts as ``E_p >= S_k`` instead
(minor ones together as ``E_p >= sum w_k S_k``), so that going round the loop adds nothing. The answer is the least fixed
point. (The greatest one would make every loop fully exposed to every country, because two steps that only hold each other up
then prove each other's exposure.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from schakel.chains.graph import KINDS, ChainGraph, Position, holders
from schakel.chains.loops import components

DRAWS = 64


@dataclass(frozen=True)
class Node:
    """One step on the way: its direct share, its exposure, concentration of its holders and their governance.

    ``hhi_low`` and ``hhi_high`` bound the concentration: shares that no row names are spread thin, or lie with one more
    holder. ``governance`` is the share-weighted estimate over the holders that have one, ``governed_share`` their share;
    None where nothing is known.
    """

    step: str
    direct: float
    exposure: float
    hhi: float | None
    hhi_low: float | None
    hhi_high: float | None
    governance: float | None
    governed_share: float
    top_holder: str | None
    top_share: float | None


@dataclass(frozen=True)
class Exposure:
    """Exposure of one step to one country, the path that explains it, and every step upstream."""

    on: str
    step: str
    exposure: float
    path: tuple[str, ...]
    nodes: tuple[Node, ...]
    unweighted: tuple[str, ...]  # steps whose minor slots have no cost share and were left out
    drawn: tuple[float, ...] = ()  # exposure in drawn chains where coefficients or classes upstream are distributions


def direct_share(rows: Sequence[Position], on: frozenset[str], by: str = "any") -> float:
    """Return the share of a step held by any of these countries or actors; an unknown size counts as nothing."""
    level = [r for r in rows if not r.actor] or list(rows)
    if on & {r.actor for r in rows if r.actor}:
        level = [r for r in rows if r.actor]
    total = sum(r.share or 0.0 for r in level if (r.countries(by) | {r.actor}) & on)
    return min(1.0, total)


def exposures(
    graph: ChainGraph, on: frozenset[str], *, by: str = "any", kinds: Sequence[str] = KINDS
) -> tuple[dict[str, float], dict[str, str]]:
    """Return the exposure of every step to a country (or a coalition), and for each step the input that explains it.

    The second mapping lacks a step whose own share explains it.
    """
    direct = [direct_share(graph.positions_of.get(s.id, ()), on, by) for s in graph.steps]
    hard, soft, needs = _recipes(graph, kinds)
    value = [0.0] * len(graph.steps)
    because: dict[int, int] = {}
    for part in components(needs):
        inside = set(part) if len(part) > 1 or part[0] in needs[part[0]] else set()
        for p in part:
            value[p] = direct[p]
        changed = True
        while changed:
            changed = False
            for p in part:
                best, source = _value(p, direct[p], hard[p], soft[p], inside, value)
                if best > value[p]:
                    value[p] = best
                    if source is not None:
                        because[p] = source
                    changed = bool(inside)
    names = [s.id for s in graph.steps]
    return dict(zip(names, value, strict=True)), {names[p]: names[q] for p, q in because.items()}


Hard = Sequence[Sequence[tuple[int, ...]]]
Soft = Sequence[Sequence[tuple[float, tuple[int, ...]]]]


def _recipes(graph: ChainGraph, kinds: Sequence[str]) -> tuple[Hard, Soft, list[list[int]]]:
    """Return for each step its critical and important slots, its weighted minor ones, and all it needs, by position."""
    at = graph.index
    hard: list[list[tuple[int, ...]]] = []
    soft: list[list[tuple[float, tuple[int, ...]]]] = []
    for step in graph.steps:
        slots = [s for s in graph.slots_of.get(step.id, ()) if s.kind in kinds]
        hard.append([tuple(at[a] for a in s.alternatives) for s in slots if s.criticality != "minor"])
        minor = [
            (s.coefficient, s.alternatives) for s in slots if s.criticality == "minor" and s.coefficient is not None
        ]
        whole = max(1.0, sum(w for w, _ in minor))
        soft.append([(w / whole, tuple(at[a] for a in alternatives)) for w, alternatives in minor])
    needs = [sorted({a for k in h for a in k} | {a for _, k in w for a in k}) for h, w in zip(hard, soft, strict=True)]
    return hard, soft, needs


def exposures_to(
    graph: ChainGraph, names: Sequence[str], step: str, *, by: str = "any", kinds: Sequence[str] = KINDS
) -> list[float]:
    """Return the exposure of one step to each of many countries: what `exposures` gives, all at once."""
    at = graph.index
    hard, soft, needs = _recipes(graph, kinds)
    column = {name: k for k, name in enumerate(names)}
    direct = np.zeros((len(graph.steps), len(names)))
    for key, rows in graph.positions_of.items():
        for code in {c for r in rows for c in r.countries(by)} & column.keys():
            direct[at[key], column[code]] = direct_share(rows, frozenset((code,)), by)
    value = np.zeros_like(direct)

    def least(slot: Sequence[int]) -> npt.NDArray[np.float64]:
        return np.asarray(value[slot[0]] if len(slot) == 1 else value[list(slot)].min(axis=0), np.float64)

    for part in components(needs):
        inside = set(part) if len(part) > 1 or part[0] in needs[part[0]] else set()
        value[part] = direct[part]
        changed = True
        while changed:
            changed = False
            for p in part:
                outer, loop = np.zeros(len(names)), np.zeros(len(names))
                for slot in hard[p]:
                    into = outer if inside.isdisjoint(slot) else loop
                    np.maximum(into, least(slot), out=into)
                spread, within = np.zeros(len(names)), np.zeros(len(names))
                for weight, slot in soft[p]:
                    into = spread if inside.isdisjoint(slot) else within
                    into += weight * least(slot)
                outer, loop = np.maximum(outer, spread), np.maximum(loop, within)
                best = np.maximum(direct[p] + (1.0 - direct[p]) * outer, loop)
                if (best > value[p]).any():
                    value[p] = np.maximum(value[p], best)
                    changed = bool(inside)
    return [float(v) for v in value[at[graph.step(step).id]]]


def _value(
    p: int,
    direct: float,
    hard: Sequence[tuple[int, ...]],
    soft: Sequence[tuple[float, tuple[int, ...]]],
    inside: set[int],
    value: Sequence[float],
) -> tuple[float, int | None]:
    """Return E_p at the present values, and the input that carries it."""
    upstream, carrier = 0.0, None
    loop, loop_carrier = 0.0, None
    for slot in hard:
        best = min(slot, key=lambda q: (value[q], q))
        if any(q in inside for q in slot):
            if value[best] > loop:
                loop, loop_carrier = value[best], best
        elif value[best] > upstream:
            upstream, carrier = value[best], best
    for within in (False, True):
        spread, most, heaviest = 0.0, 0.0, None
        for weight, slot in soft:
            if any(q in inside for q in slot) is not within:
                continue
            best = min(slot, key=lambda q: (value[q], q))
            spread += weight * value[best]
            if weight * value[best] > most:
                most, heaviest = weight * value[best], best
        if within and spread > loop:
            loop, loop_carrier = spread, heaviest
        elif not within and spread > upstream:
            upstream, carrier = spread, heaviest
    through = direct + (1.0 - direct) * upstream
    if loop > through:
        return loop, loop_carrier
    return through, carrier


def concentration(rows: Sequence[Position], by: str = "plant") -> tuple[float | None, float | None, float | None]:
    """Return the Herfindahl-Hirschman index of the holders of a step: from the middle shares, and its bounds, 0 to 1.

    Shares that no row names are spread over very many holders (lower bound) or lie with one more (upper bound); so do the
    sizes of holders of whom only the presence is known.
    """
    shares = [s for s in holders(rows, by).values() if s is not None]
    if not shares:
        return None, None, None
    total = sum(shares)
    scale = max(total, 1.0)
    named = sum((s / scale) ** 2 for s in shares)
    rest = max(0.0, 1.0 - total)
    return named, named, min(1.0, named + rest**2)


def governance_of(
    rows: Sequence[Position], scores: Mapping[str, float], by: str = "plant"
) -> tuple[float | None, float]:
    """Return the share-weighted governance estimate of the holders and the share of the step that it speaks for."""
    known = [(s, scores[c]) for c, s in holders(rows, by).items() if s is not None and c in scores]
    weight = sum(s for s, _ in known)
    if weight <= 0:
        return None, 0.0
    return sum(s * g for s, g in known) / weight, min(1.0, weight)


def exposure(
    graph: ChainGraph,
    on: str | frozenset[str],
    step: str,
    *,
    by: str = "any",
    kinds: Sequence[str] = KINDS,
    governance: Mapping[str, float] | None = None,
) -> Exposure:
    """Answer for one step, with the path and every step upstream, the most exposed first.

    Raises
    ------
    NotFoundError
        If the graph has no such step.
    """
    wanted = frozenset((on,)) if isinstance(on, str) else on
    target = graph.step(step).id
    values, because = exposures(graph, wanted, by=by, kinds=kinds)
    upstream = _upstream(graph, target, kinds)
    unweighted = tuple(
        s
        for s in upstream
        if any(k.criticality == "minor" and k.coefficient is None for k in graph.slots_of.get(s, ()) if k.kind in kinds)
    )
    moving = {
        k for s in upstream for k in graph.slots_of.get(s, ()) if k.kind in kinds and {*k.spreads} - {"stock_days"}
    }
    drawn: tuple[float, ...] = ()
    if moving:
        from schakel.chains.drawn import graph_of
        from schakel.chains.drawn import values as amounts

        drawn = tuple(
            exposures(graph_of(graph, row, edges=False), wanted, by=by, kinds=kinds)[0][target]
            for row in amounts(graph, DRAWS, 0, edges=False)
        )
    nodes = sorted(
        (node(graph, s, wanted, values[s], by, governance or {}) for s in upstream), key=lambda n: -n.exposure
    )
    return Exposure(
        ",".join(sorted(wanted)),
        target,
        values[target],
        _path(target, because),
        tuple(nodes),
        tuple(sorted(unweighted)),
        drawn,
    )


def node(
    graph: ChainGraph, step: str, on: frozenset[str], value: float, by: str, governance: Mapping[str, float]
) -> Node:
    """Return the two numbers of a step (concentration, governance), its top holder and its exposure."""
    rows = graph.positions_of.get(step, ())
    one = "plant" if by == "any" else by
    hhi, low, high = concentration(rows, one)
    score, covered = governance_of(rows, governance, one)
    sized = {c: s for c, s in holders(rows, one).items() if s is not None}
    top = min(sized, key=lambda c: (-sized[c], c)) if sized else None
    return Node(
        step, direct_share(rows, on, by), value, hhi, low, high, score, covered, top, sized[top] if top else None
    )


def _upstream(graph: ChainGraph, target: str, kinds: Sequence[str]) -> list[str]:
    seen, queue = {target: None}, [target]
    while queue:
        for slot in graph.slots_of.get(queue.pop(0), ()):
            for a in slot.alternatives if slot.kind in kinds else ():
                if a not in seen:
                    seen[a] = None
                    queue.append(a)
    return list(seen)


def _path(target: str, because: Mapping[str, str]) -> tuple[str, ...]:
    path = [target]
    while path[-1] in because and because[path[-1]] not in path:
        path.append(because[path[-1]])
    return tuple(path)
