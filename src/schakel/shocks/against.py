"""What stands against the measures of a scenario, in one world and one draw: stocks, second sources, substitutes, priority, buying together?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from schakel.shocks.lens import ExtraStock, SecondSource, Substitute, Together
from schakel.shocks.yamlfile import Key

if TYPE_CHECKING:
    from schakel.shocks.build import Builder

Bools = npt.NDArray[np.bool_]


@dataclass
class Against:
    """What stands against the measures; ``priority`` are the industries served first, None when nobody is."""

    second: list[SecondSource] = field(default_factory=list)
    stocks: list[ExtraStock] = field(default_factory=list)
    swaps: list[Substitute] = field(default_factory=list)
    together: list[Together] = field(default_factory=list)
    priority: Bools | None = None


def against(b: Builder, standing: frozenset[int] | None) -> Against:
    """Translate the mitigations that stand (by position in the file; None for all)."""
    out = Against(stocks=at_the_start(b), swaps=list(b.world.alternatives))
    for i, m in enumerate(b.scenario.mitigations):
        if standing is not None and i not in standing:
            continue
        path: Key = ("mitigations", i)
        name = str(m.get("id") or f"mitigation {i + 1}")
        if m["kind"] == "stock":
            out.stocks += _stock(b, m, path, name)
        elif m["kind"] in ("second_source", "recycling"):
            out.second += _source(b, m, path, name)
        elif m["kind"] == "substitute":
            out.swaps += _swaps(b, m, path, name)
        elif m["kind"] == "priority_orders":
            served = b.world.of(None, b.sectors(m["sectors"]))
            out.priority = served if out.priority is None else out.priority | served
        else:
            out.together += _together(b, m, name)
    return out


def _stock(b: Builder, m: Mapping[str, Any], path: Key, name: str) -> list[ExtraStock]:
    """Return a crisis stock; one released by priority goes to those who are served first, all of it."""
    world = b.world
    held = world.of(b.regions(m["owner"], name) if "owner" in m else frozenset(world.regions))
    sectors = np.array(sorted(b.at[s] for s in b.sectors(m["products"])), np.int64)
    days = b.value((*path, "days"), 0.0)
    if not len(sectors):
        return []
    if m.get("release") != "priority":
        return [ExtraStock(name, sectors, held, days)]
    first = np.zeros(world.size, bool)
    for other in b.scenario.mitigations:
        if other["kind"] == "priority_orders":
            first |= world.of(None, b.sectors(other["sectors"]))
    out = []
    for s in sectors:
        use = world.use[s]
        theirs = float(use[held & first].sum())
        if theirs > 0:
            out.append(ExtraStock(name, np.array([s]), held & first, days * float(use[held].sum()) / theirs))
        else:
            b.warn(f"{name}: nobody who is served first uses {world.sectors[s]} there, so its stock is not released")
    return out


def _source(b: Builder, m: Mapping[str, Any], path: Key, name: str) -> list[SecondSource]:
    world, second = b.world, m["kind"] == "second_source"
    site = b.regions(m["site"], name) if "site" in m else frozenset(world.regions)
    share = b.value((*path, "capacity" if second else "yield"), 0.0)
    begin = b.value((*path, "qualify_days" if second else "start"), 0.0)
    made = b.sectors([m["product"]])
    total = world.output[world.of(None, made)].sum()
    where = world.of(site, made)
    here = world.output[where].sum()
    if here <= 0:
        b.warn(f"{name}: nothing of {m['product']} is made at the site in {world.name}, so it cannot grow there")
        return []
    # capacity is a share of world output, so a small site can grow by more than itself
    return [
        SecondSource(
            name, where, float(share * total / here), begin, b.value((*path, "ramp_tau"), 30.0 if second else 0.0)
        )
    ]


def _swaps(b: Builder, m: Mapping[str, Any], path: Key, name: str) -> list[Substitute]:
    users = b.world.of(b.regions(m["users"], name) if "users" in m else None)
    start, efficiency = b.value((*path, "switch_days"), 0.0), b.value((*path, "efficiency"), 1.0)
    return [
        Substitute(name, b.at[x], b.at[y], users, start, efficiency)
        for x in sorted(b.sectors([m["from"]]))
        for y in sorted(b.sectors([m["to"]]))
    ]


def _together(b: Builder, m: Mapping[str, Any], name: str) -> list[Together]:
    """Return who buys together, and what: the products named, else those of every measure."""
    members = b.regions(m["members"], name)
    wanted = m.get("products") or dict.fromkeys(p for x in b.scenario.measures for p in x["products"])
    sectors = np.array(sorted(b.at[s] for s in b.sectors(wanted)), np.int64)
    if len(members) < 2:
        b.warn(f"{name}: {b.world.name} tells fewer than two of its members apart, so nothing is shared")
        return []
    return [Together(name, sectors, b.world.of(members), b.final(members))] if len(sectors) else []


def at_the_start(b: Builder) -> list[ExtraStock]:
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
