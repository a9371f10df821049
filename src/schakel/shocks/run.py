"""What does a scenario cost under each lens, with bands, ranking and receipt?

Lenses stand side by side and are never added or averaged. Bands: of parameters (draws), of model form (the spread of the
lenses), of the graph (``graph_band``, where a scenario asks for it) and of resolution (`schakel.shocks.resolution`); each is
shown apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from schakel.errors import InputError, NotFoundError
from schakel.evidence import Receipt, licence, result_sha256, sha256_text
from schakel.shocks import bands, graphdraws, outputs
from schakel.shocks.draws import Draws, draw
from schakel.shocks.lenses import Progress, prepare, run_lens
from schakel.shocks.published import expectations
from schakel.shocks.ranking import ranking
from schakel.shocks.records import Record, Store, opened
from schakel.shocks.scenario import Scenario
from schakel.shocks.world import World

MILLION = 1e6


def worlds(scenario: Scenario) -> tuple[dict[str, World], dict[str, str]]:
    """Return the worlds of a scenario (``table``, ``graph``) and why one of them is missing.

    Raises
    ------
    NotFoundError
        If the scenario names neither, or neither can be opened.
    """
    found: dict[str, World] = {}
    lacking: dict[str, str] = {}
    if scenario.content.get("table"):
        from schakel.shocks.tables import open_table

        try:
            found["table"] = prepare(scenario, open_table(str(scenario.content["table"])))
        except NotFoundError as error:
            lacking["table"] = error.what
    if scenario.content.get("graph"):
        from schakel.shocks.graphworld import open_world

        try:
            found["graph"] = prepare(scenario, open_world(str(scenario.content["graph"]), _values(scenario)))
        except NotFoundError as error:
            lacking["graph"] = error.what
    if not found:
        what = "; ".join(lacking.values()) or f"scenario {scenario.id} names neither a table nor a graph"
        raise NotFoundError(what, remedy="add table: reference, or graph: reference")
    return found, lacking


def chosen(scenario: Scenario, on: str, given: Mapping[str, World] | None) -> tuple[dict[str, World], World]:
    """Return the world meant by ``on`` (table or graph), or the other when there is only that, by its kind and as it is."""
    found = dict(given) if given is not None else worlds(scenario)[0]
    kind = on if on in found else next(iter(found))
    return {kind: found[kind]}, found[kind]


def _values(scenario: Scenario) -> dict[str, float] | None:
    stated = scenario.content.get("valuation") or []
    out = {v["step"]: scenario.number(("valuation", i, "usd_per_year")).point for i, v in enumerate(stated)}
    return out or None


def band(values: Sequence[float]) -> dict[str, float]:
    """Return median and 5th and 95th percentile."""
    low, mid, high = np.quantile(np.asarray(values, float), [0.05, 0.5, 0.95], method="linear")
    return {"median": float(mid), "p05": float(low), "p95": float(high)}


def summary(world: World, lens: str, records: Sequence[Record], horizon: int) -> dict[str, Any]:
    """Return one lens over its draws: loss with band, by region, first stop, path, ranking."""
    money = world.unit == "million USD"
    scale = MILLION if money else 1.0
    base = float(world.value_added.sum()) * horizon / 365.0
    by = np.array([r.by_industry for r in records])
    regions = {}
    for r, name in enumerate(world.regions):
        mine = world.region == r
        regional = by[:, mine].sum(axis=1)
        size = float(world.value_added[mine].sum()) * horizon / 365.0
        regions[name] = {
            "loss_usd" if money else "loss": band((regional * scale).tolist()),
            "share": band((regional / size).tolist()) if size > 0 else None,
        }
    stops = [r.first_stop_day for r in records]
    known = [s for s in stops if s is not None]
    # the floor has many best allocations over time, so its path would be one of many
    weekly = [r.weekly for r in records if r.weekly and lens != "floor"]
    out: dict[str, Any] = {
        "world": world.name,
        "unit": "USD" if money else world.unit,
        "loss_usd": band([r.loss * scale for r in records]) if money else None,
        "loss_share": band([r.loss / base for r in records]) if base > 0 else None,
        "first_stop_day": float(np.median(known)) if len(known) * 2 > len(stops) else None,
        "first_stop": {
            **(band(known) if known else {"median": None, "p05": None, "p95": None}),
            "draws_without": len(stops) - len(known),
            "where": _most_often([r.values["first_stop"] for r in records if "first_stop" in r.values]),
        },
        "draws": len(records),
        "by_region": regions,
        "ranking": ranking(world, by, scale),
        "loss_path": [band(w) for w in zip(*weekly, strict=True)] if weekly else [],
        "warnings": list(dict.fromkeys(w for r in records for w in r.warnings)),
    }
    paid = [r.values["markup_cost"] for r in records if "markup_cost" in r.values]
    if paid:
        out["markup"] = band([p * scale for p in paid])
    if lens == "centre":
        out["stops"] = _stops([r.values.get("stops", {}) for r in records])
    if lens == "floor":
        out["marginal_values"] = records[0].values.get("duals", [])
    if lens == "long_run" and records[0].values.get("real_income"):
        out["real_income"] = {k: band([r.values["real_income"][k] for r in records if r.values]) for k in world.regions}
    return out


def _stops(draws: Sequence[Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Return for each product that some draw sees stop somewhere: the days, and in how many draws it does not."""
    products = sorted({p for d in draws for p in d})
    days = {p: [d[p] for d in draws if p in d] for p in products}
    return {p: {**band(v), "draws_without": len(draws) - len(v)} for p, v in days.items()}


