"""Which doubts does a result carry, each shown apart: of the numbers, of the chain, of the form of the model, of resolution?

A band that was not computed says why, and which command computes it. Bands are shares of value added; they are of different
things and are never joined into one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KINDS = ("parameters", "graph", "model_form", "resolution")


def four(answer: Mapping[str, Any], resolution: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Return the four bands of a run, a row a band and lens, and one row for a band that was not computed.

    Parameters
    ----------
    resolution
        What `schakel.shocks.resolution.spread` returns; by default what the run itself holds.

    Returns
    -------
    list of dict
        ``band``, ``world`` (table or graph), ``lens``, ``low``, ``median``, ``high`` (shares of value added; None where not
        computed), ``count`` (draws, chains or groupings), ``why`` (a key: empty where computed).
    """
    resolution = resolution or answer.get("resolution")
    rows: list[dict[str, Any]] = []
    parts = [(answer["world"], answer["lenses"]), *([("graph", answer["chain"])] if answer.get("chain") else [])]
    for world, lenses in parts:
        for lens, r in lenses.items():
            if r.get("loss_share"):
                rows.append(_row("parameters", world, lens, r["loss_share"], r["draws"]))
    if not any(r["count"] > 1 for r in rows):
        rows = [_lacking("parameters", "points")]
    drawn: Mapping[str, Any] | None = answer.get("graph_band")
    found = (
        [
            _row(
                "graph",
                "graph",
                lens,
                r["loss_share"],
                drawn["graphs"] - drawn["left_out"] - drawn.get("impossible", 0),
            )
            for lens, r in drawn["lenses"].items()
        ]
        if drawn
        else []
    )
    rows += found or [_lacking("graph", _no_graph(answer, drawn))]
    spread = (answer.get("model_form") or {}).get("loss_share")
    if spread and len(answer["lenses"]) > 1:
        row = _row(
            "model_form", answer["world"], f"{spread['low_lens']}/{spread['high_lens']}", {}, len(answer["lenses"])
        )
        rows.append({**row, "low": spread["low"], "high": spread["high"]})
    else:
        rows.append(_lacking("model_form", "one_lens"))
    coarse = _coarse(resolution) if resolution else []
    if coarse:
        return rows + coarse
    refused = "table/resolution" in answer.get("lacking", {})
    why = "no_table" if answer["world"] != "table" else "told_apart" if refused else "asked_apart"
    return [*rows, _lacking("resolution", why)]


def _coarse(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        _row("resolution", found["on"], lens, r["loss_share"]["coarse"], len(found["groupings"]))
        for lens, r in found["lenses"].items()
        if r.get("loss_share")
    ]


def model_form(lenses: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the band of model form: the lowest and highest median of the lenses."""
    shares = {k: v["loss_share"]["median"] for k, v in lenses.items() if v.get("loss_share")}
    if not shares:
        return {}
    low, high = min(shares, key=lambda k: shares[k]), max(shares, key=lambda k: shares[k])
    return {"loss_share": {"low": shares[low], "low_lens": low, "high": shares[high], "high_lens": high}}


def _row(band: str, world: str, lens: str, found: Mapping[str, float], count: int) -> dict[str, Any]:
    low, median, high = (found.get(k) for k in ("p05", "median", "p95"))
    return {"band": band, "world": world, "lens": lens, "low": low, "median": median, "high": high, "count": count, "why": ""}  # fmt: skip


def _lacking(band: str, why: str) -> dict[str, Any]:
    return {"band": band, "world": "", "lens": "", "low": None, "median": None, "high": None, "count": 0, "why": why}


def _no_graph(answer: Mapping[str, Any], drawn: Mapping[str, Any] | None) -> str:
    content = answer["content"]
    if not content.get("graph") or "graph" in answer.get("lacking", {}):
        return "no_chain"
    return "certain" if drawn is not None else "fixed"
