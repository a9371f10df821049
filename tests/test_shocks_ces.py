"""Check 6: Hulten to first order, Cobb-Douglas exactly, and a loss that grows as substitution gets harder."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.errors import InputError
from schakel.shocks import tables
from schakel.shocks.ces import Network, network, real_gdp
from schakel.shocks.world import world


def random_network(seed: int, n: int = 6) -> Network:
    rng = np.random.default_rng(seed)
    inputs = rng.random((n, n)) * (rng.random((n, n)) < 0.5)
    inputs *= (0.3 + 0.4 * rng.random(n))[:, None] / np.maximum(inputs.sum(axis=1), 1e-9)[:, None]
    final = rng.random(n) + 0.1
    return Network(inputs, 1 - inputs.sum(axis=1), final / final.sum())


def test_factor_shares_sum_to_one() -> None:
    net = random_network(0)
    assert (net.factors * net.domar).sum() == pytest.approx(1.0)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10_000), st.integers(0, 5), st.sampled_from([0.2, 0.6, 1.0, 2.0]), st.sampled_from([0.5, 1.0, 1.5])
)
def test_hulten_to_first_order(seed: int, i: int, theta: float, sigma: float) -> None:
    net = random_network(seed)
    share = net.factors[i] * net.domar[i]
    up, down = np.ones(6), np.ones(6)
    up[i], down[i] = np.exp(1e-4), np.exp(-1e-4)
    slope = (np.log(real_gdp(net, up, theta, sigma)) - np.log(real_gdp(net, down, theta, sigma))) / 2e-4
    assert slope == pytest.approx(share, abs=2e-6)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_cobb_douglas_is_exact(seed: int) -> None:
    net = random_network(seed)
    level = 0.3 + np.random.default_rng(seed + 1).random(6)
    share = net.factors * net.domar
    assert real_gdp(net, level, 1.0) == pytest.approx(float(np.prod(level**share)), rel=1e-11)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 5))
def test_the_loss_grows_as_elasticity_falls(seed: int, i: int) -> None:
    net = random_network(seed)
    level = np.ones(6)
    level[i] = 0.5
    # The direction holds when consumption substitutes no more easily than production does.
    losses = [1 - real_gdp(net, level, theta, theta) for theta in (2.0, 1.0, 0.6, 0.2)]
    assert losses == sorted(losses)
    assert losses[-1] > losses[0] > 0


def test_nothing_changes_when_nothing_is_lost_and_doubling_everything_doubles_gdp() -> None:
    net = random_network(3)
    for theta in (0.2, 1.0, 3.0):
        assert real_gdp(net, np.ones(6), theta) == pytest.approx(1.0, abs=1e-12)
        assert real_gdp(net, np.full(6, 2.0), theta) == pytest.approx(2.0, rel=1e-10)


def test_the_embedded_table_loses_more_when_inputs_are_hard_to_replace() -> None:
    full = tables.embedded()
    fold = np.eye(len(full.sectors))[:, full.sector]  # the world's sectors, regions together
    final = (fold @ full.final).sum(axis=1, keepdims=True)
    order = np.arange(len(full.sectors))
    net = network(world("one", ("W",), full.sectors, 0 * order, order, fold @ full.flows @ fold.T, final))
    level = np.where(np.array(full.sectors) == "electronics", 0.5, 1.0)
    mild, harder, hardest = (real_gdp(net, level, theta) for theta in (1.0, 0.6, 0.2))
    share = float((net.factors * net.domar)[level < 1].sum())
    assert mild == pytest.approx(0.5**share, rel=1e-9)
    assert hardest < harder < mild < 1


def test_an_elasticity_or_supply_of_nothing_is_refused() -> None:
    with pytest.raises(InputError):
        real_gdp(random_network(1), np.zeros(6), 0.5)
    with pytest.raises(InputError):
        real_gdp(random_network(1), np.ones(6), 0.0)
