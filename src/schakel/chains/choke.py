"""Where does a chain choke: whose removal loses most, which steps does a country hold, and where does a break begin?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from schakel.chains.graph import KINDS, ChainGraph
from schakel.chains.loops import levels
from schakel.chains.makeable import Model, lost_under, makeable, removals


@dataclass(frozen=True)
class Choke:
    """One removal: how many steps it loses, which end uses, and where it breaks first.

    ``begins`` are the steps whose holders are gone, nearest to the beginning of the chain first; ``first_level`` is how
    many links the first of them lies from the beginning; ``links`` the number of links a loss travels at most.
    ``more_than_alone`` are steps lost to the pair but to neither of its members.
    """

    without: tuple[str, ...]
    lost: int
    finals_lost: tuple[str, ...]
    begins: tuple[str, ...]
    first_level: int
    links: int
    more_than_alone: tuple[str, ...] = ()


@dataclass(frozen=True)
class ControlPoint:
    """A step of which a country or bloc holds a large share, and what hangs on it.

    ``irreplaceable`` is True when the step is lost without the holder; ``downstream`` counts the steps that then go too.
    """

    step: str
    share: float
    share_low: float
    share_high: float
    irreplaceable: bool
    downstream: int
    finals: tuple[str, ...]
    sources: tuple[str, ...]


def depth_of(graph: ChainGraph) -> dict[str, int]:
    """Return how many links each step lies from the beginning of its chain; the steps of a loop share a number."""
    needs = {
        s.id: [a for k in graph.slots_of.get(s.id, ()) for a in k.alternatives if k.criticality == "critical"]
        for s in graph.steps
    }
    return levels(needs)


def chokes(
    model: Model, names: Sequence[str], *, size: int = 1, most: int | None = None, together: bool = False
) -> list[Choke]:
    """Return every removal of one to `size` names that loses something, the one that loses most first.

    With ``together`` only removals of two that lose a step which neither of the two alone loses.
    """
    graph = model.graph
    sets = list(removals(sorted(names), size))
    lost = lost_under(model, sets)
    count = lost.sum(axis=1)
    single = {next(iter(s)): row for s, row in zip(sets, lost, strict=True) if len(s) == 1}

    def more(k: int) -> npt.NDArray[np.intp]:
        """Return the steps lost to this removal and to none of its members alone; none for a single name."""
        alone = np.logical_or.reduce([single[name] for name in sets[k]])
        return np.flatnonzero(lost[k] & ~alone)

    order = sorted(
        (k for k in range(len(sets)) if count[k] and (not together or len(more(k)))),
        key=lambda k: (-int(count[k]), len(sets[k]), sorted(sets[k])),
    )
    depth = depth_of(graph)
    finals = {s.id for s in graph.finals()}
    out = []
    for k in order[:most]:
        answer = makeable(model, sets[k])
        begins = sorted((c.step for c in answer.causes if c.depth == 0), key=lambda s: (depth[s], s))
        extra = tuple(graph.steps[i].id for i in more(k))
        out.append(
            Choke(
                answer.without,
                len(answer.lost),
                tuple(s for s in answer.lost if s in finals),
                tuple(begins),
                depth[begins[0]] if begins else 0,
                max((c.depth for c in answer.causes), default=0),
                extra,
            )
        )
    return out


def control_points(
    graph: ChainGraph,
    who: Iterable[str],
    *,
    by: str = "any",
    least: float = 0.25,
    kinds: Sequence[str] = KINDS,
    most: int | None = None,
) -> list[ControlPoint]:
    """Return the steps of which these countries (one, or the members of a bloc) or firms hold at least a share, largest first.

    What hangs on a step is computed by taking the holders' share away altogether: the step is lost when nothing else is
    named and no unnamed share is left.
    """
    from schakel.chains.makeable import compile_graph

    members = frozenset(who)
    model = compile_graph(graph, by=by, kinds=kinds)
    at = graph.index
    finals = {s.id for s in graph.finals()}
    gone = set(makeable(model, members).lost)
    held = []
    for step, rows in graph.positions_of.items():
        firms = [r for r in rows if r.actor in members]
        mine = firms or [r for r in [r for r in rows if not r.actor] or rows if r.countries(by) & members]
        known = [r for r in mine if r.share is not None]
        share = min(1.0, sum(r.share or 0.0 for r in known))
        if known and share >= least:
            held.append((-share, step, known))
    out = []
    for share, step, known in sorted(held, key=lambda h: h[:2])[:most]:
        hanging = _downstream(model, at[step])
        out.append(
            ControlPoint(
                step,
                -share,
                min(1.0, sum(r.share_low or 0.0 for r in known)),
                min(1.0, sum(r.share_high or 0.0 for r in known)),
                step in gone,
                len(hanging),
                tuple(s for s in hanging if s in finals),
                tuple(sorted({r.source for r in known})),
            )
        )
    return out


def _downstream(model: Model, step: int) -> tuple[str, ...]:
    """Return the steps that go when one step goes."""
    lost = {step}
    fresh = [step]
    while fresh:
        fresh = [i for i, _ in model.next_lost(lost, fresh)]
        lost |= set(fresh)
    return tuple(model.graph.steps[i].id for i in sorted(lost - {step}))
