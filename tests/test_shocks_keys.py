"""Every key of a scenario moves what it says it moves, in the direction it says, and changes nothing where it is left out."""

import json
from dataclasses import replace

import numpy as np
import pytest

from schakel.errors import InputError
from schakel.shocks import lens, mitigate, run, scenario, timing
from schakel.shocks.lens import Barrier, Together
from schakel.shocks.outputs import PARTS
from schakel.shocks.scenario import LENSES
from schakel.shocks.tables import embedded
from shocks_small import ban, random_world

WORLD = random_world(3, regions=("NLD", "TWN", "USA", "KOR", "ROW"), sole=True, stock_days=5.0)
HEAD = """\
schema: schakel.scenario/1
id: test
title: {en: Test}
table: reference
time: {start: 2025-10-01, horizon: 120}
uncertainty: {draws: 8, seed: 3, structural: [%s]}
"""
BAN = """\
measures:
  - {id: m1, imposer: TWN, instrument: export_ban, products: ["sector:electronics"], to: NLD, start: 3, duration: 60%s}
"""


def go(body: str, lenses: str = ", ".join(LENSES), draws: int | None = 0, world=WORLD, **options):
    return run.run(scenario.parse(HEAD % lenses + body), given={"table": world}, draws=draws, **options)


def losses(body: str, world=WORLD) -> dict[str, float]:
    """Return the loss under each lens, in dollars, with every number at its point."""
    return {k: r["loss_usd"]["median"] for k, r in go(body, world=world)["lenses"].items()}


# ---- leakage.via


OPEN = BAN % ", leakage: {share: 0.5}"
VIA = BAN % ", leakage: {share: 0.5, via: %s}"
SECOND = '  - {id: m2, imposer: %s, instrument: %s, products: ["sector:electronics"], to: %s, start: %d}\n'


def test_a_way_round_that_nobody_stops_changes_no_bit() -> None:
    one, other = go(OPEN), go(VIA % "[KOR]")
    assert one["lenses"] == other["lenses"]


@pytest.mark.parametrize(
    ("where", "what"),
    [("KOR gets nothing either", ("TWN", "export_ban", "KOR")), ("NLD buys nothing there", ("NLD", "import_ban", "KOR"))],
)  # fmt: skip
def test_a_leak_fails_where_its_way_is_stopped(where: str, what: tuple[str, str, str]) -> None:
    second = SECOND % (*what, 3)
    free, stopped = losses(OPEN + second), losses(VIA % "[KOR]" + second)
    shut = losses(BAN % "" + second)
    for name in LENSES:
        assert stopped[name] > free[name] * (1 + 1e-6), (name, where)
        assert stopped[name] == pytest.approx(shut[name], rel=1e-6), (name, where)
    half = losses(VIA % "[KOR, USA]" + second)  # one of two ways is left
    for name in LENSES:
        assert free[name] < half[name] < stopped[name], name


def test_a_third_country_under_the_measure_itself_passes_nothing_on_and_is_told() -> None:
    body = VIA.replace("to: NLD", "to: world") % "[KOR]"
    answer = go(body, "centre")
    assert answer["lenses"]["centre"]["loss_usd"] == go(BAN.replace("to: NLD", "to: world") % "", "centre")["lenses"]["centre"]["loss_usd"]  # fmt: skip
    assert any("nothing leaks by way of KOR while m1 lasts" in w for w in answer["warnings"])


def test_a_way_is_open_again_when_its_measure_ends() -> None:
    way = replace(ban(WORLD, "TWN", "electronics", 1.0, 0, 100, leakage=1.0), routes=((Barrier(1.0, 20.0, 40.0),),))
    cut = timing.lasting_cut(way, np.array([10.0, 30.0, 50.0]))
    assert cut.tolist() == [0.0, 1.0, 0.0]
    late = replace(way, leak_delay=15.0)  # what set out before day 20 still comes until day 35
    assert timing.lasting_cut(late, np.array([30.0, 50.0, 60.0])).tolist() == [0.0, 1.0, 0.0]
    assert timing.passing(replace(way, routes=(*way.routes, ())), 30.0, 31.0) == 0.5


# ---- leakage.price_markup


