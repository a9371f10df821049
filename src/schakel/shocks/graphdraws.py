"""How far does a result move when the chain is not quite as written?

Chains are drawn as `schakel.chains.drawn` says: edges that stand or not by their confidence, and coefficients, stock days and
classes within their distributions. Every drawn chain is run with the numbers of the scenario at their points, so this band is
apart from that of the numbers; and with mitigations and without on the same chains, so that a difference is theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from schakel.chains.drawn import graph_of, spreads, uncertain, values
from schakel.chains.graph import ChainGraph
from schakel.errors import InputError, NotFoundError
from schakel.shocks.scenario import Scenario
from schakel.shocks.world import World


def asked(scenario: Scenario, graph: ChainGraph) -> bool:
    """Say whether this band is wanted.

    It is when a scenario says ``uncertainty: {graph: edge_probability}``, and when it says nothing and the chain has
    distributions; ``graph: fixed`` never.
    """
    said = (scenario.content.get("uncertainty") or {}).get("graph")
    return bool(said == "edge_probability" or (said is None and spreads(graph)))


def worlds(
    graph: ChainGraph,
    count: int,
    seed: int,
    money: Mapping[str, float] | None = None,
    *,
    edges: bool = True,
) -> tuple[list[World], list[int], int]:
    """Return the world of every chain that occurs among ``count`` draws, how often each occurs, and how many cannot be.

    A drawn chain cannot be when the inputs of a step take all of its value.
    """
    from schakel.shocks.graphworld import of_graph

    rows, often = np.unique(values(graph, count, seed, edges=edges), axis=0, return_counts=True)
    made, times, impossible = [], [], 0
    for row, n in zip(rows, often.tolist(), strict=True):
        try:
            made.append(of_graph(graph_of(graph, row, edges=edges), money))
        except InputError:
            impossible += n
        else:
            times.append(n)
    return made, times, impossible


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
    """Return for each lens the band over drawn chains, with the numbers of the scenario at their points.

    Returns
    -------
    dict
        ``edges`` (uncertain ones that are drawn), ``distributions``, ``graphs`` (drawn) and ``distinct``; ``lenses`` with
        loss as money or share and first stop, and ``without_mitigations`` on the same chains where there are any;
        ``left_out`` counts chains in which nothing of the scenario was left to say, ``impossible`` those whose inputs
        take the whole value of a step.
    """
    from schakel.shocks.draws import draw
    from schakel.shocks.lenses import one_lens, prepare, shocks_of
    from schakel.shocks.run import MILLION

    lenses = [k for k in (lenses or scenario.lenses) if k != "long_run"]
    edges = (scenario.content.get("uncertainty") or {}).get("graph") == "edge_probability"
    doubtful, given = len(uncertain(graph)) if edges else 0, len(spreads(graph))
    out: dict[str, Any] = {"edges": doubtful, "distributions": given, "graphs": count, "distinct": 1, "left_out": 0,
                           "impossible": 0, "lenses": {}}  # fmt: skip
    if not doubtful + given or count < 1:
        return out
    made, often, out["impossible"] = worlds(graph, count, scenario.seed, values, edges=edges)
    out["distinct"] = len(made)
    points = draw(scenario, 0)
    views: dict[str, frozenset[int] | None] = {"": None}
    if scenario.mitigations:
        views["without_mitigations"] = frozenset()
    found: dict[tuple[str, str], list[tuple[float, float, float | None]]] = {}
    money = bool(made) and made[0].unit == "million USD"
    for k, (world, times) in enumerate(zip(made, often, strict=True)):
        ready = prepare(scenario, world)
        base = float(ready.value_added.sum()) * scenario.horizon / 365.0
        try:
            shocks = {view: shocks_of(scenario, ready, points, some)[0] for view, some in views.items()}
        except NotFoundError:
            out["left_out"] += times
            continue
        for lens in lenses:
            for view in views:
                result = one_lens(lens, ready, shocks[view], threads)[0]
                loss, stop = float(result.loss), result.first_stop_day
                row = (loss * MILLION, loss / base if base > 0 else 0.0, None if stop is None else float(stop))
                found.setdefault((lens, view), []).extend([row] * times)
        if progress:
            progress("graph/edges", k + 1, len(made))
    for lens in lenses:
        if (lens, "") in found:
            out["lenses"][lens] = _told(found[lens, ""], money)
        if (lens, "without_mitigations") in found:
            out["lenses"][lens]["without_mitigations"] = _told(found[lens, "without_mitigations"], money)
    return out


def _told(rows: Sequence[tuple[float, float, float | None]], money: bool) -> dict[str, Any]:
    from schakel.shocks.run import band as quantiles

    days = [d for _, _, d in rows if d is not None]
    return {
        "loss_usd": quantiles([loss for loss, _, _ in rows]) if money else None,
        "loss_share": quantiles([share for _, share, _ in rows]),
        "first_stop": {
            **(quantiles(days) if days else {"median": None, "p05": None, "p95": None}),
            "graphs_without": len(rows) - len(days),
        },
    }
