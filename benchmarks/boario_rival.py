"""Does the plain rule give what BoARIO 0.7.2 gives, and at what price?

    python benchmarks/boario_rival.py [--venv FOLDER] [--large]

Makes a virtual environment apart from the project, puts BoARIO and the packages that its wheel does not name into it, and
runs both on the same made-up tables with the same loss of capacity. BoARIO is GPL-3.0: it is run through its documented
interface as a separate program; nothing of it enters this project. Prints the largest difference of output over baseline
and processor time, elapsed time and memory of each. Figures of one run are in docs; another machine gives others.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

import numpy as np
from shocks import table  # benchmarks/shocks.py

from schakel.shocks import centre
from schakel.shocks.lens import Behaviour, CapacityLoss, Shock

PACKAGES = ["BoARIO==0.7.2", "pymrio", "progressbar2", "pandas<3"]
HIT, START, DAYS, RECOVERY = [3, 7, 11], 2, 30, 90
CHILD = """
import json, logging, resource, sys, time, warnings
warnings.filterwarnings("ignore"); logging.disable(logging.CRITICAL)
import numpy as np, pandas as pd, pymrio
from boario.event import EventArbitraryProd
from boario.extended_models import ARIOPsiModel
from boario.simulation import Simulation
data, opt = np.load(sys.argv[1]), json.loads(sys.argv[2])
names = [f"r{i:03d}" for i in range(opt["regions"])], [f"s{i:03d}" for i in range(opt["sectors"])]
rows = pd.MultiIndex.from_product(names, names=["region", "sector"])
final = pd.MultiIndex.from_product([names[0], ["Final demand"]], names=["region", "category"])
table = pymrio.IOSystem(Z=pd.DataFrame(data["flows"], index=rows, columns=rows), Y=pd.DataFrame(data["final"], index=rows, columns=final))
table.unit = pd.DataFrame("M USD", index=rows, columns=["unit"])
table.calc_all()
cpu, wall = time.process_time(), time.time()
model = ARIOPsiModel(table, order_type=opt["order"], alpha_base=1.0, alpha_max=opt["most"], alpha_tau=365,
    main_inv_dur=opt["stock"], psi_param=0.8, inventory_restoration_tau=60)
simulation = Simulation(model, n_temporal_units_to_sim=opt["steps"])
impact = pd.Series(0.5, index=rows[opt["hit"]])
simulation.add_event(EventArbitraryProd(impact=impact, occurrence=opt["start"], duration=opt["days"],
    recovery_tau=opt["recovery"], recovery_function="linear"))
simulation.loop()
cpu, wall = time.process_time() - cpu, time.time() - wall
np.savez(sys.argv[3], made=simulation.production_realised.to_numpy(), capacity=simulation.production_capacity.to_numpy(),
    cpu=cpu, wall=wall, mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def prepare(folder: Path) -> Path:
    """Return the interpreter of an environment that holds BoARIO."""
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    if subprocess.run([python, "-c", "import boario.simulation"], capture_output=True, check=False).returncode:
        subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)
    return python


def rival(python: Path, work: Path, options: dict[str, object]) -> dict[str, np.ndarray]:
    """Run BoARIO in a process of its own, with one thread for matrix products, which is its fastest."""
    out = work / "out.npz"
    threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    subprocess.run(
        [python, "-c", CHILD, work / "table.npz", json.dumps(options), out], check=True, env={**os.environ, **threads}
    )
    return dict(np.load(out))


def compare(
    python: Path, work: Path, regions: int, sectors: int, stock: int, order: str, most: float, steps: int
) -> None:
    """Print one line of the comparison."""
    world = table(regions, sectors, stock_days=float(stock))
    np.savez(work / "table.npz", flows=world.flows, final=world.final)
    options = {
        "regions": regions,
        "sectors": sectors,
        "stock": stock,
        "order": order,
        "most": most,
        "steps": steps,
        "hit": HIT,
        "start": START,
        "days": DAYS,
        "recovery": RECOVERY,
    }
    theirs = rival(python, work, options)
    mask = np.isin(np.arange(world.size), HIT)
    left = [0.5] * (DAYS + 2) + [
        round(0.5 + 0.5 * k / RECOVERY, 6) for k in range(1, RECOVERY)
    ]  # how its record of capacity reads: six decimals, from day START + 1
    daily = tuple(CapacityLoss("", mask, 1 - share, START + 1 + k, START + 2 + k) for k, share in enumerate(left))
    rule = Behaviour(
        production="ario",
        reorder="actual",
        overcapacity=most,
        order_shares="capacity" if order == "alt" else "baseline",
    )
    cpu, wall = time.process_time(), time.time()
    ours = centre.run(world, Shock(steps, losses=daily, behaviour=rule), check_growth=False)
    cpu, wall = time.process_time() - cpu, time.time() - wall
    apart = np.abs(ours.path - theirs["made"] / (world.output / 365)).max()
    last = float(ours.path[-1] @ world.output / world.output.sum())
    mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{world.size:5d} industries {steps} steps {stock:3d} d stock {order:6s} overtime {most:.2f}  largest difference {apart:.1e}  output at end {last:.3f}"
        f"   BoARIO {float(theirs['cpu']):7.2f} s CPU {float(theirs['wall']):7.2f} s {float(theirs['mb']):5.0f} MB"
        f"   here {cpu:6.2f} s CPU {wall:6.2f} s {mb:5.0f} MB",
        flush=True,
    )


def main() -> None:
    """Compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--venv", type=Path, default=None, help="folder of the environment; kept when given")
    parser.add_argument("--large", action="store_true", help="1,200 and 3,465 industries for a year too")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        python = prepare(args.venv or work / "venv")
        for stock in (90, 30, 10):
            for order in ("noalt", "alt"):
                for most in (1.0, 1.25):
                    compare(python, work, 5, 10, stock, order, most, 365)
        if args.large:
            compare(python, work, 40, 30, 90, "noalt", 1.0, 365)
            compare(python, work, 40, 30, 10, "alt", 1.25, 365)
            compare(python, work, 77, 45, 90, "noalt", 1.0, 365)


if __name__ == "__main__":
    sys.exit(main())
