"""Which parts of a result does a scenario ask for? What it does not ask for is not kept.

Without ``outputs`` everything is kept. Losses, their bands and what is held against published figures always are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PARTS = {
    "loss_path": ("loss_path",),
    "time_to_impact": ("first_stop_day", "first_stop", "stops"),
    "node_ranking": ("ranking",),
    "marginal_values": ("marginal_values",),
}
RATIOS = ("benefit_per_usd", "benefit_per_eur", "usd_per_day_bought", "eur_per_day_bought")


def asked(content: Mapping[str, Any]) -> frozenset[str]:
    """Return the outputs a scenario asks for."""
    said = content.get("outputs")
    return frozenset((*PARTS, "cost_ratio")) if said is None else frozenset(said)


def kept(content: Mapping[str, Any], lens: Mapping[str, Any]) -> dict[str, Any]:
    """Return one lens's summary without what was not asked for."""
    wanted = asked(content)
    gone = {key for part, keys in PARTS.items() if part not in wanted for key in keys}
    return {k: v for k, v in lens.items() if k not in gone}
