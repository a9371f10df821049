"""Do the definitions side by side, the distance to the opposite verdict, the bounds, churn and the other direction give what brute force gives?"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dependency_twin as twin
from schakel.dependency import bounds as bd
from schakel.dependency.compare import churn, compare
from schakel.dependency.control_points import control_point
from schakel.dependency.flips import flips
from schakel.dependency.presets import names, parse
from schakel.dependency.ranges import bounds
from schakel.dependency.reverse import by_partner, common, mutual, reverse
from schakel.dependency.screen import Setting, judged, rows_of, screen, setting
from schakel.dependency.suppliers import governance_scaled, profile, supply, trade_weighted_distance, weighted_hhi
from schakel.errors import InputError, NotFoundError
from schakel.lake.flowset import FlowSet
from test_dependency_presets import ABOVE, BUYERS, FORTY, FOUR, HOLDS, P, bought, sold
from test_dependency_twin import EU, QUIET, cases, flowset

Trade = tuple[str, str, int]


def flows_of(*years: tuple[int, dict[str, Sequence[Trade]]], re: dict[str, int] | None = None) -> FlowSet:
    """Flows by year and product; `re` is the part of every flow of an exporter that is re-exported, in percent."""
    rows = [
        twin.Flow(year, e, i, product, v, None, v * re[e] // 100 if re and e in re else 0 if re else None)
        for year, products in years
        for product, trade in products.items()
        for e, i, v in trade
    ]
    return flowset(twin.Case(rows, EU))


# ---------------------------------------------------------------- side by side


def test_one_product_under_all_definitions() -> None:
    """Bought 1000 outside, .401002 concentrated, sold 999; CHN also sells 1000 to each of ten others."""
    data = flows_of((2023, {P: HOLDS}))
    answer = compare(data, "EU27", P, 2023)
    verdicts = {m["method"]: m["dependent"] for m in answer["methods"]}
    assert (
        verdicts
        == {
            "ec2021": True,  # .401 > .4, 1 > .5, 1000/999 > 1
            "arjona2023": None,  # one product and one world: both ranks are 1 of 1, so 1; means over a single year ... see below
            "geodep2024": None,  # all three hold, but 2021 and 2022 are missing
            "tresor2020": False,  # .401 is not above .5
            "merics2024": False,  # 1000/999 is below 2
            "oecd2024": False,  # .401 is not above twice the world's .79
            "iw": None,  # 60.1 % from China, no euro values
            "cbs2021": None,
            "bottleneck": False,  # 60.1 %
            "crma": False,  # 60.1 %
        }
        | {"arjona2023": True}
    )
    assert answer["agreement"] == {"yes": 2, "no": 5, "open": 3}
    for m in answer["methods"]:
        one = screen(data, reporter="EU27", method=m["method"], year=2023).rows[0]
        assert m["dependent"] is one["dependent"]
        assert m["criteria"] == {n: c for n, c in one["criteria"].items() if n in m["criteria"]}
    with pytest.raises(NotFoundError, match="no product"):
        compare(data, "EU27", "999999", 2023)
    with pytest.raises(NotFoundError, match="imports no"):
        compare(data, "CHN", P, 2023)


def entry(data: FlowSet, reporter: str, method: str, year: int = 2023, bloc: str | None = None) -> dict[str, Any]:
    (found,) = compare(data, reporter, P, year, methods=[method], bloc=bloc)["methods"]
    return found


def turning(found: dict[str, Any]) -> dict[str, float]:
    return {f["criterion"]: round(f["flips_at"], 6) for f in found["flips"] if f["turns_verdict"]}


def test_flips_by_hand() -> None:
    data = flows_of((2023, {P: HOLDS}))
    yes = entry(data, "EU27", "ec2021")
    assert turning(yes) == {"extra_bloc_hhi": 0.401002, "extra_bloc_import_share": 1.0, "import_export_ratio": 1.001001}
    (first,) = [f for f in yes["flips"] if f["criterion"] == "extra_bloc_hhi"]
    assert first["move"] == pytest.approx(0.001002) and first["move_relative"] == pytest.approx(0.001002 / 0.4)
    one_fails = entry(flows_of((2023, {P: (*bought(FORTY), ("NLD", "PER", 999))})), "EU27", "ec2021")
    assert turning(one_fails) == {"extra_bloc_hhi": 0.4}  # the only one that fails: a threshold just below .4 turns it
    two_fail = entry(flows_of((2023, {P: (*bought(FORTY), ("NLD", "PER", 1000))})), "EU27", "ec2021")
    assert turning(two_fail) == {}


def test_flips_with_a_window_look_at_every_year() -> None:
    """A threshold decides every year of the window at once."""
    # C1 is .401002 now, .5145 the year before and 1 before that: above .401002 this year fails, and that decides
    more = {
        **FORTY,
        "CHN": 701,
        "USA": 99,
        "VNM": 66,
        "GBR": 66,
        "JPN": 68,
    }  # .701^2 + .099^2 + 2 x .066^2 + .068^2 = .514538
    tail = (*sold("CHN", BUYERS, 1000), ("NLD", "PER", 999))
    data = flows_of((2023, {P: HOLDS}), (2022, {P: (*bought(more), *tail)}), (2021, {P: (("CHN", "NLD", 1000), *tail)}))
    assert turning(entry(data, "EU27", "geodep2024"))["partner_hhi"] == pytest.approx(0.401002)
    # now the most concentrated, last year .401002, before that .4: above .401002 only this year is left, far below this year's value
    data = flows_of(
        (2023, {P: (("CHN", "NLD", 1000), *tail)}), (2022, {P: HOLDS}), (2021, {P: (*bought(FORTY), *tail)})
    )
    found = entry(data, "EU27", "geodep2024")
    assert found["dependent"] is True
    assert turning(found)["partner_hhi"] == pytest.approx(0.401002)
    # all three at .4: a threshold just below makes three of three, although two criteria fail as it stands
    data = flows_of(
        (2023, {P: (*bought(FORTY), *tail)}), (2022, {P: (*bought(FORTY), *tail)}), (2021, {P: (*bought(FORTY), *tail)})
    )
    found = entry(data, "EU27", "geodep2024")
    assert found["criteria"]["persistent_years"]["passes"] is False and found["dependent"] is False
    assert turning(found) == {"partner_hhi": 0.4}


@pytest.mark.parametrize("method", [n for n in names() if n not in ("iw", "cbs2021")])
@settings(QUIET, max_examples=6)
@given(case=cases(), reporter=st.sampled_from(["EU27", "NLD", "CHN"]))
def test_flips_against_moved_thresholds(method: str, case: twin.Case, reporter: str) -> None:
    """Ask the definition again with each threshold moved over the whole line; the verdict turns where `flips` says, and nowhere nearer."""
    data = flowset(case)
    if reporter != "EU27" and reporter not in data.countries:
        return
    raw = twin.toml(method)
    where = setting(reporter, method, 2023)
    y, result = judged(data, where, 2023, informational=False)
    rows = rows_of(data, y, result)
    for row in rows[:2]:
        for flip in flips(data, where, row["product"], 2023, row):
            test = next(c for c in raw["criterion"] if c["name"] == flip["criterion"])
            if "of" in test or flip["criterion"] in ("persistent_years", "import_value"):
                continue

            def verdict(cut: Fraction, name: str = flip["criterion"], product: str = row["product"]) -> bool | None:
                criteria = [{**c, "threshold": str(cut)} if c["name"] == name else dict(c) for c in raw["criterion"]]
                moved = Setting(
                    where.reporter,
                    parse({**raw, "criterion": criteria}, where="moved"),
                    where.bloc,
                    where.members,
                    where.treatment,
                )
                y, result = judged(data, moved, 2023, informational=False)
                return next(r["dependent"] for r in rows_of(data, y, result) if r["product"] == product)

            at, cut = Fraction(flip["flips_at"]), Fraction(test["threshold"])
            step = max(abs(at), Fraction(1, 10**6)) / 10**6
            up = row["dependent"] is not False
            beyond, before = (at + step, at - step) if up else (at - step, at + step)
            wanted = not up
            if flip["turns_verdict"]:
                assert verdict(beyond) is wanted, (method, row, flip)
                if (before > cut) if up else (before < cut):
                    assert verdict(before) is not wanted, (method, row, flip)
            else:
                for far in (Fraction(-1), at - step, at + step, Fraction(10**13)):
                    found = verdict(far)
                    if row["dependent"] is False:
                        assert found is not True, (method, row, flip, far)
                    elif row["dependent"] is True:
                        assert found is True or not up or row["criteria"][flip["criterion"]]["value"] is None, (
                            method,
                            row,
                            flip,
                            far,
                        )


# ---------------------------------------------------------------- bounds by brute force

PARTS = st.lists(st.integers(0, 4), min_size=1, max_size=3)


def removals(values: Sequence[int], amount: int) -> Iterator[tuple[int, ...]]:
    """Every way to take a whole amount off the values."""
    for off in itertools.product(*(range(v + 1) for v in values)):
        if sum(off) == amount:
            yield tuple(v - o for v, o in zip(values, off, strict=True))


def within(interval: bd.Interval, value: Fraction | None) -> bool:
    """Is a value, None for infinite, inside a closed range?"""
    if interval.low is None:
        return interval.infinite and value is None
    if value is None:
        return interval.high is None
    return interval.low <= value and (interval.high is None or value <= interval.high)


@settings(max_examples=100, deadline=None)
@given(outside=PARTS, inside=PARTS, exports=st.integers(0, 12), re=st.one_of(st.none(), st.integers(0, 12)))
def test_re_export_bounds_hold_over_a_grid(outside: list[int], inside: list[int], exports: int, re: int | None) -> None:
    """No way to take re-exports off any origins leaves the range; each end is come near."""
    trade = bd.Trade(tuple(outside), tuple(inside), exports, re)
    found = bd.re_export_bounds(trade)
    total = sum(outside) + sum(inside)
    top = min(total, exports)
    amounts = range(top + 1) if re is None else [min(re, top)]
    seen: dict[str, list[Fraction | None]] = {name: [] for name in found}
    for amount in amounts:
        for rest in removals((*outside, *inside), amount):
            out, every = rest[: len(outside)], rest
            ext, left = sum(out), sum(every)
            seen["import_value"].append(Fraction(left))
            if left:
                seen["partner_hhi"].append(bd.hhi(every))
                seen["extra_bloc_import_share"].append(Fraction(ext, left))
                seen["top_supplier_share:all"].append(Fraction(max(every), left))
            if ext:
                seen["extra_bloc_hhi"].append(bd.hhi(out))
                seen["top_supplier_share:extra"].append(Fraction(max(out), ext))
            if ext or exports > amount:
                seen["import_export_ratio:extra"].append(Fraction(ext, exports - amount) if exports > amount else None)
            if left or exports > amount:
                seen["import_export_ratio:all"].append(Fraction(left, exports - amount) if exports > amount else None)
    for name, values in seen.items():
        for value in values:
            assert within(found[name], value), (trade, name, found[name], value)
        known = [v for v in values if v is not None]
        interval = found[name]
        if "ratio" in name or name in ("import_value", "extra_bloc_import_share"):
            # linear in the amount on each side of its corners, so the ends are whole amounts and are reached
            if known and interval.low is not None:
                assert min(known) == interval.low, (trade, name)
            if values and interval.high is not None:
                assert max(known) == interval.high, (trade, name)
            if None in values:
                assert interval.high is None


def test_re_export_bounds_are_reached_between_the_points_of_the_grid() -> None:
    """60, 30 and 10, of which 40 may be re-exported: levelled from above 30-and-30-and-10 minus nothing more to take, or 60 alone."""
    found = bd.re_export_bounds(bd.Trade((60, 30, 10), (), 40, 40))
    # least: 40 off the top two gives 25, 25, 10: (625 + 625 + 100) / 3600; most: 40 off the smallest gives 60, 0, 0
    assert found["extra_bloc_hhi"] == bd.Interval(Fraction(1350, 3600), Fraction(1))
    assert found["top_supplier_share:extra"] == bd.Interval(Fraction(25, 60), Fraction(1))
    assert found["import_value"] == bd.Interval(Fraction(60), Fraction(60))
    # all re-exported: no exports of its own are left
    assert (
        found["import_export_ratio:extra"] == bd.Interval(None, None) or found["import_export_ratio:extra"].high is None
    )


def test_the_same_part_off_every_origin_changes_no_share() -> None:
    """The extreme of ignorance on the other side: proportional removal leaves concentration, so it is always inside the range."""
    for values in ((60, 30, 10), (5, 5), (7,)):
        for part in (Fraction(1, 4), Fraction(1, 2)):
            kept = [v * (1 - part) for v in values]
            assert bd.hhi(kept) == bd.hhi(values)
            interval = bd.hhi_bounds([4 * v for v in values], 0, int(4 * sum(values) * part))
            assert within(interval, bd.hhi(values))


@settings(max_examples=40, deadline=None)
@given(values=st.lists(st.integers(1, 6), max_size=3), secret=st.integers(0, 4))
def test_secret_cells_bound_the_concentration(values: list[int], secret: int) -> None:
    """Every split of the secret over the named suppliers and three new ones lies inside; the upper end is reached."""
    interval = bd.secret_bounds(values, secret)
    if not values and not secret:
        assert interval == bd.Interval(None, None)
        return
    best = Fraction(0)
    for split in itertools.product(range(secret + 1), repeat=len(values) + 3):
        if sum(split) == secret:
            got = bd.hhi([v + s for v, s in zip((*values, 0, 0, 0), split, strict=True)])
            assert got is not None and within(interval, got)
            best = max(best, got)
    assert interval.high == best
    # the lower end is the limit of ever more new suppliers
    many = bd.hhi([*(Fraction(v) for v in values), *([Fraction(secret, 4_000)] * 4_000)]) if secret else bd.hhi(values)
    assert many is not None and interval.low is not None and many - interval.low < Fraction(1, 1000)


@pytest.mark.parametrize("method", ["ec2021", "geodep2024", "merics2024", "bottleneck"])
@settings(QUIET, max_examples=8)
@given(case=cases(), reporter=st.sampled_from(["EU27", "NLD", "CHN"]), bloc=st.sampled_from([None, "one", "members"]))
def test_bounds_hold_what_was_declared(method: str, case: twin.Case, reporter: str, bloc: str | None) -> None:
    """Without declared re-exports nothing re-exported is one of the possibilities, so value and verdict as declared lie within."""
    data = flowset(twin.Case([replace(f, re=None) for f in case.flows], EU))
    if reporter != "EU27" and reporter not in data.countries:
        return
    where = setting(reporter, method, 2023, bloc)
    y, result = judged(data, where, 2023, informational=False)
    for row in rows_of(data, y, result)[:3]:
        found = bounds(data, where, row["product"], 2023, row)
        for name, r in found["criteria"].items():
            declared = row["criteria"][name]["value"]
            if declared is None or declared == 9999:
                continue
            assert r["low"] is None or r["low"] <= declared * (1 + 1e-12), (name, r)
            assert r["high"] is None or declared <= r["high"] * (1 + 1e-12), (name, r)
        order = {False: 0, None: 1, True: 2}
        low, high = (order[v] for v in found["verdict"])
        assert low <= order[row["dependent"]] <= high, (row, found)
        assert found["could_turn"] is (found["verdict"][0] is not found["verdict"][1])


def test_bounds_of_the_netherlands_turn_on_re_exports() -> None:
    """Bought 80 outside and 15 inside, sold 85 (the fixture): .94 fails. If 60 of it only passes through, at most 80/25, at least 20/25."""
    trade = (
        ("CHN", "NLD", 60),
        ("USA", "NLD", 10),
        ("VNM", "NLD", 10),
        ("DEU", "NLD", 15),
        ("NLD", "DEU", 50),
        ("NLD", "USA", 25),
        ("NLD", "CHN", 10),
    )
    declared = entry(flows_of((2023, {P: trade}), re={"NLD": 60}), "NLD", "ec2021")["bounds"]  # 30 + 15 + 6 = 51 of 85
    # outside 80 - 51 = 29 to 80 - (51 - 15) = 44, over exports 85 - 51 = 34
    ratio = declared["criteria"]["import_export_ratio"]
    assert (ratio["low"], ratio["high"]) == (pytest.approx(29 / 34), pytest.approx(44 / 34))
    assert ratio["declared"] == pytest.approx(80 / 85) and ratio["could_turn"] is True
    share = declared["criteria"]["extra_bloc_import_share"]
    assert (share["low"], share["high"]) == (pytest.approx(29 / 44), pytest.approx(1.0))
    assert declared["verdict"] == [False, True] and declared["could_turn"] is True
    assert declared["why"] == "re-exports as declared, their origins unknown"
    unknown = entry(flows_of((2023, {P: trade})), "NLD", "ec2021")["bounds"]["criteria"]["import_export_ratio"]
    assert (unknown["low"], unknown["high"]) == (
        0.0,
        None,
    )  # up to 85 of 95: all of the outside imports, or all of the exports


def with_secret(data: FlowSet, rows: list[dict[str, Any]]) -> FlowSet:
    from schakel.lake import connect
    from schakel.lake.unnamed import keep

    with connect() as con:
        con.register("apart", pa.Table.from_pylist(rows))
        keep(con, "apart", data)
    return data


def secret_row(value: int, **other: Any) -> dict[str, Any]:
    row = {"year": 2023, "side": "import", "reporter": "NLD", "product": P, "rule": "pseudo-partner:confidential"}
    return {**row, "value_usd": value, **other}


def test_secret_imports_of_a_product() -> None:
    """Bought 60 and 40, with 25 of a secret partner: (3600 + 1600) / 125^2 = .3328 when spread, (85^2 + 1600) / 125^2 = .5648 when the largest's."""
    data = with_secret(
        flows_of((2023, {P: (("CHN", "NLD", 60), ("USA", "NLD", 40))})),
        [
            secret_row(25),
            secret_row(7, side="export"),  # not bought
            secret_row(7, rule="self-trade"),
            secret_row(7, year=2022),
            secret_row(7, product="280530"),
            secret_row(7, reporter="BRA"),
        ],
    )
    found = entry(data, "NLD", "ec2021")["unnamed"]
    assert found["value"] == 25
    hhi = found["criteria"]["extra_bloc_hhi"]
    assert (hhi["declared"], hhi["low"], hhi["high"]) == (0.52, pytest.approx(0.3328), pytest.approx(0.5648))
    assert hhi["could_turn"] is True and found["verdict"] == [False, True] and found["could_turn"] is True
    share = found["criteria"]["extra_bloc_import_share"]
    assert (share["low"], share["high"]) == (pytest.approx(0.8), 1.0)
    top = entry(data, "EU27", "crma")["unnamed"]["criteria"]["top_supplier_share"]
    assert (top["declared"], top["low"], top["high"]) == (0.6, pytest.approx(0.48), pytest.approx(0.68))
    assert entry(data, "EU27", "crma")["unnamed"]["could_turn"] is True
    none = entry(flows_of((2023, {P: (("CHN", "NLD", 60),)})), "NLD", "ec2021")["unnamed"]
    assert none == {"value": 0, "criteria": {}, "verdict": [True, True], "could_turn": False}


