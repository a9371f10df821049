"""What do commands, REST and pages get for a question about a chain: JSON-ready answers with sources, licences and receipt?"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

import numpy as np

from schakel.chains import choke, coalitions
from schakel.chains import exposure as exposures
from schakel.chains import makeable as removal
from schakel.chains.graph import KINDS, ChainGraph, Slot, holders
from schakel.chains.ways import ways
from schakel.errors import InputError
from schakel.evidence import InputRef, Receipt, licence, result_sha256, sha256_text
from schakel.evidence.spread import Number, Weights
from schakel.nomenclature import blocs, countries

WITHIN = {"now": ("flow", "permission"), "lasting": KINDS}


def people(graph: ChainGraph, names: Iterable[str], *, year: int = 2025) -> frozenset[str]:
    """Return countries and actors meant by names, commas between: a bloc means those of its members that hold something here.

    Raises
    ------
    NotFoundError
        If a name holds nothing in this chain.
    """
    out: set[str] = set()
    whole = [name.strip() for name in names]  # firms may have a comma in their name
    for text in (part.strip() for name in whole for part in ([name] if name in graph.actors else name.split(","))):
        if not text:
            continue
        if text in graph.actors or text in graph.countries:
            out.add(text)
        elif blocs.is_bloc(text.upper()):
            out |= blocs.members(text.upper(), year) & frozenset(graph.countries)
        else:
            try:
                out.add(countries.resolve(text).iso3)
            except InputError:
                out.add(text)
    return removal.check_names(graph, out)


def _nobody(what: str) -> InputError:
    return InputError(
        "nobody is named", where=what, remedy="name a country (NLD), a bloc with members in the chain (EU27) or a firm"
    )


def governance() -> dict[str, float]:
    """Return political stability by country, the latest year of the reference tables (World Bank governance indicators)."""
    from schakel import reference

    latest: dict[str, tuple[int, float]] = {}
    for r in reference.rows("governance"):
        if r["dimension"] == "political stability" and r["estimate"] is not None:
            year, value = int(str(r["year"])), float(str(r["estimate"]))
            if year >= latest.get(str(r["iso3"]), (0, 0.0))[0]:
                latest[str(r["iso3"])] = (year, value)
    return {code: value for code, (_, value) in latest.items()}


def _envelope(graph: ChainGraph, parameters: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
    """Add warnings, sources, licences and the receipt."""
    from schakel.version import __version__

    inputs: Sequence[InputRef] = graph.inputs or (
        InputRef(
            graph.name, sha256_text([repr(graph.steps), repr(graph.slots), repr(graph.positions)]), len(graph.positions)
        ),
    )
    receipt = Receipt(
        inputs=tuple(inputs),
        parameters={**parameters, "reading": graph.reading},
        sql_sha256="",
        engine=f"schakel {__version__}; numpy {np.__version__}",
        result_sha256=result_sha256(result),
    )
    return {
        **result,
        "warnings": list(graph.warnings),
        "sources": [dict(s) for s in graph.sources],
        "licences": [asdict(licence(key)) for key in graph.licences],
        "receipt": receipt.as_dict(),
    }


def _named(graph: ChainGraph, step: str) -> dict[str, str]:
    found = graph.steps[graph.index[step]]
    return {"step": found.id, "name_en": found.name_en, "name_nl": found.name_nl, "layer": found.layer}


def _need(slot: Slot) -> dict[str, Any]:
    """Return a slot as JSON: central values, and each distribution in the words of the file."""
    plain = {f.name: getattr(slot, f.name) for f in fields(slot) if f.name != "step"}
    return {k: str(v) if isinstance(v, (Number, Weights)) else v for k, v in plain.items()}


def _licensed(graph: ChainGraph, row: dict[str, Any]) -> dict[str, Any]:
    """Add the licence of the row's source; where the row names none, that of the chain if it has only one, else None."""
    named = next((s.get("licence") for s in graph.sources if row["source"] and s.get("id") == row["source"]), None)
    return {**row, "licence": named or (graph.licences[0] if len(graph.licences) == 1 else None)}


