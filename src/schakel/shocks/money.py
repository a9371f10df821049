"""What does a mitigation cost in dollars and in euros, and what does a unit of either bring?

A cost stands in the file in one currency. It is read in the other only at the rate the scenario gives with its source; without
one, a figure that needs a rate is None. What a unit brings has no currency of its own: dollars for a dollar are euros for a euro.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from schakel.shocks.scenario import Scenario

MILLION = 1e6
_OTHER = {"usd": "eur", "eur": "usd"}


def rate(scenario: Scenario) -> float | None:
    """Return dollars for a euro, None when the scenario gives no rate."""
    said = scenario.content.get("exchange")
    return float(said["usd_per_eur"]) if said else None


def costs(scenario: Scenario, i: int) -> dict[str, float | None]:
    """Return what mitigation ``i`` costs at its point: ``usd`` and ``eur``, None where it is not given or needs a rate."""
    per = rate(scenario)
    for currency in ("usd", "eur"):
        found = scenario.numbers.get(("mitigations", i, f"cost_{currency}"))
        if found is not None:
            other = None if per is None else found.point * per if currency == "eur" else found.point / per
            return {currency: found.point, _OTHER[currency]: other}
    return {"usd": None, "eur": None}


def scales(unit: str) -> tuple[float, str]:
    """Return how many units of money a unit of the world is, and which currency: empty where a world has no money."""
    return {"million USD": (MILLION, "usd"), "million EUR": (MILLION, "eur")}.get(unit, (1.0, ""))


def ratios(
    scenario: Scenario, i: int, saved: Sequence[float], days: Mapping[str, Any], currency: str
) -> dict[str, Any]:
    """Return cost, what a dollar and a euro of it bring, and what a day bought costs.

    Parameters
    ----------
    saved
        What it saves alone, by draw, in ``currency`` (usd, eur, or empty where the world has no money).
    days
        Days bought, as `mitigate` counts them.
    """
    from schakel.shocks.run import band

    cost = costs(scenario, i)
    per_unit = None
    same = cost.get(currency)
    if same is not None and same > 0:
        per_unit = band([s / same for s in saved])
    found = days["days"]
    bought = found["median"] if found and found["median"] > 0 else None
    return {
        **{f"cost_{c}": cost[c] for c in ("usd", "eur")},
        **{f"benefit_per_{c}": per_unit if cost[c] is not None else None for c in ("usd", "eur")},
        **{f"{c}_per_day_bought": _per(cost[c], bought) for c in ("usd", "eur")},
    }


def _per(cost: float | None, days: float | None) -> float | None:
    return None if cost is None or days is None else cost / days
