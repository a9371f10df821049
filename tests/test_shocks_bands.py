"""The four bands stand apart; costs have a currency and a rate; notes name their world; a stop answers at once."""

import threading
import time

import numpy as np
import pytest

from schakel.evidence import result_sha256
from schakel.reports import shock_bands, shock_choices
from schakel.reports.shock_notes import note
from schakel.reports.shock_report import shock_report
from schakel.shocks import bands, kept, mitigate, resolution, run, scenario, threads
from schakel.shocks.tables import embedded
from shocks_small import random_world

HEAD = """\
schema: schakel.scenario/1
id: test
title: {en: Test}
table: reference
time: {start: 2025-10-01, horizon: 60}
uncertainty: {draws: 4, seed: 3, structural: [%s]}
measures:
  - {id: m1, imposer: TWN, instrument: export_ban, products: ["sector:electronics"], to: [NLD], start: 3, duration: 50,
     intensity: {dist: uniform, low: 0.4, high: 0.9}}
"""
WORLD = random_world(2, regions=("NLD", "TWN", "USA", "KOR", "DEU", "FRA"), sole=True, stock_days=3.0)


def go(lenses: str = "floor, centre", more: str = "", **options):
    return run.run(scenario.parse(HEAD % lenses + more), given={"table": WORLD}, **options)


def by_band(rows) -> dict[str, list]:
    return {k: [r for r in rows if r["band"] == k] for k in bands.KINDS}


def test_all_four_are_told_and_one_that_was_not_computed_says_why() -> None:
    found = by_band(go()["bands"])
    assert [r["lens"] for r in found["parameters"]] == ["floor", "centre"]
    assert all(r["count"] == 4 and r["low"] < r["high"] for r in found["parameters"])
    assert (found["model_form"][0]["lens"], found["model_form"][0]["count"]) == ("floor/centre", 2)
    assert found["model_form"][0]["low"] < found["model_form"][0]["high"]
    assert [r["why"] for r in found["graph"] + found["resolution"]] == ["no_chain", "asked_apart"]
    points = by_band(go("centre", draws=0)["bands"])
    assert [points[k][0]["why"] for k in ("parameters", "model_form")] == ["points", "one_lens"]


def test_resolution_is_computed_when_asked_and_is_the_one_of_its_own_command() -> None:
    answer = go(groupings=3)
    rows = by_band(answer["bands"])["resolution"]
    apart = resolution.spread(
        scenario.parse(HEAD % "floor, centre"), lenses=("floor", "centre"), groupings=3, given=WORLD
    )
    assert [(r["lens"], r["count"], r["why"]) for r in rows] == [("floor", 3, ""), ("centre", 3, "")]
    for r in rows:
        assert r["median"] == apart["lenses"][r["lens"]]["loss_share"]["coarse"]["median"]
    assert by_band(bands.four(go(), apart))["resolution"] == rows  # a band asked apart stands beside the run
    assert go()["lenses"] == answer["lenses"]
    assert answer["receipt"]["result_sha256"] == result_sha256(
        {k: v for k, v in answer.items() if k not in kept.AROUND}
    )


def test_a_scenario_that_tells_everything_apart_still_gets_its_answer() -> None:
    world = random_world(2, regions=("NLD", "TWN"), sectors=("electronics", "services"), sole=True)
    answer = run.run(scenario.parse(HEAD % "centre"), given={"table": world}, groupings=2)
    assert by_band(answer["bands"])["resolution"][0]["why"] == "told_apart"
    assert "tells all regions and sectors" in answer["lacking"]["table/resolution"]


def test_the_band_of_a_chain_is_told() -> None:
    text = HEAD.replace("table: reference", "graph: reference").replace("sector:electronics", "step:fab_finfet_logic")
    text = text.replace("to: [NLD]", "to: world").replace("seed: 3", "seed: 3, graph: edge_probability")
    rows = by_band(run.run(scenario.parse(text % "centre"), draws=2)["bands"])
    assert rows["graph"][0]["why"] in ("", "certain")
    assert rows["resolution"][0]["why"] == "no_table"
    fixed = by_band(run.run(scenario.parse(text.replace("edge_probability", "fixed") % "centre"), draws=2)["bands"])
    assert fixed["graph"][0]["why"] == "fixed"


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_report_and_terminal_show_all_four(lang: str) -> None:
    from schakel.reports.model import Table

    answer = go(groupings=2)
    table = next(b for b in shock_report(answer, lang, "2026-11-22").sections if isinstance(b, Table) and b.caption == shock_bands.TITLE[lang])  # fmt: skip
    assert list(dict.fromkeys(r["band"] for r in table.rows)) == [shock_bands.NAME[k][lang] for k in bands.KINDS]
    lines = shock_bands.lines(answer, lang)
    assert len(lines) == 4
    for line, kind in zip(lines, bands.KINDS, strict=True):
        assert shock_bands.NAME[kind][lang] in line
    assert shock_bands.WHY["no_chain"][lang] in lines[1]
    assert set(shock_bands.WHY) >= {"points", "no_chain", "fixed", "certain", "one_lens", "asked_apart", "told_apart"}


# ---- the floor has no path


def test_the_floor_has_no_path_and_the_others_have() -> None:
    lenses = go("floor, centre, ceiling")["lenses"]
    assert [bool(lenses[k]["loss_path"]) for k in ("floor", "centre", "ceiling")] == [False, True, True]


# ---- two worlds of one name