def _range(drawn: Sequence[float]) -> dict[str, float] | None:
    """Return median and 5th and 95th percentile of what was drawn; None when nothing was."""
    if not drawn:
        return None
    low, mid, high = np.quantile(np.asarray(drawn), [0.05, 0.5, 0.95], method="linear")
    return {"median": float(mid), "p05": float(low), "p95": float(high), "draws": len(drawn)}


def makeable(
    graph: ChainGraph,
    without: Iterable[str],
    *,
    by: str = "any",
    within: str = "lasting",
    least_share: float = 0.0,
    from_scratch: bool = False,
) -> dict[str, Any]:
    """Answer what can still be made without some countries, blocs or actors."""
    gone = people(graph, without)
    if not gone:
        raise _nobody("without")
    if not 0.0 <= least_share <= 1.0:
        raise InputError(f"{least_share} is no share", where="least share", remedy="give a number from 0 to 1")
    model = removal.compile_graph(
        graph, by=by, kinds=WITHIN[within], least_share=least_share, from_scratch=from_scratch
    )
    answer = removal.makeable(model, gone)
    cause = {c.step: c for c in answer.causes}
    result = {
        "graph": graph.name,
        "without": list(answer.without),
        "reading": graph.reading or "alternatives",
        "lost": [
            {
                **_named(graph, s),
                "reason": cause[s].reason,
                "slot": cause[s].slot,
                "lacking": list(cause[s].lacking),
                "links": cause[s].depth,
            }
            for s in answer.lost
        ],
        "kept": [_named(graph, s) for s in answer.kept],
        "unknown_holders": list(answer.unknown_holders),
        "finals_lost": [s.id for s in graph.finals() if s.id in cause],
    }
    parameters = {"question": "makeable", "graph": graph.name, "without": sorted(gone), "by": by, "within": within,
                  "least_share": least_share, "from_scratch": from_scratch}  # fmt: skip
    return _envelope(graph, parameters, result)


def exposure(
    graph: ChainGraph, on: Iterable[str], step: str, *, by: str = "any", within: str = "lasting"
) -> dict[str, Any]:
    """Answer how exposed a step is, with the path and every step upstream."""
    who = people(graph, on)
    if not who:
        raise _nobody("on")
    found = exposures.exposure(graph, who, step, by=by, kinds=WITHIN[within], governance=governance())
    result = {
        "graph": graph.name,
        "on": sorted(who),
        "step": found.step,
        "reading": graph.reading or "alternatives",
        "exposure": found.exposure,
        "range": _range(found.drawn),
        "path": list(found.path),
        "nodes": [
            {**_named(graph, n.step), **{k: v for k, v in asdict(n).items() if k != "step"}} for n in found.nodes
        ],
        "without_cost_share": list(found.unweighted),
    }
    return _envelope(
        graph,
        {
            "question": "exposure",
            "graph": graph.name,
            "on": sorted(who),
            "step": found.step,
            "by": by,
            "within": within,
        },
        result,
    )


