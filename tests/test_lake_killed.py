"""Killed at any moment of `data add`, by two processes at once: the old version stands and no half file is seen."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from schakel.lake import Lake
from schakel.lake.engine import SPILL_PREFIX
from schakel.sources.add import add

YEARS = range(2018, 2020)
ROWS = 3 * len(YEARS)
KILLS, ENOUGH, SECONDS = 24, 8, 8.0  # on a machine that is busy with other work: stop early once it is enough

# Forks a process for each load, so that its killing costs no start of Python; it has no thread while it forks.
HERD = """
import json, os, signal, sys, time
from pathlib import Path
import duckdb, pyarrow.parquet
from schakel import settings
from schakel.lake import Lake, rules, store
from schakel.sources.add import add
from schakel.sources.reader import readers
from schakel.nomenclature import countries, products
from schakel.sources import flowfile, rules as shared, trade
readers(), settings.load(), countries.code_table("baci"), countries.pseudo_table("baci"), countries.all_countries()
for line in sys.stdin:
    order = json.loads(line)
    begun = {}
    for path in order["paths"]:
        process = os.fork()
        if not process:
            try:
                add(Path(path), Lake(), name="demo")
                os._exit(0)
            except BaseException as error:
                print(repr(error), file=sys.stderr, flush=True)
                os._exit(1)
        begun[process] = path
    if order["kill_after"] is not None:
        time.sleep(order["kill_after"])
        for process in begun:
            os.kill(process, signal.SIGKILL)
    print(json.dumps([os.waitpid(process, 0)[1] for process in begun]), flush=True)
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCHAKEL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SCHAKEL_CONFIG", str(tmp_path / "none.toml"))
    monkeypatch.setenv("SCHAKEL_THREADS", "1")
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def herd(home: Path) -> Iterator[subprocess.Popen[str]]:
    made = subprocess.Popen(
        [sys.executable, "-c", HERD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    yield made
    made.communicate()
    assert made.returncode == 0


def ask(herd: subprocess.Popen[str], *paths: Path, kill_after: float | None = None) -> list[int]:
    assert herd.stdin is not None
    assert herd.stdout is not None
    herd.stdin.write(json.dumps({"paths": [str(path) for path in paths], "kill_after": kill_after}) + "\n")
    herd.stdin.flush()
    status: list[int] = json.loads(herd.stdout.readline())
    return status


def baci(folder: Path, value: int) -> Path:
    """Write a zip of two years as BACI has them."""
    path = folder / f"BACI_HS12_V{value}.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for year in YEARS:
            rows = "".join(f"{year},{code},528,854231,{value}.5,1\n" for code in (156, 490, 842))
            packed.writestr(f"BACI_HS12_Y{year}_V{value}.csv", "t,i,j,k,v,q\n" + rows)
    return path


def leftovers(home: Path) -> list[Path]:
    return [*(home / "lake" / ".stage").glob("*-*"), *home.glob(f"{SPILL_PREFIX}*")]


def test_killed_at_any_moment_the_old_version_stands(tmp_path: Path, home: Path, herd: subprocess.Popen[str]) -> None:
    files = [baci(tmp_path, value) for value in range(1, KILLS + 2)]
    lake = Lake()
    add(files[0], lake, name="demo")
    ask(herd, files[0])
    start = time.perf_counter()
    assert ask(herd, files[0]) == [0]
    span = time.perf_counter() - start
    killed = old = swept = 0
    for step, path in enumerate(files[1:]):
        before = lake.open("demo").id
        # evenly over the run and a little beyond its end, in an order that covers it at any number of steps
        (status,) = ask(herd, path, kill_after=span * 1.05 * (0.618 * (step + 1) % 1))
        killed += status == signal.SIGKILL
        assert status in (0, signal.SIGKILL)
        now = lake.open("demo")
        lake.verify()
        old += now.id == before
        assert lake.names() == ("demo",)
        for entry in lake.versions("demo"):
            assert lake.open("demo", entry).rows == ROWS
        swept += bool(leftovers(home))
        if killed >= ENOUGH and time.perf_counter() - start > SECONDS:
            break
    assert killed >= ENOUGH
    assert old >= killed // 2
    assert swept >= 1
    assert ask(herd, files[-1]) == [0]
    assert lake.open("demo").version == str(KILLS + 1)
    assert leftovers(home) == []


def test_loads_at_once_from_several_processes_do_not_harm_each_other(
    tmp_path: Path, home: Path, herd: subprocess.Popen[str]
) -> None:
    files = [baci(tmp_path, value) for value in range(1, 5)]
    assert ask(herd, *files) == [0, 0, 0, 0]
    lake = Lake()
    lake.verify()
    assert lake.open("demo").version in {"1", "2", "3", "4"}
    assert len(lake.versions("demo")) == 4
    assert {lake.open("demo", entry).rows for entry in lake.versions("demo")} == {ROWS}
    assert leftovers(home) == []


def test_one_killed_beside_one_that_lives(tmp_path: Path, home: Path, herd: subprocess.Popen[str]) -> None:
    """The sweep of one load must not take the stage of another that still works."""
    files = [baci(tmp_path, value) for value in range(1, 4)]
    lake = Lake()
    add(files[0], lake, name="demo")
    with lake.stage() as mine:
        ask(herd, files[1], kill_after=0.03)
        assert ask(herd, files[2]) == [0]
        assert mine.is_dir()
    assert lake.open("demo").version == "3"
    assert leftovers(home) == []


def test_a_disk_that_fills_up_leaves_the_old_version_and_no_stage(tmp_path: Path, home: Path) -> None:
    """A ceiling on the size of a file stands for the full disk; the whole command meets it, in another process."""
    lake = Lake()
    old = add(baci(tmp_path, 1), lake, name="demo").dataset
    big = tmp_path / "BACI_HS12_Y2019_V9.csv"
    rows = (
        f"2019,{code},528,{product:06d},{product * 7919 % 99991}.125,1\n"
        for code in (156, 842)
        for product in range(10_000, 60_000)
    )
    big.write_text("t,i,j,k,v,q\n" + "".join(rows))
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY)); "
    done = subprocess.run(
        [sys.executable, "-c", limit + "from schakel.cli import main; main()", "data", "add", str(big), "--as", "demo"],
        capture_output=True,
        text=True,
        env=dict(os.environ),
        check=False,
    )
    assert (done.returncode, done.stdout) == (7, ""), done.stderr
    assert done.stderr.startswith("error: ")
    assert "remedy:" in done.stderr
    assert lake.open("demo").id == old.id
    lake.verify()
    assert leftovers(home) == []
    assert add(big, lake, name="demo").load.rows_read == 100_000
