"""What does a scenario mean for one world and one draw: which deliveries are cut, which capacity is lost, what helps?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from schakel.errors import NotFoundError
from schakel.nomenclature import countries
from schakel.shocks.goods import makers
from schakel.shocks.lens import (
    Behaviour,
    CapacityLoss,
    ExtraStock,
    Restriction,
    SecondSource,
    Shock,
    Substitute,
)
from schakel.shocks.scenario import Scenario
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


class _Builder:
    def __init__(self, scenario: Scenario, world: World, places: Places, values: Mapping[Key, float]) -> None:
        self.scenario, self.world, self.places, self.values = scenario, world, places, values
        self.warnings: dict[str, None] = {}
        self.at = {s: i for i, s in enumerate(world.sectors)}
        self.hs = _codes(world)
        self.unclear = False  # a country of the scenario cannot be told apart here, so "no effect" would be a guess
        self.understood = False
        self.everybody = frozenset(c.iso3 for c in countries.all_countries())

    def warn(self, text: str) -> None:
        self.warnings[text] = None

    def value(self, path: Key, default: float) -> float:
        return self.values.get(path, default)

    def sectors(self, names: Iterable[str]) -> frozenset[str]:
        """Return the sectors meant by product names; what this world does not have is left out and told."""
        out: set[str] = set()
        for name in names:
            found = self._sector(name)
            if not found:
                self.warn(f"{self.world.name} has no product {name}")
            out |= found
        return frozenset(out)

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
        codes = self.scenario.who(value)
        if codes >= self.everybody:
            return frozenset(self.world.regions)
        inside, partly = self.places.regions(codes)
        for region in partly:
            self.warn(f"{what}: {region} holds other countries too and is left out")
            self.unclear = True
        return inside & frozenset(self.world.regions)

    def final(self, regions: frozenset[str]) -> Bools:
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
    b = _Builder(scenario, world, places, values)
    cuts: list[Restriction] = []
    losses: list[CapacityLoss] = []
    answers = {m["retaliation"]["measure"]: i for i, m in enumerate(scenario.measures) if m.get("retaliation")}
    for i, m in enumerate(scenario.measures):
        start = b.value(("measures", i, "start"), 0.0)
        if m["id"] in answers:
            k = answers[m["id"]]
            if b.value(("measures", k, "retaliation", "happens"), 1.0) < 0.5:
                continue
            start = b.value(("measures", k, "start"), 0.0) + b.value(("measures", k, "retaliation", "after_days"), 0.0)
        _measure(b, i, m, start, cuts, losses)
    if scenario.measures and not cuts and not losses and (b.unclear or not b.understood):
        raise NotFoundError(
            f"scenario {scenario.id} says nothing that {world.name} knows",
            where="; ".join(b.warnings),
            remedy="name products and countries of this table, or another table",
        )
    second: list[SecondSource] = []
    stocks: list[ExtraStock] = _stocks(b)
    swaps: list[Substitute] = list(world.alternatives)
    priority: Bools | None = None
    for i, m in enumerate(scenario.mitigations):
        if mitigations is not None and i not in mitigations:
            continue
        path: Key = ("mitigations", i)
        name = str(m.get("id") or f"mitigation {i + 1}")
        if m["kind"] == "stock":
            held = b.regions(m["owner"], name) if "owner" in m else frozenset(world.regions)
            sectors = np.array(sorted(b.at[s] for s in b.sectors(m["products"])), np.int64)
            if len(sectors):
                stocks.append(ExtraStock(name, sectors, world.of(held), b.value((*path, "days"), 0.0)))
        elif m["kind"] in ("second_source", "recycling"):
            site = b.regions(m["site"], name) if "site" in m else frozenset(world.regions)
            share = b.value((*path, "capacity" if m["kind"] == "second_source" else "yield"), 0.0)
            begin = b.value((*path, "qualify_days" if m["kind"] == "second_source" else "start"), 0.0)
            made = b.sectors([m["product"]])
            total = world.output[world.of(None, made)].sum()
            where = world.of(site, made)
            here = world.output[where].sum()
            if here > 0:  # capacity is a share of world output, so a small site can grow by more than itself
                ramp = b.value((*path, "ramp_tau"), 30.0 if m["kind"] == "second_source" else 0.0)
                second.append(SecondSource(name, where, float(share * total / here), begin, ramp))
            else:
                b.warn(
                    f"{name}: nothing of {m['product']} is made at the site in {world.name}, so it cannot grow there"
                )
        elif m["kind"] == "substitute":
            lacking, instead = b.sectors([m["from"]]), b.sectors([m["to"]])
            users = world.of(b.regions(m["users"], name) if "users" in m else None)
            swaps += [
                Substitute(
                    name,
                    b.at[x],
                    b.at[y],
                    users,
                    b.value((*path, "switch_days"), 0.0),
                    b.value((*path, "efficiency"), 1.0),
                )
                for x in sorted(lacking)
                for y in sorted(instead)
            ]
        elif m["kind"] == "priority_orders":
            served = world.of(None, b.sectors(m["sectors"]))
            priority = served if priority is None else priority | served
        else:
            b.warn(f"{name}: {m['kind']} is not modelled by these lenses and changes nothing here")
    behaviour = _behaviour(scenario, values, priority is not None)
    return Built(
        Shock(
            horizon=scenario.horizon,
            step=scenario.step,
            restrictions=tuple(cuts),
            losses=tuple(losses),
            second_sources=tuple(second),
            stocks=tuple(stocks),
            substitutes=tuple(swaps),
            priority=priority,
            behaviour=behaviour,
        ),
        tuple(b.warnings),
    )


def _stocks(b: _Builder) -> list[ExtraStock]:
    """Return what this draw's stocks at the start differ from the world's; a later statement wins over an earlier one."""
    held = b.world.stock_days.copy()
    path: Key = ("behaviour", "stock_days")
    if path in b.values:
        held += b.values[path] - b.scenario.number(path).point  # the world has them at their point already
    for i, stock in enumerate(b.scenario.content.get("stocks") or []):
        owner = b.regions(stock["owner"], f"stocks[{i}]") if "owner" in stock else None
        rows = np.array(sorted(b.at[s] for s in b.sectors(stock["products"])), np.int64)
        held[np.ix_(rows, np.flatnonzero(b.world.of(owner)))] = b.value(("stocks", i, "days"), 0.0)
    more = held - b.world.stock_days
    out = []
    for s in np.flatnonzero(more.any(axis=1)):
        for days in np.unique(more[s][more[s] != 0]):
            out.append(ExtraStock("stocks", np.array([s]), more[s] == days, float(days)))
    return out


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
    b: _Builder, i: int, m: Mapping[str, Any], start: float, cuts: list[Restriction], losses: list[CapacityLoss]
) -> None:
    path: Key = ("measures", i)
    world, horizon = b.world, float(b.scenario.horizon)
    end = start + b.value((*path, "duration"), 0.0) if "duration" in m else b.value((*path, "end"), horizon)
    origin = m.get("from", {})
    who = origin.get("site") or m.get("imposer") or origin.get("owner") or origin.get("control")
    if {"owner", "control", "actor"} & set(origin):
        b.warn(f"{m['id']}: {world.name} knows plants, not owners; give the intensity for the plants meant")
    share = b.value((*path, "intensity"), 1.0)
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
    if m["instrument"] == "tariff":
        share = 1 - (1 + share) ** -TARIFF_ELASTICITY
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
        )
    )
