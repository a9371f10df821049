"""Does a result keep its sense when the question is put another way, made harder, or given more help?"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.shocks import ceiling, centre, floor, library, longrun, run, scenario
from schakel.shocks.lens import (
    Behaviour,
    ExtraStock,
    LensResult,
    SecondSource,
    Shock,
    Substitute,
    Together,
)
from schakel.shocks.scenario import LENSES
from schakel.shocks.world import World
from shocks_small import cut, less, random_world, relabelled, scaled

ROOMS = {"floor": floor, "centre": centre, "ceiling": ceiling, "long_run": longrun}
REGIONS = ("NLD", "TWN", "USA", "ROW")
TEXT = """\
schema: schakel.scenario/1
id: test
title: {en: Test}
table: reference
time: {start: 2026-01-01, horizon: 120}
measures:
%s
uncertainty: {draws: 1}
"""
ONE = "  - {id: m1, imposer: %s, instrument: export_ban, products: [electronics], to: world, intensity: %s, start: %s, end: %s}"


def run_lens(name: str, w: World, shock: Shock) -> LensResult:
    return centre.run(w, shock, check_growth=False) if name == "centre" else ROOMS[name].run(w, shock)


def answer(w: World, *measures: str) -> dict[str, dict]:
    return run.run(scenario.parse(TEXT % "\n".join(measures)), given={"table": w})["lenses"]


@pytest.mark.parametrize("name", LENSES)
@pytest.mark.parametrize("seed", range(3))
def test_money_in_thousandths_is_a_thousand_times_the_loss_and_nothing_else(name: str, seed: int) -> None:
    w = random_world(seed, stock_days=8.0)
    thousand = scaled(w, 1000.0)
    for make in (cut, less):
        a = run_lens(name, w, make(w, "TWN", "electronics", 0.7, end=60.0))
        b = run_lens(name, thousand, make(thousand, "TWN", "electronics", 0.7, end=60.0))
        assert b.loss == pytest.approx(1000 * a.loss, rel=1e-7, abs=1e-6 * w.value_added.sum())
        assert b.loss_by_industry.sum() == pytest.approx(
            1000 * a.loss_by_industry.sum(), rel=1e-7, abs=1e-6 * w.value_added.sum()
        )
        assert b.first_stop_day == a.first_stop_day
        if name in ("centre", "ceiling"):
            assert np.abs(a.path - b.path).max() < 1e-9


@pytest.mark.parametrize("name", LENSES)
@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_regions_sectors_and_industries_changes_nothing(name: str, seed: int) -> None:
    w = random_world(seed, stock_days=6.0, sole=seed % 2 == 0)
    other, order = relabelled(w, seed + 1)
    for make in (cut, less):
        a = run_lens(name, w, make(w, "TWN", "electronics", 0.6, end=80.0))
        b = run_lens(name, other, make(other, "TWN", "electronics", 0.6, end=80.0))
        assert a.loss > 0 or name == "floor"
        assert b.loss == pytest.approx(a.loss, rel=1e-7, abs=1e-7 * w.value_added.sum())
        assert b.first_stop_day == a.first_stop_day
        if name in ("centre", "ceiling"):
            assert np.abs(a.path[:, order] - b.path).max() < 1e-9
            assert b.loss_by_industry == pytest.approx(a.loss_by_industry[order], abs=1e-7 * w.value_added.sum())


def test_a_measure_cut_in_two_at_a_border_is_the_measure() -> None:
    """Two windows that touch are one: no day is counted twice, and none is missed."""
    w = random_world(3, regions=REGIONS, sole=True)
    whole = answer(w, ONE % ("TWN", 0.5, 3, 43))
    parts = answer(w, ONE % ("TWN", 0.5, 3, 23), (ONE % ("TWN", 0.5, 23, 43)).replace("m1", "m2"))
    for name in LENSES:
        assert whole[name]["loss_usd"]["median"] > 0
        assert parts[name]["loss_usd"]["median"] == pytest.approx(whole[name]["loss_usd"]["median"], rel=1e-9), name
        assert parts[name]["first_stop_day"] == whole[name]["first_stop_day"]


def test_two_measures_at_once_cut_what_each_leaves_in_the_long_run() -> None:
    w = random_world(3, regions=REGIONS, sole=True)
    second = (ONE % ("TWN", 0.5, 20, 60)).replace("m1", "m2").replace("export_ban", "quota")
    both = answer(w, ONE % ("TWN", 0.5, 3, 43), second)["long_run"]["loss_usd"]["median"]
    once = answer(w, ONE % ("TWN", 0.75, 3, 43))["long_run"]["loss_usd"]["median"]
    assert both == pytest.approx(once, rel=1e-6)


@pytest.mark.parametrize(
    "measure",
    [
        ONE % ("TWN", 0.5, 3, 3),
        ONE % ("TWN", 0, 3, 43),
        ONE % ("NLD", 1, 3, 43),  # sells none of it
        (ONE % ("TWN", 0.5, 3, 43)).replace("end: 43", "end: 43, leakage: {share: 1}"),
        (ONE % ("TWN", 0.5, 3, 43)).replace("end: 43", "end: 43, licence: {approval_share: 1}"),
        (ONE % ("TWN", 0.5, 3, 43)).replace("to: world", "to: TWN"),
    ],
)
def test_a_measure_that_stops_nothing_is_the_baseline_under_every_lens(measure: str) -> None:
    for name, lens in answer(random_world(3, regions=REGIONS, sole=True), measure).items():
        assert lens["loss_share"]["median"] == pytest.approx(0.0, abs=1e-9), name
        assert not str(lens["loss_share"]["median"]).startswith("-"), name
        assert lens["first_stop_day"] is None, name


def test_a_tariff_may_be_higher_than_the_price() -> None:
    tariff = (ONE % ("TWN", 1.45, 3, 43)).replace("export_ban", "tariff")
    w = random_world(3, regions=REGIONS, sole=True)
    same = answer(w, ONE % ("TWN", 1 - 2.45**-0.76, 3, 43))
    for name, lens in answer(w, tariff).items():
        assert lens["loss_usd"]["median"] == pytest.approx(same[name]["loss_usd"]["median"], rel=1e-9), name


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    name=st.sampled_from(["floor", "ceiling", "long_run"]),
    shares=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    make=st.sampled_from([cut, less]),
)
def test_a_bigger_shock_never_costs_less(seed: int, name: str, shares: tuple[float, float], make) -> None:
    w = random_world(seed, stock_days=5.0, sole=make is cut)
    if name == "long_run":  # a region that sells dearer may gain, the world may not
        shares = (min(shares[0], 0.9), min(shares[1], 0.9))
    low, high = (run_lens(name, w, make(w, "TWN", "electronics", x, end=90.0)).loss for x in sorted(shares))
    assert low <= high + 1e-6 * w.value_added.sum()


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 10_000), name=st.sampled_from(["floor", "ceiling"]), ends=st.tuples(*[st.floats(5, 180)] * 2)
)
def test_a_longer_ban_never_costs_less(seed: int, name: str, ends: tuple[float, float]) -> None:
    w = random_world(seed, stock_days=5.0, sole=True)
    short, long = (run_lens(name, w, cut(w, "TWN", "electronics", 0.6, horizon=180, end=x)).loss for x in sorted(ends))
    assert short <= long + 1e-6 * w.value_added.sum()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), days=st.sampled_from([0.0, 5.0, 30.0]), capacity=st.booleans())
def test_no_help_makes_the_floor_worse(seed: int, days: float, capacity: bool) -> None:
    w = random_world(seed, stock_days=days, sole=True)
    bare = (less if capacity else cut)(w, "TWN", "electronics", 0.8, end=120.0)
    makers = w.of(frozenset({"TWN"}), frozenset({"electronics"}))
    e, s = w.sectors.index("electronics"), w.sectors.index("services")
    users = w.region == 0
    loss = floor.run(w, bare).loss
    for more in (
        {"stocks": (ExtraStock("x", np.array([e]), users, 20.0),)},
        {"second_sources": (SecondSource("x", makers, 0.3, 30.0, 10.0),)},
        {"substitutes": (Substitute("x", e, s, users, 10.0, 0.7),)},
        {"together": (Together("x", np.array([e]), users, np.arange(3) == 0),)},
        {"priority": users, "behaviour": Behaviour(allocation="priority")},
    ):
        assert floor.run(w, replace(bare, **more)).loss <= loss + 1e-6 * w.value_added.sum(), more


def test_more_stock_hardly_ever_worsens_the_centre() -> None:
    """Refilling a larger stock is demand too: a few parts in a thousand, once no line stops any more."""
    ratios = []
    for seed in range(4):
        losses = []
        for days in (0.0, 3.0, 10.0, 30.0, 90.0):
            w = random_world(seed, stock_days=days, sole=True)
            losses.append(run_lens("centre", w, cut(w, "TWN", "electronics", 0.6, end=90.0)).loss)
        assert losses[0] > 5 * losses[-1]
        ratios += [b / a for a, b in itertools.pairwise(losses)]
    assert max(ratios) < 1.005


def test_the_floor_passes_the_centre_only_in_runs_of_days() -> None:
    """A floor counts stocks that were not filled again; in a run of days the centre has not yet felt them."""
    for seed in range(6):
        w = random_world(seed, stock_days=10.0, sole=True)
        for days, below in ((3, False), (40, True)):
            shock = cut(w, "TWN", "electronics", 0.5, horizon=days)
            assert (floor.run(w, shock).loss <= run_lens("centre", w, shock).loss * (1 + 1e-6)) is below


@pytest.mark.parametrize("name", library.names())
def test_the_floor_lies_below_the_centre_in_every_ready_scenario(name: str) -> None:

    s = scenario.read(library.path(name))
    found = run.run(s, draws=0)
    for part in (found["lenses"], found.get("chain", {})):
        if part:
            key = "loss_usd" if part["floor"]["loss_usd"] else "loss_share"
            assert part["floor"][key]["median"] <= part["centre"][key]["median"] * (1 + 1e-6) + 1e-9, (name, key)