def test_what_leaks_costs_more_and_the_extra_is_counted() -> None:
    free, dear = go(OPEN), go(BAN % ", leakage: {share: 0.5, price_markup: 0.3}")
    twice = go(BAN % ", leakage: {share: 0.5, price_markup: 0.6}")
    for name in LENSES:
        plain, some, more = (a["lenses"][name]["loss_usd"]["median"] for a in (free, dear, twice))
        assert plain < some < more, name
        if name != "long_run":  # there dearer goods are bought less
            paid = dear["lenses"][name]["markup"]["median"]
            assert paid > 0
            assert "markup" not in free["lenses"][name]
    for name in ("centre", "ceiling"):
        paid, double = (a["lenses"][name]["markup"]["median"] for a in (dear, twice))
        assert double == pytest.approx(2 * paid, rel=1e-9)
        extra = dear["lenses"][name]["loss_usd"]["median"] - free["lenses"][name]["loss_usd"]["median"]
        assert extra == pytest.approx(paid, rel=1e-9)
    theirs = [a["lenses"]["centre"]["by_region"]["NLD"]["loss_usd"]["median"] for a in (free, dear)]
    assert theirs[1] - theirs[0] == pytest.approx(
        dear["lenses"]["centre"]["markup"]["median"], rel=1e-9
    )  # the buyers pay


def test_a_planner_leaves_what_is_too_dear() -> None:
    at = {m: losses(BAN % f", leakage: {{share: 0.5, price_markup: {m}}}")["floor"] for m in (0.0, 0.5, 1.0, 5.0)}
    assert at[0.0] < at[0.5] <= at[1.0] <= at[5.0]
    assert at[5.0] <= losses(BAN % "")["floor"] * (1 + 1e-9)  # never worse than without the leak
    assert losses(BAN % ", leakage: {share: 0.5, price_markup: 0}") == losses(OPEN)


# ---- stock.release


STOCK = (
    BAN.replace("duration: 60", "duration: 100") % ""
    + """\
mitigations:
  - {kind: stock, id: crisis, owner: NLD, products: ["sector:electronics"], days: 10%s}
  - {kind: priority_orders, id: first, sectors: ["sector:vehicles"]}
"""
)


def test_a_stock_released_by_priority_goes_to_who_is_served_first() -> None:
    s = scenario.parse(HEAD % "centre" + STOCK % ", release: priority")
    from schakel.shocks.build import shock
    from schakel.shocks.draws import draw
    from schakel.shocks.lenses import places

    built = shock(s, WORLD, places(WORLD), draw(s, 0).of(0)).shock
    (held,) = built.stocks
    first = WORLD.of(frozenset({"NLD"}), frozenset({"vehicles"}))
    assert np.array_equal(held.users, first)
    use = WORLD.use[held.sectors[0]]
    assert held.days * use[first].sum() == pytest.approx(
        10 * use[WORLD.of(frozenset({"NLD"}))].sum()
    )  # as much as before
    alone = {}
    for how in ("", ", release: proportional", ", release: priority"):
        answer = go(STOCK % how, "centre")["lenses"]["centre"]
        alone[how] = {k["product"]: k["loss"] for k in answer["ranking"] if k["region"] == "NLD"}
    assert alone[""] == alone[", release: proportional"]
    assert alone[", release: priority"]["vehicles"] < alone[""]["vehicles"]
    assert alone[", release: priority"]["services"] > alone[""]["services"]


# ---- common_purchasing


def together(members: str, more: str = "") -> str:
    return f"mitigations: [{{kind: common_purchasing, id: both, members: {members}{more}}}]\n"


def test_who_buys_together_shares_what_comes() -> None:
    apart, shared = go(BAN % ""), go(BAN % "" + together("[NLD, USA]"))
    by = {}
    for name, answer in (("apart", apart), ("shared", shared)):
        by[name] = {r: x["loss_usd"]["median"] for r, x in answer["lenses"]["centre"]["by_region"].items()}
    assert by["shared"]["NLD"] < by["apart"]["NLD"]  # the ban was on the Netherlands alone
    assert shared["lenses"]["floor"]["loss_usd"]["median"] < apart["lenses"]["floor"]["loss_usd"]["median"]
    for name in ("ceiling", "long_run"):  # who shares what is not asked there
        assert shared["lenses"][name] == apart["lenses"][name]
    other = go(BAN % "" + together("[NLD, USA]", ', products: ["sector:services"]'))
    assert other["lenses"]["centre"]["loss_usd"]["median"] != shared["lenses"]["centre"]["loss_usd"]["median"]


def test_nobody_counts_for_more_than_usual_because_he_lacks() -> None:
    """Sharing among those whom a measure hits alike leaves what they get within what final and other users got before."""
    body = BAN.replace("to: NLD", "to: [NLD, USA, KOR]") % ", intensity: 0.5"
    one, two = (
        go(body + m, "centre")["lenses"]["centre"]["loss_usd"]["median"] for m in ("", together("[NLD, USA, KOR]"))
    )
    assert two == pytest.approx(one, rel=0.05)


