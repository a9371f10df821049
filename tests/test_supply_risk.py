"""Does the interval form of the EC's supply risk hold every value the formula can take, and none more than it must?"""

import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.dependency import rank_range, supply_risk
from schakel.dependency.rank_range import Interval, ranks, spearman, spearman_range
from schakel.dependency.supply_risk import Assumptions, Risk


def supplier(iso3, low, high=None, t=1.0, material="m", stage="E"):
    high = low if high is None else high
    return {
        "material": material, "stage": stage, "iso3": iso3, "share_low": low, "share_high": high, "trade_parameter": t,
    }  # fmt: skip


def indicator(iso3, stability, voice):
    return [
        {"iso3": iso3, "dimension": "s", "estimate": stability},
        {"iso3": iso3, "dimension": "v", "estimate": voice},
    ]


# By hand: W(AAA) from 4 (estimate 0.5) to 5 (estimate 0); W(BBB) = 0. World 0.5^2 * [4, 5] = [1, 1.25]; EU [4, 5].
# IR in [0, 1]: lowest 1/2 + 4/2 = 2.5, highest 5. Rate 0.105 printed: 0.10 to 0.11.
HAND = {
    "world": [supplier("AAA", 0.5), supplier("BBB", 0.5)],
    "eu": [supplier("AAA", 1.0)],
    "recycled": [{"material": "m", "eol_rir": 0.105}],
    "indicators": indicator("AAA", 0.5, 0.0) + indicator("BBB", 2.5, 2.5),
}


def run(members=("BBB",), taken=supply_risk.NARROW, **changed):
    given_ = {**HAND, **changed}
    return supply_risk.stages(**given_, members=members, taken=taken)


def test_hand_made_example():
    (found,) = run()
    assert found.low == pytest.approx(2.5 * 0.89 * 0.8)
    assert found.high == pytest.approx(5 * 0.90)
    assert "recycling rate" not in found.unknown
    assert "import reliance" in found.unknown


def test_domestic_sourcing_caps_import_reliance():
    # EU: half from a member; IR at most 0.5. HHI(EU) = 0.25 * [4, 5] = HHI(world), so IR does not matter at all.
    (found,) = run(eu=[supplier("AAA", 0.5), supplier("BBB", 0.5)])
    assert (found.low, found.high) == pytest.approx((1 * 0.89 * 0.8, 1.25 * 0.9))
    # EU all from the member BBB: IR = 0, only the EU's own concentration counts, and that is 0.
    (found,) = run(eu=[supplier("BBB", 1.0)])
    assert (found.low, found.high) == (0, 0)
    (found,) = run(eu=[supplier("BBB", 1.0)], taken=Assumptions("x", "two", "any", Interval(1, 1)))
    assert found.high == pytest.approx(1.25 / 2 * 0.9)


def test_one_side_stands_for_both_and_says_so():
    (found,) = run(eu=[])
    assert (found.low, found.high) == pytest.approx((1 * 0.89 * 0.8, 1.25 * 0.9))
    assert "EU shares" in found.unknown
    assert supply_risk.supply_risk(None, None, Interval(0, 1), Interval(0, 0), Interval(1, 1)) is None


def test_unknown_rate_and_unknown_country():
    (found,) = run(recycled=[])
    assert found.low == 0
    assert found.high == pytest.approx(5)
    (found,) = run(indicators=[])
    assert found.low == 0
    assert found.high == pytest.approx(10 * 0.9)


def test_unlisted_rest_counts_only_upwards():
    weights = {"AAA": Interval(4, 5)}
    assert supply_risk.concentration([supplier("AAA", 0.5)], weights, 10.0) == Interval(1.0, 1.25 + 2.5)


