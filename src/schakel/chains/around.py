"""Which part of a chain lies around a step, and to which countries is the step exposed?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from schakel.chains import exposure as exposures
from schakel.chains.graph import KINDS, ChainGraph


@dataclass(frozen=True)
class Reliance:
    """Exposure of a step to one country: directly, in all, and the path that explains it."""

    country: str
    direct: float
    exposure: float
    path: tuple[str, ...]


def around(graph: ChainGraph, step: str, depth: int) -> tuple[str, ...]:
    """Return the steps within some links upstream or downstream of a step, in order of the graph.

    Raises
    ------
    NotFoundError
        If the graph has no such step.
    """
    centre = graph.step(step).id
    needs = {s: tuple(a for slot in slots for a in slot.alternatives) for s, slots in graph.slots_of.items()}
    found = _reach(needs, centre, depth) | _reach(graph.used_by, centre, depth)
    return tuple(s.id for s in graph.steps if s.id in found)


def _reach(near: Mapping[str, Iterable[str]], start: str, depth: int) -> set[str]:
    found, edge = {start}, {start}
    for _ in range(depth):
        if not edge:
            break
        edge = {n for s in edge for n in near.get(s, ())} - found
        found |= edge
    return found


def reliances(graph: ChainGraph, step: str, *, by: str = "any", most: int = 12) -> list[Reliance]:
    """Return the countries to which a step is most exposed at any depth, each with the explaining path.

    Raises
    ------
    NotFoundError
        If the graph has no such step.
    """
    target = graph.step(step).id
    part = upstream(graph, target)
    rows = graph.positions_of.get(target, ())
    values = exposures.exposures_to(part, part.countries, target, by=by)
    order = sorted((-value, code) for code, value in zip(part.countries, values, strict=True) if value > 0)
    out = []
    for value, code in order[:most]:
        who = frozenset((code,))
        because = exposures.exposures(part, who, by=by, kinds=KINDS)[1]
        way = [target]
        while way[-1] in because and because[way[-1]] not in way:
            way.append(because[way[-1]])
        out.append(Reliance(code, exposures.direct_share(rows, who, by), -value, tuple(way)))
    return out


def upstream(graph: ChainGraph, step: str) -> ChainGraph:
    """Return the part of a chain that a step is made of, the step included: all that its exposure hangs on."""
    needs = {s: tuple(a for slot in slots for a in slot.alternatives) for s, slots in graph.slots_of.items()}
    found = _reach(needs, step, len(graph.steps))
    return replace(
        graph,
        steps=tuple(s for s in graph.steps if s.id in found),
        slots=tuple(s for s in graph.slots if s.step in found),
        positions=tuple(p for p in graph.positions if p.step in found),
    )