def test_what_is_shared_out_is_what_came() -> None:
    from schakel.shocks.links import links
    from schakel.shocks.together import Pools

    w, members = WORLD, WORLD.of(frozenset({"NLD", "USA"}))
    both = Together("t", np.array([0]), members, np.array([True, False, True, False, False]))
    shock = lens.Shock(10, restrictions=(ban(w, "TWN", "electronics"),), together=(both,))
    net = links(w, list(shock.restrictions))
    rng = np.random.default_rng(1)
    order, got = rng.random((2, 1, net.flows.shape[1]))
    new = Pools(net, [shock]).share(0, order, got)
    order = np.minimum(order, 1.0)
    inside = np.r_[members[net.order], [True, False, True, False, False]] & (net.use[0] > 0)
    assert (got @ net.use[0])[0] < order[0] @ net.use[0]
    assert (new[0, inside] / order[0, inside]).std() < 1e-12
    assert new @ net.use[0] == pytest.approx(got @ net.use[0])
    assert np.array_equal(new[0, ~inside], got[0, ~inside])
    assert np.array_equal(Pools(net, [shock]).share(1, order, got), got)


# ---- retaliation.by


ANSWER = """\
measures:
  - {id: m1, imposer: TWN, instrument: export_ban, products: ["sector:electronics"], to: NLD, start: 3, intensity: 0.2,
     retaliation: {measure: m2, after_days: 10%s}}
  - {id: m2, instrument: export_ban, products: ["sector:vehicles"], to: TWN, start: 0, duration: 60%s}
"""


def test_who_retaliates_imposes_the_answer() -> None:
    found = {who: go(ANSWER % (f", by: {who}", ""), "ceiling")["lenses"]["ceiling"] for who in ("NLD", "USA")}
    assert found["NLD"]["loss_usd"] != found["USA"]["loss_usd"]
    said = go(ANSWER % ("", ", imposer: USA"), "ceiling")["lenses"]["ceiling"]
    assert found["USA"] == said
    assert go(ANSWER % (", by: USA", ", imposer: USA"), "ceiling")["lenses"]["ceiling"] == said


# ---- behaviour.elasticity and behaviour.trade_elasticity


TARIFF = (BAN % ", intensity: 0.25").replace("export_ban", "tariff")


def test_a_tariff_cuts_more_where_trade_is_more_elastic() -> None:
    at = {e: losses(TARIFF + f"behaviour: {{elasticity: {e}}}\n") for e in (0.3, 0.76, 3)}
    for name in LENSES:
        assert at[0.3][name] < at[3][name], name
    assert at[0.76] == losses(TARIFF)
    assert any("recalled" in w for w in go(TARIFF, "centre")["warnings"])
    assert not any("recalled" in w for w in go(TARIFF + "behaviour: {elasticity: 0.76}\n", "centre")["warnings"])


def test_the_elasticity_of_trade_is_drawn() -> None:
    at = {e: losses((BAN % "") + f"behaviour: {{trade_elasticity: {e}}}\n") for e in (1.2, 2, 8)}
    assert at[1.2]["long_run"] > at[2]["long_run"] > at[8]["long_run"]
    assert at[2] == losses(BAN % "")
    for name in ("floor", "centre", "ceiling"):
        assert at[8][name] == at[2][name]
    drawn = go((BAN % "") + "behaviour: {trade_elasticity: {dist: uniform, low: 1.2, high: 8}}\n", "long_run", None)
    band = drawn["lenses"]["long_run"]["loss_usd"]
    assert at[8]["long_run"] < band["p05"] < band["median"] < band["p95"] < at[1.2]["long_run"]


# ---- outputs


@pytest.mark.parametrize("part", PARTS)
def test_only_what_is_asked_for_is_kept(part: str) -> None:
    whole, some = go(BAN % ""), go((BAN % "") + f"outputs: [{part}]\n")
    for name, r in some["lenses"].items():
        gone = {k for p, keys in PARTS.items() if p != part for k in keys}
        assert r == {k: v for k, v in whole["lenses"][name].items() if k not in gone}, name
    assert go((BAN % "") + f"outputs: [{', '.join(PARTS)}]\n")["lenses"] == whole["lenses"]
    assert json.loads(json.dumps(some)) == some


