"""Do the real files load with the rows their makers state, each accounted for by rule?"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schakel import sources
from schakel.errors import InputError
from schakel.sources.reader import Loaded, ReadOptions
from shared import DATA, needs_shared

pytestmark = needs_shared


def load(name: str, stage: Path) -> Loaded:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} absent")
    loaded = sources.recognise(path).read(path, stage, ReadOptions())
    assert loaded.rows_read == loaded.rows_kept + sum(loaded.left_out.values())
    return loaded


def ask(loaded: Loaded, table: str, select: str, where: str = "true") -> tuple[Any, ...]:
    with duckdb.connect() as con:
        found = con.execute(
            f"SELECT {select} FROM read_parquet('{loaded.tables[table]}/**/*.parquet', hive_partitioning=false) "
            f"WHERE {where}"
        ).fetchall()
    assert len(found) == 1
    row: tuple[Any, ...] = found[0]
    return row


@pytest.mark.parametrize(
    ("name", "dataset", "read", "left_out"),
    [
        ("comext_crm", "comext", 26_538, {"merged": 1}),
        ("comext_crm/eu_comext_critical_inputs_cn8_2022_2024.csv", "comext", 26_538, {"merged": 1}),
        (
            "comtrade_eu27_wood",
            "comtrade-eu27-wood",
            178_362,
            {
                "pseudo-partner:confidential": 4,
                "pseudo-partner:not-specified": 1061,
                "pseudo-partner:other-nes": 1140,
                "pseudo-partner:stores": 17,
                "self-trade": 417,
                "world": 5004,
            },
        ),
        (
            "usgs_bgs/UN_nickel_trade.csv",
            "comtrade-un-nickel-trade",
            13_739,
            {
                "pseudo-partner:confidential": 16,
                "pseudo-partner:free-zones": 2,
                "pseudo-partner:not-specified": 46,
                "pseudo-partner:other-nes": 17,
                "self-trade": 38,
                "world": 3434,
            },
        ),
        ("comtrade_sme_world", "comtrade-sme-world", 2863, {"re-exports-in-column": 130, "re-imports": 73}),
        ("comtrade_semis_top6_2023", "comtrade-semis-top6-2023", 156, {}),
        ("baci_random_sample", "baci-hs92", 54_602, {}),
        ("eu_crm", "eu-crm", 4252, {}),
        ("wgi/wgi.csv.gz", "wgi-voice-and-accountability", 5350, {"no-estimate": 170}),
        ("world_mining_wgi/wgi_political_stability.db", "wgi-political-stability", 1284, {"no-country": 12}),
        ("un_ideal_points/ideal_points_1946_2025.tab", "ideal-points", 11_610, {}),
        ("usgs_bgs/MCS2025_World_Data.csv", "usgs-mcs", 1250, {"no-figure": 79}),
        ("usgs_bgs/MCS2026_Commodities_Data.csv", "usgs-mcs", 8886, {"not-world-data": 5583}),
    ],
)
def test_every_row_is_accounted_for(
    tmp_path: Path, name: str, dataset: str, read: int, left_out: dict[str, int]
) -> None:
    loaded = load(name, tmp_path / "stage")
    assert (loaded.dataset, loaded.rows_read, loaded.left_out) == (dataset, read, left_out)


def test_dutch_wood_imports_add_up_to_the_world_row(tmp_path: Path) -> None:
    loaded = load("comtrade_eu27_wood", tmp_path / "stage")
    cell = "year = 2022 AND reporter = 'NLD' AND product = '4407' AND side = 'import'"
    world, partners, flows = ask(loaded, "world_check", "world_usd, partners_usd, flows_usd", cell)
    assert round(world / 1_000_000, 1) == round(partners / 1_000_000, 1) == Decimal("1527.1")
    assert abs(world - partners) < 1
    stands = ask(loaded, "flows", "sum(value_usd)", "year = 2022 AND importer = 'NLD' AND product = '4407'")[0]
    apart = ask(loaded, "unallocated", "sum(value_usd)", cell)[0]
    assert stands == flows
    assert stands + apart == partners
    assert any("5,004 of 5,004" in caveat for caveat in loaded.caveats)


def test_dutch_share_of_chip_machine_exports(tmp_path: Path) -> None:
    loaded = load("comtrade_semis_top6_2023", tmp_path / "stage")
    share = ask(
        loaded,
        "world_exports",
        "exports_usd / world_exports_usd",
        "product = '848620' AND exporter = 'NLD' AND year = 2023",
    )[0]
    assert round(share, 3) == 0.265


def test_dutch_chip_machine_exports_2020(tmp_path: Path) -> None:
    loaded = load("comtrade_sme_world", tmp_path / "stage")
    cell = "year = 2020 AND reporter = 'NLD' AND product = '848620' AND side = 'export'"
    assert ask(loaded, "world_totals", "value_usd", cell) == (11_714_655_736,)


def test_comext_value_is_kept_to_the_euro(tmp_path: Path) -> None:
    loaded = load("comext_crm", tmp_path / "stage")
    file = DATA / "comext_crm/eu_comext_critical_inputs_cn8_2022_2024.csv"
    with duckdb.connect() as con:
        total = con.execute(
            f"SELECT sum(round(VALUE_IN_EUROS::DECIMAL(20,3))) FROM read_csv('{file}', all_varchar=true)"
        ).fetchall()[0][0]
    assert abs(ask(loaded, "flows", "sum(value_eur)")[0] - total) <= 1  # one flow is two rows, rounded together
    assert any("rounded to whole euros" in caveat for caveat in loaded.caveats)
    assert ask(loaded, "flows", "count(DISTINCT importer)")[0] == 27


def test_published_values_of_the_small_tables(tmp_path: Path) -> None:
    voice = load("wgi/wgi.csv.gz", tmp_path / "voice")
    for iso, estimate in (("NLD", 1.56), ("CHN", -1.50)):
        found = ask(voice, "governance", "estimate", f"year = 2023 AND iso3 = '{iso}'")[0]
        assert round(found, 2) == estimate
    gallium = load("usgs_bgs/MCS2025_World_Data.csv", tmp_path / "usgs")
    assert ask(gallium, "production", "count(*)", "iso3 IS NULL AND area IS NULL") == (0,)


def test_a_folder_of_several_sources_is_refused() -> None:
    if not (DATA / "usgs_bgs").exists():
        pytest.skip("usgs_bgs absent")
    with pytest.raises(InputError, match="more than one source"):
        sources.recognise(DATA / "usgs_bgs")
