"""How does a value chain become a world that lenses can run?

A step made in a country is an industry; shares that nobody named lie in the region ``OTH``. End uses are demanded, one
unit each, or at the value a scenario states for them; every step makes what its users need. Where a recipe does not say
how much it takes, all its flows together are taken as half the value of the output, in equal parts, and tools and
permissions as five hundredths: assumptions that matter for money, not for when a line stops. Alternatives of a slot start
in equal parts and stand in for each other.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from schakel.chains.graph import ChainGraph, Slot, holders
from schakel.chains.open import open_graph
from schakel.errors import InputError
from schakel.shocks.lens import Substitute
from schakel.shocks.world import CAPITAL, CRITICAL, FLOW, IMPORTANT, MINOR, PERMISSION, World, world

OTHER = "OTH"
FLOW_SHARE = 0.5
SOFT_SHARE = 0.05
STOCK_DAYS = 30.0
_KIND = {"flow": FLOW, "capital": CAPITAL, "permission": PERMISSION}
_CLASS = {"critical": CRITICAL, "important": IMPORTANT, "minor": MINOR}


def open_world(name: str, values: Mapping[str, float] | None = None) -> World:
    """Open a chain by name and return it as a world."""
    return of_graph(graph_of(name), values)


def graph_of(name: str) -> ChainGraph:
    """Open a chain by name; ``library:NAME`` is the chain of a ready scenario."""
    from schakel.shocks import library

    if name.startswith(library.PREFIX):
        name = str(library.chain(name.removeprefix(library.PREFIX)))
    return open_graph(name)


def of_graph(graph: ChainGraph, values: Mapping[str, float] | None = None) -> World:
    """Return a chain as a world.

    Parameters
    ----------
    values
        USD a year of end uses, by step; without it every end use counts as one unit and no money is reported.

    Raises
    ------
    InputError
        If a chain has no step, or inputs take as much as their output is worth.
    """
    if not graph.steps:
        raise InputError("the chain has no steps", where=f"chain {graph.name}", remedy="add some")
    n_steps = len(graph.steps)
    at = graph.index
    use = np.zeros((n_steps, n_steps))  # input, step
    kind = np.full((n_steps, n_steps), FLOW, np.int8)
    level = np.full((n_steps, n_steps), MINOR, np.int8)
    stock = np.full((n_steps, n_steps), STOCK_DAYS)
    swaps: list[tuple[int, int, int]] = []
    assumed = 0
    for step in graph.steps:
        t = at[step.id]
        slots = graph.slots_of.get(step.id, ())
        for slot in slots:
            amount, guessed = _amount(slot, slots)
            assumed += guessed
            for a in slot.alternatives:
                use[at[a], t] += amount / len(slot.alternatives)
                kind[at[a], t] = _KIND[slot.kind]
                level[at[a], t] = max(level[at[a], t], _CLASS[slot.criticality])
                stock[at[a], t] = (
                    slot.stock_days if slot.stock_days is not None else STOCK_DAYS if slot.kind == "flow" else 0.0
                )
            swaps += [(at[a], at[b], t) for a in slot.alternatives for b in slot.alternatives if a != b]
    too_much = np.flatnonzero(use.sum(axis=0) >= 1.0)
    if len(too_much):
        step = graph.steps[too_much[0]]
        raise InputError(
            f"the inputs of {step.id} take {use[:, too_much[0]].sum():.2f} of its value",
            where=f"chain {graph.name}",
            remedy="coefficients are shares of the value of the output; together they stay below 1",
        )
    demand = np.zeros(n_steps)
    for step in graph.finals():
        demand[at[step.id]] = 1.0 if not values else values.get(step.id, 0.0) / 1e6
    if values:
        for key in values:
            demand[at[graph.step(key).id]] = values[key] / 1e6
    made = np.linalg.solve(np.eye(n_steps) - use, demand)
    shares, regions, unknown = _shares(graph)
    pairs = [(r, s) for s in range(n_steps) for r in sorted(shares[s])]
    region = np.array([regions.index(r) for r, _ in pairs])
    sector = np.array([s for _, s in pairs])
    part = np.array([shares[s][r] for r, s in pairs])
    out = made[sector] * part
    flows = use[np.ix_(sector, sector)] * out[None, :] * part[:, None]
    final = np.zeros((len(pairs), len(regions)))
    final[:, regions.index(OTHER)] = demand[sector] * part
    users = [sector == t for t in range(n_steps)]
    return world(
        graph.name,
        tuple(regions),
        tuple(s.id for s in graph.steps),
        region,
        sector,
        flows,
        final,
        stock_days=stock[:, sector],
        criticality=level[:, sector],
        kind=kind[:, sector],
        unit="million USD" if values else "end use",
        sources=graph.sources,
        licences=graph.licences,
        caveats=(
            *graph.warnings,
            f"{unknown} of {n_steps} steps have holders nobody named; they lie in {OTHER} and no measure reaches them",
            f"{assumed} slots do not say how much they take; flows count as half the value of the output, in equal parts",
            f"where no stock is stated, {STOCK_DAYS:g} days are assumed; final users lie in {OTHER}",
        ),
        inputs=graph.inputs,
        hs6={s.id: s.hs6 for s in graph.steps if s.hs6},
        alternatives=tuple(
            Substitute(f"{graph.steps[a].id} or {graph.steps[b].id}", a, b, users[t], 0.0) for a, b, t in swaps
        ),
    )


def _amount(slot: Slot, slots: tuple[Slot, ...]) -> tuple[float, bool]:
    """Return what a slot takes of the value of the output, and whether that is assumed."""
    if slot.coefficient is not None:
        return slot.coefficient, False
    same = [s for s in slots if (s.kind == "flow") == (slot.kind == "flow") and s.coefficient is None]
    said = sum(s.coefficient or 0.0 for s in slots if (s.kind == "flow") == (slot.kind == "flow"))
    whole = FLOW_SHARE if slot.kind == "flow" else SOFT_SHARE
    return max(0.0, whole - said) / len(same), True


def _shares(graph: ChainGraph) -> tuple[list[dict[str, float]], list[str], int]:
    """Return shares by region of every step, the regions, and how many steps nobody holds by name."""
    out: list[dict[str, float]] = []
    unknown = 0
    for step in graph.steps:
        named = holders(graph.positions_of.get(step.id, ()))
        sized = {r: s for r, s in named.items() if s is not None and s > 0}
        total = sum(sized.values())
        present = [r for r, s in named.items() if s is None]
        rest = max(0.0, 1.0 - total)
        if not named:
            unknown += 1
        if total > 1.0:
            sized = {r: s / total for r, s in sized.items()}
        if rest > 1e-9 and present:  # those of whom only the presence is known share what is left
            sized |= {r: rest / len(present) for r in present}
        elif rest > 0.03 or not sized:
            sized[OTHER] = rest
        elif rest > 0:
            sized = {r: s / total for r, s in sized.items()}
        out.append(sized)
    regions = sorted({r for s in out for r in s} | {OTHER})
    return out, regions, unknown
