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

from schakel.errors import NotFoundError
from schakel.evidence import Receipt, licence, result_sha256, sha256_text
from schakel.shocks import graphdraws
from schakel.shocks.draws import Draws, draw
from schakel.shocks.lenses import Progress, prepare, run_lens
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
    """Return the worlds of a scenario and the one meant by ``on`` (table or graph), or the other when there is only that."""
    found = dict(given) if given is not None else worlds(scenario)[0]
    return found, found.get(on) or next(iter(found.values()))


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
    weekly = [r.weekly for r in records if r.weekly]
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
    given
        Worlds to use instead of those the scenario names (for tests and for aggregation).

    Returns
    -------
    dict
        ``lenses`` (of the table, or of the graph when there is no table), ``chain`` (of the graph when there is a table
        too), ``graph_band`` (over drawn edges, when the scenario asks for ``graph: edge_probability``), ``lacking`` (which
        lens lacks what), ``warnings``, ``sources``, ``licences``, ``receipt``.
    """
    found, lacking = (dict(given), {}) if given is not None else worlds(scenario)
    drawn = draw(scenario, draws)
    key = _key(scenario, found, drawn)
    with opened(keep, key, passing=passing) as store:
        return _run(scenario, found, lacking, drawn, store, draws, threads, progress, given is None)


def _run(
    scenario: Scenario,
    found: Mapping[str, World],
    lacking: dict[str, str],
    drawn: Draws,
    store: Store,
    draws: int | None,
    threads: int | None,
    progress: Progress | None,
    named: bool,
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
            notes |= dict.fromkeys(warned)
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
    result: dict[str, Any] = {
        "scenario": scenario.id,
        "title": dict(scenario.content["title"]),
        "horizon_days": scenario.horizon,
        "start": scenario.content["time"]["start"],
        "lenses": answers[first],
        "world": first,
        "model_form": _spread(answers[first]),
        "lacking": lacking,
        "expected": expectations(scenario, answers),
    }
    if first == "table" and "graph" in answers:
        result["chain"] = answers["graph"]
    if "graph" in answers and graphdraws.asked(scenario) and named:
        from schakel.shocks.graphworld import graph_of

        graph = graph_of(str(scenario.content["graph"]))
        count = len(drawn) if drawn.paths else scenario.edge_draws if draws is None else draws
        result["graph_band"] = graphdraws.band(
            graph, scenario, count, values=_values(scenario), threads=threads, progress=progress
        )
    used = {
        kind: w for kind, w in found.items() if kind in answers
    }  # a world without answers has no part in the result
    return envelope(scenario, used, drawn, result, tuple(notes))


def _spread(lenses: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the band of model form: the lowest and highest median of the lenses."""
    shares = {k: v["loss_share"]["median"] for k, v in lenses.items() if v.get("loss_share")}
    if not shares:
        return {}
    low, high = min(shares, key=lambda k: shares[k]), max(shares, key=lambda k: shares[k])
    return {"loss_share": {"low": shares[low], "low_lens": low, "high": shares[high], "high_lens": high}}


def expectations(scenario: Scenario, answers: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Hold published figures against the result; the tolerance stands in the file, written before the run.

    ``met`` is None where a lens or a region lacks; a line that does not stop within the horizon meets a tolerance whose
    high end lies at or beyond the horizon.
    """
    out = []
    for e in scenario.content.get("expected") or []:
        lens = answers.get(e.get("world") or next(iter(answers)), {}).get(e["lens"])
        ours, met = None, None
        if lens is not None and e["measure"] == "first_stop_day":
            stop = lens.get("stops", {}).get(e["product"]) if e.get("product") else lens["first_stop"]
            ours = stop["median"] if stop and stop["draws_without"] * 2 < lens["draws"] else None
            met = e["high"] >= scenario.horizon if ours is None else None
        elif lens is not None:
            key = "loss_usd" if e["measure"] == "loss_usd" else "share"
            part = lens["by_region"].get(e["region"], {}) if e.get("region") else {**lens, "share": lens["loss_share"]}
            ours = (part.get(key) or {}).get("median")
        if ours is not None:
            met = e["low"] <= ours <= e["high"]
        out.append({**e, "ours": ours, "met": met})
    return out


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
    scenario: Scenario, found: Mapping[str, World], drawn: Draws, result: dict[str, Any], notes: tuple[str, ...]
) -> dict[str, Any]:
    """Add what the scenario says, warnings, sources, licences and the receipt to a result."""
    import scipy

    from schakel.version import __version__

    inputs = [i for w in found.values() for i in w.inputs]
    licences = sorted({k for w in found.values() for k in w.licences})
    receipt = Receipt(
        inputs=tuple(inputs),
        parameters={
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
        "warnings": [*notes, *dict.fromkeys(c for w in found.values() for c in w.caveats)],
        "sources": sources,
        "licences": [asdict(licence(k)) for k in licences],
        "receipt": receipt.as_dict(),
    }
