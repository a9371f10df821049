"""Do trade files become flows with every row accounted for, by rule?"""

from __future__ import annotations

import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel import sources
from schakel.errors import InputError
from schakel.sources.reader import Loaded, ReadOptions

EXTRACT = "DECLARANT_ISO,PARTNER_ISO,PRODUCT_NC,FLOW,PERIOD,VALUE_IN_EUROS\n"
OLD = (
    "DECLARANT,DECLARANT_ISO,PARTNER,PARTNER_ISO,TRADE_TYPE,PRODUCT_NC,PRODUCT_SITC,PRODUCT_CPA2002,PRODUCT_CPA2008,"
    "PRODUCT_CPA2_1,PRODUCT_BEC,PRODUCT_SECTION,FLOW,STAT_REGIME,SUPP_UNIT,PERIOD,VALUE_IN_EUROS,QUANTITY_IN_KG,"
    "SUP_QUANTITY\n"
)
NEW = (
    "REPORTER,PARTNER,TRADE_TYPE,PRODUCT_NC,PRODUCT_SITC,PRODUCT_CPA21,PRODUCT_CPA22,PRODUCT_BEC,PRODUCT_BEC5,"
    "PRODUCT_SECTION,FLOW,STAT_PROCEDURE,SUPPL_UNIT,PERIOD,VALUE_EUR,VALUE_NAC,QUANTITY_KG,QUANTITY_SUPPL_UNIT\n"
)
BACI = "t,i,j,k,v,q\n2022,156,528,854231,12.345,0.5\n"
COMTRADE = "refYear,reporterCode,flowCode,partnerCode,cmdCode,primaryValue,netWgt\n"


def new(partner: str, product: str, flow: int, value: int, kg: int, procedure: int = 1, period: str = "202401") -> str:
    return f"NL,{partner},E,{product},1,1,1,1,1,1,{flow},{procedure},NO_SU,{period},{value},{value},{kg},0\n"


def load(path: Path, stage: Path, **options: Any) -> Loaded:
    loaded = sources.recognise(path).read(path, stage, ReadOptions(**options))
    assert loaded.rows_read == loaded.rows_kept + sum(loaded.left_out.values())
    assert sorted(item.name for item in stage.iterdir()) == sorted(loaded.tables)
    return loaded


def table(loaded: Loaded, name: str, columns: str = "*") -> list[tuple[Any, ...]]:
    folder = loaded.tables[name]
    query = f"SELECT {columns} FROM read_parquet('{folder}/**/*.parquet', hive_partitioning=false) ORDER BY ALL"
    with duckdb.connect() as con:
        return con.execute(query).fetchall()


def text(tmp_path: Path, name: str, content: str) -> Path:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    return path


def test_comext_extract_imports_and_exports(tmp_path: Path) -> None:
    rows = "NL,CN,28053010,1,2022,100\nEL,GB,28053010,1,2022,7\nEL,XI,28053010,1,2022,5\nNL,CN,28053010,2,2022,40\n"
    loaded = load(text(tmp_path, "x.csv", EXTRACT + rows), tmp_path / "stage")
    assert (loaded.rows_read, loaded.rows_kept, loaded.left_out) == (4, 3, {"merged": 1})
    assert table(loaded, "flows", "year, exporter, importer, product, value_eur, value_usd") == [
        (2022, "CHN", "NLD", "28053010", 100, None),
        (2022, "GBR", "GRC", "28053010", 12, None),
    ]
    assert table(loaded, "exports_declared", "exporter, importer, value_eur") == [("NLD", "CHN", 40)]
    assert (loaded.coverage, loaded.version) == ("imports", "2022")
    assert (tmp_path / "stage/flows/year=2022/part.parquet").is_file()


def test_comext_new_bulk_layout_in_a_7z(tmp_path: Path) -> None:
    import py7zr

    dat = text(
        tmp_path,
        "full_202401.dat",
        NEW
        + new("CN", "28053010", 1, 100, 2500)
        + new("CN", "28053010", 1, 50, 500, procedure=2)
        + new("CN", "28SSS999", 1, 30, 10)
        + new("QV", "28053010", 1, 9, 1)
        + new("CN", "28", 1, 180, 3010)
        + new("CN", "TOTAL", 1, 180, 3010)
        + new("NL", "28053010", 1, 4, 1),
    )
    path = tmp_path / "full_v2_202401.7z"
    with py7zr.SevenZipFile(path, "w") as archive:
        archive.write(dat, dat.name)
    loaded = load(path, tmp_path / "stage")
    assert table(loaded, "flows", "exporter, importer, value_eur, quantity_t") == [("CHN", "NLD", 150, 3.0)]
    pseudo = {rule: count for rule, count in loaded.left_out.items() if rule.startswith("pseudo-partner:")}
    assert list(pseudo.values()) == [1]
    assert {rule: count for rule, count in loaded.left_out.items() if rule not in pseudo} == {
        "confidential-product": 1,
        "merged": 1,
        "other-aggregation-level": 1,
        "self-trade": 1,
        "total-lines": 1,
    }
    assert sorted(row[0] for row in table(loaded, "unallocated", "value_eur")) == [4, 9, 30]
    assert any("2024 (1 of 12 months)" in caveat for caveat in loaded.caveats)


