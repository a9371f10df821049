"""In which order can the steps of a chain be visited, and which of them lie in one loop?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter


def components(needs: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the strongly connected components, inputs before what is made of them.

    Parameters
    ----------
    needs
        For each step the positions of the steps it may be made of.

    Notes
    -----
    Tarjan (1972), written with a stack of its own: a chain of ten thousand steps is no deeper than a chain of ten. A
    component comes out once everything it needs has come out. Members are in ascending order.
    """
    n = len(needs)
    number, low, open_, out = [-1] * n, [0] * n, [False] * n, []
    stack: list[int] = []
    count = 0
    for root in range(n):
        if number[root] >= 0:
            continue
        work = [(root, 0)]
        while work:
            v, at = work.pop()
            if at == 0:
                number[v] = low[v] = count
                count += 1
                stack.append(v)
                open_[v] = True
            for k in range(at, len(needs[v])):
                w = needs[v][k]
                if number[w] < 0:
                    work.append((v, k + 1))
                    work.append((w, 0))
                    break
                if open_[w]:
                    low[v] = min(low[v], number[w])
            else:
                if low[v] == number[v]:
                    members = []
                    while True:
                        w = stack.pop()
                        open_[w] = False
                        members.append(w)
                        if w == v:
                            break
                    out.append(sorted(members))
                if work:
                    u = work[-1][0]
                    low[u] = min(low[u], low[v])
    return out


def levels(needs: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return for each step its distance from the beginning of the chain: 0 for steps that need nothing.

    The steps of one loop share a level.
    """
    names = list(needs)
    at = {name: i for i, name in enumerate(names)}
    edges = [[at[k] for k in needs[name] if k in at] for name in names]
    parts = components(edges)
    part_of = {v: i for i, members in enumerate(parts) for v in members}
    order = TopologicalSorter({i: {part_of[w] for v in m for w in edges[v]} - {i} for i, m in enumerate(parts)})
    depth: dict[int, int] = {}
    for i in order.static_order():
        below = {part_of[w] for v in parts[i] for w in edges[v]} - {i}
        depth[i] = max((depth[k] + 1 for k in below), default=0)
    return {name: depth[part_of[at[name]]] for name in names}
