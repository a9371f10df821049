"""How long does the screen take beside the plain scan of the same columns, beside pandas and beside py-ecomplexity, and with how much memory?

Run it with `make bench`. Every measurement is a process of its own with the same number of threads; the time is that of the work, imports left out; the
memory is the peak of the process. Each is repeated and the median counts; ratios are taken within one run, as other work on the machine moves all of them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import generator

BLOC = "EU27"
SCAN_FILE = "SELECT sum(year), max(exporter), max(importer), max(product), sum(value_usd) FROM read_parquet({path})"
SCAN_CODED = (
    "SELECT sum(product::BIGINT), sum(importer::BIGINT), sum(exporter::BIGINT), sum(value) FROM read_parquet({path})"
)
Job = Callable[[Path, Path, int], Callable[[], Any]]


def _flowset(folder: Path) -> Any:
    from schakel.lake.flowset import FlowSet

    about = json.loads((folder / "flowset.json").read_text("utf-8"))
    return FlowSet(
        directory=folder,
        years=tuple(about["years"]),
        countries=tuple(about["countries"]),
        products=tuple(about["products"]),
        scale=1,
        currency="USD",
        has_eur=False,
        has_re_export=False,
        coverage="world",
        inputs=(),
    )


def scan_file(file: Path, coded: Path, threads: int) -> Callable[[], Any]:
    """The plain scan of the five columns of the flow file."""
    from schakel.lake.engine import connect, quote

    con = connect(threads=threads)
    return lambda: str(con.execute(SCAN_FILE.format(path=quote(file))).fetchall())


def scan_coded(file: Path, coded: Path, threads: int) -> Callable[[], Any]:
    """The plain scan of the four columns of the prepared flows."""
    from schakel.lake.engine import connect, quote

    con = connect(threads=threads)
    return lambda: str(con.execute(SCAN_CODED.format(path=quote(coded / "year=*.parquet"))).fetchall())


def prepare(file: Path, coded: Path, threads: int) -> Callable[[], Any]:
    """Read, check, code and sort the flow file."""
    from schakel.sources.flowfile import FlowOptions, read

    def work() -> Any:
        return read(file, FlowOptions(threads=threads)).years

    return work


def batch(
    file: Path, coded: Path, threads: int, reporters: list[str] | None = None, raw: bool = False
) -> Callable[[], Any]:
    """All definitions of all importers from the prepared flows."""
    from schakel.dependency.batch import run
    from schakel.sources.flowfile import FlowOptions, read

    flows = None if raw else _flowset(coded)

    def work() -> Any:
        with tempfile.TemporaryDirectory(prefix="schakel-bench-") as out:
            own = flows or read(file, FlowOptions(threads=threads))
            answer = run(own, Path(out), reporters=reporters, threads=threads)
            found = recovered(Path(out), own.years, file)
        tallies = [[t.year, t.method, t.dependent, t.not_dependent] for t in answer.tallies]
        return {"tallies": tallies, "hash": answer.receipt.result_sha256, "recovery": found}

    return work


def recovered(out: Path, years: tuple[int, ...], file: Path) -> dict[str, Any]:
    """Count the planted dependencies that were found and the decoys that were spared, over all years."""
    import pyarrow.parquet as pq

    shape = generator.Shape(**json.loads(file.with_suffix(".json").read_text("utf-8"))["shape"])
    plants = generator.plants(shape)
    counts = {"planted": 0, "found": 0, "decoys": 0, "spared": 0, "missed": []}
    for year in years:
        table = pq.read_table(out / f"year={year}.parquet", filters=[("product", "in", [p.product for p in plants])])
        row = {(r["importer"], r["product"]): r for r in table.to_pylist()}
        for plant in plants:
            for importer, method in plant.found:
                if (importer, plant.product) not in row or (method == "geodep2024" and year == years[0]):
                    continue  # not asked for; or a definition of three years, of which the first year shows one
                counts["planted"] += 1
                if row[importer, plant.product][method] is True:
                    counts["found"] += 1
                else:
                    counts["missed"].append(f"{year} {importer} {method} {plant.kind} {plant.product}")
            for importer, method in plant.spared:
                if (importer, plant.product) in row:
                    counts["decoys"] += 1
                    counts["spared"] += row[importer, plant.product][method] is False
    counts["missed"] = counts["missed"][:5]
    return counts


def batch_bloc(file: Path, coded: Path, threads: int) -> Callable[[], Any]:
    """All definitions of the EU27 as one, from the prepared flows."""
    return batch(file, coded, threads, [BLOC])


def batch_file(file: Path, coded: Path, threads: int) -> Callable[[], Any]:
    """All definitions of all importers from the flow file, reading included."""
    return batch(file, coded, threads, raw=True)


def blocks_sql(file: Path, coded: Path, threads: int) -> Callable[[], Any]:
    """The building blocks by the SQL that defines them, first year."""
    return _blocks(coded, threads, "sql")


def blocks_kernel(file: Path, coded: Path, threads: int) -> Callable[[], Any]:
    """The building blocks by the dense kernel, first year."""
    return _blocks(coded, threads, "kernel")


def _blocks(coded: Path, threads: int, how: str) -> Callable[[], Any]:
    from schakel.dependency.indicators import by_sql
    from schakel.dependency.kernel import by_kernel
    from schakel.nomenclature import blocs

    flows = _flowset(coded)
    year = flows.years[0]
    members = frozenset(blocs.members(BLOC, year))
    maker = by_sql if how == "sql" else by_kernel
    return lambda: int(maker(flows, year, bloc=BLOC, members=members, threads=threads).m_all.sum())


def pandas_all(file: Path, coded: Path, threads: int) -> Callable[[], Any]:
    """The same criteria of all importers in pandas, first year."""
    import rivals

    from schakel.nomenclature import blocs

    flows = _flowset(coded)
    year = flows.years[0]
    member = rivals.np.array([c in blocs.members(BLOC, year) for c in flows.countries])
    return lambda: rivals.verdicts(rivals.flows(flows.path(year)), member, flows.country_index("CHN"))


def rca_sql(file: Path, coded: Path, threads: int) -> Callable[[], Any]:
    """RCA of every exporter and product by one exact SQL query, first year."""
    import rivals

    flows = _flowset(coded)
    return lambda: rivals.rca_sql(flows.path(flows.years[0]), threads).num_rows


def rca_ecomplexity(file: Path, coded: Path, threads: int) -> Callable[[], Any]:
    """RCA by pandas group-by and py-ecomplexity's ComplexityData, first year; compared with the SQL."""
    import ecomplexity  # noqa: F401  (imported before the clock starts)
    import rivals

    flows = _flowset(coded)
    path = flows.path(flows.years[0])

    def work() -> Any:
        return rivals.rca_ecomplexity(rivals.flows(path))

    return work


