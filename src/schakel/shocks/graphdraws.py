"""What if some of the edges of a chain are not there?

An edge is known with a confidence: the probability that the step really needs that input. Graphs are drawn in which every
uncertain edge stands or not, each with its own probability; one Sobol dimension an edge, so that the same seed gives the same
graphs whatever else a scenario says. Every graph is run with all other numbers at their points, so this band is apart from
that of the numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from schakel.chains.graph import ChainGraph
from schakel.errors import InputError, NotFoundError
from schakel.shocks.scenario import Scenario
from schakel.shocks.world import World

MOST = 4096


def asked(scenario: Scenario) -> bool:
    """Say whether a scenario asks for this band: ``uncertainty: {graph: edge_probability}``."""
    return bool((scenario.content.get("uncertainty") or {}).get("graph") == "edge_probability")


def uncertain(graph: ChainGraph) -> tuple[int, ...]:
    """Return the positions of the slots that are not certain."""
    return tuple(k for k, slot in enumerate(graph.slots) if slot.confidence < 1.0)


def standing(graph: ChainGraph, count: int, seed: int) -> npt.NDArray[np.bool_]:
    """Return which uncertain slots stand in each drawn graph, shape (count, uncertain slots)."""
    from scipy.stats import qmc

    edges = uncertain(graph)
    if not edges or count < 1:
        return np.ones((max(count, 0), len(edges)), bool)
    if count > MOST:
        raise InputError(f"{count} graphs", remedy=f"draw at most {MOST}")
    rng = np.random.default_rng([seed, 0x65646765])  # a stream of its own, apart from that of the numbers
    chance = np.array([graph.slots[k].confidence for k in edges])
    power = int(np.ceil(np.log2(count)))
    points = rng.random((count, len(edges)))
    if len(edges) <= qmc.Sobol.MAXDIM:
        points = qmc.Sobol(len(edges), scramble=True, rng=rng).random_base2(power)[:count]
    return np.asarray(points < chance[None, :], bool)


def graphs(graph: ChainGraph, stands: npt.NDArray[np.bool_]) -> Iterator[ChainGraph]:
    """Yield the drawn graphs: those without the slots that do not stand."""
    edges = uncertain(graph)
    for row in stands:
        gone = {k for k, here in zip(edges, row, strict=True) if not here}
        yield replace(graph, slots=tuple(s for k, s in enumerate(graph.slots) if k not in gone)) if gone else graph


def worlds(
    graph: ChainGraph, count: int, seed: int, values: Mapping[str, float] | None = None
) -> tuple[list[World], list[int]]:
    """Return the world of every graph that occurs among ``count`` draws, and how often each occurs."""
    from schakel.shocks.graphworld import of_graph

    stands = standing(graph, count, seed)
    rows, often = np.unique(stands, axis=0, return_counts=True)
    return [of_graph(g, values) for g in graphs(graph, rows)], often.tolist()


def band(
    graph: ChainGraph,
    scenario: Scenario,
    count: int,
    *,
    values: Mapping[str, float] | None = None,
    lenses: Sequence[str] = (),
    threads: int | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> dict[str, Any]:
    """Return for each lens the band over drawn graphs, with all numbers at their points.

    Returns
    -------
    dict
        ``edges`` (uncertain ones), ``graphs`` (drawn) and ``distinct``; ``lenses`` with loss as money or share and first
        stop; ``left_out`` counts graphs in which nothing of the scenario was left to say.
    """
    from schakel.shocks.draws import draw
    from schakel.shocks.lenses import one_lens, prepare, shocks_of
    from schakel.shocks.run import MILLION
    from schakel.shocks.run import band as quantiles

    lenses = [k for k in (lenses or scenario.lenses) if k != "long_run"]
    out: dict[str, Any] = {"edges": len(uncertain(graph)), "graphs": count, "distinct": 1, "left_out": 0, "lenses": {}}
    if not uncertain(graph) or count < 1:
        return out
    made, often = worlds(graph, count, scenario.seed, values)
    out["distinct"] = len(made)
    points = draw(scenario, 0)
    losses: dict[str, list[float]] = {k: [] for k in lenses}
    shares: dict[str, list[float]] = {k: [] for k in lenses}
    stops: dict[str, list[float | None]] = {k: [] for k in lenses}
    money = made[0].unit == "million USD"
    for k, (world, times) in enumerate(zip(made, often, strict=True)):
        ready = prepare(scenario, world)
        try:
            shocks, _ = shocks_of(scenario, ready, points)
        except NotFoundError:
            out["left_out"] += times
            continue
        base = float(ready.value_added.sum()) * scenario.horizon / 365.0
        for lens in lenses:
            result = one_lens(lens, ready, shocks, {}, threads)[0]
            losses[lens] += [float(result.loss) * (MILLION if money else 1.0)] * times
            shares[lens] += [float(result.loss) / base if base > 0 else 0.0] * times
            stops[lens] += [None if result.first_stop_day is None else float(result.first_stop_day)] * times
        if progress:
            progress("graph/edges", k + 1, len(made))
    for lens in lenses:
        if not losses[lens]:
            continue
        days = [d for d in stops[lens] if d is not None]
        out["lenses"][lens] = {
            "loss_usd": quantiles(losses[lens]) if money else None,
            "loss_share": quantiles(shares[lens]),
            "first_stop": {
                **(quantiles(days) if days else {"median": None, "p05": None, "p95": None}),
                "graphs_without": len(stops[lens]) - len(days),
            },
        }
    return out
