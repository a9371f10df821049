"""A run of all lenses: the baseline, stopping and going on, threads, bands, what is lacking, receipts."""

import json
from dataclasses import replace

import numpy as np
import pytest

from schakel.errors import IntegrityError, MachineError, NotFoundError
from schakel.evidence import result_sha256
from schakel.shocks import run, scenario
from schakel.shocks.lenses import chunk_size
from schakel.shocks.records import Store
from schakel.shocks.run import band, expectations
from schakel.shocks.scenario import LENSES
from schakel.shocks.tables import embedded
from schakel.shocks.world import World
from shocks_small import random_world

HEAD = """\
schema: schakel.scenario/1
id: test
title: {en: Test}
sources: [{title: Own assumption, mark: recalled}]
table: reference
time: {start: 2025-10-01, horizon: 120}
uncertainty: {draws: 40, seed: 3, structural: [%s]}
"""
BAN = """\
measures:
  - {id: m1, imposer: TWN, instrument: export_ban, products: ["sector:electronics"], to: world,
     intensity: {dist: uniform, low: 0.3, high: 0.9}, start: 3, duration: 60}
"""
WORLD = random_world(2, sole=True)


def text(lenses: str = ", ".join(LENSES), body: str = BAN) -> str:
    return HEAD % lenses + body


def go(body: str = BAN, lenses: str = ", ".join(LENSES), **options):
    return run.run(scenario.parse(text(lenses, body)), given=options.pop("given", {"table": WORLD}), **options)


def every_band(value):
    """Yield every mapping with a median and percentiles."""
    if isinstance(value, dict):
        if {"median", "p05", "p95"} <= set(value):
            yield value
        for item in value.values():
            yield from every_band(item)
    elif isinstance(value, list):
        for item in value:
            yield from every_band(item)


@pytest.mark.parametrize("w", [WORLD, embedded()], ids=lambda w: w.name)
def test_without_measures_every_lens_gives_the_baseline_exactly(w: World) -> None:
    result = go("behaviour: {stock_days: {dist: uniform, low: 5, high: 30}}\n", given={"table": w}, draws=3)
    assert list(result["lenses"]) == list(LENSES)
    for name, lens in result["lenses"].items():
        assert lens["loss_usd"] == {"median": 0.0, "p05": 0.0, "p95": 0.0}, name
        assert lens["loss_share"] == {"median": 0.0, "p05": 0.0, "p95": 0.0}, name
        assert lens["first_stop_day"] is None, name
        assert lens["ranking"] == [], name
        assert all(b == {"median": 1.0, "p05": 1.0, "p95": 1.0} for b in lens["loss_path"]), name
        for region in lens["by_region"].values():
            assert region["loss_usd"] == {"median": 0.0, "p05": 0.0, "p95": 0.0}, name
    assert result["model_form"]["loss_share"]["high"] == 0.0


def test_the_answer_has_every_lens_with_loss_and_first_stop() -> None:
    result = go(draws=8)
    assert set(result["lenses"]) == set(LENSES)
    for lens in result["lenses"].values():
        assert lens["loss_usd"]["median"] > 0
        assert "first_stop_day" in lens
        assert lens["draws"] == 8
    assert json.loads(json.dumps(result)) == result


def test_bands_are_ordered() -> None:
    bands = list(every_band(go(draws=16)))
    assert len(bands) > 50
    for b in bands:
        if b["median"] is not None:
            assert b["p05"] <= b["median"] <= b["p95"]
    assert band([1.0, 2.0, 3.0]) == {"median": 2.0, "p05": pytest.approx(1.1), "p95": pytest.approx(2.9)}


def test_draws_differ_and_points_do_not() -> None:
    loss = go(draws=16, lenses="centre")["lenses"]["centre"]["loss_usd"]
    assert loss["p05"] < loss["median"] < loss["p95"]
    point = go(draws=0, lenses="centre")["lenses"]["centre"]
    assert point["loss_usd"]["p05"] == point["loss_usd"]["p95"]
    assert point["ranking"][0]["rank_low"] is None


class Stopped(Exception):
    """Somebody pulled the plug."""


def stop_after(calls: int):
    seen = []

    def progress(lens: str, done: int, of: int) -> None:
        seen.append(done)
        if len(seen) >= calls:
            raise Stopped

    return progress


@pytest.fixture(scope="module")
def whole():
    return go()


