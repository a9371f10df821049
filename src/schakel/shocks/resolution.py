"""How much of an answer hangs on how finely the table tells countries and industries apart?

The same shock is run on the table and on coarser versions of it. What the shock itself tells apart stays apart: regions, and
sectors, are only put together when every measure, stock and mitigation treats them alike, so that the coarse shock says
exactly what the fine one says. Which of those are put together is drawn, with a seed. The spread is a band of its own: it
shows what coarseness does to this table, as a sign of what a finer table (firms, products) could still change.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from schakel.errors import InputError, NotFoundError
from schakel.shocks import run as room
from schakel.shocks.coarser import Grouping, carried, coarser
from schakel.shocks.draws import draw
from schakel.shocks.lens import Shock
from schakel.shocks.lenses import Progress, one_lens, shocks_of
from schakel.shocks.scenario import Scenario
from schakel.shocks.world import I64, World

Bools = npt.NDArray[np.bool_]
__all__ = ["Grouping", "alike", "carried", "coarser", "drawn", "spread"]
GROUPINGS = 16
KEEP = 0.5
OWN = ("world", "unit", "on", "regions", "sectors", "kept_apart", "keep", "seed", "lenses", "groupings")
NOTHING = 1e-12  # of value added: a loss below it is rounding, and no ratio is formed with it


def alike(world: World, shocks: Sequence[Shock]) -> tuple[I64, I64]:
    """Return classes of regions and of sectors that every shock treats alike, numbered from 0."""
    masks: list[Bools] = []
    regional: list[Bools] = []
    sectoral: list[Bools] = []
    for s in shocks:
        for r in s.restrictions:
            masks += [r.suppliers, r.users]
            regional.append(r.final_users)
        masks += [loss.industries for loss in s.losses]
        masks += [source.industries for source in s.second_sources]
        for held in s.stocks:
            masks.append(held.users)
            sectoral.append(np.isin(np.arange(len(world.sectors)), held.sectors))
        for t in s.together:
            masks.append(t.users)
            regional.append(t.final_users)
            sectoral.append(np.isin(np.arange(len(world.sectors)), t.sectors))
        for x in s.substitutes:
            masks.append(x.users)
            sectoral += [np.arange(len(world.sectors)) == k for k in (x.lacking, x.instead)]
        if s.priority is not None:
            masks.append(s.priority)
    unique = list({m.tobytes(): m for m in masks}.values())
    grids = [_grid(world, m) for m in unique]
    return (
        _classes([*(g for g in grids), *(m[:, None] for m in regional)], len(world.regions)),
        _classes([*(g.T for g in grids), *(m[:, None] for m in sectoral)], len(world.sectors)),
    )


def _grid(world: World, mask: Bools) -> npt.NDArray[np.int8]:
    """Return by region and sector whether an industry is meant: 1, 0, or -1 where there is no such industry."""
    out = np.full((len(world.regions), len(world.sectors)), -1, np.int8)
    out[world.region, world.sector] = mask
    return out


def _classes(parts: Sequence[npt.NDArray[Any]], count: int) -> I64:
    """Return a class for each row; rows agree when they do wherever both have an industry (the first such class is taken)."""
    rows = np.hstack([np.asarray(p, np.int8) for p in parts]) if parts else np.zeros((count, 1), np.int8)
    kinds: list[npt.NDArray[np.int8]] = []
    out = np.zeros(count, np.int64)
    for k in range(count):
        for c, kind in enumerate(kinds):
            both = (kind >= 0) & (rows[k] >= 0)
            if (kind[both] == rows[k][both]).all():
                kinds[c] = np.where(kind >= 0, kind, rows[k])
                out[k] = c
                break
        else:
            kinds.append(rows[k].copy())
            out[k] = len(kinds) - 1
    return out


def drawn(classes: I64, keep: float, rng: np.random.Generator) -> I64:
    """Return random groups within classes: each class keeps a share of its members as groups, at least one."""
    out = np.zeros(len(classes), np.int64)
    count = 0
    for kind in np.unique(classes):
        members = np.flatnonzero(classes == kind)
        groups = max(1, int(np.ceil(keep * len(members))))
        order = rng.permutation(len(members))
        assigned = np.r_[np.arange(groups), rng.integers(0, groups, len(members) - groups)]  # no group is empty
        out[members[order]] = count + assigned
        count += groups
    return _renumbered(out)


def _renumbered(groups: I64) -> I64:
    first = {g: k for k, g in enumerate(dict.fromkeys(groups.tolist()))}
    return np.array([first[g] for g in groups.tolist()], np.int64)


def spread(
    scenario: Scenario,
    *,
    lenses: Sequence[str] = ("centre",),
    on: str = "table",
    groupings: int = GROUPINGS,
    keep: float = KEEP,
    draws: int | None = 0,
    seed: int | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    given: World | None = None,
) -> dict[str, Any]:
    """Run a scenario on its table and on coarser versions of it.

    Parameters
    ----------
    groupings
        Number of random groupings.
    keep
        Share of the regions, and of the sectors, that is left as groups.
    draws
        Draws of the uncertain numbers; 0 takes their points. Every grouping gets the same draws.

    Returns
    -------
    dict
        For each lens the loss on the table, its band over the groupings, and the ratio of the two; each grouping apart.

    Raises
    ------
    InputError
        If nothing can be put together, or the share kept is not between 0 and 1.
    """
    if not 0 < keep < 1 or groupings < 1:
        raise InputError("keep lies between 0 and 1, and at least one grouping is drawn", remedy="for example keep 0.5")
    world = given if given is not None else _world(scenario, on)
    values = draw(scenario, draws)
    shocks, notes = shocks_of(scenario, world, values)
    regional, sectoral = alike(world, shocks)
    if len(set(regional)) == len(regional) and len(set(sectoral)) == len(sectoral):
        raise InputError(
            f"scenario {scenario.id} tells all regions and sectors of {world.name} apart",
            remedy="take a finer table, or a scenario with fewer measures",
        )
    rng = np.random.default_rng(scenario.seed if seed is None else seed)
    plans = [Grouping(drawn(regional, keep, rng), drawn(sectoral, keep, rng)) for _ in range(groupings)]
    scale = room.MILLION if world.unit == "million USD" else 1.0
    value_added = float(world.value_added.sum()) * scenario.horizon / 365.0
    answers: dict[str, Any] = {}
    found: list[dict[str, Any]] = [
        {"regions": p.sizes[0], "sectors": p.sizes[1], "loss": {}, "first_stop_day": {}} for p in plans
    ]
    total, done = len(lenses) * (groupings + 1), 0
    for lens in lenses:
        base = one_lens(lens, world, shocks, threads)
        fine = float(np.mean([r.loss for r in base]))
        for k, plan in enumerate(plans):
            coarse, fold = coarser(world, plan)
            results = one_lens(lens, coarse, [carried(s, world, coarse, plan, fold) for s in shocks], threads)
            found[k]["loss"][lens] = float(np.mean([r.loss for r in results])) * scale
            stops = [r.first_stop_day for r in results if r.first_stop_day is not None]
            found[k]["first_stop_day"][lens] = float(np.median(stops)) if len(stops) * 2 > len(results) else None
            done += 1
            if progress:
                progress(f"resolution/{lens}", done, total)
        done += 1
        if progress:
            progress(f"resolution/{lens}", done, total)
        losses = [f["loss"][lens] for f in found]
        stops = [r.first_stop_day for r in base if r.first_stop_day is not None]
        answers[lens] = {
            "loss": fine * scale,
            "coarse": {**room.band(losses), "lowest": min(losses), "highest": max(losses)},
            "ratio": room.band([x / (fine * scale) for x in losses]) if fine > NOTHING * value_added else None,
            "loss_share": {"fine": fine / value_added, "coarse": room.band([x / scale / value_added for x in losses])}
            if value_added > 0
            else None,
            "first_stop_day": float(np.median(stops)) if len(stops) * 2 > len(base) else None,
        }
    result = {
        "scenario": scenario.id,
        "world": world.name,
        "unit": "USD" if scale != 1.0 else world.unit,
        "band": "resolution",
        "on": on,
        "regions": len(world.regions),
        "sectors": len(world.sectors),
        "kept_apart": {
            "regions": [r for r, c in zip(world.regions, regional, strict=True) if (regional == c).sum() == 1],
            "sectors": [s for s, c in zip(world.sectors, sectoral, strict=True) if (sectoral == c).sum() == 1],
        },
        "keep": keep,
        "seed": scenario.seed if seed is None else seed,
        "lenses": answers,
        "groupings": found,
    }
    told = (
        "the band shows what joining regions and sectors of this table does; it is a sign of what a finer table could "
        "change, not a bound on it"
    )
    asked = {"lenses": list(lenses), "on": on, "groupings": groupings, "keep": keep, "draws": draws, "seed": seed}
    return room.envelope(scenario, {on: world}, values, result, (*notes, told), asked, "resolution")


def _world(scenario: Scenario, on: str) -> World:
    found, lacking = room.worlds(scenario)
    if on not in found:
        raise NotFoundError(
            f"scenario {scenario.id} has no {on}",
            where=lacking.get(on, ""),
            remedy=f"name a {on}, or ask for the other",
        )
    return found[on]