def test_a_cost_ratio_is_only_given_where_it_is_asked_for() -> None:
    body = BAN % "" + 'mitigations: [{kind: stock, id: s, products: ["sector:electronics"], days: 5, cost_usd: 10}]\n'
    full, bare = (
        mitigate.compare(scenario.parse(HEAD % "centre" + body + more), draws=0, given={"table": WORLD})["rows"][0]
        for more in ("", "outputs: [loss_path]\n")
    )
    assert full["benefit_per_usd"] is not None
    assert {"benefit_per_usd", "benefit_per_eur", "usd_per_day_bought", "eur_per_day_bought"} == set(full) - set(bare)


# ---- common_random_numbers, probability


def test_other_random_numbers_for_each_run_widen_what_a_mitigation_saves() -> None:
    body = BAN % ", intensity: {dist: uniform, low: 0.1, high: 0.9}"
    body += 'mitigations: [{kind: stock, id: s, products: ["sector:electronics"], days: 3}]\n'
    same, told, other = (
        mitigate.compare(
            scenario.parse((HEAD % "centre").replace("seed: 3", f"seed: 3{more}") + body), given={"table": WORLD}
        )["rows"][0]["saved_alone"]
        for more in ("", ", common_random_numbers: true", ", common_random_numbers: false")
    )
    assert same == told
    assert other["p95"] - other["p05"] > 2 * (same["p95"] - same["p05"])


def test_a_probability_may_itself_be_uncertain() -> None:
    from schakel.shocks.draws import draw

    body = ANSWER % (", by: NLD, probability: %s", "")
    often = {}
    for said in ("0.5", "{dist: uniform, low: 0, high: 1}", "{dist: uniform, low: 0.9, high: 1}"):
        drawn = draw(scenario.parse((HEAD % "centre") + body % said), 256)
        at = drawn.paths.index(("measures", 0, "retaliation", "happens"))
        often[said] = drawn.values[:, at].mean()
    assert often["0.5"] == 0.5
    assert often["{dist: uniform, low: 0, high: 1}"] == pytest.approx(0.5, abs=0.06)
    assert often["{dist: uniform, low: 0.9, high: 1}"] == pytest.approx(0.95, abs=0.03)


# ---- what could change nothing is refused


TWICE = 'mitigations: [{kind: stock, products: ["sector:electronics"], days: 5, cost_usd: 1, cost_eur: 1}]\n'


@pytest.mark.parametrize(
    ("body", "line", "key", "said"),
    [
        (BAN % ", recovery: 5", 8, "measures[0].recovery", "changes nothing in export_ban"),
        ((BAN % ", phase_in: 5").replace("export_ban", "capacity_loss"), 8, "measures[0].phase_in", "capacity_loss"),
        ((BAN % ", leakage: {share: 1}").replace("export_ban", "capacity_loss"), 8, "measures[0].leakage", "capacity_loss"),
        (STOCK.split("  - {kind: prio")[0] % ", release: priority", 10, "mitigations[0].release", "nobody is served first"),
        (BAN % "" + "behaviour: {allocation: priority}\n", 9, "behaviour.allocation", "nobody is served first"),
        (BAN % "" + "behaviour: {elasticity: 2}\n", 9, "behaviour.elasticity", "there is no tariff"),
        (ANSWER % (", by: NLD", ", imposer: USA"), 9, "measures[0].retaliation.by", "imposed by USA"),
        ((ANSWER % ("", ", imposer: USA")).replace("measure: m2", "measure: m1"), 9, "measures[0].retaliation.measure", "itself"),
        (ANSWER % ("", ""), 10, "measures[1]", "nobody imposes it"),
        (BAN % "" + TWICE, 9, "mitigations[0].cost_eur", "one in euros"),
    ],
)  # fmt: skip
def test_a_key_that_changes_nothing_is_refused_with_its_line(body: str, line: int, key: str, said: str) -> None:
    with pytest.raises(InputError) as info:
        scenario.parse(HEAD % "centre" + body)
    assert said in info.value.what
    assert info.value.where == f"file scenario, line {line}, key {key}"
    assert info.value.remedy


def test_on_the_embedded_table_too() -> None:
    w = embedded()
    base = losses(OPEN, world=w)
    second = SECOND % ("TWN", "export_ban", "KOR", 3)
    stopped, free = losses(VIA % "[KOR]" + second, world=w), losses(OPEN + second, world=w)
    for name in ("centre", "ceiling", "long_run"):
        assert stopped[name] > free[name]
    dear = losses(BAN % ", leakage: {share: 0.5, price_markup: 0.3}", world=w)
    for name in LENSES:
        assert dear[name] >= base[name] * (1 - 1e-9)
    assert dear["centre"] > base["centre"]