def test_embedded_tables_bound_their_unnamed_imports() -> None:
    """Two hundred euro of graphite that Sweden bought of a territory without a code."""
    from schakel.dependency import embedded

    (found,) = compare(embedded.flows(), "SWE", "25041000", 2022, methods=["crma"])["methods"]
    assert found["unnamed"]["value"] == 200
    r = found["unnamed"]["criteria"]["top_supplier_share"]
    assert r["low"] < r["declared"] < r["high"] and r["could_turn"] is False


# ---------------------------------------------------------------- churn


def test_churn_by_hand() -> None:
    """Four products: one stays, one leaves, one enters, one becomes open for want of a euro value."""
    yes, no = (("CHN", "NLD", 90), ("USA", "NLD", 10)), (("CHN", "NLD", 50), ("USA", "NLD", 50))
    data = flows_of(
        (2022, {"280530": yes, "310420": yes, "811292": no, "854231": yes}),
        (2023, {"280530": yes, "310420": no, "811292": yes, "854231": ()}),
    )
    found = churn(data, "nl", "crma", 2022, 2023)
    assert found == {
        "reporter": "NLD",
        "method": "crma",
        "from": 2022,
        "to": 2023,
        "stayed": ["280530"],
        "left": ["310420", "854231"],
        "entered": ["811292"],
        "open": [],
        "left_share": pytest.approx(2 / 3),
    }
    assert churn(data, "NLD", "bottleneck", 2022, 2023)["left_share"] is None  # none was dependent


