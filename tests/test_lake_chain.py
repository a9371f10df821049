"""From a published file to an answer: what is loaded is screened by name, with all that it rests on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from schakel.cli import cli
from schakel.errors import InputError, LicenceError, NotFoundError
from schakel.lake import Lake
from shared import DATA, needs_shared

COUNTRIES = "country_code,country_name,country_iso2,country_iso3\n156,China,CN,CHN\n528,Netherlands,NL,NLD\n"
PRODUCTS = "code,description\n854231,Processors and controllers\n010229,Cattle: live\n"
# exporter, importer, product, thousand USD: China sells most of the chips to the EU, Taiwan (490) the rest
TRADE = [
    ("156", "528", "854231", "900.000"),
    ("490", "528", "854231", "100.000"),
    ("276", "528", "854231", "50.000"),
    ("528", "276", "854231", "400.000"),
    ("156", "276", "854231", "700.125"),
    ("842", "276", "854231", "300.000"),
    ("528", "842", "854231", "200.000"),
    ("490", "842", "854231", "500.000"),
    ("76", "528", "010229", "10.000"),
    ("528", "76", "010229", "30.000"),
]
ISO = {"156": "CHN", "490": "TWN", "276": "DEU", "528": "NLD", "842": "USA", "76": "BRA"}
COMTRADE = "\n".join(
    [
        "refPeriodId,period,reporterISO,partnerISO,flowCode,cmdCode,primaryValue,netWgt,classificationCode,typeCode",
        *(
            f"20220101,2022,{reporter},{partner},M,4407,{value},,H6,C"
            for reporter, partner, value in (
                ("NLD", "W00", "1000"),
                ("NLD", "DEU", "600"),
                ("NLD", "MYS", "350"),
                ("NLD", "_X ", "50"),
                ("DEU", "NLD", "80"),
            )
        ),
    ]
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCHAKEL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SCHAKEL_CONFIG", str(tmp_path / "none.toml"))
    return tmp_path / "home"


@pytest.fixture
def baci(tmp_path: Path) -> Path:
    path = tmp_path / "BACI_HS22_V202501.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("country_codes_V202501.csv", COUNTRIES)
        packed.writestr("product_codes_HS22_V202501.csv", PRODUCTS)
        for year in (2022, 2023):
            rows = "".join(f"{year},{i},{j},{k},{v},NA\n" for i, j, k, v in TRADE)
            packed.writestr(f"BACI_HS22_Y{year}_V202501.csv", "t,i,j,k,v,q\n" + rows)
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words], catch_exceptions=True)


def answer(*words: object) -> dict[str, Any]:
    result = run(*words, "--format", "json")
    assert result.exit_code == 0, (result.output, result.exception)
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_baci_zip_is_screened_by_name(baci: Path, tmp_path: Path) -> None:
    added = answer("data", "add", baci)
    assert (added["taken_for"], added["data_set"], added["rows_read"]) == ("CEPII BACI", "baci-hs22", 20)
    assert (added["coverage"], added["tables"]["flows"]) == ("world", {"rows": 20, "years": "2022-2023"})
    got = answer("screen", "baci-hs22", "--reporter", "NLD", "--method", "geodep2024", "--year", 2023)
    chips = next(row for row in got["rows"] if row["product"] == "854231")
    assert chips["import_value_usd"] == 1_050_000
    assert chips["top_supplier"] == "CHN"
    assert chips["criteria"]["import_export_ratio"]["value"] == pytest.approx(1_050 / 600, abs=1e-9)
    assert chips["criteria"]["world_export_hhi"]["value"] is not None
    assert [terms["id"] for terms in got["licences"]] == ["etalab-2.0"]
    source = got["sources"][0]
    assert (source["publisher"], source["vintage"]) == ("CEPII", "202501")
    assert source["retrieved"] == Lake().open("baci-hs22").retrieved
    assert any("re-exports only in part" in text for text in got["warnings"])
    assert (got["receipt"]["inputs"][0]["path"], got["receipt"]["inputs"][0]["rows"]) == ("baci-hs22", 20)


def test_the_lake_and_a_flow_file_give_the_same_result(baci: Path, tmp_path: Path) -> None:
    answer("data", "add", baci)
    path = tmp_path / "same.csv"
    lines = [f"{year},{ISO[i]},{ISO[j]},{k},{float(v) * 1000:.0f}" for year in (2022, 2023) for i, j, k, v in TRADE]
    path.write_text("\n".join(["year,exporter,importer,product,value_usd", *lines]) + "\n")
    for method in ("ec2021", "geodep2024"):
        words = ("--reporter", "EU27", "--method", method, "--year", 2023)
        lake, file = answer("screen", "baci-hs22", *words), answer("screen", path, *words)
        assert lake["rows"] == file["rows"]
        assert lake["receipt"]["result_sha256"] == file["receipt"]["result_sha256"]


def test_compare_reverse_and_mutual_take_a_data_set_too(baci: Path) -> None:
    answer("data", "add", baci)
    compared = answer("compare", "baci-hs22", "--reporter", "NLD", "--product", "854231", "--year", 2023)
    assert [terms["id"] for terms in compared["licences"]] == ["etalab-2.0"]
    assert any("re-exports only in part" in text for text in compared["warnings"])
    turned = answer("reverse", "baci-hs22", "--reporter", "NLD", "--year", 2023)
    assert {row["partner"] for row in turned["rows"]} >= {"DEU", "USA"}
    assert turned["sources"][0]["publisher"] == "CEPII"
    for words in (
        ("mutual", "baci-hs22", "NLD", "DEU", "--year", 2023),
        ("churn", "baci-hs22", "--reporter", "NLD", "--from", 2022, "--to", 2023),
    ):
        got = answer(*words)
        assert (got["licences"][0]["id"], got["sources"][0]["publisher"]) == ("etalab-2.0", "CEPII")


def test_the_receipt_of_a_data_set_is_verified_and_notices_another_version(baci: Path, tmp_path: Path) -> None:
    answer("data", "add", baci)
    out = tmp_path / "answer.json"
    words = ("screen", "baci-hs22", "--reporter", "NLD", "--method", "ec2021", "--year", 2023, "--format", "json")
    assert run(*words, "--out", out).exit_code == 0
    assert run("receipt", "verify", out).exit_code == 0
    with zipfile.ZipFile(baci, "w") as packed:
        packed.writestr("BACI_HS22_Y2023_V202501.csv", "t,i,j,k,v,q\n2023,156,528,854231,1.000,NA\n")
    answer("data", "add", baci)
    refused = run("receipt", "verify", out)
    assert refused.exit_code != 0


def test_the_publishers_words_name_what_we_do_not(baci: Path) -> None:
    words = ("screen", "baci-hs22", "--reporter", "NLD", "--year", 2023)
    answer("data", "add", baci)
    assert "Cattle: live" in run(*words).stdout
    assert "Processors and controllers" not in run(*words, "--lang", "nl").stdout  # our own Dutch name goes first


def test_imports_only_data_say_what_is_missing_and_what_stands_apart(tmp_path: Path) -> None:
    path = tmp_path / "wood.csv"
    path.write_text(COMTRADE)
    added = answer("data", "add", path, "--as", "wood")
    assert added["left_out"] == {"pseudo-partner:not-specified": 1, "world": 1}
    assert added["why_left_out"]["world"].endswith("kept apart in table world_totals")
    got = answer("screen", "wood", "--reporter", "NLD", "--year", 2022)
    row = got["rows"][0]
    assert row["import_value_usd"] == 950
    assert row["criteria"]["import_export_ratio"]["value"] is None
    assert "add world trade (BACI)" in row["criteria"]["import_export_ratio"]["why"]
    assert any("1 rows of imports (50 USD" in text and "unallocated" in text for text in got["warnings"])
    assert got["licences"][0]["share"] is False


def test_rows_that_may_not_be_passed_on_are_not_exported(tmp_path: Path) -> None:
    path = tmp_path / "wood.csv"
    path.write_text(COMTRADE)
    answer("data", "add", path, "--as", "wood")
    for table in ("flows", "world_totals", "unallocated"):
        out = tmp_path / f"{table}.csv"
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                "from schakel.cli import main; main()",
                "data",
                "export",
                "wood",
                "--table",
                table,
                "--out",
                str(out),
            ],
            capture_output=True,
            text=True,
            env=dict(os.environ),
            check=False,
        )
        assert (done.returncode, done.stdout) == (5, "")
        assert "may not be passed on" in done.stderr
        assert not list(tmp_path.glob(f"{table}.csv*"))


def test_what_cannot_be_screened_says_so(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text(PRODUCTS)
    answer("data", "add", path, "--as", "codes")
    refused = run("screen", "codes", "--reporter", "NLD", "--year", 2022)
    assert isinstance(refused.exception, InputError)
    assert "holds no flows" in str(refused.exception)
    unknown = run("screen", "nothing", "--reporter", "NLD", "--year", 2022)
    assert isinstance(unknown.exception, NotFoundError)
    assert "codes" in unknown.exception.remedy


def real(name: str) -> Path:
    if not (DATA / name).exists():
        pytest.skip(f"{name} absent")
    return DATA / name


@needs_shared
def test_the_embedded_table_and_comext_itself_agree(tmp_path: Path) -> None:
    """Two ways of the same figures: our table, and Eurostat's file through the reader and the lake."""
    answer("data", "add", real("comext_crm"))
    words = ("--reporter", "NLD", "--method", "crma", "--year", 2023)
    lake, ours = answer("screen", "comext", *words), answer("screen", "reference", *words)
    assert len(lake["rows"]) == len(ours["rows"]) == 66
    for one, other in zip(lake["rows"], ours["rows"], strict=True):
        for key in ("product", "import_value_eur", "dependent", "top_supplier", "top_supplier_share"):
            assert one[key] == other[key], one["product"]
    assert lake["licences"][0]["id"] == "CC-BY-4.0"


