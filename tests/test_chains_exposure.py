"""Exposure at any depth: worked cases by hand, the loop rule, and a slow twin over every path of a graph without loops."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chains_sample import CHIP, graph, small_graphs
from schakel.chains.around import reliances
from schakel.chains.exposure import concentration, exposure, exposures, exposures_to, governance_of
from schakel.chains.graph import ChainGraph, Position, Slot, Step


def test_direct_and_upstream_shares_compound() -> None:
    # chip: KOR 0.4 itself; wafer and scanner are elsewhere. JPN holds all wafers, so everything hangs on it.
    assert exposure(CHIP, "KOR", "chip").exposure == pytest.approx(0.4)
    assert exposure(CHIP, "JPN", "chip").exposure == 1.0
    g = graph([("chip", ["wafer"])], [("chip", "TWN", 0.6), ("wafer", "TWN", 0.5)])
    assert exposure(g, "TWN", "chip").exposure == pytest.approx(0.6 + 0.4 * 0.5)


def test_one_alternative_elsewhere_is_enough() -> None:
    assert exposure(CHIP, "DEU", "wafer").exposure == 0.0
    assert exposure(CHIP, frozenset({"DEU", "USA"}), "wafer").exposure == pytest.approx(0.5)


def test_the_path_leads_to_the_holder() -> None:
    g = graph(
        [("car", ["chip"]), ("chip", ["wafer"]), ("chip", ["glue"])], [("wafer", "JPN", 0.9), ("glue", "JPN", 0.2)]
    )
    answer = exposure(g, "JPN", "car")
    assert answer.path == ("car", "chip", "wafer")
    assert answer.exposure == pytest.approx(0.9)
    assert [n.step for n in answer.nodes][-1] == "glue"


def test_a_loop_is_not_compounded_and_an_empty_loop_exposes_nobody() -> None:
    loop = [("scanner", ["chip"]), ("chip", ["scanner"])]
    assert exposure(graph(loop, []), "NLD", "chip").exposure == 0.0
    g = graph(loop, [("scanner", "NLD", 0.3), ("chip", "NLD", 0.2)])
    assert exposure(g, "NLD", "chip").exposure == pytest.approx(0.3)
    assert exposure(g, "NLD", "scanner").exposure == pytest.approx(0.3)
    fed = graph([*loop, ("chip", ["gas"])], [("scanner", "NLD", 0.3), ("gas", "NLD", 0.5)])
    assert exposure(fed, "NLD", "scanner").exposure == pytest.approx(0.5)


def test_minor_inputs_count_by_their_cost_and_without_a_cost_are_named() -> None:
    g = ChainGraph(
        "t",
        tuple(Step(x, x, x) for x in ("chip", "dye", "box")),
        (
            Slot("chip", "dye", ("dye",), criticality="minor", coefficient=0.1),
            Slot("chip", "box", ("box",), criticality="minor"),
        ),
        tuple(Position(x, plant="CHN", share_low=1.0, share_high=1.0) for x in ("dye", "box")),
    )
    answer = exposure(g, "CHN", "chip")
    assert answer.exposure == pytest.approx(0.1)
    assert answer.unweighted == ("chip",)


def test_concentration_is_bounded_by_what_no_row_names() -> None:
    rows = (
        Position("x", plant="NLD", share_low=0.5, share_high=0.7),
        Position("x", plant="JPN", share_low=0.1, share_high=0.1),
    )
    value, low, high = concentration(rows)
    assert value == low == pytest.approx(0.6**2 + 0.1**2)
    assert high == pytest.approx(0.6**2 + 0.1**2 + 0.3**2)
    assert concentration((Position("x", plant="NLD"),)) == (None, None, None)


def test_governance_says_for_how_much_it_speaks() -> None:
    rows = (
        Position("x", plant="NLD", share_low=0.5, share_high=0.5),
        Position("x", plant="CHN", share_low=0.25, share_high=0.25),
    )
    score, covered = governance_of(rows, {"NLD": 1.5, "CHN": -1.5})
    assert score == pytest.approx((0.5 * 1.5 - 0.25 * 1.5) / 0.75)
    assert covered == 0.75
    assert governance_of(rows, {}) == (None, 0.0)


def slow(g, direct, step, seen=()):
    """Straight from the formula, by recursion; only for graphs without loops."""
    assert step not in seen, "loop"
    s, up = direct[step], 0.0
    for slot in g.slots_of.get(step, ()):
        up = max(up, min(slow(g, direct, a, (*seen, step)) for a in slot.alternatives))
    return s + (1 - s) * up


@settings(max_examples=150, deadline=None)
@given(small_graphs())
def test_without_loops_the_formula_holds_and_with_loops_exposure_stays_between_direct_and_one(made) -> None:
    g, _ = made
    for code in g.countries:
        values, _because = exposures(g, frozenset({code}))
        direct = {s.id: exposure(g, code, s.id).nodes for s in g.steps}
        shares = {k: next(n.direct for n in v if n.step == k) for k, v in direct.items()}
        for step in shares:
            assert shares[step] <= values[step] <= 1 + 1e-12
            try:
                expected = slow(g, shares, step)
            except AssertionError:
                continue
            assert values[step] == pytest.approx(expected, abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(small_graphs(), st.sampled_from(["any", "plant", "owner"]))
def test_all_countries_at_once_as_one_by_one(made, by) -> None:
    g, _ = made
    for step in g.steps:
        one_by_one = [exposures(g, frozenset((c,)), by=by)[0][step.id] for c in g.countries]
        assert exposures_to(g, g.countries, step.id, by=by) == one_by_one
        found = {r.country: r.exposure for r in reliances(g, step.id, by=by, most=1000)}
        assert found == {c: v for c, v in zip(g.countries, one_by_one, strict=True) if v > 0}
