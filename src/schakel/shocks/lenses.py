"""How is each lens run over many draws, in chunks, with progress, and so that it can be stopped?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from schakel.shocks.build import Built, Places, shock
from schakel.shocks.draws import Draws
from schakel.shocks.lens import LensResult, Shock
from schakel.shocks.records import Record, Store, record
from schakel.shocks.scenario import LENSES, Scenario
from schakel.shocks.tables import in_dollars, region_of
from schakel.shocks.threads import side_by_side
from schakel.shocks.world import World

CHUNK = 16
Progress = Callable[[str, int, int], None]


def places(world: World) -> Places:
    """Return where countries lie in a world."""
    return Places(region_of(world))


def prepare(scenario: Scenario, world: World) -> World:
    """Return the world with what the scenario says of it: the rate of its money, and stocks."""
    if world.unit == "million EUR":
        rate = scenario.content.get("exchange")
        if rate:
            world = in_dollars(world, float(rate["usd_per_eur"]), f"{rate['source']}, {rate['mark']}")
        else:
            told = "amounts are in euros; to see dollars, state exchange: {usd_per_eur, source, mark}"
            world = replace(world, caveats=(*world.caveats, told))
    days = (scenario.content.get("behaviour") or {}).get("stock_days")
    if days is None:
        return world
    point = scenario.number(("behaviour", "stock_days")).point
    return world.with_stocks(point)


def shocks_of(
    scenario: Scenario, world: World, draws: Draws, mitigations: frozenset[int] | None = None
) -> tuple[list[Shock], tuple[str, ...]]:
    """Return the shock of every draw, and what could not be said in this world."""
    where = places(world)
    built: list[Built] = [
        shock(scenario, world, where, draws.of(k), mitigations=mitigations) for k in range(len(draws))
    ]
    notes = dict.fromkeys(w for b in built for w in b.warnings)
    return [b.shock for b in built], tuple(notes)


def one_lens(lens: str, world: World, shocks: Sequence[Shock], threads: int | None) -> list[LensResult]:
    """Run one lens over some draws; equal shocks are computed once."""
    if lens == "centre":
        from schakel.shocks import centre

        return centre.run_many(world, shocks, threads_=threads)
    if lens == "floor":
        from schakel.shocks import floor

        return side_by_side(lambda s: floor.run(world, s), shocks, threads)
    if lens == "ceiling":
        from schakel.shocks import ceiling

        return side_by_side(lambda s: ceiling.run(world, s), shocks, threads)
    from schakel.shocks import longrun

    return side_by_side(lambda s: longrun.run(world, s), shocks, threads)


def run_lens(
    lens: str,
    world: World,
    scenario: Scenario,
    draws: Draws,
    *,
    mitigations: frozenset[int] | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
    threads: int | None = None,
    label: str = "",
) -> tuple[list[Record], tuple[str, ...]]:
    """Return the record of every draw under one lens, and the warnings of the translation."""
    if lens not in LENSES:
        raise ValueError(lens)
    all_shocks, notes = shocks_of(scenario, world, draws, mitigations)
    out: list[Record] = []
    size = chunk_size(lens, world)
    for start in range(0, len(all_shocks), size):
        name = f"{label}{lens}/{start}"
        done = store.get(name) if store else None
        if done is None:
            part = all_shocks[start : start + size]
            results = one_lens(lens, world, part, threads)
            done = [record(world, r, start + k, scenario.horizon, scenario.step) for k, r in enumerate(results)]
            if store:
                store.put(name, done)
        out += done
        if progress:
            progress(f"{label}{lens}", min(start + size, len(all_shocks)), len(all_shocks))
    return out, notes


def chunk_size(lens: str, world: World) -> int:
    """Return how many draws are computed together; it depends on nothing but the world, so that bits do not change."""
    if lens == "centre":
        from schakel.shocks.centre import block_size

        return max(CHUNK, 2 * block_size(world.size))
    return CHUNK
