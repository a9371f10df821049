"""What does each mitigation bring: money saved, days bought, and for how much?

Every comparison uses the same draws with and without (common random numbers), so that differences are of the measure and
not of chance, unless the scenario says ``common_random_numbers: false``. Three views: each alone against none, each taken out
of all, and the waterfall in the order of the file.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from schakel.errors import InputError
from schakel.shocks import money, outputs
from schakel.shocks.draws import draw
from schakel.shocks.lenses import Progress, run_lens
from schakel.shocks.records import Record
from schakel.shocks.run import band, chosen, envelope
from schakel.shocks.scenario import Scenario
from schakel.shocks.world import World

DEPLETED = "depleted"  # a crisis stock is used up in the run and not filled again: its worth shows in days bought
STOCK_CURVE = (0, 5, 10, 20, 30, 60, 90)


def compare(
    scenario: Scenario,
    *,
    lens: str = "centre",
    on: str = "table",
    draws: int | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    given: Mapping[str, World] | None = None,
) -> dict[str, Any]:
    """Compare the mitigations of a scenario under one lens.

    Parameters
    ----------
    on
        ``table`` or ``graph``: the world to use; the other when the scenario names only that.

    Returns
    -------
    dict
        ``rows``: by mitigation the benefit alone and last, benefit per dollar and per euro of cost, days to the first stop
        bought and what one costs; ``value_added``: of the horizon, in the same unit, to say an amount as a share;
        ``waterfall``: loss after each mitigation of the file is added; ``stock_days``: loss by stock held, for each
        stock of the file.

    Raises
    ------
    InputError
        If the scenario has no mitigations.
    """
    if not scenario.mitigations:
        raise InputError(
            f"scenario {scenario.id} has no mitigations",
            where=scenario.document.where(("mitigations",)),
            remedy="add some; see schakel shock new",
        )
    found, world = chosen(scenario, on, given)
    drawn = draw(scenario, draws)
    count = len(scenario.mitigations)
    everything = frozenset(range(count))
    notes: dict[str, None] = {}

    common = (scenario.content.get("uncertainty") or {}).get("common_random_numbers", True)
    runs = itertools.count(1)

    def losses(some: frozenset[int], label: str) -> list[Record]:
        mine = drawn if common else draw(scenario, draws, seed=[scenario.seed, next(runs)])
        records, warned = run_lens(
            lens, world, scenario, mine, mitigations=some, threads=threads, progress=progress, label=f"{label}: "
        )
        notes.update(dict.fromkeys(warned))
        return records

    none, whole = losses(frozenset(), "none"), losses(everything, "all")
    scale, currency = money.scales(world.unit)
    ratios = "cost_ratio" in outputs.asked(scenario.content)
    rows, waterfall = [], [{"after": "none", "loss": band([r.loss * scale for r in none])}]
    before, standing = none, frozenset[int]()
    for i, m in enumerate(scenario.mitigations):
        name = str(m.get("id") or f"{m['kind']} {i + 1}")
        alone = losses(frozenset({i}), name)
        without = losses(everything - {i}, f"all but {name}") if count > 1 else none
        standing = standing | {i}
        after = alone if len(standing) == 1 else whole if standing == everything else losses(standing, f"up to {name}")
        waterfall.append(
            {"after": name, "loss": band([r.loss * scale for r in after]), "saved": band(_saved(before, after, scale))}
        )
        before = after
        first = _saved(none, alone, scale)
        last = _saved(without, whole, scale)
        bought = _days(none, alone)
        priced = money.ratios(scenario, i, first, bought, currency)
        rows.append(
            {
                "mitigation": name,
                "kind": m["kind"],
                "saved_alone": band(first),
                "saved_last": band(last),
                "days_bought": bought,
                **{k: v for k, v in priced.items() if ratios or k not in outputs.RATIOS},
                "note": DEPLETED if m["kind"] == "stock" and lens in ("centre", "floor") else "",
            }
        )
    result = {
        "scenario": scenario.id,
        "lens": lens,
        "world": world.name,
        "unit": currency.upper() or world.unit,
        "value_added": float(world.value_added.sum()) * scenario.horizon / 365.0 * scale,
        "exchange": dict(scenario.content["exchange"]) if scenario.content.get("exchange") else None,
        "draws": len(drawn),
        "rows": rows,
        "waterfall": waterfall,
        "stock_days": _stock_curves(scenario, world, lens, threads, scale),
    }
    asked = {"lens": lens, "on": on, "draws": draws}
    return envelope(scenario, found, drawn, result, tuple(notes), asked, "mitigate")


def _saved(before: Sequence[Record], after: Sequence[Record], scale: float) -> list[float]:
    return [(a.loss - b.loss) * scale for a, b in zip(before, after, strict=True)]


def _days(before: Sequence[Record], after: Sequence[Record]) -> dict[str, Any]:
    """Return how much later the first stop comes; draws in which it no longer comes are counted apart."""
    both = [
        b.first_stop_day - a.first_stop_day
        for a, b in zip(before, after, strict=True)
        if a.first_stop_day is not None and b.first_stop_day is not None
    ]
    stopped = sum(r.first_stop_day is not None for r in before)
    avoided = sum(a.first_stop_day is not None and b.first_stop_day is None for a, b in zip(before, after, strict=True))
    return {"days": band(both) if both else None, "stopped_before": stopped, "avoided": avoided}


def _stock_curves(
    scenario: Scenario, world: World, lens: str, threads: int | None, scale: float
) -> list[dict[str, Any]]:
    """Return the loss at the points of the scenario by days of stock held, all else as in the file."""
    from schakel.shocks.build import shock
    from schakel.shocks.lenses import one_lens, places

    drawn = draw(scenario, 0)
    out = []
    for i, m in enumerate(scenario.mitigations):
        if m["kind"] != "stock":
            continue
        values = drawn.of(0)
        shocks = [
            shock(scenario, world, places(world), {**values, ("mitigations", i, "days"): float(d)}).shock
            for d in STOCK_CURVE
        ]
        results = one_lens(lens, world, shocks, threads)
        points = [
            {"days": d, "loss": r.loss * scale, "first_stop_day": r.first_stop_day}
            for d, r in zip(STOCK_CURVE, results, strict=True)
        ]
        slopes = np.diff([p["loss"] for p in points]) / np.diff(STOCK_CURVE)
        for p, slope in zip(points[1:], slopes.tolist(), strict=True):
            p["saved_per_day"] = -slope
        out.append({"mitigation": str(m.get("id") or f"stock {i + 1}"), "points": points})
    return out