@needs_shared
def test_dutch_wood_imports_by_name_equal_the_world_row() -> None:
    added = answer("data", "add", real("comtrade_eu27_wood"))
    assert added["rows_read"] == 178_362 == added["rows_kept"] + sum(added["left_out"].values())
    words = ("reporter=NLD", "product=4407", "year=2022", "--table", "world_check")
    (found,) = answer("data", "source", added["data_set"], *words)["rows"]
    row = {key: float(value) for key, value in found["row"].items() if key.endswith("_usd")}
    assert round(row["world_usd"] / 1e6, 1) == round(row["partners_usd"] / 1e6, 1) == 1527.1
    got = answer("screen", added["data_set"], "--reporter", "NLD", "--year", 2022)
    wood = next(row for row in got["rows"] if row["product"] == "4407")
    assert wood["import_value_usd"] == row["flows_usd"]
    assert any("World rows: 5,004 of 5,004" in text for text in got["warnings"])
    assert isinstance(run("data", "export", added["data_set"], "--out", "x.csv").exception, LicenceError)


@needs_shared
def test_the_dutch_share_of_world_exports_of_chip_machines() -> None:
    name = answer("data", "add", real("comtrade_semis_top6_2023"))["data_set"]
    (found,) = answer("data", "source", name, "product=848620", "exporter=NLD", "year=2023")["rows"]
    assert round(float(found["row"]["exports_usd"]) / float(found["row"]["world_exports_usd"]), 3) == 0.265


@needs_shared
def test_nickel_is_screened_and_reversed_by_name() -> None:
    added = answer("data", "add", real("usgs_bgs/UN_nickel_trade.csv"))
    assert added["rows_read"] == 13_739 == added["rows_kept"] + sum(added["left_out"].values())
    assert added["rows_kept"] == added["tables"]["flows"]["rows"] + added["tables"]["exports_declared"]["rows"]
    got = answer("screen", added["data_set"], "--reporter", "EU27", "--method", "geodep2024", "--year", 2022)
    assert [row["product"] for row in got["rows"]] == ["260400"]  # no EU member of the file buys 750110 in 2022
    assert answer("reverse", added["data_set"], "--reporter", "IDN", "--year", 2022)["licences"][0]["share"] is False