def test_undecided_in_one_year_neither_enters_nor_leaves() -> None:
    """GeoDep in 2022 lacks two years and is undecided; in 2023 two of three years hold."""
    data = flows_of((2022, {P: HOLDS}), (2023, {P: HOLDS}))
    later = churn(data, "EU27", "geodep2024", 2022, 2023)
    assert (later["stayed"], later["left"], later["entered"], later["open"]) == ([], [], [], [P])
    earlier = churn(data, "EU27", "geodep2024", 2023, 2022)
    assert (earlier["stayed"], earlier["left"], earlier["entered"], earlier["open"]) == ([], [], [], [P])


# ---------------------------------------------------------------- suppliers


def test_distance_of_mckinsey() -> None:
    """Half with a country at distance 10, half at 5: 7.5."""
    assert trade_weighted_distance([0.5, 0.5], [10.0, 5.0]) == (7.5, 1.0)
    # what is not known is left out and the rest weighed as if it were all, with the share it covers
    assert trade_weighted_distance([0.5, 0.25, 0.25], [10.0, 5.0, None]) == (pytest.approx(6.25 / 0.75), 0.75)
    assert trade_weighted_distance([1.0], [None]) == (None, 0.0)


def test_weighted_concentration_states_its_form() -> None:
    """Shares .6 and .4 with weights 1 and .5: .36 x 1 + .16 x .5 = .44; an unknown weight leaves it unknown."""
    assert weighted_hhi([0.6, 0.4], [1.0, 0.5]) == pytest.approx(0.44)
    assert weighted_hhi([0.6, 0.4], [1.0, 1.0]) == pytest.approx(0.52)  # all weights one: the plain HHI
    assert weighted_hhi([0.6, 0.4], [1.0, None]) is None
    assert [governance_scaled(x) for x in (2.5, 0.0, -2.5, -3.0)] == [0.0, 5.0, 10.0, 10.0]


