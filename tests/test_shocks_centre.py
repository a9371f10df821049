"""Is the fast step of the centre lens the step that the rules describe, and do the rules behave?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.errors import InputError
from schakel.shocks import centre, timing
from schakel.shocks.lens import (
    Barrier,
    Behaviour,
    CapacityLoss,
    ExtraStock,
    SecondSource,
    Shock,
    Substitute,
    Together,
)
from schakel.shocks.stocks import Slow
from schakel.shocks.world import World
from shocks_sample import Twin, ban, fire, plain, table


def varied(seed: int, plain_rule: bool) -> World:
    """A small table with all classes and kinds, some unused links, and an industry that makes nothing."""
    rng = np.random.default_rng(seed)
    base = table(3, 3, seed, domestic=0.4)
    flows, final = base.flows.copy(), base.final.copy()
    flows[rng.random(flows.shape) < 0.2] = 0.0
    flows[4, :], flows[:, 4], final[4] = 0.0, 0.0, 0.0
    w = replace(base, flows=flows, final=final)
    shape = w.stock_days.shape
    days = rng.choice([0.0, 1.0, 3.0, 20.0], shape) + (3.0 if plain_rule else 0.0)
    if plain_rule:
        return replace(w, stock_days=days)
    return replace(
        w,
        stock_days=days,
        criticality=rng.choice([0, 1, 2, 2], shape).astype(np.int8),
        kind=rng.choice([0, 0, 0, 1, 2], shape).astype(np.int8),
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[World, Shock]:
    seed = draw(st.integers(0, 10_000))
    rng = np.random.default_rng(seed + 1)
    plain_rule = draw(st.booleans())
    w = varied(seed, plain_rule)
    step = draw(st.sampled_from([1, 1, 7]))
    if step == 7 and plain_rule:
        step = 1
    some = lambda: rng.random(w.size) < 0.5  # noqa: E731
    restrictions = tuple(
        replace(
            ban(w, int(rng.integers(3)), int(rng.integers(3)), rng.random(), 4 * rng.random(), 8 + 10 * rng.random()),
            suppliers=some(),
            users=some(),
            final_users=rng.random(3) < 0.5,
            phase_in=float(rng.choice([0.0, 5.0])),
            leakage=float(rng.choice([0.0, 0.4, 1.0])),
            leak_delay=float(rng.choice([0.0, 3.0, 9.0])),
            licence_share=float(rng.choice([0.0, 0.5])),
            licence_delay=float(rng.choice([0.0, 4.0])),
            leak_markup=float(rng.choice([0.0, 0.3])),
            routes=tuple(
                tuple(Barrier(rng.random(), 3.0, 9.0, 2.0) for _ in range(rng.integers(0, 3)))
                for _ in range(rng.integers(0, 3))
            ),
        )
        for _ in range(draw(st.integers(0, 3)))
    )
    losses = tuple(
        CapacityLoss("x", some(), rng.random(), 3 * rng.random(), 6 + 6 * rng.random(), 10 * rng.random())
        for _ in range(draw(st.integers(0, 2)))
    )
    first = draw(st.booleans())
    shock = Shock(
        21,
        step,
        restrictions,
        losses or (() if restrictions else (fire(w, [0, 1]),)),
        tuple(SecondSource("b", some(), 0.3, 5.0, 6.0) for _ in range(draw(st.integers(0, 1)))),
        tuple(
            ExtraStock("e", np.array([1]), some(), draw(st.sampled_from([5.0, -2.0])))
            for _ in range(draw(st.integers(0, 1)))
        ),
        tuple(Substitute("s", 0, 2, some(), 4.0, 0.8) for _ in range(draw(st.integers(0, 1)) if not plain_rule else 0)),
        some() if first else None,
        Behaviour(
            production="ario" if plain_rule else "feasible_flow",
            reorder=draw(st.sampled_from(["actual", "desired"])),
            allocation="priority" if first else "proportional",
            reroute_share=draw(st.sampled_from([0.0, 0.7, 1.0])),
            reroute_ramp=draw(st.sampled_from([0.0, 5.0])),
            restore_days=draw(st.sampled_from([10.0, 60.0])),
            overcapacity=draw(st.sampled_from([1.0, 1.2])),
            overcapacity_days=30.0,
            panic=draw(st.sampled_from([0.0, 0.5])),
        ),
        tuple(Together("t", np.array([0, 2]), some(), rng.random(3) < 0.5) for _ in range(draw(st.integers(0, 1)))),
    )
    return w, shock


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_the_fast_step_is_the_step_in_loops(case: tuple[World, Shock]) -> None:
    w, shock = case
    twin = Twin(w, shock)
    slow = twin.run()
    fast = centre.run(w, shock, check_growth=False)
    assert np.abs(fast.path - slow).max() < 1e-8
    assert fast.unmet_final.sum() == pytest.approx(twin.unmet, abs=1e-7 * w.final.sum())
    assert fast.values.get("markup_cost", 0.0) == pytest.approx(twin.paid, abs=1e-9 * w.final.sum())


@pytest.fixture(scope="module")
def cliff() -> dict[tuple[int, str], tuple[float, float]]:
    """Loss as a share of a year's value added and output on the last day, by days of stock and rule."""
    rules = {
        "ario": plain(),
        "flow": Behaviour(reorder="actual", reroute_share=0.0),
        "both": Behaviour(reroute_share=0.0),
    }
    out = {}
    for days in (10, 30, 90):
        w = table(10, 12, stock_days=float(days))
        shock = Shock(365, losses=(fire(w, [3, 17, 29], 0.5, 1, 31, 90),))
        for name, rule in rules.items():
            r = centre.run(w, replace(shock, behaviour=rule), check_growth=False)
            out[days, name] = r.loss / w.value_added.sum(), float(r.path[-1] @ w.output / w.output.sum())
    return out


