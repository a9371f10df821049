"""Do the embedded figures hang together, and do they agree with the publishers' files?"""

import csv
from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from schakel import reference
from schakel.nomenclature import blocs, countries
from shared import SHARED, needs_shared

PRESETS = {
    "ec2021", "arjona2023", "geodep2024", "tresor2020", "merics2024", "oecd2024", "iw", "cbs2021", "bottleneck", "crma",
}  # fmt: skip


def rows(name):
    return reference.rows(name)


def test_countries_are_known():
    known = {c.iso3 for c in countries.all_countries() if c.kind != "former"}
    for name, column in [
        ("imports", "importer"),
        ("imports", "exporter"),
        ("imports_unallocated", "importer"),
        ("supply_world", "iso3"),
        ("supply_eu", "iso3"),
        ("governance", "iso3"),
        ("ideal_points", "iso3"),
    ]:
        assert {row[column] for row in rows(name)} <= known, name


def test_importers_are_the_27_members_each_year():
    members = blocs.members("EU27", 2023)
    for year in (2022, 2023, 2024):
        assert {row["importer"] for row in rows("imports") if row["year"] == year} == members


def test_no_country_imports_from_itself_and_nothing_is_negative():
    assert all(row["importer"] != row["exporter"] and row["value_eur"] >= 0 for row in rows("imports"))


def test_products_and_imports_cover_each_other():
    first = {row["product_cn8"]: row["first_year"] for row in rows("products_cn8")}
    seen = defaultdict(set)
    for row in rows("imports"):
        seen[row["product_cn8"]].add(row["year"])
    assert set(seen) == set(first)
    assert all(seen[product] == set(range(year, 2025)) for product, year in first.items())


def test_products_name_materials():
    materials = {row["material"]: row for row in rows("materials")}
    for row in rows("products_cn8"):
        covers = row["covers"].split(";")
        assert row["material"] in covers
        assert set(covers) <= set(materials)
        assert row["hs6"] == row["product_cn8"][:6]
        assert row["stage"] in {"ore", "intermediate", "compound", "refined"}
        assert len(row["product_cn8"]) == 8
        assert (row["predecessor"] is None) == (row["first_year"] == 2022)


@pytest.mark.parametrize("name", ["supply_world", "supply_eu", "risk", "uses", "recycling"])
def test_materials_are_known(name):
    assert {row["material"] for row in rows(name)} <= {row["material"] for row in rows("materials")}


def test_groups_are_materials():
    materials = {row["material"] for row in rows("materials")}
    groups = Counter(row["member_of"] for row in rows("materials") if row["member_of"])
    assert set(groups) <= materials
    assert groups["heavy rare earths"] == 10
    assert groups["light rare earths"] == 5
    assert groups["platinum-group metals"] == 5


def test_act_lists_have_their_published_length():
    # Regulation (EU) 2024/1252: 17 strategic and 34 critical materials, groups and aluminium/bauxite counted once.
    strategic = {row["material"] for row in rows("materials") if row["crma"] == "strategic"}
    listed = {row["material"] for row in rows("materials") if row["crma"]}
    group = {row["material"]: row["member_of"] for row in rows("materials")}
    once = {group[m] or m for m in strategic} - {"bauxite"}
    once = {"magnet rare earths" if "rare earths" in m else m for m in once}
    assert len(once) == 17
    single = {m for m in listed if not group[m] or m in {"heavy rare earths", "light rare earths"}}
    assert len(single - {"bauxite", "rare earths"}) == 34


@pytest.mark.parametrize("name", ["supply_world", "supply_eu"])
def test_shares_are_intervals_that_can_add_up_to_one(name):
    low = defaultdict(float)
    for row in rows(name):
        assert 0 <= row["share_low"] < row["share_high"] <= 1
        assert 0.8 <= row["trade_parameter"] <= 1.5
        low[row["material"], row["stage"]] += row["share_low"]
    assert max(low.values()) < 1.06


def test_small_shares_start_at_zero():
    found = [row for row in rows("supply_world") if row["share_low"] == 0 and row["share_high"] == 0.001]
    assert len(found) == 514


