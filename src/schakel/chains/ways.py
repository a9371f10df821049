"""By which ways does one step of a chain enter another, shortest first?"""

from __future__ import annotations

import heapq

from schakel.chains.graph import ChainGraph

TRIES = 200_000


def ways(graph: ChainGraph, start: str, end: str, *, most: int = 20) -> tuple[list[tuple[str, ...]], bool]:
    """Return the ways from one step to another, and whether those are all.

    A best-first search: of the beginnings of ways it goes on with the one whose links so far plus the fewest links that still
    lie ahead are least, so no beginning is followed that cannot arrive. No step stands twice on a way.

    Parameters
    ----------
    most
        Ways to give. The search also ends after `TRIES` beginnings.
    """
    if start == end:
        return [(start,)], True
    ahead = _links_ahead(graph, end)
    if start not in ahead:
        return [], True
    found: list[tuple[str, ...]] = []
    # Of two ways of the same length the one that turns off first in the order of the graph goes first.
    heap: list[tuple[int, tuple[int, ...], tuple[str, ...]]] = [(ahead[start], (), (start,))]
    tried = 0
    while heap and len(found) < most and tried < TRIES:
        _, order, way = heapq.heappop(heap)
        tried += 1
        if way[-1] == end:
            found.append(way)
            continue
        for k, following in enumerate(graph.used_by.get(way[-1], ())):
            if following in ahead and following not in way:
                heapq.heappush(heap, (len(way) + ahead[following], (*order, k), (*way, following)))
    return found, not heap


def _links_ahead(graph: ChainGraph, end: str) -> dict[str, int]:
    """Return for each step upstream of `end` the fewest links to it."""
    ahead, edge = {end: 0}, [end]
    while edge:
        edge = [
            a
            for step in edge
            for slot in graph.slots_of.get(step, ())
            for a in slot.alternatives
            if a not in ahead and ahead.setdefault(a, ahead[step] + 1)
        ]
    return ahead
