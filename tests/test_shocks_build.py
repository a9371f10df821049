"""From a scenario to a shock: who is meant, what is cut, what stands against it, and what could not be said."""

import numpy as np
import pytest

from schakel.chains.graph import ChainGraph, Position, Slot, Step
from schakel.errors import NotFoundError
from schakel.shocks import scenario
from schakel.shocks.build import TARIFF_ELASTICITY, Places, shock
from schakel.shocks.draws import draw
from schakel.shocks.graphworld import FLOW_SHARE, OTHER, SOFT_SHARE, of_graph
from schakel.shocks.lenses import places
from schakel.shocks.tables import embedded
from schakel.shocks.world import CAPITAL, FLOW, World
from shocks_small import random_world

HEAD = """\
schema: schakel.scenario/1
id: test
title: {en: Test}
time: {start: 2025-10-01, horizon: 100}
"""
BAN = 'measures: [{id: m1, imposer: TWN, instrument: export_ban, products: ["sector:electronics"], to: %s, start: 3}]\n'
WORLD = random_world(regions=("NLD", "TWN", "USA", "ROW"))


def built(text: str, world: World = WORLD, k: int | None = None):
    s = scenario.parse(HEAD + text)
    drawn = draw(s, 0 if k is None else 4)
    return shock(s, world, places(world), drawn.of(k or 0))


def names(world: World, mask) -> set[str]:
    return {f"{world.regions[world.region[i]]} {world.sectors[world.sector[i]]}" for i in np.flatnonzero(mask)}


def test_a_ban_names_suppliers_users_and_final_users() -> None:
    (cut,) = built(BAN % "USA").shock.restrictions
    assert names(WORLD, cut.suppliers) == {"TWN electronics"}
    assert names(WORLD, cut.users) == {"USA electronics", "USA vehicles", "USA services"}
    assert [r for r, x in zip(WORLD.regions, cut.final_users, strict=True) if x] == ["USA"]
    assert (cut.intensity, cut.start, cut.end) == (1.0, 3.0, 100.0)


def test_the_world_is_everybody_but_who_bans() -> None:
    (cut,) = built(BAN % "world").shock.restrictions
    assert {n.split()[0] for n in names(WORLD, cut.users)} == {"NLD", "USA", "ROW"}
    assert cut.final_users.tolist() == [True, False, True, True]


def test_a_shortage_of_everybodys_spares_nobody() -> None:
    text = 'measures: [{id: m1, instrument: quota, products: ["sector:electronics"], from: {site: world}, to: world, start: 0}]\n'
    (cut,) = built(text).shock.restrictions
    assert cut.users.all()
    assert cut.final_users.all()


def test_uses_narrow_a_measure_to_makers_of_something() -> None:
    (cut,) = built((BAN % "world").replace("to: world", 'to: world, uses: ["sector:vehicles"]')).shock.restrictions
    assert names(WORLD, cut.users) == {"NLD vehicles", "USA vehicles", "ROW vehicles"}
    assert not cut.final_users.any()


def test_an_import_ban_is_the_other_way_round_and_home_supply_stays() -> None:
    text = BAN.replace("export_ban", "import_ban")
    (cut,) = built(text % "USA").shock.restrictions
    assert names(WORLD, cut.suppliers) == {"USA electronics"}
    assert {n.split()[0] for n in names(WORLD, cut.users)} == {"TWN"}
    (cut,) = built(text % "world").shock.restrictions
    assert names(WORLD, cut.suppliers) == {"NLD electronics", "USA electronics", "ROW electronics"}
    assert {n.split()[0] for n in names(WORLD, cut.users)} == {"TWN"}


def test_a_tariff_cuts_by_its_elasticity_and_says_so() -> None:
    b = built((BAN % "USA").replace("export_ban", "tariff").replace("start: 3", "intensity: 0.25, start: 3"))
    assert b.shock.restrictions[0].intensity == pytest.approx(1 - 1.25**-TARIFF_ELASTICITY)
    assert any("recalled" in w for w in b.warnings)


def test_a_capacity_loss_lies_where_it_is_made() -> None:
    text = (
        'measures: [{id: m1, instrument: capacity_loss, products: ["sector:electronics"], from: {site: [TWN, USA]},'
        " intensity: 0.5, start: 3, duration: 10, recovery: 20}]\n"
    )
    b = built(text)
    (loss,) = b.shock.losses
    assert names(WORLD, loss.industries) == {"TWN electronics", "USA electronics"}
    assert (loss.share, loss.start, loss.end, loss.recovery) == (0.5, 3, 13, 20)


def test_codes_of_goods_find_their_sector() -> None:
    for code, made in (("854231", "electronics"), ("870323", "vehicles")):
        b = built((BAN % "USA").replace("sector:electronics", f"hs6:{code}"))
        assert names(WORLD, b.shock.restrictions[0].suppliers) == {f"TWN {made}"}