def test_single_figures():
    risk = {(row["material"], row["year"]): (row["sr"], row["ei"]) for row in rows("risk")}
    assert risk["magnesium", 2023] == (4.1, 7.4)
    assert risk["heavy rare earths", 2023] == (5.1, 4.2)
    assert risk["bauxite", 2023] == (None, None)
    world = {(r["material"], r["stage"], r["iso3"]): r for r in rows("supply_world")}
    assert world["tungsten", "E", "CHN"]["share_low"] == 0.8255
    assert world["tungsten", "E", "VNM"]["trade_parameter"] == 1.2
    assert world["dysprosium", "P", "CHN"]["share_high"] == 1
    heads = {row["headline"]: row for row in rows("headlines")}
    assert heads["ec2021-products"]["value"] == 137
    assert heads["geodep-china"]["value"] == 47


def test_governance_holds_estimates_and_not_ranks():
    found = {(r["iso3"], r["year"], r["dimension"]): r["estimate"] for r in rows("governance")}
    assert all(-3.5 < value < 3.5 for value in found.values())
    assert found["NLD", 2023, "voice and accountability"] == pytest.approx(1.56, abs=0.005)
    assert found["CHN", 2023, "voice and accountability"] == pytest.approx(-1.50, abs=0.005)
    assert found["CHN", 2022, "political stability"] == -0.4411
    assert found["COD", 2022, "political stability"] == -1.9777
    assert ("TWN", 2022, "political stability") in found
    assert ("XKX", 2022, "voice and accountability") in found
    assert not any(country == "GUY" and dimension == "political stability" for country, _, dimension in found)


def test_ideal_points_lie_within_their_quantiles():
    found = rows("ideal_points")
    assert {row["year"] for row in found} == set(range(2015, 2026))
    for row in found:
        assert row["q05"] <= row["q10"] <= row["q50"] <= row["q90"] <= row["q95"]
        assert row["q05"] <= row["ideal_point"] <= row["q95"]
    point = {(row["iso3"], row["year"]): row["ideal_point"] for row in found}
    assert point["USA", 2025] - point["CHN", 2025] == pytest.approx(3.5245, abs=1e-4)
    assert ("SRB", 2023) in point


def test_headlines_name_presets_marks_and_read_ones_a_source():
    for row in rows("headlines"):
        assert row["method"] is None or row["method"] in PRESETS
        assert row["mark"] in {"read", "second-hand", "recalled", "derived"}
        assert row["relation"] in {"=", "~", ">", "<="}
        assert (row["url"] or "") == reference.source(row["source"]).url


def test_uses_carry_industry_and_value_added_together():
    added = defaultdict(set)
    for row in rows("uses"):
        assert (row["nace"] is None) == (row["sector"] is None) == (row["value_added_meur"] is None)
        added[row["nace"]].add(row["value_added_meur"])
    assert all(len(values) == 1 for values in added.values())
    assert sum("value added" in row["locator"] for row in rows("uses")) == 5


@needs_shared
def test_imports_agree_with_the_published_file():
    path = SHARED / "data" / "comext_crm" / "eu_comext_critical_inputs_cn8_2022_2024.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        published = list(csv.DictReader(handle))
    table = countries.code_table("eurostat")
    mine = {(r["year"], r["importer"], r["exporter"], r["product_cn8"]): r["value_eur"] for r in rows("imports")}
    aside = {(r["year"], r["importer"], r["partner_code"], r["product_cn8"]): r for r in rows("imports_unallocated")}
    assert len(mine) + len(aside) == len(published)
    for row in published:
        code = row["PARTNER_ISO"]
        key = (int(row["PERIOD"]), table[row["DECLARANT_ISO"]])
        spare = aside.get((*key, code, row["PRODUCT_NC"]))
        value = spare["value_eur"] if spare else mine[*key, table[code], row["PRODUCT_NC"]]
        assert abs(value - Decimal(row["VALUE_IN_EUROS"])) <= Decimal("0.5")