def _most_often(places: Sequence[Sequence[str]]) -> dict[str, str] | None:
    """Return the industry that stops first in most draws; of equals the first by name."""
    from collections import Counter

    if not places:
        return None
    counted = Counter(tuple(p) for p in places)
    region, product = min(counted, key=lambda p: (-counted[p], p))
    return {"region": region, "product": product}


def run(
    scenario: Scenario,
    *,
    draws: int | None = None,
    threads: int | None = None,
    keep: Path | None = None,
    passing: bool = False,
    groupings: int = 0,
    progress: Progress | None = None,
    given: Mapping[str, World] | None = None,
) -> dict[str, Any]:
    """Run every lens the scenario asks for, on its table and on its graph.

    Parameters
    ----------
    draws
        Number of draws; None takes the scenario's own.
    keep
        File in which finished chunks are kept; a run with the same file goes on where it stopped.
    passing
        Remove that file when the run ends well; and run without one when another run is using it.
    groupings
        Random groupings of regions and sectors to draw for the band of resolution; 0 leaves that band out.
    given
        Worlds to use instead of those the scenario names (for tests and for aggregation).

    Returns
    -------
    dict
        ``lenses`` (of the table, or of the graph when there is no table), ``chain`` (of the graph when there is a table
        too), ``bands`` (the four of them, see `schakel.shocks.bands`), ``graph_band`` (over drawn chains, see
        `schakel.shocks.graphdraws`), ``resolution`` (when asked), ``lacking`` (which lens lacks what), ``warnings``,
        ``sources``, ``licences``, ``receipt``.
    """
    found, lacking = (dict(given), {}) if given is not None else worlds(scenario)
    drawn = draw(scenario, draws)
    key = _key(scenario, found, drawn)
    with opened(keep, key, passing=passing) as store:
        return _run(scenario, found, lacking, drawn, store, draws, threads, progress, given is None, groupings)


def _run(
    scenario: Scenario,
    found: Mapping[str, World],
    lacking: dict[str, str],
    drawn: Draws,
    store: Store,
    draws: int | None,
    threads: int | None,
    progress: Progress | None,
    ours: bool,
    groupings: int,
) -> dict[str, Any]:
    answers: dict[str, dict[str, Any]] = {}
    notes: dict[str, None] = {}
    for kind, world in found.items():
        part: dict[str, Any] = {}
        for lens in scenario.lenses:
            if lens == "long_run" and kind == "graph":
                lacking["graph/long_run"] = (
                    "a chain has no incomes and prices; the long run needs an inter-country table"
                )
                continue
            try:
                records, warned = run_lens(
                    lens, world, scenario, drawn, store=store, progress=progress, threads=threads, label=f"{kind}/"
                )
            except NotFoundError as error:
                lacking[f"{kind}/{lens}"] = f"{error.what}; {error.where}" if error.where else error.what
                continue
            notes |= dict.fromkeys(named(kind, found, w) for w in warned)
            part[lens] = summary(world, lens, records, scenario.horizon)
        if part:
            answers[kind] = part
    if not answers:
        raise NotFoundError(
            f"no lens has data for scenario {scenario.id}",
            where="; ".join(lacking.values()),
            remedy="name another table or graph",
        )
    first = "table" if "table" in answers else "graph"
    expected = expectations(scenario, answers)
    spread = bands.model_form(answers[first])
    answers = {k: {lens: outputs.kept(scenario.content, r) for lens, r in part.items()} for k, part in answers.items()}
    result: dict[str, Any] = {
        "scenario": scenario.id,
        "title": dict(scenario.content["title"]),
        "horizon_days": scenario.horizon,
        "start": scenario.content["time"]["start"],
        "lenses": answers[first],
        "world": first,
        "model_form": spread,
        "lacking": lacking,
        "expected": expected,
    }
    if first == "table" and "graph" in answers:
        result["chain"] = answers["graph"]
    if "graph" in answers and ours:
        from schakel.shocks.graphworld import graph_of

        graph = graph_of(str(scenario.content["graph"]))
        count = len(drawn) if drawn.paths else scenario.edge_draws if draws is None else draws
        if graphdraws.asked(scenario, graph):
            result["graph_band"] = graphdraws.band(
                graph, scenario, count, values=_values(scenario), threads=threads, progress=progress
            )
    if groupings and "table" in answers:
        result |= _coarse(scenario, found["table"], tuple(answers["table"]), lacking, groupings, threads, progress)
    result["bands"] = bands.four({**result, "content": scenario.content})
    # a world without answers has no part in the result
    used = {kind: w for kind, w in found.items() if kind in answers}
    return envelope(scenario, used, drawn, result, tuple(notes), {"draws": draws, "groupings": groupings})


