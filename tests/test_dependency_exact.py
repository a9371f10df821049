"""Are results the same to the bit on a second run, on one or two threads, for rows in any order, and on either engine?"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from schakel.dependency.compare import compare
from schakel.dependency.indicators import YearIndicators, by_sql
from schakel.dependency.kernel import by_kernel
from schakel.dependency.presets import names
from schakel.dependency.reverse import mutual, reverse
from schakel.dependency.screen import screen
from schakel.evidence import result_sha256
from schakel.sources.flowfile import FlowOptions, read
from test_dependency_twin import EU, same

ROOT = Path(__file__).parents[1]
HEADER = "year,exporter,importer,product,value_usd,value_eur,re_export_usd"
COUNTRIES = ("BEL", "BRA", "CHN", "DEU", "FRA", "GBR", "IND", "JPN", "NLD", "USA", "VNM", "ZAF")
PRODUCTS = ("280530", "310420", "811292", "848620", "850511", "854231")


def lines() -> list[str]:
    """Values from one dollar to a trillion, cents included, and many that are equal."""
    draw = random.Random(11)
    out = []
    for year in (2021, 2022, 2023):
        for product in PRODUCTS:
            for exporter in COUNTRIES:
                for importer in COUNTRIES:
                    if exporter == importer or draw.random() < 0.4:
                        continue
                    cents = draw.choice([100, 250, draw.randrange(10**4, 10**9), draw.randrange(10**9, 10**14)])
                    value = f"{cents // 100}.{cents % 100:02d}"
                    out.append(f"{year},{exporter},{importer},{product},{value},{cents // 100},{cents // 300}")
    return out


@pytest.fixture(scope="module")
def rows() -> list[str]:
    return lines()


def write(path: Path, rows: list[str]) -> Path:
    path.write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    return path


def hashes(path: Path, threads: int) -> dict[str, str]:
    """Every answer's hash, from a fresh reading of the file."""
    flows = read(path, FlowOptions(threads=threads))
    out: dict[str, str] = {}
    for reporter in ("EU27", "NLD", "DEU"):
        for method in names():
            for bloc in (None, "members"):
                found = screen(flows, reporter=reporter, method=method, year=2023, bloc=bloc, threads=threads)
                assert found.receipt.result_sha256 == result_sha256(list(found.rows))
                out[f"screen {reporter} {method} {bloc}"] = found.receipt.result_sha256
        out[f"compare {reporter}"] = result_sha256(compare(flows, reporter, "854231", 2023))
    out["reverse"] = result_sha256(reverse(flows, "NLD", "ec2021", 2023, threads=threads))
    out["mutual"] = result_sha256(mutual(flows, ["NLD", "CHN", "DEU"], "crma", 2023, threads=threads))
    return out


def test_runs_threads_and_row_order_do_not_matter(tmp_path: Path, rows: list[str]) -> None:
    path = write(tmp_path / "flows.csv", rows)
    first = hashes(path, 1)
    assert hashes(path, 1) == first, "a second run"
    assert hashes(path, 2) == first, "two threads"
    shuffled = list(rows)
    random.Random(3).shuffle(shuffled)
    assert hashes(write(tmp_path / "other.csv", shuffled), 2) == first, "rows in another order"
    changed = [*rows[:-1], ",".join([*rows[-1].split(",")[:4], "1.00", "1", "0"])]
    assert hashes(write(tmp_path / "changed.csv", changed), 2) != first, "one value changed"


def test_building_blocks_do_not_depend_on_threads(tmp_path: Path, rows: list[str]) -> None:
    flows = read(write(tmp_path / "flows.csv", rows))
    wanted = by_sql(flows, 2023, bloc="EU27", members=EU, threads=1)
    for way in (by_sql, by_kernel):
        for threads in (1, 2, 4):
            found = way(flows, 2023, bloc="EU27", members=EU, threads=threads)
            for field in YearIndicators.__dataclass_fields__:
                same(getattr(wanted, field), getattr(found, field), field)


def ask(program: Path, path: Path, seed: str, *more: str) -> dict[str, Any]:
    """One answer of a process of its own, with its own order of sets."""
    done = subprocess.run(
        [str(program), "screen", str(path), "--reporter", "EU27", "--method", "arjona2023", "--year", "2023", "--format", "json", *more],
        capture_output=True, text=True, timeout=120, check=False, env={**os.environ, "PYTHONHASHSEED": seed},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_processes_agree_and_the_receipt_verifies(tmp_path: Path, rows: list[str]) -> None:
    program = Path(sys.executable).with_name("schakel")
    path = write(tmp_path / "flows.csv", rows)
    first, second = ask(program, path, "1", "--threads", "1"), ask(program, path, "2", "--threads", "2")
    assert first["receipt"]["result_sha256"] == second["receipt"]["result_sha256"]
    assert first["rows"] == second["rows"]
    assert first["receipt"]["parameters"] == second["receipt"]["parameters"]
    saved = tmp_path / "answer.json"
    saved.write_text(json.dumps(first), "utf-8")
    done = subprocess.run(
        [str(program), "receipt", "verify", str(saved)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0 and first["receipt"]["result_sha256"] in done.stdout + done.stderr
    first["rows"][0]["dependent"] = not first["rows"][0]["dependent"]
    saved.write_text(json.dumps(first), "utf-8")
    done = subprocess.run(
        [str(program), "receipt", "verify", str(saved)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 6, done.stderr


def test_the_script_for_two_engines_is_whole() -> None:
    """It runs by hand, because it fetches two engines; here its shell is parsed and its questions are asked of this engine."""
    script = ROOT / "scripts" / "check_duckdb_versions.sh"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["sh", "-n", str(script)], check=False).returncode == 0


def test_the_questions_of_the_script_give_one_hash_each(tmp_path: Path) -> None:
    asked = [sys.executable, str(ROOT / "scripts" / "result_hashes.py"), str(tmp_path / "flows.csv")]
    shown = subprocess.run(
        [*asked, "--make"], capture_output=True, text=True, timeout=300, check=True
    ).stdout.splitlines()
    assert shown[0].startswith("DuckDB ") and sum(line.startswith("screen ") for line in shown) == 4 * len(names())
    assert all(len(line.split()[-1]) == 64 for line in shown[2:])
