"""Do the definition, the cut and goods that pass through move verdicts exactly as far as they should?"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.dependency import embedded, positions
from schakel.dependency import sensitivity as sv
from schakel.dependency.holdings import holdings
from schakel.dependency.monitor import monitor
from schakel.dependency.presets import names, preset
from schakel.dependency.screen import setting
from schakel.dependency.suppliers import Supply, supply
from schakel.reports.reasons import dutch_of

CRMA = preset("crma")


@pytest.fixture(scope="module", params=["NLD", "EU27"])
def m(request):
    return monitor(embedded.flows(), request.param, 2024, method="crma")


def who(*values, inside=()):
    return Supply(
        tuple(f"C{i:02d}" for i in range(len(values))), tuple(values), tuple(i in inside for i in range(len(values))), 1
    )


@pytest.mark.parametrize(("reporter", "treatment"), [("NLD", "members"), ("EU27", "one"), ("EU27", "members")])
def test_all_holdings_at_once_are_those_one_by_one(reporter, treatment):
    flows = embedded.flows()
    where = setting(reporter, "crma", 2024, treatment)
    found = holdings(flows, where, 2024)
    assert len(found) > 60
    for product, held in found.items():
        assert held == supply(flows, where, product, 2024)


def test_cuts_left_in_place_leave_every_verdict(m):
    for answer in m.screens.values():
        verdicts = [r["dependent"] for r in answer.rows]
        rule = preset(answer.receipt.parameters["method"])
        assert sv.moved(answer, rule, 1.0) == {
            "yes": verdicts.count(True),
            "no": verdicts.count(False),
            "open": verdicts.count(None),
        }


def test_a_lower_cut_never_takes_a_yes_away(m):
    for answer in m.screens.values():
        rule = preset(answer.receipt.parameters["method"])
        yes = [sv.moved(answer, rule, f)["yes"] for f in (0.8, 0.9, 1.0, 1.1, 1.2)]
        assert yes == sorted(yes, reverse=True)


def test_cuts_moved_by_hand(m):
    shares = [r["top_supplier_share"] for r in m.chosen.rows if r["top_supplier_share"] is not None]
    assert sv.moved(m.chosen, CRMA, 1.1)["yes"] == sum(s > 0.65 * 1.1 for s in shares)
    assert sv.moved(m.chosen, CRMA, 0.9)["yes"] == sum(s > 0.65 * 0.9 for s in shares)


def test_agreement_sorts_each_verdict_once(m):
    for a in sv.agreement(m.grid, names()):
        assert len(a.yes) + len(a.no) + len(a.open) == len(names())
    assert sv.one_partner(m.screens) == {"iw"}
    one = sv.Agreement("p", ("crma",), ("iw",), ())
    assert one.contested()
    assert not one.contested({"iw"})


def test_the_definitions_that_suppliers_alone_can_bound():
    assert {n for n in names() if sv.covers(preset(n))} == {"crma"}


@pytest.mark.parametrize(
    ("values", "part"), [((90, 5, 5), 0.25 / 0.35), ((80, 20), 0.15 / 0.35), ((66, 34), 0.01 / 0.35)]
)
def test_a_yes_turns_when_enough_of_the_largest_passes_through(values, part):
    # (s - r) / (1 - r) = 0.65  gives  r = (s - 0.65) / 0.35, while the largest stays the largest
    values = tuple(v * 10_000 for v in values)
    assert sv.break_even(CRMA, who(*values)) == pytest.approx(part, abs=2**-13)


def test_a_no_turns_when_enough_of_the_others_passes_through():
    # s / (1 - r) = 0.65  gives  r = 1 - s / 0.65
    assert sv.break_even(CRMA, who(520_000, 480_000)) == pytest.approx(1 - 0.52 / 0.65, abs=2**-13)


def test_a_single_supplier_never_turns_and_nothing_has_no_turning_point():
    assert sv.break_even(CRMA, who(1000)) is None
    assert sv.break_even(CRMA, who()) is None


def test_suppliers_inside_the_bloc_do_not_count_where_the_definition_looks_outside():
    assert sv.passing(CRMA, who(900, 50, 50, inside=(0,)), Fraction(0)) == (False, False)
    assert sv.passing(CRMA, who(900, 70, 30, inside=(0,)), Fraction(0)) == (True, True)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=4), st.integers(0, 99))
def test_slow_twin_tries_every_way_to_take_goods_off(values, percent):
    part = Fraction(percent, 100)
    amount = int(part * sum(values))
    seen = set()

    def ways(rest, left, kept):
        if not rest:
            total = sum(kept)
            if total:
                seen.add(Fraction(max(kept), total) > Fraction(65, 100))
            return
        for taken in range(min(left, rest[0]) + 1):
            ways(rest[1:], left - taken, [*kept, rest[0] - taken])

    ways(values, amount, [])
    least, most = sv.passing(CRMA, who(*values), part)
    if seen:  # whole units only: the bounds allow parts of a unit, so they may be wider, never narrower
        assert least <= min(seen)
        assert most >= max(seen)


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=6))
def test_a_wider_bound_settles_less(values):
    certain = [sv.passing(CRMA, who(*values), Fraction(p, 10)) for p in range(10)]
    assert [c[0] for c in certain] == sorted((c[0] for c in certain), reverse=True)
    assert [c[1] for c in certain] == sorted(c[1] for c in certain)


def test_counts_under_bounds_add_up(m):
    supplies = list(m.held.values())
    for part in (Fraction(0), Fraction(1, 4), Fraction(9, 10)):
        n = sv.under_bounds(CRMA, supplies, part)
        assert n["yes"] + n["either"] + n["no"] == len(supplies)
    assert sv.under_bounds(CRMA, supplies, Fraction(0))["either"] == 0


def test_the_monitor_counts_outside_suppliers_once(m):
    total = sum(v for _, v in m.suppliers)
    outside = sum(v for w in m.held.values() for v, inside in zip(w.values, w.inside, strict=True) if not inside)
    assert total == pytest.approx(outside / embedded.flows().scale)


def test_a_country_and_a_bloc_in_the_supply_of_raw_materials():
    mine = positions.supply_positions("NLD", 2024)
    cadmium = next(r for r in mine if r["material"] == "cadmium")
    assert (cadmium["world_low"], cadmium["eu_low"]) == (0.0345, 0.235)
    assert all(r["world_high"] is None or r["world_low"] <= r["world_high"] for r in mine)
    bloc = positions.supply_positions("EU27", 2024)
    assert bloc[0]["material"] == "natural cork"
    assert all(0.01 <= r["world_high"] <= 1 for r in bloc)
    assert [r["world_high"] for r in bloc] == sorted((r["world_high"] for r in bloc), reverse=True)


def test_places_in_the_chip_chain_are_cited_and_not_added_up():
    found = positions.chip_positions("NLD", 2024)
    assert found[0]["step_id"] == "euv_scanner"
    assert {r["iso3"] for r in found} == {"NLD"}
    assert all(r["source"] and r["locator"] and r["mark"] for r in found)
    assert len(positions.chip_positions("EU27", 2024)) > len(found)
    assert positions.chip_positions("ABW", 2024) == []


@pytest.mark.parametrize("name", names())
def test_every_note_of_a_definition_reads_in_dutch(name):
    for note in preset(name).notes:
        assert dutch_of(note) != note, note


def test_every_warning_of_a_monitor_reads_in_dutch(m):
    for answer in m.screens.values():
        for text in answer.warnings:
            assert dutch_of(text) != text, text