def test_the_plain_rule_has_a_cliff(cliff: dict[tuple[int, str], tuple[float, float]]) -> None:
    assert cliff[10, "ario"][0] > 0.5
    assert cliff[10, "ario"][1] < 0.05  # the economy is gone a year after a fire in three industries
    assert cliff[90, "ario"][0] < 0.01
    assert cliff[90, "ario"][1] > 0.99


def test_both_corrections_take_the_cliff_away(cliff: dict[tuple[int, str], tuple[float, float]]) -> None:
    for days in (10, 30, 90):
        loss, last = cliff[days, "both"]
        assert loss < 0.03
        assert last == pytest.approx(1.0, abs=0.005)
        assert loss <= cliff[days, "flow"][0] + 1e-9 <= cliff[days, "ario"][0] + 1e-3


# Output of all industries over baseline on days 5, 20, 40, 80, 120 and 149 as BoARIO 0.7.2 gives it for the same table and shock; numbers only.
BOARIO = {
    (90, "noalt", 1.0): [0.871534788977, 0.855376837224, 0.870606750836, 0.971959320278, 1.0, 1.0],
    (30, "alt", 1.25): [0.890890289067, 0.885721645019, 0.853408117518, 0.879082397956, 0.964300036828, 1.0048552108],
    (10, "noalt", 1.25): [
        0.87178902177,
        0.681181529355,
        0.504430350099,
        0.0783983898355,
        0.00116834583696,
        4.56233352077e-05,
    ],
}
ON = [5, 20, 40, 80, 120, 149]


@pytest.mark.parametrize(("days", "kind", "most"), list(BOARIO))
def test_the_plain_rule_agrees_with_boario(days: int, kind: str, most: float) -> None:
    w = table(4, 5, stock_days=float(days))
    left = [0.5] * 32 + [
        round(0.5 + k * 0.5 / 60, 6) for k in range(1, 60)
    ]  # from day 3 on, as its own record of capacity says
    daily = tuple(fire(w, [3, 7, 11], 1 - share, 3 + k, 4 + k, 0.0) for k, share in enumerate(left))
    rule = plain(overcapacity=most, order_shares="capacity" if kind == "alt" else "baseline")
    path = centre.run(w, Shock(150, losses=daily, behaviour=rule)).path
    assert path[ON].mean(axis=1) == pytest.approx(BOARIO[days, kind, most], rel=1e-9)


