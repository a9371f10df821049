"""What does a scenario mean for one world and one draw: which deliveries are cut, which capacity is lost, what helps?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from schakel.errors import NotFoundError
from schakel.nomenclature import countries
from schakel.shocks.against import against
from schakel.shocks.goods import makers
from schakel.shocks.lens import Behaviour, CapacityLoss, Restriction, Shock
from schakel.shocks.scenario import Scenario
from schakel.shocks.ways import routes
from schakel.shocks.world import CAPITAL, World
from schakel.shocks.yamlfile import Key

Bools = npt.NDArray[np.bool_]
TARIFF_ELASTICITY = 0.76  # short run; recalled, not read


@dataclass(frozen=True)
class Places:
    """Where the countries of a scenario lie in a world: region by alpha-3 code, and the countries of each region."""

    region: Mapping[str, str]

    def regions(self, codes: frozenset[str]) -> tuple[frozenset[str], tuple[str, ...]]:
        """Return the regions wholly inside a set of countries, and those only partly inside."""
        whole: dict[str, bool] = {}
        touched: set[str] = set()
        for code, region in self.region.items():
            whole[region] = whole.get(region, True) and code in codes
            if code in codes:
                touched.add(region)
        inside = frozenset(r for r, all_ in whole.items() if all_)
        return inside, tuple(sorted(touched - inside))


@dataclass(frozen=True)
class Built:
    """A shock with what could not be said in this world."""

    shock: Shock
    warnings: tuple[str, ...]


class Builder:
    """A scenario, a world and the numbers of one draw, with what names in the one mean in the other."""

    def __init__(self, scenario: Scenario, world: World, places: Places, values: Mapping[Key, float]) -> None:
        self.scenario, self.world, self.places, self.values = scenario, world, places, values
        self.warnings: dict[str, None] = {}
        self.at = {s: i for i, s in enumerate(world.sectors)}
        self.hs = _codes(world)
        self.foreign: dict[str, None] = {}  # products meant for the other world of the scenario
        self.unclear = False  # a country of the scenario cannot be told apart here, so "no effect" would be a guess
        self.understood = False
        self.everybody = frozenset(c.iso3 for c in countries.all_countries())

    def warn(self, text: str) -> None:
        """Remember what could not be said in this world, once."""
        self.warnings[text] = None

    def value(self, path: Key, default: float) -> float:
        """Return a number in this draw."""
        return self.values.get(path, default)

    def sectors(self, names: Iterable[str]) -> frozenset[str]:
        """Return the sectors meant by product names; what this world does not have is left out and told."""
        out: set[str] = set()
        for name in names:
            found = self._sector(name)
            if not found:
                told = f"{self.world.name} has no product {name}"
                (self.foreign if self._of_the_other(name) else self.warnings)[told] = None
            out |= found
        return frozenset(out)

    def _of_the_other(self, name: str) -> bool:
        """Tell whether a product is one of a table while this is a chain, or the other way round, and the scenario has both."""
        content = self.scenario.content
        kinds = ("sector",) if self.world.hs6 is not None else ("step", "seg", "material")
        return bool(content.get("table") and content.get("graph")) and name.partition(":")[0] in kinds

    def _sector(self, name: str) -> set[str]:
        kind, _, rest = name.partition(":")
        if not rest:
            kind, rest = "", name
        if kind in ("", "sector", "step", "seg", "material") and rest in self.at:
            return {rest}
        if kind == "hs6":
            if rest in self.hs:
                return set(self.hs[rest])
            if not self.hs:
                return makers(rest, self.at)
        return set()

    def regions(self, value: Any, what: str) -> frozenset[str]:
        """Return the regions that lie wholly in the countries named; those partly inside are left out and told."""
        codes = self.scenario.who(value)
        if codes >= self.everybody:
            return frozenset(self.world.regions)
        inside, partly = self.places.regions(codes)
        for region in partly:
            self.warn(f"{what}: {region} holds other countries too and is left out")
            self.unclear = True
        return inside & frozenset(self.world.regions)

    def window(self, i: int) -> tuple[float, float] | None:
        """Return the first day of a measure and the first after the last; None for an answer that does not come in this draw."""
        m, path, start = self.scenario.measures[i], ("measures", i), self.value(("measures", i, "start"), 0.0)
        for k, other in enumerate(self.scenario.measures):
            if (other.get("retaliation") or {}).get("measure") == m["id"]:
                if self.value(("measures", k, "retaliation", "happens"), 1.0) < 0.5:
                    return None
                after = self.value(("measures", k, "retaliation", "after_days"), 0.0)
                start = self.value(("measures", k, "start"), 0.0) + after
        horizon = float(self.scenario.horizon)
        end = start + self.value((*path, "duration"), 0.0) if "duration" in m else self.value((*path, "end"), horizon)
        return start, end

    def strength(self, i: int) -> float:
        """Return the share that a measure cuts; a tariff by the elasticity of trade to price."""
        share = self.value(("measures", i, "intensity"), 1.0)
        if self.scenario.measures[i]["instrument"] != "tariff":
            return share
        return float(1 - (1 + share) ** -self.value(("behaviour", "elasticity"), TARIFF_ELASTICITY))

    def final(self, regions: frozenset[str]) -> Bools:
        """Return which final users lie in some regions, (R,)."""
        return np.array([r in regions for r in self.world.regions])


def _codes(world: World) -> dict[str, set[str]]:
    """Return six-digit codes by sector, for worlds made from a chain."""
    out: dict[str, set[str]] = {}
    for key, value in (world.hs6 or {}).items():
        for code in value:
            out.setdefault(code, set()).add(key)
    return out


def shock(
    scenario: Scenario,
    world: World,
    places: Places,
    values: Mapping[Key, float],
    *,
    mitigations: frozenset[int] | None = None,
) -> Built:
    """Translate a scenario.

    Parameters
    ----------
    values
        Every number of the scenario in this draw, by path.
    mitigations
        Which mitigations stand (by position in the file); None for all.

    Raises
    ------
    NotFoundError
        If no measure says anything about this world: products it does not have, or countries it cannot tell apart. A
        measure on products it has, by a country that makes none of them, changes nothing and is told as a warning.
    """
    b = Builder(scenario, world, places, values)
    cuts: list[Restriction] = []
    losses: list[CapacityLoss] = []
    for i, m in enumerate(scenario.measures):
        window = b.window(i)
        if window is not None:
            _measure(b, i, m, *window, cuts, losses)
    if scenario.measures and not cuts and not losses and (b.unclear or not b.understood):
        raise NotFoundError(
            f"scenario {scenario.id} says nothing that {world.name} knows",
            where="; ".join((*b.foreign, *b.warnings)),
            remedy="name products and countries of this table, or another table",
        )
    stands = against(b, mitigations)
    behaviour = _behaviour(scenario, values, stands.priority is not None)
    return Built(
        Shock(
            horizon=scenario.horizon,
            step=scenario.step,
            restrictions=tuple(cuts),
            losses=tuple(losses),
            second_sources=tuple(stands.second),
            stocks=tuple(stands.stocks),
            substitutes=tuple(stands.swaps),
            together=tuple(stands.together),
            priority=stands.priority,
            behaviour=behaviour,
        ),
        tuple(b.warnings),
    )


def _behaviour(scenario: Scenario, values: Mapping[Key, float], priority: bool) -> Behaviour:
    given = dict(scenario.content.get("behaviour") or {})
    known = {f.name for f in fields(Behaviour)}
    out: dict[str, Any] = {}
    for key, value in given.items():
        if key in known:
            out[key] = values.get(("behaviour", key), value)
    if priority:
        out["allocation"] = "priority"
    return Behaviour(**out)


def _measure(
    b: Builder, i: int, m: Mapping[str, Any], start: float, end: float,
    cuts: list[Restriction], losses: list[CapacityLoss],
) -> None:  # fmt: skip
    path: Key = ("measures", i)
    world = b.world
    origin = m.get("from", {})
    who = origin.get("site") or m.get("imposer") or origin.get("owner") or origin.get("control")
    if {"owner", "control", "actor"} & set(origin):
        b.warn(f"{m['id']}: {world.name} knows plants, not owners; give the intensity for the plants meant")
    share = b.strength(i)
    made = b.sectors(m["products"])
    b.understood = b.understood or bool(made)
    if m["instrument"] == "capacity_loss":
        where = world.of(b.regions(who, m["id"]), made)
        if where.any():
            losses.append(CapacityLoss(m["id"], where, min(1.0, share), start, end, b.value((*path, "recovery"), 0.0)))
        else:
            b.warn(f"{m['id']}: {who} makes none of it in {world.name}")
        return
    if m["instrument"] == "import_ban":
        suppliers = b.regions(origin.get("site") or m.get("to") or "world", m["id"])
        users = b.regions(m["imposer"], m["id"]) if "imposer" in m else frozenset()
        suppliers -= users  # who bans imports goes on buying at home
    else:
        suppliers = b.regions(who, m["id"])
        users = b.regions(m.get("to", "world"), m["id"])
    if suppliers != frozenset(world.regions):
        users -= suppliers  # nobody bans himself, but a shortage of everybody's spares nobody
    if m["instrument"] == "tariff" and ("behaviour", "elasticity") not in b.values:
        b.warn(
            f"{m['id']}: a tariff is read as the cut of trade it brings at an elasticity of {TARIFF_ELASTICITY} (recalled)"
        )
    mask = world.of(suppliers, made)
    if not mask.any() or not users:
        b.warn(f"{m['id']}: {world.name} has no such deliveries")
        return
    receiving = world.of(users)
    if m["instrument"] == "investment_stop":
        receiving &= (world.kind[[b.at[s] for s in sorted(made)]] == CAPITAL).any(axis=0)
    if "uses" in m:
        receiving &= world.of(None, b.sectors(m["uses"]))
    cuts.append(
        Restriction(
            id=m["id"],
            suppliers=mask,
            users=receiving,
            final_users=b.final(frozenset() if "uses" in m else users),
            intensity=share,
            start=start,
            end=end,
            phase_in=b.value((*path, "phase_in"), 0.0),
            leakage=b.value((*path, "leakage", "share"), 0.0),
            leak_delay=b.value((*path, "leakage", "delay_days"), 0.0),
            licence_share=b.value((*path, "licence", "approval_share"), 0.0),
            licence_delay=b.value((*path, "licence", "delay_days"), 0.0),
            leak_markup=b.value((*path, "leakage", "price_markup"), 0.0),
            routes=routes(b, i, m),
        )
    )