def _coarse(
    scenario: Scenario,
    table: World,
    lenses: tuple[str, ...],
    lacking: dict[str, str],
    groupings: int,
    threads: int | None,
    progress: Progress | None,
) -> dict[str, Any]:
    from schakel.shocks import resolution

    try:
        seen = resolution.spread(
            scenario, lenses=lenses, groupings=groupings, threads=threads, progress=progress, given=table
        )
    except InputError as error:
        lacking["table/resolution"] = error.what
        return {}
    return {"resolution": {k: v for k, v in seen.items() if k in resolution.OWN}}


def named(kind: str, found: Mapping[str, World], text: str) -> str:
    """Return a note with the world it is about, where there are two."""
    return f"{'table' if kind == 'table' else 'chain'}: {text}" if len(found) > 1 else text


def _key(scenario: Scenario, found: Mapping[str, World], drawn: Draws) -> str:
    from schakel.version import __version__

    parts = [
        scenario.sha256,
        __version__,
        str(len(drawn)),
        drawn.values.tobytes().hex(),
        repr(sorted(map(str, drawn.points.items()))),
    ]
    for kind, w in sorted(found.items()):
        parts += [
            kind,
            w.name,
            *(a.tobytes().hex() for a in (w.flows, w.final, w.stock_days, w.criticality, w.kind, w.region, w.sector)),
            *w.regions,
            *w.sectors,
            w.unit,
            *(f"{a.lacking} {a.instead} {a.start} {a.efficiency} {a.users.tobytes().hex()}" for a in w.alternatives),
        ]
    return sha256_text(parts)


def envelope(
    scenario: Scenario,
    found: Mapping[str, World],
    drawn: Draws,
    result: dict[str, Any],
    notes: tuple[str, ...],
    asked: Mapping[str, Any],
    command: str = "run",
) -> dict[str, Any]:
    """Add what the scenario says, warnings, sources, licences and the receipt to a result; with what was asked it can be made again."""
    import scipy

    from schakel.version import __version__

    inputs = [i for w in found.values() for i in w.inputs]
    licences = sorted({k for w in found.values() for k in w.licences})
    receipt = Receipt(
        inputs=tuple(inputs),
        parameters={
            "command": f"shock {command}",
            "asked": dict(asked),
            "scenario": scenario.id,
            "scenario_sha256": scenario.sha256,
            "draws": len(drawn),
            "seed": scenario.seed,
            "worlds": {k: w.name for k, w in found.items()},
        },
        sql_sha256="",
        engine=f"schakel {__version__}; numpy {np.__version__}; scipy {scipy.__version__}",
        result_sha256=result_sha256(result),
    )
    sources = [dict(s) for w in found.values() for s in w.sources] + [
        dict(s) for s in scenario.content.get("sources") or []
    ]
    return {
        **result,
        "content": dict(scenario.content),
        "warnings": [*notes, *dict.fromkeys(named(k, found, c) for k, w in found.items() for c in w.caveats)],
        "sources": sources,
        "licences": [asdict(licence(k)) for k in licences],
        "receipt": receipt.as_dict(),
    }