@pytest.mark.parametrize(("calls", "damage"), [(1, ""), (5, ""), (1, "half"), (4, "half"), (4, "flipped")])
def test_stopped_and_resumed_gives_the_same_bits(tmp_path, whole, calls, damage) -> None:
    keep = tmp_path / "run.jsonl"
    with pytest.raises(Stopped):
        go(keep=keep, progress=stop_after(calls))
    lines = keep.read_bytes().splitlines(keepends=True)
    assert len(lines) == calls
    if damage == "half":  # the last line was being written
        keep.write_bytes(b"".join(lines[:-1]) + lines[-1][: len(lines[-1]) // 2])
    elif damage == "flipped":  # a digit of the last line is wrong
        keep.write_bytes(b"".join(lines[:-1]) + lines[-1].replace(b'"loss": ', b'"loss": 1', 1))
    seen = []
    again = go(keep=keep, progress=lambda lens, done, of: seen.append((lens, done)))
    assert again == whole
    assert again["receipt"]["result_sha256"] == whole["receipt"]["result_sha256"]
    assert len(keep.read_bytes().splitlines()) == sum(-(-40 // chunk_size(lens, WORLD)) for lens in LENSES)
    finished = go(keep=keep)  # nothing is left to compute
    assert finished == whole


def test_a_finished_chunk_is_not_computed_again(tmp_path, monkeypatch) -> None:
    keep = tmp_path / "run.jsonl"
    whole = go(keep=keep, lenses="floor")
    from schakel.shocks import lenses

    monkeypatch.setattr(lenses, "one_lens", lambda *_: pytest.fail("computed again"))
    assert go(keep=keep, lenses="floor") == whole


def test_the_file_of_another_run_is_refused(tmp_path) -> None:
    keep = tmp_path / "run.jsonl"
    go(keep=keep, lenses="floor", draws=2)
    before = keep.read_bytes()
    with pytest.raises(IntegrityError, match="another scenario") as info:
        go(BAN.replace("start: 3", "start: 4"), keep=keep, lenses="floor", draws=2)
    assert "run.jsonl" in info.value.where
    with pytest.raises(IntegrityError):
        go(keep=keep, lenses="floor", draws=2, given={"table": replace(WORLD, final=WORLD.final * 2)})
    assert keep.read_bytes() == before


def test_a_file_that_cannot_be_written_is_told(tmp_path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MachineError, match="cannot be written"):
        Store(tmp_path / "file" / "run.jsonl", "key").put("a", [])


def test_one_thread_and_two_give_the_same_bits(whole) -> None:
    for threads in (1, 2):
        again = go(threads=threads)
        assert again["receipt"]["result_sha256"] == whole["receipt"]["result_sha256"]
        assert again == whole


def test_a_lens_that_lacks_data_is_named() -> None:
    chain = text().replace("table: reference", "graph: reference").replace("sector:electronics", "step:fab_euv_logic")
    result = run.run(scenario.parse(chain), draws=2)
    assert set(result["lenses"]) == {"floor", "centre", "ceiling"}
    assert result["world"] == "graph"
    assert "inter-country table" in result["lacking"]["graph/long_run"]


def test_a_table_that_is_not_there_is_named_and_the_chain_still_runs() -> None:
    both = text("floor").replace("table: reference", "table: nowhere\ngraph: reference")
    result = run.run(scenario.parse(both.replace("sector:electronics", "step:fab_euv_logic")), draws=2)
    assert result["lacking"]["table"] == "'nowhere' is no inter-country table"
    assert result["world"] == "graph"


def test_products_only_the_table_knows_leave_the_chain_out() -> None:
    result = go(given={"table": WORLD, "graph": random_world(1, sectors=("ore", "metal"))}, lenses="floor", draws=2)
    assert result["world"] == "table"
    assert "chain" not in result
    assert "no product sector:electronics" in result["lacking"]["graph/floor"]


def test_table_and_chain_side_by_side() -> None:
    result = go(given={"table": WORLD, "graph": random_world(5, sole=True)}, draws=2)
    assert set(result["lenses"]) == set(LENSES)
    assert set(result["chain"]) == set(LENSES) - {"long_run"}


@pytest.mark.parametrize("place", ["table: reference\n", "table: nowhere\n"])
def test_a_scenario_without_any_world_is_refused(place) -> None:
    s = text().replace("table: reference\n", "" if place == "table: reference\n" else place)
    with pytest.raises(NotFoundError) as info:
        run.run(scenario.parse(s))
    assert info.value.remedy


def test_the_receipt_tells_what_went_in() -> None:
    w = embedded()
    result = go(lenses="floor", draws=2, given={"table": w})
    receipt = result["receipt"]
    assert [i["path"] for i in receipt["inputs"]] == ["reference/wiod_2011"]
    assert receipt["parameters"]["scenario_sha256"] == scenario.parse(text("floor")).sha256
    assert (receipt["parameters"]["draws"], receipt["parameters"]["seed"]) == (2, 3)
    assert receipt["parameters"]["worlds"] == {"table": "reference"}
    assert "numpy" in receipt["engine"]
    assert [k["id"] for k in result["licences"]] == ["CC-BY-4.0"]
    assert [s["title"] for s in result["sources"]][-1] == "Own assumption"
    bare = {k: v for k, v in result.items() if k not in ("content", "warnings", "sources", "licences", "receipt")}
    assert receipt["result_sha256"] == result_sha256(bare)


def test_another_seed_is_another_result() -> None:
    s = scenario.parse(text("floor").replace("seed: 3", "seed: 4"))
    other = run.run(s, given={"table": WORLD}, draws=4)
    assert other["receipt"]["result_sha256"] != go(lenses="floor", draws=4)["receipt"]["result_sha256"]


def test_regions_sum_to_the_world() -> None:
    for name, lens in go(draws=0)["lenses"].items():
        by_region = sum(r["loss_usd"]["median"] for r in lens["by_region"].values())
        assert by_region == pytest.approx(lens["loss_usd"]["median"], rel=0.02 if name == "long_run" else 1e-9), name


def test_expected_figures_are_held_against_the_result() -> None:
    body = (
        BAN
        + """\
expected:
  - {measure: loss_usd, lens: floor, low: 0, high: 1.0e+15, published: p, source: s, mark: recalled}
  - {measure: loss_share, lens: floor, region: NLD, low: 0.9, high: 1, published: p, source: s, mark: recalled}
  - {measure: loss_share, lens: floor, region: DEU, low: 0, high: 1, published: p, source: s, mark: recalled}
  - {measure: loss_share, lens: centre, low: 0, high: 1, published: p, source: s, mark: recalled}
"""
    )
    result = go(body, lenses="floor", draws=4)
    assert [e["met"] for e in result["expected"]] == [True, False, None, None]
    ours = result["lenses"]["floor"]
    assert [e["ours"] for e in result["expected"]] == [
        ours["loss_usd"]["median"], ours["by_region"]["NLD"]["share"]["median"], None, None
    ]  # fmt: skip


def test_no_stop_within_the_horizon_meets_a_tolerance_that_reaches_it() -> None:
    lens = {
        "draws": 4,
        "first_stop": {"median": None, "p05": None, "p95": None, "draws_without": 4},
        "stops": {"cars": {"median": 40.0, "p05": 40.0, "p95": 40.0, "draws_without": 1}},
    }
    wanted = """\
expected:
  - {measure: first_stop_day, lens: centre, low: %s, high: %s, published: p, source: s, mark: recalled}
"""
    for low, high, met in ((120, 120, True), (30, 60, False), (0, 119, False)):
        s = scenario.parse(text("centre", BAN + wanted % (low, high)))
        assert expectations(s, {"table": {"centre": lens}})[0]["met"] is met
        one = scenario.parse(text("centre", BAN + (wanted % (low, high)).replace("low", "product: cars, low")))
        assert expectations(one, {"table": {"centre": lens}})[0]["ours"] == 40.0


def test_the_first_stop_is_that_of_a_line_no_measure_names() -> None:
    """Whoever bans exports, or loses capacity, stops by the measure itself."""
    body = BAN.replace("{dist: uniform, low: 0.3, high: 0.9}", "1.0").replace("duration: 60", "duration: 100")
    lens = go(body, lenses="centre", draws=0)["lenses"]["centre"]
    assert lens["first_stop"]["where"]["region"] != "TWN"
    assert lens["first_stop_day"] >= 13  # three days to the ban, ten of stock
    assert lens["first_stop_day"] == min(s["median"] for s in lens["stops"].values())
    assert np.isfinite(lens["first_stop_day"])