def test_governance_scale():
    assert [supply_risk.scaled(x) for x in (-2.5, 0, 2.5, 3, -3)] == [10, 5, 0, 0, 10]
    both = indicator("AAA", 0.5, 0.0)
    assert supply_risk.governance(both, "two") == {"AAA": Interval(4, 5)}
    assert supply_risk.governance(both, "six") == {"AAA": Interval(9 / 6, 49 / 6)}
    years = [*both, {"iso3": "AAA", "dimension": "s", "estimate": 1.5}]
    assert supply_risk.governance(years, "two") == {"AAA": Interval(3, 5)}


share = st.floats(0.01, 0.45)
half = st.floats(0, 0.05)
estimate = st.floats(-2.5, 2.5)


@settings(max_examples=40, deadline=None)
@given(share, half, share, half, share, half, estimate, estimate, estimate, st.sampled_from(["two", "six"]))
def test_slow_twin_tries_every_corner(a, da, b, db, e, de, g1, g2, g3, mode):
    world = [supplier("AAA", a, a + da, 1.1), supplier("BBB", b, b + db, 0.8)]
    eu = [supplier("AAA", e, e + de, 1.1)]
    indicators = indicator("AAA", g1, g2) + indicator("BBB", g3, g3)
    (found,) = supply_risk.stages(
        world,
        eu,
        [{"material": "m", "eol_rir": 0.3}],
        indicators,
        ["BBB"],
        Assumptions("t", mode, "any", Interval(0.7, 1)),
    )
    if mode == "two":
        wa = sorted(5 - 2 * np.array([g1, g2]))
        wb = [5 - 2 * g3]
    else:
        wa = [(10 - 2 * (g1 + g2) + rest) / 6 for rest in (0, 40)]
        wb = [(10 - 4 * g3 + rest) / 6 for rest in (0, 40)]
    values = []
    for sa, sb, se, w1, w2, ir, eol, si, rw, re in itertools.product(
        (a, a + da), (b, b + db), (e, e + de), wa, wb, (0, 1), (0.295, 0.305), (0.7, 1), (0, 1 - a - b), (0, 1 - e)
    ):
        hhi_world = sa**2 * w1 * 1.1 + sb**2 * w2 * 0.8 + rw**2 * 11
        hhi_eu = se**2 * w1 * 1.1 + re**2 * 11
        values.append((hhi_world * ir / 2 + hhi_eu * (1 - ir / 2)) * (1 - eol) * si)
    assert found.low == pytest.approx(min(values), abs=1e-9)
    assert found.high == pytest.approx(max(values), abs=1e-9)


def test_material_is_its_worst_stage_and_group_the_mean():
    found = [Risk("x", "E", 1, 2, ("a",)), Risk("x", "P", 0, 3, ("b",)), Risk("y", "P", 3, 5, ())]
    listed = [
        {"material": "x", "member_of": "g"},
        {"material": "y", "member_of": "g"},
        {"material": "z", "member_of": None},
    ]
    result = {r.material: r for r in supply_risk.materials(found, listed)}
    assert result["x"] == Risk("x", "", 1, 3, ("a", "b"))
    assert (result["g"].low, result["g"].high) == (2, 4)
    listed.append({"material": "w", "member_of": "g"})
    assert "g" not in {r.material for r in supply_risk.materials(found, listed)}


def test_comparison_counts_misses_and_verdicts():
    found = [
        Risk("in", "", 1.2, 2, ()),
        Risk("edge", "", 0.5, 0.76, ()),
        Risk("out", "", 3, 4, ()),
        Risk("new", "", 0, 1, ()),
    ]
    figures = [("in", 1.5, 3), ("edge", 0.8, 5), ("out", 1, 2), ("gone", 1, 3)]
    published = [{"material": m, "sr": sr, "ei": ei} for m, sr, ei in figures]
    result = supply_risk.compare(found, [*published, {"material": "new", "sr": None, "ei": None}])
    assert (result["compared"], result["inside"], result["misses"]) == (3, 2, ["out"])
    assert result["not_computed"] == ["gone"]
    verdict = {row["material"]: (row["critical"], row["published_critical"]) for row in result["rows"]}
    assert verdict == {"in": (True, True), "edge": (False, False), "out": (False, False)}