@pytest.mark.parametrize(
    ("procedures", "value", "rule"),
    [((1, 3, 4), 30, "total-of-procedures"), ((3, 4), 99, "part-of-procedure-4"), ((4,), 99, None)],
)
def test_comext_procedure_4_is_not_added_to_its_parts(
    tmp_path: Path, procedures: tuple[int, ...], value: int, rule: str | None
) -> None:
    values = {1: 10, 3: 20, 4: 99}
    rows = "".join(
        f"003,NL,0720,CN,E,28053010,1,1,1,1,1,1,1,{number},A,200152,{values[number]},1000,0\n" for number in procedures
    )
    loaded = load(text(tmp_path, "full200152.dat", OLD + rows), tmp_path / "stage")
    assert table(loaded, "flows", "value_eur") == [(value,)]
    assert (rule in loaded.left_out) if rule else not loaded.left_out


def test_comext_months_add_up_to_a_year(tmp_path: Path) -> None:
    rows = "".join(new("CN", "28053010", 1, month, 1000, period=f"2023{month:02}") for month in range(1, 13))
    loaded = load(text(tmp_path, "full2023.dat", NEW + rows), tmp_path / "stage")
    assert table(loaded, "flows", "year, value_eur, quantity_t") == [(2023, 78, 12.0)]
    assert loaded.left_out == {"merged": 11}
    assert not any("Not whole years" in caveat for caveat in loaded.caveats)


def test_comtrade_rules(tmp_path: Path) -> None:
    rows = """2022,528,M,156,284440,100.5,1000
2022,528,M,0,284440,130.5,1500
2022,528,M,899,284440,20,300
2022,528,M,528,284440,10,200
2022,528,M,156,2844,100.5,1000
2022,528,M,156,TOTAL,900,
2022,528,M,156,4407,7,
2022,528,RM,156,284440,1,
2022,528,X,156,284440,60,
2022,528,RX,156,284440,45,
2022,528,RX,276,284440,3,
2022,528,DX,156,284440,15,
2022,490,X,528,284440,2,
"""
    loaded = load(text(tmp_path, "q.csv", COMTRADE + rows), tmp_path / "stage")
    assert loaded.left_out == {
        "domestic-exports": 1,
        "other-aggregation-level": 1,
        "pseudo-partner:not-specified": 1,
        "re-exports-in-column": 1,
        "re-exports-unmatched": 1,
        "re-imports": 1,
        "self-trade": 1,
        "total-lines": 1,
        "world": 1,
    }
    assert table(loaded, "flows", "exporter, importer, product, value_usd, quantity_t") == [
        ("CHN", "NLD", "284440", Decimal("100.500"), 1.0),
        ("CHN", "NLD", "4407", Decimal("7.000"), None),
    ]
    assert table(loaded, "exports_declared", "exporter, importer, value_usd, re_export_usd") == [
        ("NLD", "CHN", Decimal("60.000"), Decimal("45.000")),
        ("TWN", "NLD", Decimal("2.000"), None),
    ]
    assert table(loaded, "world_totals", "side, reporter, value_usd") == [("import", "NLD", Decimal("130.500"))]
    check = table(loaded, "world_check", "world_usd, partners_usd, flows_usd")
    # The partners' sum holds the four-digit row too only where it is not an aggregate of six digits.
    assert check == [(Decimal("130.500"), Decimal("130.500"), Decimal("100.500"))]
    assert any("1 of 1 equal" in caveat for caveat in loaded.caveats)


def test_comtrade_whole_values_stay_whole_numbers(tmp_path: Path) -> None:
    loaded = load(text(tmp_path, "q.csv", COMTRADE + "2022,528,M,156,284440,100.0,\n"), tmp_path / "stage")
    assert table(loaded, "flows", "value_usd, typeof(value_usd)") == [(100, "BIGINT")]