def test_who_supplies() -> None:
    """Ties by alphabet; the bloc as one has outside suppliers only."""
    trade = (("USA", "NLD", 30), ("CHN", "NLD", 30), ("DEU", "NLD", 40), ("CHN", "DEU", 60))
    data = flows_of((2023, {P: trade}))
    mine = supply(data, setting("NLD", "ec2021", 2023), P, 2023)
    assert (mine.exporters, mine.values, mine.inside) == (("DEU", "CHN", "USA"), (40, 30, 30), (True, False, False))
    whole = supply(data, setting("EU27", "ec2021", 2023), P, 2023)
    assert (whole.exporters, whole.values) == (("CHN", "USA"), (90, 30))
    apart = supply(data, setting("EU27", "ec2021", 2023, "members"), P, 2023)
    assert (apart.exporters, apart.values) == (("CHN", "DEU", "USA"), (90, 40, 30))
    found = profile(whole, {"CHN": -0.5, "USA": 0.0}, {"CHN": 4.0, "USA": 1.0, "RUS": 8.0})
    # shares .75 and .25: distance 3.25; HHI .5625 + .0625; weights 4/8 and 1/8: .28125 + .0078125; governance 6 and 5: 3.375 + .3125
    assert (found.distance, found.distance_covered) == (pytest.approx(3.25), 1.0)
    assert found.hhi == pytest.approx(0.625)
    assert found.hhi_distance == pytest.approx(0.2890625)
    assert found.hhi_governance == pytest.approx(3.6875)
    assert [(r["exporter"], r["share"], r["governance"]) for r in found.rows] == [
        ("CHN", 0.75, -0.5),
        ("USA", 0.25, 0.0),
    ]


