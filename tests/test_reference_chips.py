"""Does the chip value chain hang together, in both languages, with a source behind every share?"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from schakel import reference
from schakel.nomenclature import countries
from shared import DATA, needs_shared

LAYERS = {"material", "chemical", "wafer", "tool", "component", "design", "fabrication", "packaging", "test", "end_use"}
KINDS = {"material_input", "tool", "design_input", "equipment_part", "service"}
MEASURES = {"production": {"site"}, "capacity": {"site"}, "exports": {"customs"}, "sales": {"headquarters"}}


@pytest.fixture(scope="module")
def steps():
    return {row["step_id"]: row for row in reference.rows("chip_steps")}


@pytest.fixture(scope="module")
def links():
    return reference.rows("chip_links")


@pytest.fixture(scope="module")
def positions():
    return reference.rows("chip_positions")


def reach(start, edges):
    seen, todo = set(start), list(start)
    while todo:
        for following in edges[todo.pop()] - seen:
            seen.add(following)
            todo.append(following)
    return seen


def test_there_are_sixty_steps_or_more_and_every_layer_has_some(steps):
    assert len(steps) == len(reference.rows("chip_steps")) >= 60
    assert {row["layer"] for row in steps.values()} == LAYERS


@pytest.mark.parametrize("column", ["name", "description"])
def test_both_languages_say_something_of_their_own(steps, column):
    for lang in ("en", "nl"):
        texts = [row[f"{column}_{lang}"] for row in steps.values()]
        assert all(text.strip() == text and text for text in texts)
        assert len(set(texts)) == len(texts)
    if column == "description":
        assert all(
            row["description_en"].endswith(".") and row["description_nl"].endswith(".") for row in steps.values()
        )
        assert not [key for key, row in steps.items() if row["description_en"] == row["description_nl"]]


def test_customs_codes_are_six_digits_with_a_revision(steps):
    for row in steps.values():
        codes = row["hs6"].split(";") if row["hs6"] else []
        assert all(re.fullmatch(r"\d{6}", code) for code in codes)
        assert row["hs_revision"] == (2022 if codes else None)


def test_links_join_known_steps(steps, links):
    assert {row["from_step"] for row in links} | {row["to_step"] for row in links} == set(steps)
    assert {row["kind"] for row in links} == KINDS
    assert {row["essential"] for row in links} == {True, False, None}


def test_a_link_that_is_not_plainly_essential_says_why_in_both_languages(links):
    assert not [row for row in links if row["essential"] is not True and not row["note_en"]]
    assert not [row for row in links if bool(row["note_en"]) != bool(row["note_nl"])]


def test_tools_enter_as_tools(steps, links):
    wrong = [row for row in links if (row["kind"] == "tool") != (steps[row["from_step"]]["layer"] == "tool")]
    assert {(row["from_step"], row["kind"]) for row in wrong} == {("tool_service", "service")}


def test_a_slot_holds_two_alternatives_or_more_of_one_weight(links):
    slots = defaultdict(list)
    for row in links:
        if row["slot"]:
            slots[row["to_step"], row["slot"]].append((row["essential"], row["kind"]))
    assert slots
    assert not [key for key, found in slots.items() if len(found) < 2 or len(set(found)) > 1]


def test_the_graph_has_no_cycle(links):
    before = defaultdict(set)
    for row in links:
        before[row["to_step"]].add(row["from_step"])
    try:
        order = list(TopologicalSorter(before).static_order())
    except CycleError as error:
        pytest.fail(f"cycle: {error.args[1]}")
    assert order


def test_the_graph_is_one_piece(steps, links):
    either = defaultdict(set)
    for row in links:
        either[row["from_step"]].add(row["to_step"])
        either[row["to_step"]].add(row["from_step"])
    assert reach([next(iter(steps))], either) == set(steps)


def test_every_step_leads_to_an_end_use_and_end_uses_lead_nowhere(steps, links):
    ends = {key for key, row in steps.items() if row["layer"] == "end_use"}
    back = defaultdict(set)
    for row in links:
        back[row["to_step"]].add(row["from_step"])
    assert reach(ends, back) == set(steps)
    assert not {row["from_step"] for row in links} & ends


def test_euv_light_needs_tin_and_only_the_finest_logic_needs_euv(links):
    found = {(row["from_step"], row["to_step"]): row["essential"] for row in links}
    assert found["tin", "euv_source"] is True
    assert [to for (origin, to), need in found.items() if origin == "euv_scanner" and need] == ["fab_euv_logic"]


def test_every_position_names_a_step_a_country_and_a_source(steps, positions):
    assert positions
    for row in positions:
        assert row["step_id"] in steps
        assert countries.resolve(row["iso3"], "iso").iso3 == row["iso3"]
        assert reference.source(row["source"]).id == row["source"]
        assert (row["url"] or "https://").startswith("https://")
        assert row["mark"] in {"read", "second-hand", "recalled"}
        assert row["basis"] in MEASURES[row["measure"]]


def test_a_position_is_not_marked_better_than_its_source(positions):
    rank = {"read": 0, "second-hand": 1, "recalled": 2}
    assert not [row for row in positions if rank[row["mark"]] < rank[reference.source(row["source"]).mark.value]]


def test_shares_are_bounds_that_leave_room_for_each_other(positions):
    sums = defaultdict(float)
    for row in positions:
        assert 0 < row["share_low"] <= row["share_high"] <= 1
        sums[row["step_id"], row["measure"], row["year"], row["source"]] += row["share_low"]
    assert {key: total for key, total in sums.items() if total > 1.005} == {}
    for row in positions:
        others = sums[row["step_id"], row["measure"], row["year"], row["source"]] - row["share_low"]
        assert row["share_high"] <= 1 - others + 0.005, row


def test_steps_and_links_are_declared_our_own_judgement(steps, links):
    assert {row["source"] for row in [*steps.values(), *links]} == {"schakel-chain"}
    assert reference.source("schakel-chain").mark.value == "derived"


def test_no_figure_or_source_comes_from_the_non_commercial_chip_data(positions):
    folder = Path(reference.__file__).parent / "tables"
    for name in ("chip_steps.csv", "chip_links.csv", "chip_positions.csv", "sources_chips.csv"):
        assert not re.search(r"\bETO\b|CSET|eto\.tech|BY-NC", (folder / name).read_text("utf-8")), name
    assert all(reference.source(row["source"]).licence != "CC-BY-NC-4.0" for row in positions)


@needs_shared
def test_no_wording_is_shared_with_the_non_commercial_chip_data(steps):
    ours = {
        text.strip().casefold() for row in steps.values() for text in (row["description_en"], row["description_nl"])
    }
    theirs = []
    for file in (DATA / "chips_eto").rglob("*.csv"):
        with file.open(encoding="utf-8-sig", newline="") as handle:
            theirs += [row["description"].casefold() for row in csv.DictReader(handle) if row.get("description")]
    assert theirs
    assert not [text for text in ours if any(text.rstrip(".") in other for other in theirs)]

    def runs(text, length=6):
        words = re.findall(r"[a-z0-9]+", text.casefold())
        return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}

    known = set().union(*(runs(text) for text in theirs))
    assert not [row["step_id"] for row in steps.values() if runs(row["description_en"]) & known]


@needs_shared
def test_customs_codes_exist_in_the_harmonised_system(steps):
    with (DATA / "hs2022" / "harmonized-system.csv").open(encoding="utf-8", newline="") as handle:
        known = {row["hscode"] for row in csv.DictReader(handle)}
    used = {code for row in steps.values() if row["hs6"] for code in row["hs6"].split(";")}
    assert used <= known, used - known


@needs_shared
def test_export_shares_are_the_ones_of_the_trade_file(positions):
    with (DATA / "comtrade_semis_top6_2023" / "semis_hs6_exports_2023_top6.csv").open(newline="") as handle:
        traded = {(row["hs6"], countries.resolve(row["exporter_m49"]).iso3): row for row in csv.DictReader(handle)}
    mine = [row for row in positions if row["source"] == "chips-un-comtrade"]
    assert 0 < len(mine) <= 9
    for row in mine:
        code = re.match(r"HS 2022 (\d{6})", row["locator"]).group(1)
        assert row["share_low"] == pytest.approx(float(traded[code, row["iso3"]]["share"]), abs=1e-4)
    dutch = next(row for row in mine if row["iso3"] == "NLD" and row["step_id"] == "fab_tool_park")
    assert round(dutch["share_low"], 3) == 0.265


@needs_shared
def test_supply_shares_are_the_ones_of_the_commission_study(positions):
    with (DATA / "eu_crm" / "fact_GlobalSupplyShares_t.csv").open(encoding="cp1252", newline="") as handle:
        published = {(row["Material"], row["Stage"], row["Country"]): row["Share"] for row in csv.DictReader(handle)}
    mine = [row for row in positions if row["source"] == "ec-crm"]
    assert mine
    for row in mine:
        where = re.match(r"global supply shares: ([^,]+), (\w), (.+): ([\d.]+%), bounds", row["locator"])
        assert published[where.group(1, 2, 3)] == where.group(4)
        assert row["share_low"] < float(where.group(4).rstrip("%")) / 100 <= row["share_high"]


def test_production_shares_follow_from_the_arithmetic_in_the_locator(positions):
    mine = [row for row in positions if row["source"] == "chips-usgs-mcs2026"]
    assert mine
    for row in mine:
        part, whole = re.search(r": ([\d,.]+) of ([\d,.]+) ", row["locator"]).groups()
        share = float(part.replace(",", "")) / float(whole.replace(",", ""))
        assert row["share_low"] == pytest.approx(share, abs=5e-5)