def test_leaks_and_licences_come_along() -> None:
    text = (BAN % "USA").replace(
        "start: 3",
        "start: 3, phase_in: 5, leakage: {share: 0.2, delay_days: 30}, licence: {approval_share: 0.4, delay_days: 9}",
    )
    (cut,) = built(text).shock.restrictions
    assert (cut.phase_in, cut.leakage, cut.leak_delay, cut.licence_share, cut.licence_delay) == (5, 0.2, 30, 0.4, 9)


def test_an_answer_comes_after_the_measure_it_answers_and_only_when_it_happens() -> None:
    text = """\
measures:
  - {id: m1, imposer: TWN, instrument: export_ban, products: ["sector:electronics"], to: USA, start: 3,
     retaliation: {measure: m2, after_days: 20, probability: %s}}
  - {id: m2, imposer: USA, instrument: export_ban, products: ["sector:vehicles"], to: TWN, start: 0}
"""
    cuts = built(text % 1.0).shock.restrictions
    assert [(c.id, c.start) for c in cuts] == [("m1", 3), ("m2", 23)]
    assert [c.id for c in built(text % 0.1).shock.restrictions] == ["m1"]
    happened = [len(built(text % 0.5, k=k).shock.restrictions) for k in range(4)]
    assert sorted(happened) == [1, 1, 2, 2]  # Sobol points are even


def test_what_stands_against_it() -> None:
    text = (
        BAN % "world"
        + """\
mitigations:
  - {kind: stock, id: s, owner: NLD, products: ["sector:electronics"], days: 10}
  - {kind: second_source, id: t, product: "sector:electronics", site: USA, capacity: 0.1, qualify_days: 40, ramp_tau: 20}
  - {kind: recycling, id: r, product: "sector:electronics", site: NLD, yield: 0.05, start: 50}
  - {kind: substitute, id: u, from: "sector:electronics", to: "sector:services", switch_days: 60, efficiency: 0.8}
  - {kind: priority_orders, id: p, sectors: ["sector:services"]}
  - {kind: common_purchasing, id: c, members: [NLD, USA]}
"""
    )
    b = built(text)
    s = b.shock
    assert names(WORLD, s.stocks[0].users) == {"NLD electronics", "NLD vehicles", "NLD services"}
    assert s.stocks[0].days == 10
    total = WORLD.output[WORLD.of(None, frozenset({"electronics"}))].sum()
    for source, share, start in zip(s.second_sources, (0.1, 0.05), (40, 50), strict=True):
        assert source.capacity * WORLD.output[source.industries].sum() == pytest.approx(share * total)
        assert source.start == start
    (swap,) = s.substitutes
    assert (WORLD.sectors[swap.lacking], WORLD.sectors[swap.instead]) == ("electronics", "services")
    assert (swap.start, swap.efficiency) == (60, 0.8)
    assert s.priority is not None
    assert {n.split()[1] for n in names(WORLD, s.priority)} == {"services"}
    assert s.behaviour.allocation == "priority"
    (group,) = s.together
    assert {n.split()[0] for n in names(WORLD, group.users)} == {"NLD", "USA"}
    assert [r for r, x in zip(WORLD.regions, group.final_users, strict=True) if x] == ["NLD", "USA"]
    assert [WORLD.sectors[k] for k in group.sectors] == ["electronics"]  # what the measures are about
    one = scenario.parse(HEAD + text)
    without = shock(one, WORLD, places(WORLD), draw(one, 0).of(0), mitigations=frozenset({1})).shock
    assert (len(without.stocks), len(without.second_sources), without.priority) == (0, 1, None)


def test_stocks_at_the_start_replace_those_of_the_world() -> None:
    text = BAN % "world" + 'stocks: [{products: ["sector:electronics"], owner: NLD, days: 4}]\n'
    (less,) = built(text).shock.stocks
    assert less.days == 4 - 10  # the world holds ten
    assert less.sectors.tolist() == [0]
    assert {n.split()[0] for n in names(WORLD, less.users)} == {"NLD"}
    assert built(BAN % "world" + 'stocks: [{products: ["sector:electronics"], days: 10}]\n').shock.stocks == ()


def test_uncertain_stocks_of_everybody_differ_by_draw() -> None:
    text = BAN % "world" + "behaviour: {stock_days: {dist: uniform, low: 5, high: 15}, restore_days: 20}\n"
    days = {built(text, k=k).shock.stocks[0].days for k in range(4)}
    assert len(days) == 4
    assert all(-5 <= d <= 5 for d in days)
    assert built(text).shock.stocks == ()
    assert built(text).shock.behaviour.restore_days == 20


def test_a_product_that_is_not_there_is_refused_and_one_of_two_is_told() -> None:
    with pytest.raises(NotFoundError, match="says nothing that small knows") as info:
        built((BAN % "world").replace("electronics", "unobtainium"))
    assert "no product sector:unobtainium" in info.value.where
    b = built((BAN % "world").replace('"sector:electronics"', '"sector:electronics", "sector:unobtainium"'))
    assert len(b.shock.restrictions) == 1
    assert any("unobtainium" in w for w in b.warnings)


