"""The long-run lens: identities 5 to 7 of the list, units, order, and convergence when everything is cut."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.shocks import longrun
from schakel.shocks.lens import Shock
from schakel.shocks.longrun import model, solve
from schakel.shocks.tables import embedded
from schakel.shocks.world import World, world
from shocks_small import ban, cut, less, random_world, relabelled, scaled


def barter(seed: int = 0, regions: int = 3) -> World:
    """One sector, no inputs, trade in balance: everybody sells what he buys."""
    rng = np.random.default_rng(seed)
    final = rng.uniform(1, 10, (regions, regions))
    final = final + final.T + np.diag(rng.uniform(20, 50, regions))
    names = tuple(f"R{i}" for i in range(regions))
    return world("barter", names, ("good",), np.arange(regions), np.zeros(regions), np.zeros((regions, regions)), final)


def closed(seed: int = 0, sectors: int = 4) -> World:
    """One region that trades with nobody."""
    return random_world(seed, regions=("NLD",), sectors=tuple(f"s{i}" for i in range(sectors)))


def ones(w: World) -> tuple[np.ndarray, np.ndarray]:
    r, s = len(w.regions), len(w.sectors)
    return np.ones((s, r, r)), np.ones((r, s))


@pytest.mark.parametrize("theta", [0.76, 2.0, 5.0])
@pytest.mark.parametrize("seed", range(3))
def test_one_sector_gains_from_trade(seed, theta) -> None:
    """Identity 5 (Arkolakis, Costinot, Rodriguez-Clare 2012): welfare = own share hat ^ (-1/theta)."""
    w = barter(seed)
    kappa, productivity = ones(w)
    kappa[0] += np.random.default_rng(seed).uniform(0, 2, (3, 3)) * (1 - np.eye(3))
    m = model(w)
    change = solve(m, kappa, productivity, theta)
    own = np.diagonal(change.pi[0]) / np.diagonal(m.pi[0])
    assert np.abs(change.real_income / own ** (-1 / theta) - 1).max() < 1e-10
    assert (change.real_income < 1).all()


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), share=st.floats(0.05, 0.95))
def test_a_closed_economy_follows_its_domar_weights_exactly(seed, share) -> None:
    """Identity 6, Cobb-Douglas part: GDP changes as productivity ^ (sales / GDP), whatever the size."""
    w = closed(seed)
    kappa, productivity = ones(w)
    productivity[0, 1] = 1 - share
    change = solve(model(w), kappa, productivity)
    made = w.output[w.sector == 1].sum() / w.value_added.sum()
    assert np.log(change.real_income[0]) == pytest.approx(made * np.log(1 - share), rel=1e-9)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), theta=st.sampled_from([0.76, 2.0, 6.0]))
def test_hulten_to_first_order_in_an_open_world(seed, theta) -> None:
    """Identity 6: what the world gains is sales of the industry times its gain; who gains at whose cost cancels out."""
    w = random_world(seed)
    m = model(w)
    m = replace(m, deficit=m.deficit)
    kappa, productivity = ones(w)
    step = 1e-5
    logs = []
    for sign in (1, -1):
        productivity[1, 0] = np.exp(sign * step)
        change = solve(m, kappa, productivity, theta, tolerance=1e-13)
        income = m.wages + m.deficit
        # Spending power lost through deficits held fixed in money is a transfer, so it is weighed by income.
        logs.append(float((np.log(change.real_income) * income).sum()))
    gain = (logs[0] - logs[1]) / (2 * step)
    sold = float(w.output[(w.region == 1) & (w.sector == 0)].sum())
    assert gain == pytest.approx(sold, rel=1e-4)


def test_the_loss_grows_as_substitution_gets_harder() -> None:
    w = random_world(4)
    losses = [longrun.run(w, cut(w, "TWN", "electronics", 0.8), elasticity=e).loss for e in (6.0, 2.0, 0.76)]
    assert losses[0] < losses[1] < losses[2]


@pytest.mark.parametrize("w", [barter(), closed(), random_world(1), embedded()], ids=lambda w: w.name)
def test_without_a_shock_nothing_changes(w) -> None:
    """Identity 7: all hats are 1."""
    change = solve(model(w), *ones(w))
    for hat in (change.wages, change.prices, change.consumer, change.real_income):
        assert np.abs(hat - 1).max() < 1e-9
    assert change.residual < 1e-11


@pytest.mark.parametrize("w", [random_world(2), embedded()], ids=lambda w: w.name)
def test_world_spending_is_world_income(w) -> None:
    """Identity 7, Walras: with every labour market but one cleared the last one clears too, and so do goods."""
    m = model(w)
    kappa, productivity = longrun.shifts(w, cut(w, "TWN", "electronics", 0.9), 2.0)
    change = solve(m, kappa, productivity, 2.0)
    earned = (m.labour * change.output).sum(axis=1)
    wages = m.wages * change.wages
    assert np.abs(earned / wages - 1).max() < 1e-9
    inputs = np.einsum("nkj,nj->nk", m.inputs, change.output)
    final = float(change.output.sum() - inputs.sum())
    assert final == pytest.approx(float(wages.sum() + m.deficit.sum()), rel=1e-9)
    assert final == pytest.approx(float(m.wages.sum()), rel=1e-9)  # the numeraire
    assert change.pi.sum(axis=2)[change.pi.sum(axis=2) > 0] == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_unit_and_order_change_nothing(seed) -> None:
    w = random_world(seed)
    here = longrun.run(w, cut(w, "TWN", "electronics", 0.7))
    times = scaled(w, 7.0)
    there = longrun.run(times, cut(times, "TWN", "electronics", 0.7))
    assert there.loss == pytest.approx(7 * here.loss, rel=1e-8)
    assert there.values["real_income"] == pytest.approx(here.values["real_income"], rel=1e-9)
    other, order = relabelled(w)
    again = longrun.run(other, cut(other, "TWN", "electronics", 0.7))
    assert again.loss == pytest.approx(here.loss, rel=1e-8)
    assert again.values["real_income"] == pytest.approx(here.values["real_income"], rel=1e-9)
    assert again.loss_by_industry == pytest.approx(here.loss_by_industry[order], rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("w", [random_world(7), embedded()], ids=lambda w: w.name)
@pytest.mark.parametrize("elasticity", [0.76, 2.0])
def test_a_balance_is_found_when_everything_is_cut(w, elasticity) -> None:
    """Every region bans every product to everybody: each lives on its own."""
    bans = tuple(ban(w, r, s) for r in w.regions for s in w.sectors if w.of(frozenset({r}), frozenset({s})).any())
    result = longrun.run(w, Shock(horizon=365, restrictions=bans), elasticity=elasticity)
    assert result.values["residual"] < 1e-9
    incomes = np.array(list(result.values["real_income"].values()))
    assert np.isfinite(incomes).all()
    assert (incomes < 1.1).all()  # who ran a deficit loses it; who ran a surplus keeps it at home
    assert (incomes > 0).all()
    assert result.loss > 0


def test_one_region_alone_in_the_embedded_table() -> None:
    w = embedded()
    bans = tuple(ban(w, "TWN", s) for s in w.sectors)
    income = longrun.run(w, Shock(horizon=365, restrictions=bans)).values["real_income"]
    assert min(income, key=income.get) == "TWN"
    assert income["TWN"] < 0.9
    assert income["USA"] > 0.99


def test_a_loss_of_capacity_is_lower_productivity_and_the_horizon_scales_the_loss() -> None:
    w = random_world(8)
    year = longrun.run(w, less(w, "TWN", "electronics", 0.5))
    half = longrun.run(w, less(w, "TWN", "electronics", 0.5, horizon=73))
    assert year.loss > 0
    assert half.loss == pytest.approx(year.loss / 5, rel=1e-12)


@pytest.mark.parametrize("way", [{"leakage": 1.0}, {"licence_share": 1.0}])
def test_a_ban_that_all_leaks_or_is_all_licensed_costs_nothing(way) -> None:
    w = random_world(3)
    assert longrun.run(w, cut(w, "TWN", "electronics", 1.0, **way)).loss == pytest.approx(0.0, abs=1e-6)


def test_nothing_happens_in_a_quiet_world() -> None:
    result = longrun.run(random_world(), Shock(horizon=90))
    assert result.loss == 0.0
    assert not result.loss_by_industry.any()