# ---------------------------------------------------------------- the other direction

MACHINES, MAGNETS, SEEDS = "848620", "850511", "120991"
# Machines: NLD sells 90 of China's 100 and 60 of the USA's 100 (Japan the rest), DEU 30 of NLD's 30. Magnets: CHN sells 95 of NLD's 100, 80 of the USA's 100.
# Seeds: NLD sells 40 of China's 100, BRA 60.
BOTH = {
    MACHINES: (("NLD", "CHN", 90), ("JPN", "CHN", 10), ("NLD", "USA", 60), ("JPN", "USA", 40), ("DEU", "NLD", 30)),
    MAGNETS: (("CHN", "NLD", 95), ("JPN", "NLD", 5), ("CHN", "USA", 80), ("JPN", "USA", 20)),
    SEEDS: (("NLD", "CHN", 40), ("BRA", "CHN", 60)),
}


def test_reverse_dependence_by_hand() -> None:
    data = flows_of((2023, BOTH))
    rows = {(r["partner"], r["product"]): r for r in reverse(data, "NLD", "crma", 2023)}
    assert set(rows) == {("CHN", MACHINES), ("USA", MACHINES), ("CHN", SEEDS)}
    china = rows["CHN", MACHINES]
    assert (china["value"], china["reliance"], china["majority"]) == (90, 0.9, True)
    # above 65 % from one supplier, and the Netherlands is that supplier, although the definition sees the EU as one
    assert (china["dependent"], china["top_supplier"], china["reverse_dependency"]) == (True, True, True)
    america = rows["USA", MACHINES]
    assert (america["reliance"], america["majority"], america["dependent"], america["reverse_dependency"]) == (
        0.6,
        True,
        False,
        False,
    )
    seeds = rows["CHN", SEEDS]
    assert (seeds["reliance"], seeds["majority"], seeds["top_supplier"], seeds["reverse_dependency"]) == (
        0.4,
        False,
        False,
        False,
    )
    assert by_partner(list(rows.values())) == [
        {"partner": "CHN", "products": 2, "value": 130, "majority_products": 1, "majority_value": 90, "reverse": 1, "reverse_possible": 1},
        {"partner": "USA", "products": 1, "value": 60, "majority_products": 1, "majority_value": 60, "reverse": 0, "reverse_possible": 0},
    ]  # fmt: skip
    whole = {(r["partner"], r["product"]): r for r in reverse(data, "EU27", "crma", 2023)}
    assert whole["CHN", MACHINES]["reverse_dependency"] is True
    assert ("NLD", MACHINES) not in whole  # Germany's sale to the Netherlands stays inside