def test_comtrade_json_equals_csv(tmp_path: Path) -> None:
    row = {"refYear": 2022, "reporterCode": 528, "flowCode": "M", "partnerCode": 156, "cmdCode": "010121"}
    row |= {"primaryValue": 12.5, "netWgt": None, "cmdDesc": "Horses,\n live", "customsCode": "C00", "motCode": 0}
    path = text(tmp_path, "answer.json", json.dumps({"elapsedTime": "1", "count": 1, "data": [row], "error": ""}))
    loaded = load(path, tmp_path / "stage")
    assert table(loaded, "flows", "exporter, importer, product, value_usd, quantity_t") == [
        ("CHN", "NLD", "010121", Decimal("12.500"), None)
    ]


def test_comtrade_details_stand_beside_their_total(tmp_path: Path) -> None:
    header = "refYear\treporterCode\tflowCode\tpartnerCode\tcmdCode\tcustomsCode\tmotCode\tprimaryValue\n"
    total, detail = "2022\t528\tM\t156\t284440\tC00\t0\t9\n", "2022\t528\tM\t156\t284440\tC01\t0\t9\n"
    loaded = load(text(tmp_path, "bulk.tsv", header + total + detail), tmp_path / "stage")
    assert loaded.left_out == {"customs-or-transport-detail": 1}
    with pytest.raises(InputError, match="no total beside it"):
        load(text(tmp_path, "lone.tsv", header + detail), tmp_path / "other")


def test_comtrade_other_classifications_and_services_are_refused(tmp_path: Path) -> None:
    header = "typeCode,classificationCode," + COMTRADE
    for start, what in (("C,S4", "Harmonised System"), ("S,HS", "goods")):
        path = text(tmp_path, "q.csv", f"{header}{start},2022,528,M,156,2844,1,\n")
        with pytest.raises(InputError, match=what):
            load(path, tmp_path / "stage")


def test_comtrade_two_extracts_of_the_same_flow_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "two"
    folder.mkdir()
    text(folder, "a.csv", COMTRADE + "2022,528,M,156,284440,1,\n")
    text(
        folder,
        "b.csv",
        COMTRADE.replace("Code,flow", "ISO,flow").replace("partnerCode", "partnerISO") + "2022,NLD,M,CHN,284440,1,\n",
    )
    with pytest.raises(InputError, match="two files hold the same flow"):
        load(folder, tmp_path / "stage")


def test_a_file_saved_by_a_dutch_spreadsheet(tmp_path: Path) -> None:
    path = text(
        tmp_path,
        "q.csv",
        "refYear;reporterCode;flowCode;partnerCode;cmdCode;primaryValue\n2022;528;M;156;284440;1.234,56\n",
    )
    loaded = load(path, tmp_path / "stage", delimiter=";", decimal=",")
    assert table(loaded, "flows", "value_usd") == [(Decimal("1234.560"),)]


BACI_ROWS = "t,i,j,k,v,q\n2023,528,490,10121,0.084,0.396\n2023,490,528,854231,1234567.891,NA\n"


def test_baci_in_its_zip_with_tables(tmp_path: Path) -> None:
    path = tmp_path / "BACI_HS22_V202501.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("BACI_HS22_Y2023_V202501.csv", BACI_ROWS)
        archive.writestr("BACI_HS22_Y2022_V202501.csv", BACI_ROWS.replace("2023,", "2022,"))
        archive.writestr(
            "country_codes_V202501.csv", "country_code,country_name,country_iso2,country_iso3\n528,NL,NL,NLD\n"
        )
        archive.writestr("product_codes_HS22_V202501.csv", "code,description\n010121,Horses\n")
    loaded = load(path, tmp_path / "stage")
    assert (loaded.dataset, loaded.version, loaded.coverage) == ("baci-hs22", "202501", "world")
    assert (loaded.rows_read, loaded.rows_kept, loaded.left_out) == (4, 4, {})
    assert table(loaded, "flows", "year, exporter, importer, product, value_usd, quantity_t")[2:] == [
        (2023, "NLD", "TWN", "010121", 84, 0.396),
        (2023, "TWN", "NLD", "854231", 1_234_567_891, None),
    ]
    assert table(loaded, "products") == [("010121", "Horses")]


def test_baci_leaves_the_one_code_out_that_is_no_product(tmp_path: Path) -> None:
    path = text(tmp_path, "BACI_HS92_Y2022_V202501.csv", BACI + "2022,842,528,9999AA,5.000,NA\n")
    loaded = load(path, tmp_path / "stage")
    assert loaded.left_out["unclassified-product"] == 1