def test_a_batch_is_its_draws_one_by_one() -> None:
    w = table(3, 4, stock_days=8.0)
    shocks = []
    for k in range(7):
        more = {"leakage": 0.3, "leak_delay": 4.0 + k} if k % 2 else {"licence_share": 0.5, "licence_delay": 3.0 * k}
        cut = (ban(w, k % 2, 1, 0.4 + 0.05 * k, 2.5 + k, 30.0, **more), ban(w, 1, 2, 0.2, 6.0, 20.0))[: 1 + k % 2]
        shocks.append(
            Shock(
                60,
                restrictions=cut,
                losses=(fire(w, [k]),) if k == 3 else (),
                behaviour=Behaviour(restore_days=20.0 + k, overcapacity=1 + 0.1 * (k % 3)),
            )
        )
    together = centre.run_many(w, [*shocks, Shock(60)], block=4)
    assert together[-1].loss == 0.0
    for one, shock in zip(together, shocks, strict=False):
        alone = centre.run(w, shock)
        assert np.abs(one.path - alone.path).max() < 1e-12
        assert one.loss == pytest.approx(alone.loss, rel=1e-9)
        assert one.first_stop_day == alone.first_stop_day
        assert one.values["growth_per_step"] == pytest.approx(alone.values["growth_per_step"], rel=1e-6)


def test_weeks_tell_about_the_same_as_days() -> None:
    w = table(4, 4, stock_days=20.0)
    day = centre.run(w, Shock(364, 1, (ban(w, 0, 1, 0.9, 3, 90),), behaviour=Behaviour(reroute_share=0.0)))
    week = centre.run(w, Shock(364, 7, (ban(w, 0, 1, 0.9, 3, 90),), behaviour=Behaviour(reroute_share=0.0)))
    assert week.path.shape == (52, 16)
    assert week.loss == pytest.approx(day.loss, rel=0.15)


def test_losses_without_a_path_are_the_same() -> None:
    w = table(3, 3, stock_days=5.0)
    shock = Shock(50, restrictions=(ban(w, 0, 1),))
    with_path, without = centre.run(w, shock), centre.run(w, shock, keep_path=False)
    assert without.path.shape == (0, 9)
    assert (without.loss, without.first_stop_day) == (with_path.loss, with_path.first_stop_day)
    assert sum(with_path.values["loss_per_day"]) == pytest.approx(with_path.loss)  # type: ignore[call-overload]


def test_mitigations_help_those_who_lack() -> None:
    w = table(4, 4, stock_days=6.0, domestic=0.1)
    big = int(np.argmax(w.output * (w.sector == 1)))
    home, others = int(w.region[big]), w.region != w.region[big]
    cut = ban(w, home, 1, 1.0, 5, 95)
    base = Shock(200, restrictions=(cut,), behaviour=Behaviour(reroute_share=0.0))
    look = replace(base, behaviour=Behaviour(overcapacity=1.3, overcapacity_days=30.0))
    second = (w.region == (home + 1) % 4) & (w.sector == 1)
    cases = {
        "nothing": base,
        "stock": replace(base, stocks=(ExtraStock("s", np.array([1]), others, 30.0),)),
        "search": look,
        "second source": replace(look, second_sources=(SecondSource("b", second, 0.5, 0.0, 10.0),)),
        "substitute": replace(base, substitutes=(Substitute("t", 1, 2, others, 0.0, 0.9),)),
        "leak": replace(base, restrictions=(replace(cut, leakage=0.5, leak_delay=10.0),)),
        "licence": replace(base, restrictions=(replace(cut, licence_share=0.5, licence_delay=10.0),)),
    }
    found = {name: centre.run(w, shock).loss_by_industry[others].sum() for name, shock in cases.items()}
    assert found["nothing"] > 0.02 * w.value_added.sum()
    assert found["search"] < found["nothing"]
    for name in ("stock", "substitute", "leak", "licence"):
        assert found[name] < 0.97 * found["nothing"], name
    assert found["second source"] < found["search"]


def test_priority_orders_are_served_first_and_so_are_their_suppliers() -> None:
    w = table(3, 4, stock_days=2.0, domestic=0.3)
    first = np.zeros(w.size, bool)
    first[5] = True
    hit = fire(w, [i for i in range(w.size) if w.sector[i] == 2], 0.5, 2, 40, 5)
    shared = centre.run(w, Shock(25, losses=(hit,), behaviour=Behaviour(reroute_share=0.0)))
    rated = centre.run(
        w, Shock(25, losses=(hit,), priority=first, behaviour=Behaviour(allocation="priority", reroute_share=0.0))
    )
    assert rated.loss_by_industry[5] < 0.5 * shared.loss_by_industry[5]
    assert rated.loss_by_industry.sum() > rated.loss_by_industry[5]