JOBS: dict[str, tuple[Job, str]] = {  # what is measured, and over which years: "1", or "1+" also over all
    "scan of the flow file": (scan_file, "1+"),
    "scan of the prepared flows": (scan_coded, "1+"),
    "reading the flow file": (prepare, "1+"),
    "all definitions, EU27": (batch_bloc, "1+"),
    "all definitions, every importer": (batch, "1+"),
    "flow file to verdicts, every importer": (batch_file, "1+"),
    "building blocks, kernel": (blocks_kernel, "1"),
    "building blocks, SQL": (blocks_sql, "1"),
    "pandas, every importer": (pandas_all, "1"),
    "RCA, one SQL query": (rca_sql, "1"),
    "RCA, pandas and py-ecomplexity": (rca_ecomplexity, "1"),
}


def measure(name: str, file: Path, coded: Path, threads: int) -> dict[str, Any]:
    """Do one job in this process and account for it."""
    import pyarrow.compute
    import pyarrow.dataset
    import pyarrow.parquet  # noqa: F401  (imports are no part of the work)

    work = JOBS[name][0](file, coded, threads)
    cpu, start = time.process_time(), time.perf_counter()
    answer = work()
    wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    if name.startswith("RCA, pandas"):
        answer = _rca_difference(answer, coded, threads)
    return {"wall": wall, "cpu": cpu, "peak_mb": peak, "answer": answer}


def _rca_difference(theirs: Any, coded: Path, threads: int) -> Any:
    import numpy as np
    import rivals

    flows = _flowset(coded)
    ours = rivals.rca_sql(flows.path(flows.years[0]), threads).to_pandas()
    dense = ours.pivot(index="exporter", columns="product", values="rca").reindex_like(theirs).fillna(0.0)
    gap = np.abs(dense.to_numpy() - theirs.to_numpy()) / np.maximum(1.0, np.abs(theirs.to_numpy()))
    return {"largest relative difference": float(np.nanmax(gap))}


def in_process(name: str, file: Path, coded: Path, threads: int) -> dict[str, Any]:
    """Do one job in a process of its own."""
    arguments = ["--measure", name, "--file", str(file), "--coded", str(coded), "--threads", str(threads)]
    done = subprocess.run([sys.executable, __file__, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or ["no message"])[-1]}
    return {**json.loads(done.stdout.splitlines()[-1]), "load": os.getloadavg()[0]}


def code(file: Path, folder: Path, threads: int) -> Path:
    """Keep the prepared flows of a file beside it, made once."""
    from schakel.sources.flowfile import FlowOptions, read

    target = folder / file.stem.replace("flows", "prepared")
    if not (target / "flowset.json").exists():
        flows = read(file, FlowOptions(threads=threads))
        target.mkdir(exist_ok=True)
        for year in flows.years:
            (target / f"year={year}.parquet").write_bytes(flows.path(year).read_bytes())
        about = {"years": flows.years, "countries": flows.countries, "products": flows.products}
        (target / "flowset.json").write_text(json.dumps(about), "utf-8")
    return target


