"""How long do the centre and ceiling lenses take, and how much memory?

    python benchmarks/shocks.py [small|large|draws|firms|trade|wiod|wiod256 ...]      all of them when none is named
    python benchmarks/shocks.py --draws 256                                           one run of all lenses together

``wiod`` runs half a stop of Taiwanese electronics for 90 days through all four lenses with 64 draws, ``wiod256`` with 256, each
lens apart and then all together; ``--draws N`` only all together, as a user does. On WIOD 2011 at full size when SCHAKEL_WIOD
names a folder with its files, else on the embedded table of 20 regions by 15 sectors.

Each case runs in a process of its own, so that its memory is its own. Targets are those of the design: 1,200 industries for
365 days in 1 s of processor time, 3,465 in 10 s, every one of 10,000 firms stopped in turn in 30 s at 1e-8.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from schakel.shocks import cascade, ceiling, centre, longrun, scenario
from schakel.shocks import run as room
from schakel.shocks.lens import Behaviour, CapacityLoss, Restriction, Shock
from schakel.shocks.world import World, world


def table(
    regions: int, sectors: int, seed: int = 0, *, added: float = 0.45, domestic: float = 0.7, stock_days: float = 30.0
) -> World:
    """Return a dense table in which every industry delivers to every other; the densest case there is."""
    rng = np.random.default_rng(seed)
    n = regions * sectors
    region, sector = np.repeat(np.arange(regions), sectors), np.tile(np.arange(sectors), regions)
    recipe = rng.gamma(0.7, 1, (sectors, sectors)) + 1e-3
    size = rng.lognormal(0, 1, regions)
    origin = np.outer(size / size.sum(), np.ones(regions)) * (1 - domestic) + np.eye(regions) * domestic
    flows = recipe[sector][:, sector] * origin[region][:, region] * rng.lognormal(0, 0.3, (n, n))
    flows *= (1 - added) / flows.sum(0)
    final = rng.lognormal(0, 1, (n, regions)) * origin[region] * size
    flows *= np.linalg.solve(np.eye(n) - flows, final.sum(1))
    names = tuple(f"R{i}" for i in range(regions)), tuple(f"S{i}" for i in range(sectors))
    return world("made up", *names, region, sector, flows * 1000, final * 1000, stock_days=stock_days)


def firms(n: int, products: int, degree: float = 6.0, seed: int = 0, outside: float = 0.3) -> cascade.Network:
    """Return a network with few large and many small firms."""
    rng = np.random.default_rng(seed)
    out, into = rng.pareto(1.3, n) + 0.1, rng.pareto(1.5, n) + 0.1
    count = int(n * degree)
    a, b = rng.choice(n, count, p=out / out.sum()), rng.choice(n, count, p=into / into.sum())
    a, b = a[a != b], b[a != b]
    value = rng.lognormal(0, 1, len(a)) * np.sqrt(out[a] * into[b])
    essential = rng.choice([0, 1, 2], (products, products), p=[0.3, 0.4, 0.3]).astype(np.int8)
    sold = np.bincount(a, value, minlength=n)
    return cascade.network(
        a, b, value, rng.integers(0, products, n), essential, sales=sold / (1 - outside) + (sold == 0) * 0.1
    )


def ban(w: World, draw: int = 0, **behaviour: object) -> Shock:
    """Return one region's export stop of one product, of a strength and length that differ by draw."""
    rng = np.random.default_rng(draw)
    suppliers = (w.region == 3) & (w.sector == 2)
    cut = Restriction(
        "ban",
        suppliers,
        w.region != 3,
        np.arange(len(w.regions)) != 3,
        0.3 + 0.4 * rng.random(),
        5 + 3 * rng.random(),
        90 + 10 * rng.random(),
    )
    return Shock(365, restrictions=(cut,), behaviour=Behaviour(**behaviour))  # type: ignore[arg-type]


def fire(w: World) -> Shock:
    """Return a loss of capacity in three industries under the plain rule."""
    return Shock(
        365,
        losses=(CapacityLoss("fire", np.isin(np.arange(w.size), [3, 17, 29]), 0.5, 1, 31, 90),),
        behaviour=Behaviour(production="ario", reorder="actual"),
    )


def timed(name: str, work: Callable[[], object], per: int = 1) -> None:
    """Print processor time, elapsed time and the memory of the process so far."""
    cpu, wall = time.process_time(), time.time()
    work()
    cpu, wall = time.process_time() - cpu, time.time() - wall
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    each = f"  {cpu / per * 1000:8.1f} ms CPU each" if per > 1 else ""
    print(f"{name:64s} {cpu:7.2f} s CPU {wall:7.2f} s elapsed {memory:6.0f} MB{each}", flush=True)


def small() -> None:
    """1,200 industries."""
    w = table(40, 30)
    timed("centre, 1,200 industries, 365 days, export stop", lambda: centre.run(w, ban(w)))
    timed(
        "centre, 1,200 industries, 365 days, plain rule, loss of capacity",
        lambda: centre.run(w, fire(w), check_growth=False),
    )
    timed("ceiling, 1,200 industries, 365 days, export stop", lambda: ceiling.run(w, ban(w)))


def large() -> None:
    """3,465 industries."""
    w = table(77, 45)
    timed("centre, 3,465 industries, 365 days, export stop", lambda: centre.run(w, ban(w)))
    timed(
        "centre, 3,465 industries, 365 days, plain rule, loss of capacity",
        lambda: centre.run(w, fire(w), check_growth=False),
    )