def test_ranks_and_spearman():
    assert ranks([3, 1, 3, 2]) == [3.5, 1, 3.5, 2]
    assert spearman([1, 2, 3], [10, 20, 30]) == pytest.approx(1)
    assert spearman([1, 1, 1], [1, 2, 3]) is None
    assert spearman([], []) is None


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=12))
def test_spearman_is_numpys_correlation_of_ranks(pairs):
    first, second = zip(*pairs, strict=True)
    found = spearman(first, second)
    if found is None:
        assert len(set(first)) == 1 or len(set(second)) == 1
    else:
        assert found == pytest.approx(float(np.corrcoef(ranks(first), ranks(second))[0, 1]), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 4), st.integers(0, 5)), min_size=2, max_size=6))
def test_range_brackets_every_order(items):
    boxes = [Interval(low, low + width) for low, width, _ in items]
    published = [p for _, _, p in items]
    result = spearman_range(boxes, published)
    size = len(items)
    orders = [
        order
        for order in itertools.permutations(range(size))
        if all(order[i] < order[j] for i in range(size) for j in range(size) if boxes[i].high < boxes[j].low)
    ]
    values = [spearman(order, published) for order in orders]
    if values[0] is None:
        assert result == {"attained": None, "bounds": None}
        return
    assert result["bounds"][0] - 1e-9 <= min(values) <= max(values) <= result["bounds"][1] + 1e-9
    for end in result["attained"]:
        assert min(abs(end - value) for value in values) < 1e-9
    assert result["attained"][0] <= result["attained"][1] + 1e-9


def test_range_of_points_is_their_correlation():
    boxes = [Interval(x, x) for x in (1, 2, 4, 3)]
    exact = spearman([1, 2, 4, 3], [1, 2, 3, 4])
    result = spearman_range(boxes, [1, 2, 3, 4])
    assert result == {"attained": [pytest.approx(exact)] * 2, "bounds": [pytest.approx(exact)] * 2}


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(st.lists(st.integers(-9, 9), min_size=n, max_size=n), min_size=n, max_size=n)
    )
)
def test_assignment_is_the_cheapest(costs):
    def price(order):
        return sum(row[c] for row, c in zip(costs, order, strict=True))

    found = rank_range._assign(costs)
    assert sorted(found) == list(range(len(costs)))
    assert price(found) == min(price(order) for order in itertools.permutations(range(len(costs))))


def test_empty_interval_is_refused():
    with pytest.raises(ValueError, match="empty interval"):
        Interval(2, 1)


def test_report_on_the_embedded_tables():
    report = supply_risk.supply_risk_report()
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert report["status"] == "unverified"
    narrow, cited, wide = (report["variants"][name] for name in ("narrow", "cited", "wide"))
    assert narrow["compared"] == 70
    assert narrow["inside"] == 68
    assert narrow["misses"] == ["arsenic", "germanium"]
    assert wide["inside"] == wide["compared"] == 70
    assert all(v["critical_agreeing"] == v["critical_decided"] for v in (narrow, cited, wide))
    assert cited["compared"] == 41
    low, high = cited["spearman"]["attained"]
    assert (
        cited["spearman"]["bounds"][0] <= low < cited["spearman"]["low_ends"] < high <= cited["spearman"]["bounds"][1]
    )
    assert low > 0.6
    by_name = {row["material"]: row for row in narrow["rows"]}
    for row in wide["rows"]:
        assert row["low"] <= by_name[row["material"]]["low"]
        assert row["high"] >= by_name[row["material"]]["high"]


def test_report_is_the_same_twice():
    assert json.dumps(supply_risk.supply_risk_report()) == json.dumps(supply_risk.supply_risk_report())