def test_whole_years_without_a_product_are_told(tmp_path: Path) -> None:
    rows = "".join(f"{year},528,M,156,260400,5,\n" for year in (2019, 2020, 2021, 2022)) + "2019,528,M,156,750110,5,\n"
    loaded = load(text(tmp_path, "q.csv", COMTRADE + rows), tmp_path / "stage")
    assert any("750110 (2020-2022)" in caveat for caveat in loaded.caveats)
    assert not any("260400" in caveat for caveat in loaded.caveats)


def test_a_value_beyond_the_worlds_trade_is_no_crash(tmp_path: Path) -> None:
    path = text(tmp_path, "BACI_HS92_Y2022_V202501.csv", BACI + "2022,842,528,010121,123456789012.000,NA\n")
    assert load(path, tmp_path / "stage").rows_read
    path = text(tmp_path, "BACI_HS92_Y2023_V202501.csv", "t,i,j,k,v,q\n2023,842,528,010121,1234567890123.0,NA\n")
    with pytest.raises(InputError, match="no number"):
        load(path, tmp_path / "stage2")


def test_a_baci_name_with_more_than_cepiis_is_said_to_be(tmp_path: Path) -> None:
    loaded = load(text(tmp_path, "BACI_HS92_Y2022_V202501_sample.csv", BACI), tmp_path / "stage")
    assert any("_sample" in caveat and "part of the rows" in caveat for caveat in loaded.caveats)


def test_baci_adds_up_codes_of_one_country(tmp_path: Path) -> None:
    rows = "t,i,j,k,v,q\n2011,736,528,010121,1,1\n2011,729,528,010121,2,2\n2011,736,729,010121,4,4\n"
    loaded = load(text(tmp_path, "BACI_HS92_Y2011_V202501.csv", rows), tmp_path / "stage")
    assert loaded.left_out == {"merged": 1, "self-trade": 1}
    assert table(loaded, "flows", "exporter, value_usd, quantity_t") == [("SDN", 3000, 3.0)]


def test_baci_editions_are_not_mixed(tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    text(folder, "BACI_HS22_Y2023_V202501.csv", BACI_ROWS)
    text(folder, "BACI_HS17_Y2023_V202501.csv", BACI_ROWS)
    with pytest.raises(InputError, match="several revisions"):
        load(folder, tmp_path / "stage")


def test_one_and_two_threads_write_the_same(tmp_path: Path) -> None:
    rows = "".join(f"2022,528,M,156,{284400 + n},{n}.25,{n}\n" for n in range(60) if n not in range(5))
    path = text(tmp_path, "q.csv", COMTRADE + rows)
    one = load(path, tmp_path / "one", threads=1)
    two = load(path, tmp_path / "two", threads=2)
    part = "year=2022/part.parquet"
    assert (one.tables["flows"] / part).read_bytes() == (two.tables["flows"] / part).read_bytes()


_CODES = st.sampled_from(["528", "156", "276", "842", "0", "899", "490"])
_KEYS = st.tuples(
    _CODES, st.sampled_from(["M", "X", "RX", "RM"]), _CODES, st.sampled_from(["2844", "284440", "010121", "44"])
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        _KEYS.filter(lambda key: key[0] not in ("0", "899")), st.integers(0, 10**12), min_size=1, max_size=25
    )
)
def test_no_row_and_no_value_is_lost(
    tmp_path_factory: pytest.TempPathFactory, rows: dict[tuple[str, str, str, str], int]
) -> None:
    """What was imported stands in the flows, apart, or in a level left out: nothing else."""
    folder = tmp_path_factory.mktemp("random")
    lines = "".join(f"2022,{rep},{flow},{par},{code},{value},\n" for (rep, flow, par, code), value in rows.items())
    loaded = load(text(folder, "q.csv", COMTRADE + lines), folder / "stage")
    assert loaded.rows_read == len(rows)

    def aggregate(key: tuple[str, str, str, str]) -> bool:
        return any(
            other[0] == key[0]
            and other[1] == key[1]
            and other[2] != "0"
            and len(other[3]) > len(key[3])
            and other[3].startswith(key[3])
            for other in rows
        )

    expected = sum(
        value
        for key, value in rows.items()
        if key[1] == "M" and key[2] not in ("0", "899", key[0]) and not aggregate(key)
    )
    found = sum(row[0] for row in table(loaded, "flows", "value_usd")) if "flows" in loaded.tables else 0
    assert found == expected