def test_reverse_dependence_sees_euro_values() -> None:
    """A minimum in euro is tested on the partner's euro imports."""
    rows = [twin.Flow(2023, "CHN", "DEU", P, 10**7, 10**7), twin.Flow(2023, "CHN", "NLD", P, 10**7, 10**7 - 1)]
    found = {r["partner"]: r["reverse_dependency"] for r in reverse(flowset(twin.Case(rows, EU)), "CHN", "iw", 2023)}
    assert found == {"DEU": True, "NLD": False}


def cells(rows: list[dict[str, Any]]) -> dict[tuple[str, str], tuple[int, int, int | float, int]]:
    return {(r["importer"], r["supplier"]): (r["count"], r["count_possible"], r["value"], r["asymmetry"]) for r in rows}


def test_mutual_matrix_by_hand() -> None:
    """China depends on the Netherlands for machines, the Netherlands on China for magnets; the USA on China for magnets."""
    data = flows_of((2023, BOTH))
    found = mutual(data, ["NLD", "CHN", "USA"], "crma", 2023)
    assert cells(found) == {
        ("NLD", "CHN"): (1, 1, 100, 0),
        ("NLD", "USA"): (0, 0, 0, 0),
        ("CHN", "NLD"): (1, 1, 100, 0),
        ("CHN", "USA"): (0, 0, 0, -1),
        ("USA", "NLD"): (0, 0, 0, 0),
        ("USA", "CHN"): (1, 1, 100, 1),
    }
    ratio = {(r["importer"], r["supplier"]): r["ratio"] for r in found}
    assert ratio["NLD", "CHN"] == 0.5 and ratio["USA", "CHN"] == 1.0 and ratio["NLD", "USA"] is None
    # the bloc as one: it buys 95 of 100 magnets of China; machines inside are not imports
    whole = cells(mutual(data, ["CHN", "EU27"], "crma", 2023))
    assert whole == {("CHN", "EU27"): (1, 1, 100, 0), ("EU27", "CHN"): (1, 1, 100, 0)}
    # an undecided verdict counts as possible: bottleneck wants ten million dollars, iw euro values
    assert cells(mutual(data, ["NLD", "CHN"], "iw", 2023))["NLD", "CHN"] == (0, 1, 0, 0)