def test_a_country_inside_a_larger_region_cannot_be_told_apart() -> None:
    with pytest.raises(NotFoundError) as info:
        built((BAN % "world").replace("TWN", "JPN"))
    assert "ROW holds other countries too" in info.value.where


def test_a_country_that_makes_none_of_it_changes_nothing_and_that_is_told() -> None:
    world = random_world(sole=True)
    b = built((BAN % "TWN").replace("imposer: TWN", "imposer: NLD"), world)
    assert b.shock.quiet
    assert any("no such deliveries" in w for w in b.warnings)


def test_regions_wholly_and_partly_inside() -> None:
    p = Places({"NLD": "NLD", "DEU": "EU", "FRA": "EU", "TWN": "TWN"})
    assert p.regions(frozenset({"NLD", "DEU"})) == (frozenset({"NLD"}), ("EU",))
    assert p.regions(frozenset({"FRA", "DEU"})) == (frozenset({"EU"}), ())


def test_the_embedded_table_knows_the_union() -> None:
    world = embedded()
    b = built((BAN % '"@EU27"'), world)
    hit = {n.split()[0] for n in names(world, b.shock.restrictions[0].users)}
    assert {"NLD", "DEU", "FRA", "EU_REST"} <= hit
    assert not {"USA", "TWN", "GBR", "ROW"} & hit


CHAIN = ChainGraph(
    "chain",
    (
        Step("sand", "Sand", "Zand"),
        Step("tool", "Tool", "Machine"),
        Step("chip", "Chip", "Chip", hs6=("854231",)),
        Step("car", "Car", "Auto", final=True),
    ),
    (
        Slot("chip", "sand", ("sand",), coefficient=0.1, stock_days=12),
        Slot("chip", "tool", ("tool",), kind="capital"),
        Slot("car", "chip", ("chip",)),
    ),
    (
        Position("sand", plant="CHN", share_low=0.7, share_high=0.9),
        Position("tool", plant="NLD", share_low=1, share_high=1),
        Position("chip", plant="TWN", share_low=0.6, share_high=0.6),
        Position("chip", plant="KOR", share_low=None, share_high=None),
    ),
)


def test_a_chain_as_a_world() -> None:
    w = of_graph(CHAIN)
    assert set(w.regions) == {"CHN", "NLD", "TWN", "KOR", OTHER}
    made = {
        n: w.output[i]
        for i, n in enumerate(f"{w.regions[r]} {w.sectors[s]}" for r, s in zip(w.region, w.sector, strict=True))
    }
    assert made == pytest.approx(
        {
            "CHN sand": 0.8 * 0.1 * FLOW_SHARE,
            f"{OTHER} sand": 0.2 * 0.1 * FLOW_SHARE,
            "NLD tool": SOFT_SHARE * FLOW_SHARE,
            "TWN chip": 0.6 * FLOW_SHARE,
            "KOR chip": 0.4 * FLOW_SHARE,  # known to be there: it gets what is left
            f"{OTHER} car": 1.0,
        }
    )
    chip = w.sectors.index("chip")
    j = int(np.flatnonzero(w.sector == chip)[0])
    assert w.stock_days[w.sectors.index("sand"), j] == 12
    assert w.stock_days[w.sectors.index("tool"), j] == 0
    assert w.kind[w.sectors.index("tool"), j] == CAPITAL
    assert w.kind[w.sectors.index("sand"), j] == FLOW
    assert w.unit == "end use"
    assert w.value_added.sum() == pytest.approx(1.0)
    assert any("1 of 4 steps have holders nobody named" in c for c in w.caveats)


def test_a_valued_chain_counts_money() -> None:
    w = of_graph(CHAIN, {"car": 3e9})
    assert w.unit == "million USD"
    assert w.value_added.sum() == pytest.approx(3000.0)


def test_a_measure_on_a_chain_reaches_end_users_only_through_the_world() -> None:
    w = of_graph(CHAIN)
    text = BAN.replace("sector:electronics", "hs6:854231")
    (cut,) = built(text % "world", w).shock.restrictions
    assert cut.final_users.tolist() == [r != "TWN" for r in w.regions]
    assert names(w, cut.suppliers) == {"TWN chip"}
    assert f"{OTHER} car" in names(w, cut.users)
    (cut,) = built(text % "[NLD, USA]", w).shock.restrictions
    assert names(w, cut.users) == {"NLD tool"}


def test_an_investment_stop_reaches_those_who_use_it_as_a_tool() -> None:
    text = 'measures: [{id: m1, imposer: NLD, instrument: investment_stop, products: ["step:tool"], to: world, start: 0}]\n'
    w = of_graph(CHAIN)
    (cut,) = built(text, w).shock.restrictions
    assert names(w, cut.users) == {"TWN chip", "KOR chip"}