def made(years: int, chosen: argparse.Namespace) -> tuple[Path, Path]:
    """Make the flows of so many years, and their prepared form, unless they are there.

    In a process of its own: what this process once used would count as the peak of every process it starts.
    """
    print(f"flows of {years} years ...", file=sys.stderr)
    given = [
        "--make",
        str(years),
        "--rows",
        str(chosen.rows),
        "--out",
        str(chosen.out),
        "--threads",
        str(chosen.threads),
    ]
    done = subprocess.run([sys.executable, __file__, *given], stdout=subprocess.PIPE, text=True, check=True)
    file, coded = json.loads(done.stdout.splitlines()[-1])
    return Path(file), Path(coded)


def machine() -> dict[str, str]:
    """Describe what the figures were measured on."""
    import duckdb
    import numpy
    import pyarrow

    model, memory = platform.processor() or platform.machine(), "unknown"
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        model = next((x.split(":", 1)[1].strip() for x in lines if x.startswith("model name")), model)
        memory = f"{int(Path('/proc/meminfo').read_text('utf-8').split()[1]) / 2**20:.0f} GiB"
    versions = {"Python": platform.python_version(), "DuckDB": duckdb.__version__, "numpy": numpy.__version__}
    versions["pyarrow"] = pyarrow.__version__
    for name in ("pandas", "ecomplexity"):
        try:
            from importlib.metadata import version

            versions[name] = version(name)
        except ImportError:
            versions[name] = "absent"
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {"processor": model, "cores": str(cores), "memory": memory, "system": platform.system(), **versions}


def report(results: list[dict[str, Any]], about: dict[str, str], shape: generator.Shape, threads: int) -> str:
    """Return the table as Markdown."""
    scans = {}
    for r in results:
        if r["name"].startswith("scan") and "wall" in r:
            scans[r["name"], r["years"]] = r

    def times(r: dict[str, Any], what: str, clock: str) -> str:
        scan = scans.get((f"scan of the {what}", r["years"]))
        return f"{r[clock] / scan[clock]:.1f}" if scan else ""

    lines = [
        ", ".join(f"{k} {v}" for k, v in about.items()) + f"; {threads} threads",
        "",
        f"{shape.rows:,} rows a year, {shape.countries} countries, {shape.products:,} products",
        "",
        "| Work | Years | Wall s | CPU s | Peak MB | x scan of file, wall | CPU | x scan of prepared, wall | CPU | Load |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for r in results:
        if "error" in r:
            lines.append(f"| {r['name']} | {r['years']} | not measured: {r['error']} | | | | | | | |")
            continue
        ratios = " | ".join(times(r, w, c) for w in ("flow file", "prepared flows") for c in ("wall", "cpu"))
        lines.append(
            f"| {r['name']} | {r['years']} | {r['wall']:.2f} | {r['cpu']:.2f} | {r['peak_mb']:.0f} | {ratios} | {r['load']:.1f} |"
        )
    return "\n".join(lines) + "\n"


def _medians(runs: list[dict[str, Any]]) -> dict[str, Any]:
    good = [r for r in runs if "error" not in r]
    if not good:
        return runs[0]
    middle = {k: statistics.median(r[k] for r in good) for k in ("wall", "cpu", "load")}
    return {
        **middle,
        "peak_mb": max(r["peak_mb"] for r in good),
        "answer": good[-1]["answer"],
        "runs": [r["wall"] for r in good],
    }


def main() -> None:
    """Measure everything and write results.md and results.json."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "bench-out")
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--rows", type=int, default=generator.Shape.rows)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", default="", help="measure only the works whose name has this text, and the scans")
    parser.add_argument("--make", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--coded", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.measure:
        print(json.dumps(measure(chosen.measure, chosen.file, chosen.coded, chosen.threads), default=str))
        return
    shape = generator.Shape(rows=chosen.rows)
    if chosen.make:
        file = generator.write(replace(shape, years=chosen.make), chosen.out)
        print(json.dumps([str(file), str(code(file, chosen.out, chosen.threads))]))
        return
    inputs = {years: made(years, chosen) for years in sorted({1, chosen.years})}
    runs: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for turn in range(chosen.repeat):  # turns, so that what disturbs the machine disturbs all
        for name, (_, spans) in JOBS.items():
            if chosen.only not in name and not name.startswith("scan"):
                continue
            for years, (file, coded) in inputs.items():
                if years == 1 or spans == "1+":
                    found = in_process(name, file, coded, chosen.threads)
                    runs.setdefault((name, years), []).append(found)
                    print(
                        f"{turn + 1}/{chosen.repeat} {name}, {years}: {found.get('wall', found.get('error'))}",
                        file=sys.stderr,
                    )
    results = [{"name": name, "years": years, **_medians(found)} for (name, years), found in runs.items()]
    about = machine()
    text = report(results, about, shape, chosen.threads)
    (chosen.out / "results.md").write_text(text, "utf-8")
    stated = {"machine": about, "shape": asdict(shape), "threads": chosen.threads, "results": results}
    (chosen.out / "results.json").write_text(json.dumps(stated, indent=1, default=str), "utf-8")
    print(text)


if __name__ == "__main__":
    main()
