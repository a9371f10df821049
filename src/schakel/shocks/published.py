"""How do published figures compare with a result? The tolerance stands in the scenario, written before the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schakel.shocks.scenario import Scenario


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
