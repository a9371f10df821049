"""What happens to a run that is killed, doubled, or asked something extreme?"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from schakel.chains.open import open_graph
from schakel.errors import InputError, IntegrityError, MachineError
from schakel.shocks import centre, run, scenario
from schakel.shocks.records import Store, opened
from schakel.shocks.tables import embedded
from schakel.shocks.world import World, world
from shocks_small import random_world

TEXT = """\
schema: schakel.scenario/1
id: hostile
title: {en: Hostile}
table: reference
time: {start: 2026-01-01, horizon: 90}
measures:
  - {id: m1, imposer: TWN, instrument: export_ban, products: ["sector:electronics"], to: world, intensity: 0.5, start: 3,
     duration: {dist: uniform, low: 20, high: 60}}
uncertainty: {draws: 96, seed: 7, structural: [floor, centre, ceiling]}
"""
ROOT = Path(__file__).parents[1]


def start(folder: Path, *more: str, home: str = "home") -> subprocess.Popen[bytes]:
    environment = {**os.environ, "SCHAKEL_HOME": str(folder / home), "PYTHONPATH": str(ROOT / "src")}
    command = [
        sys.executable,
        "-c",
        "from schakel.cli import main; main()",
        "shock",
        "run",
        "s.yaml",
        "--format",
        "json",
        *more,
    ]
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def answer(process: subprocess.Popen[bytes]) -> str:
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err.decode()
    return str(json.loads(out)["receipt"]["result_sha256"])


def wait_for_parts(process: subprocess.Popen[bytes], path: Path, parts: int) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end and process.poll() is None:
        if path.exists() and path.read_bytes().count(b"\n") >= parts:
            return
        time.sleep(0.02)
    process.kill()
    raise AssertionError(f"nothing was kept: {process.communicate()[1].decode()}")


@pytest.mark.skipif(sys.platform == "win32", reason="kills a process outright")
def test_a_run_that_is_killed_outright_ends_with_the_same_hash(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(TEXT)
    keep = tmp_path / "parts.jsonl"
    first = start(tmp_path, "--keep", "parts.jsonl")
    wait_for_parts(first, keep, 2)
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    assert first.returncode == -signal.SIGKILL
    done = keep.read_bytes()
    keep.write_bytes(done + b'{"sha256": "12')  # as if it had died in the middle of a line
    again = answer(start(tmp_path, "--keep", "parts.jsonl"))
    assert keep.read_bytes().startswith(done[: done.rindex(b"\n") + 1])  # what was there was used, not made anew
    assert again == answer(start(tmp_path, home="other"))


def test_two_runs_at_once_do_not_share_a_file(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(TEXT)
    first = start(tmp_path, "--keep", "parts.jsonl")
    wait_for_parts(first, tmp_path / "parts.jsonl", 1)
    second = start(tmp_path, "--keep", "parts.jsonl")
    _, err = second.communicate(timeout=120)
    assert second.returncode == 7
    assert b"another run is using the file" in err
    both = [answer(first), answer(start(tmp_path, "--keep", "parts.jsonl"))]
    assert both[0] == both[1]
    assert not (tmp_path / "parts.jsonl.lock").exists()


def test_two_runs_at_once_without_a_file_of_their_own_both_answer(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(TEXT.replace("draws: 96", "draws: 32"))
    both = [start(tmp_path), start(tmp_path)]
    assert answer(both[0]) == answer(both[1])
    assert not list((tmp_path / "home" / "runs").glob("*.jsonl*"))


def test_a_file_in_use_is_refused_or_passed_by(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with opened(path, "k") as first:
        first.put("a", [])
        with pytest.raises(MachineError, match="another run"), opened(path, "k"):
            pass
        with opened(path, "k", passing=True) as second:
            assert second.path is None
        assert path.exists()
    with opened(path, "k", passing=True) as third:
        assert third.get("a") == []
    assert not path.exists()


def test_parts_of_one_point_are_not_taken_for_those_of_one_draw(tmp_path: Path) -> None:
    s, keep = scenario.parse(TEXT), tmp_path / "run.jsonl"
    given = {"table": random_world(regions=("NLD", "TWN", "USA", "ROW"))}
    run.run(s, draws=0, keep=keep, given=given)
    with pytest.raises(IntegrityError, match="another scenario"):
        run.run(s, draws=1, keep=keep, given=given)


def test_parts_of_other_needs_are_not_taken_for_ours(tmp_path: Path) -> None:
    s, keep, w = scenario.parse(TEXT), tmp_path / "run.jsonl", random_world(regions=("NLD", "TWN", "USA", "ROW"))
    run.run(s, draws=0, keep=keep, given={"table": w})
    softer = w.criticality.copy()
    softer[0] = 0
    with pytest.raises(IntegrityError, match="another scenario"):
        run.run(s, draws=0, keep=keep, given={"table": World(**{**_fields(w), "criticality": softer})})


def _fields(w: World) -> dict[str, object]:
    return {f: getattr(w, f) for f in w.__dataclass_fields__}


@pytest.mark.parametrize("draws", ["0", "4097", "-1", "1e9"])
def test_too_many_draws_are_an_error_of_the_file(draws: str) -> None:
    with pytest.raises(InputError) as info:
        scenario.parse(TEXT.replace("draws: 96", f"draws: {draws}"))
    assert "draws" in str(info.value.where)


@pytest.mark.parametrize("horizon", ["0", "-5", "1.5", "36500", ".inf", ".nan", "'90'"])
def test_a_run_of_no_days_is_an_error(horizon: str) -> None:
    with pytest.raises(InputError) as info:
        scenario.parse(TEXT.replace("horizon: 90", f"horizon: {horizon}"))
    assert "horizon" in str(info.value.where)


@pytest.mark.parametrize(
    "value",
    [".nan", ".inf", "-0.1", "1.01", "{dist: uniform, low: 0, high: .inf}", "{dist: uniform, low: .nan, high: 1}"],
)
def test_impossible_numbers_are_errors(value: str) -> None:
    with pytest.raises(InputError) as info:
        scenario.parse(TEXT.replace("intensity: 0.5", f"intensity: {value}"))
    assert "intensity" in str(info.value.where)


def test_4096_draws_of_a_small_world_run_and_go_on_after_a_stop(tmp_path: Path) -> None:
    s = scenario.parse(TEXT.replace("[floor, centre, ceiling]", "[centre]").replace("horizon: 90", "horizon: 10"))
    given = {"table": random_world(regions=("NLD", "TWN", "USA", "ROW"))}
    keep, seen = tmp_path / "run.jsonl", []

    def stop(_: str, now: int, total: int) -> None:
        seen.append(total)
        if now >= 1000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.run(s, draws=4096, keep=keep, given=given, progress=stop)
    assert set(seen) == {4096}
    whole = run.run(s, draws=4096, keep=keep, given=given)
    assert whole["lenses"]["centre"]["draws"] == 4096
    assert whole["receipt"]["result_sha256"] == run.run(s, draws=4096, given=given)["receipt"]["result_sha256"]


EVERYTHING = """\
schema: schakel.scenario/1
id: all
title: {en: Everything}
table: reference
time: {start: 2026-01-01, horizon: 60}
measures:
  - {id: m1, instrument: %s, from: {site: world}, products: [%s], to: world, start: 0}
