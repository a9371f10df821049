"""The floor lens: checks 10 to 14 of the list, and one example by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.shocks import centre, floor
from schakel.shocks.lens import ExtraStock, SecondSource, Shock, Substitute
from schakel.shocks.tables import embedded
from schakel.shocks.world import CAPITAL, IMPORTANT, MINOR
from shocks_small import ban, cut, less, random_world, relabelled, scaled, three

YEAR = 365.0
# Only TWN makes electronics: elsewhere a ban would cost nothing, since goods of one product stand in for each other.
worlds = st.builds(
    random_world, st.integers(0, 10_000), stock_days=st.sampled_from([0.0, 5.0, 60.0]), sole=st.just(True)
)


def test_three_industries_by_hand() -> None:
    """Of 10 ore 6 come in; a day's use of ore and of metal lies ready; all of it goes into goods.

    ore 6 + 10/365, metal three times that + 30/365, goods metal / 0.3; people miss 100 less that; the stocks are gone.
    """
    w = three()
    day = 1 / YEAR
    result = floor.run(w, cut(w, "NLD", "ore", 0.4))
    goods = (3 * (6 + 10 * day) + 30 * day) / 0.3
    assert float(result.unmet_final.sum()) == pytest.approx(100 - goods, abs=1e-6)
    assert result.loss == pytest.approx(100 - goods + 40 * day, abs=1e-6)
    assert result.first_stop_day is None


def test_three_industries_with_stock_by_hand() -> None:
    """A stock of 36.5 days of ore alone is one unit more; metal and goods get the same share more."""
    w = three()
    w = replace(w, stock_days=np.where(np.arange(3)[:, None] == 0, 36.5, 0.0) * np.ones((3, 3)))
    day = 1 / YEAR
    ore = 10 * (36.5 + 1) * day
    goods = (3 * (6 + ore) + 30 * day) / 0.3
    result = floor.run(w, cut(w, "NLD", "ore", 0.4))
    assert result.loss == pytest.approx(100 - goods + ore + 30 * day, abs=1e-6)


def test_one_more_unit_of_ore_is_worth_ten_of_goods() -> None:
    w = three()
    duals = floor.run(w, cut(w, "NLD", "ore", 0.4)).values["duals"]
    delivery = [d for d in duals if d["kind"] == "delivery"]
    assert [d["measures"] for d in delivery] == [["ban"]]
    assert delivery[0]["product"] == "ore"
    assert delivery[0]["value"] == pytest.approx(10.0, abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(w=worlds, intensity=st.floats(0.05, 1.0), length=st.floats(10, 365))
def test_strong_duality(w, intensity, length) -> None:
    result = floor.run(w, cut(w, "TWN", "electronics", intensity, end=length))
    assert result.values["gap"] < 1e-8


def test_strong_duality_on_the_embedded_table() -> None:
    w = embedded()
    assert floor.run(w, cut(w, "TWN", "electronics", 0.5, start=3, end=93)).values["gap"] < 1e-8


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), share=st.floats(0.1, 0.6))
def test_dual_times_capacity_is_what_a_little_less_costs(seed, share) -> None:
    w = random_world(seed, stock_days=0.0)
    where = int(np.flatnonzero(w.of(frozenset({"TWN"}), frozenset({"electronics"})))[0])
    here = floor.run(w, less(w, "TWN", "electronics", share))
    step = 1e-5
    more = floor.run(w, less(w, "TWN", "electronics", share + step)).loss - here.loss
    fewer = here.loss - floor.run(w, less(w, "TWN", "electronics", share - step)).loss
    duals = [
        d["value"]
        for d in here.values["duals"]
        if d["kind"] == "capacity" and (d["region"], d["product"]) == ("TWN", "electronics")
    ]
    value = sum(duals) * w.output[where] * step
    # At a corner the slopes on both sides differ, and the dual lies between them.
    assert min(more, fewer) - 1e-4 * abs(more) - 1e-9 <= value <= max(more, fewer) + 1e-4 * abs(more) + 1e-9


def test_dual_times_deliveries_is_what_a_little_more_ban_costs() -> None:
    w = three()
    here, more = (floor.run(w, cut(w, "NLD", "ore", x)) for x in (0.4, 0.401))
    value = next(d["value"] for d in here.values["duals"] if d["kind"] == "delivery")
    assert more.loss - here.loss == pytest.approx(value * 10 * 0.001, rel=1e-6)


@settings(max_examples=15, deadline=None)
@given(w=worlds, first=st.floats(0, 1), second=st.floats(0, 1))
def test_more_ban_never_costs_less(w, first, second) -> None:
    low, high = sorted((first, second))
    a, b = (floor.run(w, cut(w, "TWN", "electronics", x, end=200)).loss for x in (low, high))
    assert a <= b + 1e-6 * w.value_added.sum()


@settings(max_examples=15, deadline=None)
@given(w=worlds, first=st.floats(10, 365), second=st.floats(10, 365))
def test_longer_never_costs_less(w, first, second) -> None:
    short, long = sorted((first, second))
    a, b = (floor.run(w, less(w, "USA", "vehicles", 0.5, end=x)).loss for x in (short, long))
    assert a <= b + 1e-6 * w.value_added.sum()


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    days=st.sampled_from([0.0, 10.0, 60.0]),
    sole=st.booleans(),
    share=st.floats(0.1, 1.0),
    end=st.floats(20, 365),
)
def test_the_floor_lies_below_the_centre(seed, days, sole, share, end) -> None:
    """Check 10, the lower half: knowing what comes and sharing everything never costs more."""
    w = random_world(seed, stock_days=days, sole=sole)
    for shock in (cut(w, "TWN", "electronics", share, end=end), less(w, "TWN", "electronics", share, end=end)):
        least, usual = floor.run(w, shock).loss, centre.run(w, shock, check_growth=False).loss
        assert least <= usual * (1 + 1e-6) + 1e-6


def test_a_ban_on_an_unused_link_changes_nothing() -> None:
    w = three()
    unused = replace(ban(w, "NLD", "ore"), users=w.of(None, frozenset({"goods"})), final_users=np.array([False, False]))
    result = floor.run(w, Shock(horizon=365, restrictions=(unused,)))
    assert result.loss == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("way", [{"leakage": 1.0}, {"licence_share": 1.0}, {"leakage": 0.5, "licence_share": 1.0}])
def test_a_ban_that_all_leaks_or_is_all_licensed_at_once_changes_nothing(way) -> None:
    w = random_world(3, sole=True)
    assert floor.run(w, cut(w, "TWN", "electronics", 1.0)).loss > 0.1 * w.value_added.sum()
    assert floor.run(w, cut(w, "TWN", "electronics", 1.0, **way)).loss == pytest.approx(0.0, abs=1e-6)


def test_a_ban_by_one_of_several_makers_costs_nothing_at_best() -> None:
    """What it would have sold abroad it sells at home, and the others sell abroad what they sold there."""
    w = random_world(3)
    assert floor.run(w, cut(w, "TWN", "electronics", 0.5)).loss == pytest.approx(0.0, abs=1e-6)


def test_nothing_happens_in_a_quiet_world() -> None:
    result = floor.run(three(), Shock(horizon=90))
    assert result.loss == 0.0
    assert not result.loss_by_industry.any()
    assert (result.path == 1.0).all()


@pytest.mark.parametrize("seed", range(3))
def test_unit_and_order_change_nothing(seed) -> None:
    w = random_world(seed, sole=True)
    here = floor.run(w, cut(w, "TWN", "electronics", 0.7, end=120))
    assert here.loss > 0
    times = scaled(w, 7.0)
    assert floor.run(times, cut(times, "TWN", "electronics", 0.7, end=120)).loss == pytest.approx(
        7 * here.loss, rel=1e-6
    )
    other, _ = relabelled(w)
    assert floor.run(other, cut(other, "TWN", "electronics", 0.7, end=120)).loss == pytest.approx(here.loss, rel=1e-6)


def test_what_stands_against_it_helps() -> None:
    """A second source and a substitute make the floor lower; a stock too, less what filling it again costs."""
    w = random_world(5, stock_days=0.0, sole=True)
    bare = less(w, "TWN", "electronics", 0.9, end=180)
    made = w.of(frozenset({"TWN"}), frozenset({"electronics"}))
    e, s = w.sectors.index("electronics"), w.sectors.index("services")
    everybody = np.ones(w.size, bool)
    loss = floor.run(w, bare).loss
    stock = replace(bare, stocks=(ExtraStock("x", np.array([e]), everybody, 30.0),))
    second = replace(bare, second_sources=(SecondSource("x", made, 0.5, 10.0),))
    swap = replace(bare, substitutes=(Substitute("x", e, s, everybody, 30.0, 5.0),))
    assert floor.run(w, stock).loss < 0.999 * loss
    assert floor.run(w, second).loss < 0.9 * loss
    assert floor.run(w, swap).loss < 0.999 * loss


def test_an_input_that_can_be_missed_costs_less_than_one_that_stops_the_line() -> None:
    w = three()
    losses = [
        floor.run(replace(w, criticality=np.full_like(w.criticality, level)), cut(w, "NLD", "ore", 0.4)).loss
        for level in (2, IMPORTANT, MINOR)
    ]
    assert losses[0] > losses[1] > losses[2]


def test_a_tool_ban_stops_nothing_today() -> None:
    w = three()
    tools = replace(w, kind=np.where(np.arange(3)[:, None] == 0, CAPITAL, w.kind).astype(np.int8))
    result = floor.run(tools, cut(tools, "NLD", "ore", 0.4))
    assert result.path[:, 1:] == pytest.approx(1.0, abs=1e-6)  # metal and goods are made as before
    assert result.loss == pytest.approx(4.0, abs=1e-6)  # what is lost is the tools that are not sold


def test_phases_follow_what_happens() -> None:
    w = three()
    shock = replace(cut(w, "NLD", "ore", 0.4, start=10, end=100, phase_in=20), horizon=200)
    assert floor.phases(shock).tolist() == [0, 10, 20, 100, 200]
    many = replace(shock, restrictions=tuple(ban(w, "NLD", "ore", 0.1, start=5.0 * k, end=150 + k) for k in range(20)))
    days = floor.phases(many)
    assert len(days) <= 13
    assert (days[0], days[-1]) == (0.0, 200.0)
    assert (np.diff(days) > 0).all()
