"""What can still be made without some countries or actors?

A step is lost when nobody who holds it is left, or when for one critical slot every alternative is lost (Horn
propagation). By default the chain is read as a running economy: a loop keeps going unless something outside it breaks
(the greatest set of steps that sustain each other). ``from_scratch`` asks the harder question: what could be built up
again from nothing, where a loop without a way in is lost.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
import numpy.typing as npt

from schakel.chains.graph import KINDS, ChainGraph, Position
from schakel.chains.loops import components
from schakel.errors import NotFoundError

Words = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]
ROUNDING = 0.03  # published shares of one step sum to 0.97 to 1.03
TIE = 1e-9  # 0.3 + 0.2 is no more than 0.5, whatever the last bit says


@dataclass(frozen=True)
class Cause:
    """Why a step is lost: its holders are gone, or a slot has no alternative left; ``depth`` 0 is where the loss begins."""

    step: str
    reason: str
    slot: str
    lacking: tuple[str, ...]
    depth: int


@dataclass(frozen=True)
class Makeable:
    """Steps lost and kept, in order of the graph, and for each lost one why."""

    without: tuple[str, ...]
    lost: tuple[str, ...]
    kept: tuple[str, ...]
    causes: tuple[Cause, ...]
    unknown_holders: tuple[str, ...]


@dataclass(frozen=True)
class _Level:
    """The rows of one step at one level (countries, or firms): who goes with each row, and its largest share."""

    members: tuple[frozenset[str], ...]
    shares: tuple[float | None, ...]
    rest: float  # share that no row names


@dataclass(frozen=True)
class Model:
    """A graph compiled for questions of removal: by step its levels of holders and the positions of its slots' alternatives."""

    graph: ChainGraph
    country_level: tuple[_Level | None, ...]
    actor_level: tuple[_Level | None, ...]
    actors: tuple[frozenset[str], ...]
    slots: tuple[tuple[tuple[int, ...], ...], ...]
    slot_names: tuple[tuple[str, ...], ...]
    parts: tuple[tuple[int, ...], ...]
    least_share: float
    from_scratch: bool

    @cached_property
    def users(self) -> tuple[tuple[int, ...], ...]:
        """Positions of the steps that have a step among the alternatives of a slot, in ascending order."""
        out: list[dict[int, None]] = [{} for _ in self.slots]
        for i, slots in enumerate(self.slots):
            for slot in slots:
                for a in slot:
                    out[a][i] = None
        return tuple(map(tuple, out))

    def next_lost(self, lost: Container[int], fresh: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Yield each step that falls because `fresh` ones did, in ascending order, with its first slot without an alternative."""
        for i in sorted({user for a in fresh for user in self.users[a]}):
            if i not in lost:
                for k, slot in enumerate(self.slots[i]):
                    if all(a in lost for a in slot):
                        yield i, k
                        break


def _level(rows: Sequence[Position], by: str) -> _Level | None:
    rows = [r for r in rows if r.share_high != 0]  # a share of nothing keeps nobody going
    if not rows:
        return None
    members = tuple(r.countries(by) | ({r.actor} if r.actor else frozenset()) for r in rows)
    shares = tuple(r.share_high for r in rows)
    known = sum(s for s in shares if s is not None)
    rest = 0.0 if None in shares else max(0.0, 1.0 - known)
    return _Level(members, shares, rest if rest > ROUNDING else 0.0)


def compile_graph(
    graph: ChainGraph,
    *,
    by: str = "any",
    kinds: Iterable[str] = KINDS,
    least_share: float = 0.0,
    from_scratch: bool = False,
) -> Model:
    """Prepare a graph for questions of removal.

    Parameters
    ----------
    by
        What ties a holder to a country: ``plant``, ``owner``, ``control``, or ``any`` of them.
    kinds
        Kinds of slots that count. Without ``capital`` the question is what can be made today with the tools that stand.
    least_share
        A step is lost when no more than this share of it is left, 0 to 1; a share that no row names counts as left.
    """
    wanted = frozenset(kinds)
    at = graph.index
    country, actor, names, slots, slot_names = [], [], [], [], []
    for step in graph.steps:
        rows = graph.positions_of.get(step.id, ())
        country.append(_level([r for r in rows if not r.actor], by))
        actor.append(_level([r for r in rows if r.actor], by))
        names.append(frozenset(r.actor for r in rows if r.actor))
        needed = [s for s in graph.slots_of.get(step.id, ()) if s.kind in wanted and s.criticality == "critical"]
        slots.append(tuple(tuple(at[a] for a in s.alternatives) for s in needed))
        slot_names.append(tuple(s.name for s in needed))
    needs = [sorted({a for slot in step for a in slot}) for step in slots]
    parts = tuple(tuple(p) for p in components(needs))
    return Model(
        graph,
        tuple(country),
        tuple(actor),
        tuple(names),
        tuple(slots),
        tuple(slot_names),
        parts,
        least_share,
        from_scratch,
    )


def _gone(level: _Level, without: frozenset[str], least: float) -> bool:
    """Return True when no more than the least share of this level is left."""
    left = [s for m, s in zip(level.members, level.shares, strict=True) if not m & without]
    if len(left) == len(level.members):
        return False
    if None in left:
        return False
    return level.rest + sum(s for s in left if s is not None) <= least + TIE


def _holders_gone(model: Model, i: int, without: frozenset[str]) -> bool:
    country, actor = model.country_level[i], model.actor_level[i]
    if country is not None and _gone(country, without, model.least_share):
        return True
    # Firms decide when no row speaks of countries, or when the question is about a firm of this step.
    asked = actor is not None and (country is None or bool(model.actors[i] & without))
    return asked and actor is not None and _gone(actor, without, model.least_share)


def check_names(graph: ChainGraph, without: Iterable[str]) -> frozenset[str]:
    """Return the removed names as a set.

    Raises
    ------
    NotFoundError
        If a name is neither a country nor an actor of this graph.
    """
    known = {*graph.countries, *graph.actors}
    wanted = frozenset(without)
    for name in sorted(wanted - known):
        raise NotFoundError(
            f"{name!r} holds nothing in {graph.name}",
            remedy=f"countries here: {', '.join(graph.countries[:40])}"
            + ("; or a firm by its full name" if graph.actors else ""),
        )
    return wanted


def makeable(model: Model, without: Iterable[str]) -> Makeable:
    """Answer one question, with the reasons."""
    graph = model.graph
    gone = check_names(graph, without)
    n = len(graph.steps)
    causes: dict[int, Cause] = {}
    for i in range(n):
        if _holders_gone(model, i, gone):
            causes[i] = Cause(graph.steps[i].id, "holders", "", tuple(sorted(gone)), 0)
    if model.from_scratch:
        _never_built(model, causes)
    depth, fresh = 0, list(causes)
    while fresh:
        depth += 1
        found = {}
        for i, k in model.next_lost(causes, fresh):
            lacking = tuple(graph.steps[a].id for a in model.slots[i][k])
            found[i] = Cause(graph.steps[i].id, "input", model.slot_names[i][k], lacking, depth)
        causes.update(found)
        fresh = list(found)
    return Makeable(
        without=tuple(sorted(gone)),
        lost=tuple(s.id for i, s in enumerate(graph.steps) if i in causes),
        kept=tuple(s.id for i, s in enumerate(graph.steps) if i not in causes),
        causes=tuple(causes[i] for i in sorted(causes, key=lambda i: (causes[i].depth, i))),
        unknown_holders=tuple(s.id for s in graph.steps if s.id not in graph.positions_of),
    )


def _never_built(model: Model, causes: dict[int, Cause]) -> None:
    """Add the steps that cannot be reached when everything starts from nothing."""
    n = len(model.slots)
    built: set[int] = set()
    grew = True
    while grew:
        new = {
            i
            for i in range(n)
            if i not in built and i not in causes and all(any(a in built for a in slot) for slot in model.slots[i])
        }
        grew = bool(new)
        built |= new
    for i in range(n):
        if i not in built and i not in causes:
            causes[i] = Cause(model.graph.steps[i].id, "never built", "", (), 1)


def removals(names: Sequence[str], size: int = 2) -> Iterator[frozenset[str]]:
    """Yield every removal of one up to `size` names: singles first, then pairs, in order."""
    for k in range(1, size + 1):
        yield from (frozenset(c) for c in combinations(names, k))


def lost_under(model: Model, sets: Sequence[frozenset[str]]) -> Bools:
    """Answer many questions at once: which steps are lost under each removal, shape (sets, steps).

    Every step carries one bit a removal, so one AND or OR of words answers sixty-four questions; a graph of P steps and L
    alternatives takes O((P + L) sets / 64), times the number of rounds a loop needs.
    """
    n, words = len(model.slots), -(-len(sets) // 64)
    bits: dict[str, Words] = {}
    for k, removal in enumerate(sets):
        for name in removal:
            bits.setdefault(name, np.zeros(words, np.uint64))[k >> 6] |= np.uint64(1 << (k & 63))
    none = np.zeros(words, np.uint64)
    lost = np.zeros((n, words), np.uint64)
    for i in range(n):
        _own_loss(model, i, bits, lost[i])
    for part in model.parts:
        _propagate(model, part, lost, none)
    flat = np.unpackbits(lost.view(np.uint8), axis=1, bitorder="little")[:, : len(sets)]
    return np.ascontiguousarray(flat.T).astype(bool)


def _own_loss(model: Model, i: int, bits: dict[str, Words], out: Words) -> None:
    country, actor = model.country_level[i], model.actor_level[i]
    if country is not None:
        out |= _level_loss(country, bits, model.least_share, len(out))
    if actor is not None:
        gone = _level_loss(actor, bits, model.least_share, len(out))
        if country is not None:
            asked = np.zeros_like(out)
            for name in model.actors[i]:
                if name in bits:
                    asked |= bits[name]
            gone &= asked
        out |= gone


def _level_loss(level: _Level, bits: dict[str, Words], least: float, words: int) -> Words:
    rows = []
    for members in level.members:
        row = np.zeros(words, np.uint64)
        for name in members:
            if name in bits:
                row |= bits[name]
        rows.append(row)
    if least <= 0:
        if level.rest > 0:
            return np.zeros(words, np.uint64)
        return _words(np.bitwise_and.reduce(np.array(rows), axis=0))
    if not any(row.any() for row in rows):
        return np.zeros(words, np.uint64)
    gone = np.unpackbits(np.array(rows).view(np.uint8), axis=1, bitorder="little").astype(bool)
    shares = np.array([np.inf if s is None else s for s in level.shares])
    left = level.rest + np.where(gone, 0.0, shares[:, None]).sum(axis=0)
    packed = np.packbits((left <= least + TIE) & gone.any(axis=0), bitorder="little")
    return _words(packed.view(np.uint64))


def _words(values: npt.ArrayLike) -> Words:
    return np.asarray(values, np.uint64)


def _propagate(model: Model, part: tuple[int, ...], lost: Words, none: Words) -> None:
    """Carry the loss of inputs into the steps of one loop, or of one step."""
    looped = len(part) > 1 or any(part[0] in slot for slot in model.slots[part[0]])
    own = lost[list(part)].copy()
    if looped and model.from_scratch:
        lost[list(part)] = ~none
    changed = True
    while changed:
        changed = False
        for k, i in enumerate(part):
            now = own[k].copy()
            for slot in model.slots[i]:
                now |= lost[slot[0]] if len(slot) == 1 else np.bitwise_and.reduce(lost[list(slot)], axis=0)
            if not np.array_equal(now, lost[i]):
                lost[i] = now
                changed = looped