def test_a_machine_that_no_longer_comes_lowers_capacity_slowly_and_a_permission_fades_after_its_days_of_grace() -> None:
    base = table(3, 3, stock_days=10.0, domestic=0.0)
    users = (base.region == 2) & (base.sector != 1)
    cut = replace(
        ban(base, 0, 1, 1.0, 5, 1000), suppliers=base.sector == 1, users=base.region == 2, final_users=np.zeros(3, bool)
    )
    shock = Shock(365, restrictions=(cut,))

    def path_of(kind: int, level: int) -> np.ndarray:
        kinds, levels = base.kind.copy(), base.criticality.copy()
        kinds[1], levels[1] = kind, level
        w = replace(base, kind=kinds, criticality=levels)
        return centre.run(w, shock, slow=Slow(capital_decay=0.2, permission_days=20.0)).path[:, users]

    sales = path_of(0, 0)  # what the ban costs them in sales, when the input itself does not matter
    paths = {
        name: (path_of(kind, 2) / sales).min(axis=1) for name, kind in (("flow", 0), ("capital", 1), ("permission", 2))
    }
    assert paths["flow"][20] < 0.05
    assert paths["capital"][20] > 0.98
    assert 0.7 < paths["capital"][-1] < 0.97  # most of a year without maintenance
    assert (np.diff(paths["capital"][30:]) < 0.01).all()
    assert paths["permission"][14] > 0.97
    assert 0.2 < paths["permission"][35] < 0.6
    assert paths["permission"][-1] < 0.01


def test_an_industry_that_falls_under_five_per_cent_has_stopped() -> None:
    w = table(2, 3, stock_days=4.0, domestic=0.0)
    everything = replace(ban(w, 0, 1, 1.0, 10, 100), suppliers=w.sector == 1)
    result = centre.run(w, Shock(60, restrictions=(everything,)))
    assert (
        15.0 <= (result.first_stop_day or 0) <= 17.0
    )  # the delivery of day 9, four days of stock, and a little thrift
    assert centre.run(w, Shock(60, restrictions=(ban(w, 0, 1, 0.01),))).first_stop_day is None


def test_unknown_behaviour_is_refused() -> None:
    w = table(2, 2)
    with pytest.raises(InputError, match="allocation"):
        centre.run(w, Shock(10, restrictions=(ban(w, 0, 1),), behaviour=Behaviour(allocation="lottery")))


@settings(max_examples=200, deadline=None)
@given(st.floats(0, 30), st.floats(0, 40), st.floats(0, 20), st.integers(0, 60), st.sampled_from([1, 7]))
def test_averages_over_a_step_are_integrals(start: float, length: float, slope: float, k: int, dt: int) -> None:
    t = k * dt + (np.arange(2000) + 0.5) * dt / 2000
    end = start + length
    ramp = np.clip((t - start) / slope, 0, 1) if slope > 1e-3 else (t >= start) * 1.0
    if slope <= 1e-3:
        slope = 0.0
    held = np.where((t >= start) & (t < end), ramp, 0.0).mean()
    one = np.float64
    assert float(timing.held(one(start), one(end), one(slope), k * dt, (k + 1) * dt)) == pytest.approx(held, abs=2e-3)
    after = np.clip(1 - (t - end) / slope, 0, 1) if slope else 0.0 * t
    lost = np.where(t < start, 0.0, np.where(t < end, 1.0, after)).mean() if end > start else 0.0
    assert float(timing.lost(one(start), one(end), one(slope), k * dt, (k + 1) * dt)) == pytest.approx(lost, abs=2e-3)
    up = np.where(t > start, -np.expm1(-np.clip((t - start) / max(slope, 1e-9), 0, 700)), 0.0).mean()
    assert float(timing.risen(one(start), one(slope), k * dt, (k + 1) * dt)) == pytest.approx(up, abs=2e-3)