def draws() -> None:
    """1,435 industries, as in WIOD 2013."""
    w = table(41, 35)
    for threads in (1, 2):
        shocks = [ban(w, k) for k in range(64)]
        timed(
            f"centre, 1,435 industries, 365 days, 64 draws, {threads} threads",
            lambda s=shocks, t=threads: centre.run_many(w, s, threads_=t, keep_path=False),
            64,
        )  # type: ignore[misc]
        timed(
            f"ceiling, 1,435 industries, 365 days, 64 draws, {threads} threads",
            lambda s=shocks, t=threads: ceiling.run_many(w, s, threads_=t, keep_path=False),
            64,
        )  # type: ignore[misc]


def network() -> None:
    """10,000 firms."""
    net = firms(10_000, 600)
    for threads in (1, 2):
        timed(
            f"cascade, each of 10,000 firms, {net.deliveries.nnz} links, 1e-8, {threads} threads",
            lambda t=threads: cascade.systemic(net, threads_=t),
            10_000,
        )  # type: ignore[misc]


def damped(
    excess: Callable[[np.ndarray], np.ndarray], start: np.ndarray, tolerance: float
) -> tuple[np.ndarray, int, float]:
    """Find the balance by plain steps of half the excess, as a rival to the accelerated solver."""
    x = start.copy()
    for k in range(5000):
        f = excess(x)
        if np.abs(f).max() < tolerance:
            return x, k, float(np.abs(f).max())
        x = x + 0.5 * f
    raise SystemExit("plain damping found no balance")


def trade() -> None:
    """77 regions and 45 sectors in changes: one exporter at ten times the cost of trade, to 1e-8."""
    m = longrun.model(table(77, 45))
    kappa = np.ones((45, 77, 77))
    kappa[:, np.arange(77) != 3, 3] = 10.0
    found = []
    for name, how in (("accelerated", longrun.anderson), ("plain damping", damped)):
        longrun.anderson = how  # type: ignore[assignment]
        answers: list[longrun.Change] = []
        timed(
            f"long run, 77 regions x 45 sectors, 1e-8, {name}",
            lambda a=answers: a.append(longrun.solve(m, kappa, np.ones((77, 45)), 4.0, 1e-8)),
        )  # type: ignore[misc]
        found.append(answers[0])
    apart = float(np.abs(found[0].real_income - found[1].real_income).max())
    print(f"    rounds {found[0].rounds} and {found[1].rounds}; real incomes {apart:.1e} apart")


TAIWAN = """
schema: schakel.scenario/1
id: taiwan-electronics
title: {en: Half of Taiwanese electronics for 90 days}
table: TABLE
time: {step: day, start: 2026-01-01, horizon: 365}
measures:
  - {id: m1, imposer: TWN, instrument: export_ban, products: ["sector:SECTOR"], to: world,
     intensity: {dist: triangular, low: 0.4, mode: 0.5, high: 0.6}, start: 3, duration: {dist: uniform, low: 80, high: 100}}
behaviour: {restore_days: {dist: uniform, low: 30, high: 90}, reroute_share: {dist: uniform, low: 0.3, high: 0.7}}
uncertainty: {draws: DRAWS, seed: 7, structural: [LENSES]}
"""


def taiwan(draws: int, apart: bool = True) -> None:
    """Run the scenario, each lens apart where asked, and then all together, as a user does."""
    folder = os.environ.get("SCHAKEL_WIOD")
    text = TAIWAN.replace("TABLE", folder or "reference").replace("SECTOR", "c14" if folder else "electronics")
    text, n = text.replace("DRAWS", str(draws)), "1,435" if folder else "300"
    whole = scenario.parse(text.replace("LENSES", ", ".join(scenario.LENSES)))
    if apart:
        lenses_apart(text, n, draws)
    timed(f"WIOD, {n} industries, {draws} draws, all lenses, reading too", lambda: room.run(whole), draws)


def lenses_apart(text: str, n: str, draws: int) -> None:
    """Run the scenario one lens at a time on a table that was read before."""
    cpu, wall = time.process_time(), time.time()
    world = room.worlds(scenario.parse(text.replace("LENSES", "floor")))[0]["table"]
    print(f"reading the table: {time.process_time() - cpu:.2f} s CPU {time.time() - wall:.2f} s elapsed")
    for lens in scenario.LENSES:
        one = scenario.parse(text.replace("LENSES", lens))
        timed(f"WIOD, {n} industries, {draws} draws, {lens}", lambda s=one: room.run(s, given={"table": world}), draws)  # type: ignore[misc]


def wiod() -> None:
    """64 draws."""
    taiwan(64)


def wiod256() -> None:
    """256 draws."""
    taiwan(256)


CASES = {
    "small": small,
    "large": large,
    "draws": draws,
    "firms": network,
    "trade": trade,
    "wiod": wiod,
    "wiod256": wiod256,
}

if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--draws":
        taiwan(int(sys.argv[2]), apart=False)
    elif len(sys.argv) == 3 and sys.argv[1] == "--one":
        CASES[sys.argv[2]]()
    else:
        for case in sys.argv[1:] or list(CASES):
            subprocess.run([sys.executable, __file__, "--one", case], check=True)