uncertainty: {draws: 1}
"""


@pytest.mark.parametrize("instrument", ["export_ban", "capacity_loss"])
def test_a_ban_of_everything_stops_everything_and_every_lens_answers(instrument: str) -> None:
    w = random_world(regions=("NLD", "TWN", "USA", "ROW"))
    products = ", ".join(f'"sector:{s}"' for s in w.sectors)
    answer = run.run(scenario.parse(EVERYTHING % (instrument, products)), given={"table": w})
    shares = {k: v["loss_share"]["median"] for k, v in answer["lenses"].items()}
    assert shares["ceiling"] == pytest.approx(1.0, abs=0.02)
    assert shares["centre"] == pytest.approx(1.0, abs=0.05)
    assert 0.5 < shares["floor"] <= 1.0 + 1e-9 or instrument == "capacity_loss"
    assert all(np.isfinite(v) and v > 0 for v in shares.values())


def test_a_region_that_makes_and_buys_nothing_changes_nothing() -> None:
    w = random_world(regions=("NLD", "TWN", "USA", "ROW"))
    n, s = w.size, len(w.sectors)
    flows = np.zeros((n + s, n + s))
    flows[:n, :n] = w.flows
    final = np.zeros((n + s, 5))
    final[:n, :4] = w.final
    region, sector = np.r_[w.region, np.full(s, 4)], np.r_[w.sector, np.arange(s)]
    empty = world("with nobody", (*w.regions, "ATA"), w.sectors, region, sector, flows, final, stock_days=10.0)
    text = scenario.parse(
        TEXT.replace("draws: 96", "draws: 2").replace("[floor, centre, ceiling]", "[floor, centre, ceiling, long_run]")
    )
    a, b = (run.run(text, given={"table": t})["lenses"] for t in (w, empty))
    for lens in a:
        assert b[lens]["loss_usd"]["median"] == pytest.approx(a[lens]["loss_usd"]["median"], rel=1e-6), lens
        assert b[lens]["first_stop_day"] == a[lens]["first_stop_day"]
        assert b[lens]["by_region"]["ATA"]["share"] is None
        assert b[lens]["by_region"]["ATA"]["loss_usd"]["median"] == pytest.approx(0.0, abs=1e-6)


def test_a_measure_by_a_region_that_makes_nothing_is_told_and_costs_nothing() -> None:
    w = random_world(regions=("NLD", "TWN", "USA", "ROW"), sole=True)
    answer = run.run(
        scenario.parse(TEXT.replace("imposer: TWN", "imposer: NLD").replace("draws: 96", "draws: 1")),
        given={"table": w},
    )
    assert all(v["loss_usd"]["median"] == 0.0 for v in answer["lenses"].values())
    assert any("no such deliveries" in x for x in answer["warnings"])


@pytest.mark.parametrize(
    ("file", "row", "column"),
    [
        ("inputs.csv", "chip,wafer,flow,critical,nan,30", "coefficient"),
        ("inputs.csv", "chip,wafer,flow,critical,inf,30", "coefficient"),
        ("inputs.csv", "chip,wafer,flow,critical,1,nan", "stock_days"),
        ("inputs.csv", "chip,wafer,flow,critical,1,-3", "stock_days"),
        ("inputs.csv", "chip,wafer,flow,critical,1,30 weeks", "stock_days"),
        ("positions.csv", "chip,TWN,nan,nan", "share"),
        ("positions.csv", "chip,TWN,55,60", "share"),  # per cent where a share is meant
        ("positions.csv", "chip,TWN,0.9,0.2", "share"),
    ],
)
def test_numbers_that_are_none_in_a_chain_of_ones_own_are_named(
    tmp_path: Path, file: str, row: str, column: str
) -> None:
    texts = {
        "steps.csv": ["step,name_en", "wafer,Wafer", "chip,Chip"],
        "inputs.csv": ["step,input,kind,criticality,coefficient,stock_days", "chip,wafer,flow,critical,0.2,30"],
        "positions.csv": ["step,plant,share_low,share_high", "chip,TWN,0.5,0.6", "wafer,JPN,1,1"],
    }
    for name, rows in texts.items():
        (tmp_path / name).write_text("\n".join([rows[0], row if name == file else rows[1], *rows[2:]]) + "\n")
    with pytest.raises(InputError) as info:
        open_graph(str(tmp_path))
    where = f"{info.value.where}"
    assert file in where
    assert "row 2" in where
    assert column in where


def test_a_table_in_other_units_is_the_same_world() -> None:
    w = embedded()
    thousand = World(**{**_fields(w), "flows": w.flows * 1000, "final": w.final * 1000})
    s = scenario.parse(TEXT.replace("draws: 96", "draws: 1"))
    a, b = (run.run(s, given={"table": t})["lenses"] for t in (w, thousand))
    for lens in a:
        assert b[lens]["loss_share"]["median"] == pytest.approx(a[lens]["loss_share"]["median"], rel=1e-6), lens


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1.0])
def test_numbers_that_are_none_in_a_table_are_named(bad: float) -> None:
    w = random_world(regions=("NLD", "TWN"))
    flows = w.flows.copy()
    flows[1, 2] = bad
    with pytest.raises(InputError, match="row 2, column 3"):
        world("bad", w.regions, w.sectors, w.region, w.sector, flows, w.final)


def test_a_store_of_something_else_is_not_taken_for_a_run(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("a file of somebody\n")
    with pytest.raises(IntegrityError, match="no file of a run"):
        Store(path, "k")
    assert path.read_text() == "a file of somebody\n"
    path.write_text('{"sha')  # died in its first line
    assert Store(path, "k").done == {}


def test_an_empty_list_of_draws_is_answered() -> None:
    assert centre.run_many(random_world(regions=("NLD", "TWN")), []) == []