def chokes(
    graph: ChainGraph,
    *,
    size: int = 1,
    names: str = "countries",
    of: str | None = None,
    step: str | None = None,
    by: str = "any",
    within: str = "lasting",
    least_share: float = 0.0,
    most: int = 40,
    together: bool = False,
    seconds: float = coalitions.SECONDS,
) -> dict[str, Any]:
    """Answer whose removal loses most, which smallest coalitions stop a step, and what a country or bloc holds.

    Coalitions of three and more names are sought for at most some seconds in all; what is cut off says so.
    """
    if of is not None and not people(graph, [of]):
        raise _nobody("of")
    if not 0.0 <= least_share <= 1.0:
        raise InputError(f"{least_share} is no share", where="least share", remedy="give a number from 0 to 1")
    pool = graph.countries if names == "countries" else graph.actors
    model = removal.compile_graph(graph, by=by, kinds=WITHIN[within], least_share=least_share)
    rows = choke.chokes(model, pool, size=2 if together else size, most=most, together=together)
    targets = [graph.step(step)] if step is not None else list(graph.finals())
    tried = coalitions.Tried(model, pool)
    until = time.monotonic() + seconds
    stops = [coalitions.stopping(model, t.id, pool, seconds=until - time.monotonic(), tried=tried) for t in targets]
    result: dict[str, Any] = {
        "graph": graph.name,
        "reading": graph.reading or "alternatives",
        "asked": {"names": len(pool), "pairs": len(pool) * (len(pool) - 1) // 2 if together or size == 2 else 0},
        "removals": [asdict(r) for r in rows],
        "coalitions": [{**_named(graph, c.step), **{k: v for k, v in asdict(c).items() if k != "step"}} for c in stops],
        "control_points": [],
    }
    if of is not None:
        points = choke.control_points(graph, people(graph, [of]), by=by, kinds=WITHIN[within])
        result["control_points"] = [
            {**_named(graph, p.step), **{k: v for k, v in asdict(p).items() if k != "step"}} for p in points
        ]
    said = {s for r in rows for s in (*r.begins, *r.finals_lost, *r.more_than_alone)}
    said |= {s for p in result["control_points"] for s in p["finals"]}
    result["names"] = {s.id: {"en": s.name_en, "nl": s.name_nl} for s in graph.steps if s.id in said}
    parameters = {"question": "choke", "graph": graph.name, "size": size, "names": names, "together": together, "of": of, "step": step, "by": by,
                  "within": within, "least_share": least_share, "most": most}  # fmt: skip
    return _envelope(graph, parameters, result)


def show(graph: ChainGraph, step: str | None = None) -> dict[str, Any]:
    """Return the chain, or one step with what it needs, who uses it and who holds it."""
    scores = governance()
    depth = choke.depth_of(graph)
    chosen = [graph.step(step)] if step is not None else list(graph.steps)
    steps = []
    for s in chosen:
        rows = graph.positions_of.get(s.id, ())
        hhi, low, high = exposures.concentration(rows)
        score, covered = exposures.governance_of(rows, scores)
        steps.append(
            {
                **_named(graph, s.id),
                "level": depth[s.id],
                "final": s.final,
                "hs6": list(s.hs6),
                "note_en": s.note_en,
                "note_nl": s.note_nl,
                "needs": [_licensed(graph, _need(slot)) for slot in graph.slots_of.get(s.id, ())],
                "used_by": list(graph.used_by.get(s.id, ())),
                "holders": holders(rows),
                "positions": [_licensed(graph, asdict(r)) for r in rows] if step else len(rows),
                "hhi": hhi,
                "hhi_low": low,
                "hhi_high": high,
                "governance": score,
                "governed_share": covered,
                "source": s.source,
                "locator": s.locator,
            }
        )
    result = {
        "graph": graph.name,
        "reading": graph.reading or "alternatives",
        "steps": steps,
        "countries": list(graph.countries),
        "actors": len(graph.actors),
    }
    return _envelope(graph, {"question": "show", "graph": graph.name, "step": step}, result)


def paths(graph: ChainGraph, start: str, end: str, *, most: int = 20) -> dict[str, Any]:
    """Return the ways in which one step enters another, shortest first; no step stands twice on a way."""
    a, b = graph.step(start).id, graph.step(end).id
    found, complete = ways(graph, a, b, most=most)
    result = {
        "graph": graph.name,
        "from": a,
        "to": b,
        "paths": [{"links": len(w) - 1, "steps": [_named(graph, s) for s in w]} for w in found],
        "complete": complete,
    }
    return _envelope(graph, {"question": "path", "graph": graph.name, "from": a, "to": b, "most": most}, result)
