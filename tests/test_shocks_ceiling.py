"""Is the rigid cascade at its exact fixed point, and is the fast one the obvious one?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from schakel.errors import InputError
from schakel.shocks import cascade, ceiling
from schakel.shocks.cascade import Network
from schakel.shocks.lens import Shock
from shocks_sample import ban, fire, table


def firms(n: int, products: int, degree: float, seed: int, *, outside: float = 0.3) -> Network:
    """A network with a few large firms; ``outside`` is the share of sales that leaves it."""
    rng = np.random.default_rng(seed)
    out, into = rng.pareto(1.3, n) + 0.1, rng.pareto(1.5, n) + 0.1
    count = int(n * degree)
    a, b = rng.choice(n, count, p=out / out.sum()), rng.choice(n, count, p=into / into.sum())
    a, b = a[a != b], b[a != b]
    value = rng.lognormal(0, 1, len(a)) * np.sqrt(out[a] * into[b])
    essential = rng.choice([0, 1, 2], (products, products), p=[0.3, 0.4, 0.3]).astype(np.int8)
    sold = np.bincount(a, value, minlength=n)
    return cascade.network(
        a, b, value, rng.integers(0, products, n), essential, sales=sold / (1 - outside) + (sold == 0) * 0.1
    )


def twin(net: Network, left: np.ndarray, replaceable: bool, steps: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """The published equations in loops over firms, for one cascade, until nothing moves."""
    n, edges = net.size, net.deliveries.tocoo()
    links = list(zip(edges.row.tolist(), edges.col.tolist(), edges.data.tolist(), net.essential.tolist(), strict=True))
    bought = [sum(v for _, j, v, _ in links if j == i) for i in range(n)]
    of_product = {}
    for j, i, v, kind in links:
        if kind == 2:
            of_product[i, net.product[j]] = of_product.get((i, net.product[j]), 0.0) + v
    down, up = left.copy(), left.copy()
    for _ in range(steps):
        new = left.copy()
        for i in range(n):
            essential: dict[int, float] = {}
            other = 0.0
            for j, user, v, kind in links:
                if user != i or kind == 0:
                    continue
                market = sum(net.sales[k] * down[k] for k in range(n) if net.product[k] == net.product[j])
                sigma = min(1.0, net.sales[j] / market) if market > 0 and replaceable else 1.0
                lost = sigma * (1 - down[j])
                if kind == 2:
                    essential[net.product[j]] = (
                        essential.get(net.product[j], 0.0) + v / of_product[i, net.product[j]] * lost
                    )
                else:
                    other += v / bought[i] * lost
            new[i] = max(0.0, min([left[i], 1 - other, *(1 - x for x in essential.values())]))
        sold = left.copy()
        for i in range(n):
            sold[i] = max(0.0, min(left[i], 1 - sum(v / net.sales[i] * (1 - up[j]) for a, j, v, _ in links if a == i)))
        moved = max(np.abs(new - down).max(), np.abs(sold - up).max())
        down, up = new, sold
        if moved == 0:
            break
    return down, up


@settings(max_examples=25, deadline=None)
@given(st.integers(3, 9), st.integers(1, 4), st.integers(0, 10_000), st.booleans())
def test_the_cascade_is_the_published_one_in_loops(n: int, products: int, seed: int, replaceable: bool) -> None:
    net = firms(n, products, 3.0, seed, outside=0.25)
    left = np.ones((n, 2))
    rng = np.random.default_rng(seed)
    left[rng.integers(n), 0] = 0.0
    left[:, 1] = 1 - 0.5 * (rng.random(n) < 0.4)
    done = cascade.cascade(net, left, tolerance=1e-12, replaceable=replaceable)
    for column in range(2):
        down, up = twin(net, left[:, column], replaceable)
        assert np.abs(done.down[:, column] - down).max() < 1e-9
        assert np.abs(done.up[:, column] - up).max() < 1e-9


@pytest.fixture(scope="module")
def big() -> Network:
    return firms(600, 40, 6.0, 3)


@pytest.mark.parametrize("replaceable", [True, False])
def test_all_nodes_are_the_single_cascades(big: Network, replaceable: bool) -> None:
    whole = cascade.systemic(big, tolerance=1e-10, replaceable=replaceable, threads_=1)
    some = [0, 5, 77, 599]
    left = np.ones((600, len(some)))
    left[some, range(len(some))] = 0.0
    one = cascade.cascade(big, left, tolerance=1e-11, replaceable=replaceable)
    assert whole.index[some] == pytest.approx(big.weight @ (1 - one.left), abs=1e-9)
    assert whole.down[some] == pytest.approx(big.weight @ (1 - one.down), abs=1e-9)
    assert whole.up[some] == pytest.approx(big.weight @ (1 - one.up), abs=1e-9)
    assert (whole.index >= big.weight - 1e-12).all()  # the firm itself is lost


def test_subsets_come_in_the_order_asked(big: Network) -> None:
    whole = cascade.systemic(big, threads_=1)
    part = cascade.systemic(big, [44, 3, 44, 590], threads_=1)
    assert part.index == pytest.approx(whole.index[[44, 3, 44, 590]], abs=1e-9)


def test_threads_change_nothing(big: Network) -> None:
    one, two = (cascade.systemic(big, range(200), threads_=k) for k in (1, 2))
    assert np.array_equal(one.index, two.index)


def test_a_loose_stop_finds_too_little(big: Network) -> None:
    exact = cascade.systemic(big, range(150), tolerance=1e-10, replaceable=False, threads_=1)
    loose = cascade.systemic(big, range(150), tolerance=1e-1, replaceable=False, threads_=1)
    assert (loose.index <= exact.index + 1e-12).all()
    assert loose.index.mean() < 0.999 * exact.index.mean()


def test_more_lost_first_is_never_less_lost_in_the_end(big: Network) -> None:
    rng = np.random.default_rng(0)
    mild = 1 - 0.3 * (rng.random((600, 4)) < 0.05)
    harsh = mild - 0.4 * (rng.random((600, 4)) < 0.05) * mild
    for replaceable in (True, False):
        a = cascade.cascade(big, mild, replaceable=replaceable)
        b = cascade.cascade(big, harsh, replaceable=replaceable)
        assert (b.down <= a.down + 1e-9).all()
        assert (b.up <= a.up + 1e-9).all()


def test_bad_networks_are_refused() -> None:
    with pytest.raises(InputError, match="not in the list"):
        cascade.network([0], [3], [1.0], [0, 0])
    with pytest.raises(InputError, match="negative"):
        cascade.network([0], [1], [-1.0], [0, 0])
    with pytest.raises(InputError, match="length"):
        cascade.network([0], [1, 1], [1.0], [0, 0])
    with pytest.raises(InputError, match="sells less"):
        cascade.network([0], [1], [2.0], [0, 0], sales=np.array([1.0, 0.0]))


def test_a_thousand_firms_are_stopped_in_blocks_and_settle_in_few_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    blocks: list[int] = []
    monkeypatch.setattr(
        cascade.threads, "side_by_side", lambda work, parts, _: [(blocks.append(len(p)), work(p))[1] for p in parts]
    )
    done = cascade.systemic(firms(1000, 120, 6.0, 1), threads_=1)
    assert (sum(blocks), max(blocks), len(blocks)) == (1000, cascade.COLUMNS, -(-1000 // cascade.COLUMNS))
    assert 5 < done.steps < 70


def test_the_upward_linear_cascade_is_a_leontief_partial_extraction() -> None:
    w = table(3, 4, seed=2)
    k, n = 5, w.size
    net = cascade.Network(sparse.csr_array(w.flows), w.sector, np.full(n * n, 2, np.int8), w.output, np.full(n, 1 / n))
    left = np.ones((n, 1))
    left[k] = 0.0
    up = cascade.cascade(net, left, tolerance=1e-14, downward=False).up[:, 0]
    rest = np.arange(n) != k
    shares = w.flows / w.output  # input coefficients
    lost = np.linalg.solve(np.eye(n - 1) - shares[np.ix_(rest, rest)], shares[rest, k] * w.output[k])
    assert (1 - up[rest]) * w.output[rest] == pytest.approx(lost, rel=1e-10)


def test_the_downward_linear_cascade_is_a_ghosh_absorbing_solve() -> None:
    w = table(3, 4, seed=2)
    k, n = 5, w.size
    net = cascade.network(
        *np.nonzero(w.flows), w.flows[np.nonzero(w.flows)], w.sector, np.full((4, 4), 1, np.int8), sales=w.output
    )
    left = np.ones((n, 1))
    left[k] = 0.0
    down = cascade.cascade(net, left, tolerance=1e-14, replaceable=False, upward=False).down[:, 0]
    rest = np.arange(n) != k
    share = (w.flows / w.flows.sum(axis=0)).T  # of all inputs of a row's industry
    # Without inputs from outside the network every loss is passed on in full, so all that is connected stops: the same as the solve.
    lost = np.linalg.solve(np.eye(n - 1) - share[np.ix_(rest, rest)], share[rest, k])
    assert 1 - down[rest] == pytest.approx(lost, abs=1e-9)


def test_the_table_lens_is_the_network_lens() -> None:
    """A fire that stops one industry for the whole time: the sector table is then a network of its industries."""
    rng = np.random.default_rng(4)
    w = table(3, 4, seed=7)
    w = replace(
        w, criticality=np.repeat(rng.choice([0, 1, 2], (4, 1), p=[0.2, 0.4, 0.4]), w.size, axis=1).astype(np.int8)
    )
    essential = np.array([[w.criticality[s, 0]] * 4 for s in range(4)], np.int8)
    at = np.nonzero(w.flows)
    net = cascade.network(*at, w.flows[at], w.sector, essential, sales=w.output)
    left = np.ones((w.size, 1))
    left[6] = 0.0
    for replaceable in (True, False):
        one = cascade.cascade(net, left, tolerance=1e-12, replaceable=replaceable)
        shock = Shock(10, losses=(fire(w, [6], 1.0, 0, 100, 0),))
        other = ceiling.run(w, shock, tolerance=1e-12, replaceable=replaceable)
        assert other.path[3] == pytest.approx(one.left[:, 0], abs=1e-9)
        assert other.loss == pytest.approx(float((1 - one.left[:, 0]) @ w.value_added) * 10 / 365, rel=1e-8)


def test_fixed_points_do_not_move() -> None:
    w = table(3, 3, seed=1)
    shock = Shock(5, restrictions=(ban(w, 0, 1, 0.7, 0, 100),), losses=(fire(w, [4], 0.3, 0, 100, 0),))
    tight, tighter = (ceiling.run(w, shock, tolerance=t).path for t in (1e-10, 1e-14))
    assert np.abs(tight - tighter).max() < 1e-10
    assert (ceiling.run(w, shock, joint=True).path <= tight + 1e-9).all()
    assert (ceiling.run(w, shock, replaceable=False, tolerance=1e-6).path <= tight + 1e-6).all()


def test_a_harder_shock_is_never_milder() -> None:
    w = table(3, 4, seed=5)
    paths = [
        ceiling.run(w, Shock(60, restrictions=(ban(w, 0, 1, cut, 5, 40, phase_in=10.0),))).path
        for cut in (0.2, 0.5, 1.0)
    ]
    assert (paths[1] <= paths[0] + 1e-9).all()
    assert (paths[2] <= paths[1] + 1e-9).all()


def test_days_are_drawn_together_to_the_worse_side() -> None:
    w = table(3, 3, seed=5)
    shock = Shock(120, restrictions=(ban(w, 0, 1, 1.0, 5, 40, phase_in=20.0),), losses=(fire(w, [0], 0.6, 10, 50, 60),))
    fine, coarse = ceiling.run(w, shock, states=500), ceiling.run(w, shock, states=6)
    assert fine.values["states"] > 60  # type: ignore[operator]
    assert coarse.values["states"] <= 6  # type: ignore[operator]
    assert (coarse.path <= fine.path + 1e-9).all()
    assert fine.loss <= coarse.loss <= 1.6 * fine.loss


def test_what_leaks_or_is_licensed_is_not_lost() -> None:
    w = table(3, 3, seed=5)
    loss = {
        name: ceiling.run(w, Shock(60, restrictions=(ban(w, 0, 1, 1.0, 5, 40, **more),))).loss
        for name, more in (
            ("none", {}),
            ("leak", {"leakage": 0.5}),
            ("late leak", {"leakage": 0.5, "leak_delay": 15.0}),
            ("permits", {"licence_share": 1.0}),
        )
    }
    assert loss["permits"] == pytest.approx(0, abs=1e-9)
    assert loss["leak"] < loss["late leak"] < loss["none"]
