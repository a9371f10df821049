"""Which third countries do leaks take, and which measures stand in their way there?

A leak goes by way of each country that is named for an equal part. A country that is itself under a measure on these goods gets
them no longer, and one whose own deliveries to the users are restricted passes nothing on: either stops its part by the strength
of that measure, while it lasts. Countries count one by one here, also where a world holds them in one region.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from schakel.shocks.lens import Barrier
from schakel.shocks.yamlfile import Key

if TYPE_CHECKING:
    from schakel.shocks.build import Builder

_NO_DELIVERIES = ("capacity_loss", "investment_stop")


def routes(b: Builder, i: int, m: Mapping[str, Any]) -> tuple[tuple[Barrier, ...], ...]:
    """Return for each country by way of which measure ``i`` leaks what stands in the way there; none when no way is named."""
    via = (m.get("leakage") or {}).get("via")
    if via is None:
        return ()
    sellers, buyers = sides(b, m)
    made = b.sectors(m["products"])
    out = []
    for country in sorted(b.scenario.who(via)):
        found = []
        for j, other in enumerate(b.scenario.measures):
            window = b.window(j)
            if other["instrument"] in _NO_DELIVERIES or window is None:
                continue
            theirs = b.sectors(other["products"]) & made
            from_, to = sides(b, other)
            in_ = "uses" not in other and country in to and bool(from_ & sellers)
            on = other.get("uses") in (None, m.get("uses")) and country in from_ and bool(to & buyers)
            if not theirs or not (in_ or on):
                continue
            path: Key = ("measures", j)
            share = b.strength(j) * (1 - b.value((*path, "licence", "approval_share"), 0.0))
            share *= _part(b, theirs, made)
            if share > 0:
                found.append(Barrier(share, *window, b.value((*path, "phase_in"), 0.0)))
                if share >= 1:
                    b.warn(f"{m['id']}: nothing leaks by way of {country} while {other['id']} lasts")
        out.append(tuple(found))
    return tuple(out)


def _part(b: Builder, some: frozenset[str], all_: frozenset[str]) -> float:
    """Return the share of what is made of some products in that of all."""
    if some == all_:
        return 1.0
    output = b.world.output
    total = float(output[b.world.of(None, all_)].sum())
    return float(output[b.world.of(None, some)].sum()) / total if total > 0 else 1.0


def sides(b: Builder, m: Mapping[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the countries from which and to which a measure cuts deliveries."""
    origin = m.get("from", {})
    who = b.scenario.who
    if m["instrument"] == "import_ban":
        users = who(m["imposer"]) if "imposer" in m else frozenset()
        return who(origin.get("site") or m.get("to") or "world") - users, users
    sellers = who(origin.get("site") or m.get("imposer") or origin.get("owner") or origin.get("control"))
    users = who(m.get("to", "world"))
    return sellers, users if sellers >= b.everybody else users - sellers