def test_notes_say_which_of_two_worlds_they_are_about() -> None:
    text = HEAD.replace("table: reference", "table: reference\ngraph: reference")
    text = text.replace('"sector:electronics"', '"sector:electronics", "step:fab_finfet_logic"')
    answer = run.run(scenario.parse(text.replace("to: [NLD]", "to: world") % "centre"), draws=1)
    assert answer["warnings"]
    assert all(w.startswith(("table: ", "chain: ")) for w in answer["warnings"])
    assert not any("has no product" in w for w in answer["warnings"])  # each world has its own product
    assert all(note(w, "nl").startswith(("tabel: ", "keten: ")) for w in answer["warnings"])
    alone = run.run(scenario.parse(HEAD.replace("to: [NLD]", "to: world") % "centre"), draws=1)
    assert not any(w.startswith("table: ") for w in alone["warnings"])


# ---- money


AGAINST = """\
mitigations:
  - {kind: second_source, id: plant, product: "sector:electronics", site: TWN, capacity: 0.1, %s: 2000000}
  - {kind: stock, id: held, owner: NLD, products: ["sector:electronics"], days: 10, %s: 1000000}
"""
RATE = "exchange: {usd_per_eur: 1.25, source: a bank, mark: read}\n"


def priced(one: str, other: str, more: str = ""):
    whole = HEAD.replace("low: 0.4, high: 0.9", "low: 0.99, high: 1") % "centre"
    return mitigate.compare(scenario.parse(whole + AGAINST % (one, other) + more), given={"table": WORLD})


def test_benefit_per_euro_needs_the_rate_of_the_scenario() -> None:
    euros, none = priced("cost_eur", "cost_usd", RATE)["rows"], priced("cost_eur", "cost_usd")["rows"]
    saved = euros[1]["saved_alone"]["median"]  # dollars
    assert saved > 0
    assert (euros[1]["cost_usd"], euros[1]["cost_eur"]) == (1e6, 8e5)
    assert (euros[0]["cost_usd"], euros[0]["cost_eur"]) == (2.5e6, 2e6)
    assert euros[1]["benefit_per_eur"]["median"] == pytest.approx((saved / 1.25) / 8e5)
    assert euros[1]["benefit_per_eur"] == euros[1]["benefit_per_usd"]
    assert (none[0]["cost_usd"], none[0]["benefit_per_eur"], none[0]["benefit_per_usd"]) == (None, None, None)
    assert (none[1]["cost_eur"], none[1]["benefit_per_usd"]["median"]) == (None, pytest.approx(saved / 1e6))


def test_a_day_bought_has_its_price_in_both_currencies() -> None:
    row = priced("cost_eur", "cost_eur", RATE)["rows"][1]
    days = row["days_bought"]["days"]
    assert days is not None
    assert days["median"] > 0
    assert row["eur_per_day_bought"] == pytest.approx(1e6 / days["median"])
    assert row["usd_per_day_bought"] == pytest.approx(1.25e6 / days["median"])


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_table_shows_euros_the_rate_and_what_a_used_stock_means(lang: str) -> None:
    from schakel.reports.shock_words import Telling

    answer = priced("cost_eur", "cost_usd", RATE)
    telling = Telling(answer["content"], lang)
    shown = shock_choices.mitigations(answer, telling)
    heads = [c.heading(lang) for c in shown.columns]
    assert any({"en": "saved per euro", "nl": "bespaard per euro"}[lang] in h for h in heads)
    assert any("EUR" in h for h in heads)
    assert shown.rows[1]["ratio_eur"] == answer["rows"][1]["benefit_per_eur"]["median"]
    said = " ".join(shown.notes)
    assert {"en": "1.25 dollars for a euro (a bank; read)", "nl": "1,25 dollar per euro (a bank; gelezen)"}[
        lang
    ] in said
    assert {"en": "held: a crisis stock is used up", "nl": "held: een crisisvoorraad raakt op"}[lang] in said
    bare = " ".join(shock_choices.mitigations(priced("cost_eur", "cost_usd"), telling).notes)
    assert "usd_per_eur" in bare
    assert "1.25" not in bare


def test_only_the_world_that_was_used_stands_in_the_receipt() -> None:
    both = {"table": WORLD, "graph": embedded()}
    answer = mitigate.compare(scenario.parse(HEAD % "centre" + AGAINST % ("cost_usd", "cost_usd")), given=both, draws=0)
    assert answer["receipt"]["parameters"]["worlds"] == {"table": "small"}


# ---- stopping


def test_threads_at_work_stop_when_the_one_that_waits_is_interrupted() -> None:
    begun, started, ended = threading.Event(), [], []

    def slow(part: int) -> int:
        started.append(part)
        if part == 0:
            begun.wait(5)
            raise KeyboardInterrupt
        begun.set()
        for _ in range(10_000):
            threads.breathe()
            time.sleep(0.001)
        ended.append(part)
        return part

    with pytest.raises(KeyboardInterrupt):
        threads.side_by_side(slow, list(range(8)), 2)
    assert ended == []
    assert sorted(started) in ([0, 1], [0, 1, 2])  # the thread that was interrupted may have taken one more
    threads.breathe()  # outside nothing stops
    assert threads.side_by_side(lambda x: x + 1, [1, 2, 3], 2) == [2, 3, 4]


def test_every_lens_lets_itself_be_stopped(monkeypatch) -> None:
    class Enough(Exception):
        pass

    def stop() -> None:
        raise Enough

    monkeypatch.setattr(threads, "breathe", stop)
    for lens in ("floor", "centre", "ceiling", "long_run"):
        with pytest.raises(Enough):
            go(lens, threads=1)


def test_shares_of_a_band_are_those_of_the_lens() -> None:
    answer = go()
    for r in by_band(answer["bands"])["parameters"]:
        b = answer["lenses"][r["lens"]]["loss_share"]
        assert np.array_equal([r["low"], r["median"], r["high"]], [b["p05"], b["median"], b["p95"]])