def test_mutual_refuses_what_it_cannot_answer() -> None:
    data = flows_of((2023, BOTH))
    with pytest.raises(InputError, match="two different parties"):
        mutual(data, ["NLD", "NLD"], "crma", 2023)
    with pytest.raises(InputError, match="two blocs"):
        mutual(data, ["EU27", "G7"], "crma", 2023)
    with pytest.raises(NotFoundError, match="nothing of KOR"):
        mutual(data, ["NLD", "KOR"], "crma", 2023)


def test_common_dependencies_by_hand() -> None:
    """Both the Netherlands and the USA lean on China for magnets; machines are one's own."""
    data = flows_of((2023, BOTH))
    assert common(data, "NLD", "USA", "crma", 2023) == [{"product": MAGNETS, "third": "CHN"}]
    assert common(data, "nl", "us", "crma", 2023) == [{"product": MAGNETS, "third": "CHN"}]
    assert common(data, "NLD", "CHN", "crma", 2023) == []  # China is not a third of itself


def test_control_point_by_hand() -> None:
    """World exports of machines: NLD 150, JPN 50, DEU 30, in all 230."""
    data = flows_of((2023, BOTH), re={"NLD": 10, "JPN": 0, "DEU": 0})
    found = control_point(data, setting("NLD", "crma", 2023), MACHINES, 2023)
    assert found.unique == pytest.approx((150**2 + 50**2 + 30**2) / 230**2)
    assert found.world_share == pytest.approx(150 / 230)
    assert (found.depended_upon, found.depended_value) == (2, 150)
    # what China and the USA take, .9 and .6 of their imports, weighed by 90 and 60; the Netherlands takes nothing of them
    assert found.reciprocal == pytest.approx((0.9 * 90 + 0.6 * 60) / 150)
    # 15 of the 150 only passed through: 135 of 215
    assert found.domestic_share == pytest.approx(135 / 215)
    assert found.valuable is None  # no quantities
    assert set(found.as_dict()) == {
        "product", "unique", "world_share", "valuable", "depended_upon", "depended_value", "reciprocal", "domestic_share",
    }  # fmt: skip
    whole = control_point(data, setting("EU27", "crma", 2023), MACHINES, 2023)
    assert whole.world_share == pytest.approx(150 / 200)  # Germany's sale to the Netherlands is not world trade
    assert whole.unique == pytest.approx((150**2 + 50**2) / 200**2)


def test_control_point_by_unit_value(tmp_path: Path) -> None:
    """NLD sells 100 for 2 tonnes, JPN 100 for 8: 50 over 20 a tonne."""
    from schakel.sources.flowfile import read

    path = tmp_path / "flows.csv"
    path.write_text(
        f"year,exporter,importer,product,value_usd,quantity_t\n2023,NLD,CHN,{MACHINES},100,2\n2023,JPN,CHN,{MACHINES},100,8\n2023,NLD,USA,{MACHINES},5,\n",
        "utf-8",
    )
    found = control_point(read(path), setting("NLD", "crma", 2023), MACHINES, 2023)
    assert found.valuable == pytest.approx(2.5)
    assert found.domestic_share is None  # no re-exports


def test_world_of_the_oecd_rows() -> None:
    """A guard on the shared table: its world concentration is the quarter that the definitions' rows count on."""
    assert twin.shares_squared(
        twin.exporter_totals({(e, i): v for e, i, v in (*FOUR, ("USA", "NLD", 50), ("CHN", "NLD", 50))}).values()
    ) == Fraction(1, 4)
    assert sum(ABOVE.values()) == 1000
