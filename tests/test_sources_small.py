"""Do the small published tables keep what they say, and refuse what they do not say?"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from schakel import sources
from schakel.errors import InputError
from schakel.sources import crm, names, usgs
from schakel.sources.reader import Loaded, ReadOptions

LONG = "code,countryname,year,indicator,estimate,stddev,nsource,pctrank,pctranklower,pctrankupper\n"
IDEAL = "ccode\tiso3c\tCountryname\tyear\tNVotesFP\tIdealPointFP\tQ5%FP\tQ10%FP\tQ50%FP\tQ90%FP\tQ95%FP\n"
SUPPLY = "Material,Stage,Country,Share,t\n"
MCS2025 = (
    "SOURCE,COMMODITY,COUNTRY,TYPE,UNIT_MEAS,PROD_2023,PROD_EST_ 2024,PROD_NOTES,CAP_2023,CAP_EST_ 2024,CAP_NOTES,"
    "RESERVES_2024,RESERVE_NOTES\n"
)
MCS2026 = "MCS chapter,Section,Commodity,Country,Statistics,Statistics_detail,Unit,Year,Value,Notes\n"
TOP = "hs6,year,n_reporters,world_exports_usd,rank,exporter_m49,exporter,exports_usd,share\n"


def load(path: Path, content: str, stage: Path, encoding: str = "utf-8", **options: Any) -> Loaded:
    path.write_text(content, encoding)
    loaded = sources.recognise(path).read(path, stage, ReadOptions(**options))
    assert loaded.rows_read == loaded.rows_kept + sum(loaded.left_out.values())
    return loaded


def rows(loaded: Loaded, table: str) -> list[dict[str, Any]]:
    parts = sorted(loaded.tables[table].rglob("*.parquet"))
    return [row for part in parts for row in pq.ParquetFile(part).read().to_pylist()]


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("4%", (0.04, 0.04)),
        ("<0.1%", (0.0, 0.001)),
        (">50%", (0.5, 1.0)),
        ("-", (None, None)),
        ("", (None, None)),
        ("100%", (1.0, 1.0)),
        ("6", (0.06, 0.06)),
    ],
)
def test_a_printed_share_becomes_an_interval(text: str, bounds: tuple[float | None, float | None]) -> None:
    assert crm.share(text) == bounds


@pytest.mark.parametrize("text", ["101%", "about 4%", "-4%", "nan%"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        crm.share(text)


def test_eu_supply_in_windows_encoding(tmp_path: Path) -> None:
    content = SUPPLY + "Borate,E,Türkiye,99%,1.0\nBorate,E,Germany,<0.1%,0.8\nBorate,P,Brasil,6,1\n"
    loaded = load(tmp_path / "fact_EUSupplyShares_t.csv", content, tmp_path / "stage", "cp1252")
    found = [(row["iso3"], row["stage"], row["share_low"], row["share_high"]) for row in rows(loaded, "supply_eu")]
    assert found == [("TUR", "E", 0.99, 0.99), ("DEU", "E", 0.0, 0.001), ("BRA", "P", 0.06, 0.06)]
    assert "row 4" in loaded.caveats[0]


def test_one_layout_is_told_apart_by_its_name(tmp_path: Path) -> None:
    loaded = load(tmp_path / "fact_GlobalSupplyShares_t.csv", SUPPLY + "Borate,E,China,4%,1\n", tmp_path / "stage")
    assert list(loaded.tables) == ["supply_world"]
    with pytest.raises(InputError, match="no known source"):
        load(tmp_path / "shares.csv", SUPPLY + "Borate,E,China,4%,1\n", tmp_path / "other")


@pytest.mark.parametrize(
    ("line", "what", "column"),
    [
        ("Borate,E,Atlantis,4%,1", "unknown country", "Country"),
        ("Borate,Q,China,4%,1", "unknown stage", "Stage"),
        ("Borate,E,China,many,1", "not a share", "Share"),
        ("Borate,E,China,4%,x", "not a number", "t"),
        ("borate,E,Germany,5%,1", "stands twice", "rows 2 and 3"),
        ("Borate,E,China,4%", "4 cells", "row 3"),
    ],
)
def test_a_bad_supply_row_is_refused(tmp_path: Path, line: str, what: str, column: str) -> None:
    path = tmp_path / "fact_GlobalSupplyShares_t.csv"
    with pytest.raises(InputError, match=what) as caught:
        load(path, f"{SUPPLY}Borate,E,Germany,5%,1\n{line}\n", tmp_path / "stage")
    assert column in caught.value.where
    assert "row" in caught.value.where
    assert not list((tmp_path / "stage").iterdir())


def test_risk_unknown_stays_unknown(tmp_path: Path) -> None:
    loaded = load(
        tmp_path / "r.csv", "Material,Year,SR,EI\nAggregates,2011,-,-\nBorate,2023,3.6,3.9\n", tmp_path / "stage"
    )
    assert [(row["year"], row["sr"], row["ei"]) for row in rows(loaded, "risk")] == [
        (2011, None, None),
        (2023, 3.6, 3.9),
    ]


def test_governance_long_table_of_the_world_bank(tmp_path: Path) -> None:
    content = (
        LONG
        + "ZAR,Congo,2022,pv,-2.1,0.2,8,5,2,9\nNLD,Netherlands,2022,va,1.5,0.1,9,98,95,99\n"
        + "ABW,Aruba,1996,va,..,..,..,..,..,..\n"
    )
    loaded = load(tmp_path / "wgi.csv", content, tmp_path / "stage")
    assert loaded.left_out == {"no-estimate": 1}
    found = [(row["iso3"], row["dimension"], row["estimate"], row["std_error"]) for row in rows(loaded, "governance")]
    assert found == [("COD", "political-stability", -2.1, 0.2), ("NLD", "voice-and-accountability", 1.5, 0.1)]


def test_governance_databank_export(tmp_path: Path) -> None:
    content = (
        '"Country Name","Country Code","Series Name","Series Code","2021 [YR2021]","2022 [YR2022]"\n'
        '"Netherlands","NLD","Political Stability: Estimate","PV.EST","0.9","0.7"\n'
        '"Netherlands","NLD","Political Stability: Standard Error","PV.STD.ERR","0.2",".."\n'
        '"China","CHN","Political Stability: Estimate","PV.EST","..",".."\n'
    )
    loaded = load(tmp_path / "d.csv", content, tmp_path / "stage")
    assert (loaded.rows_read, loaded.rows_kept, loaded.left_out) == (3, 2, {"no-estimate": 1})
    found = [(row["year"], row["iso3"], row["estimate"], row["std_error"]) for row in rows(loaded, "governance")]
    assert found == [(2021, "NLD", 0.9, 0.2), (2022, "NLD", 0.7, None)]


def test_governance_sqlite_is_read_and_not_written(tmp_path: Path) -> None:
    path = tmp_path / "wgi.db"
    with sqlite3.connect(path) as con:
        for table in ("Upper", "StdErr", "Rank", "NumSrc", "Lower", "Estimate"):
            con.execute(
                f'CREATE TABLE "{table}" ("Country/Territory" TEXT, "Code" TEXT, "2022" TEXT, country_code TEXT)'
            )
            con.execute(
                f"INSERT INTO \"{table}\" VALUES ('Netherlands', 'NLD', '0.7', '528'), ('Nowhere', 'R20', '1', '697')"
            )
    con.close()
    before = path.read_bytes()
    loaded = sources.recognise(path).read(path, tmp_path / "stage", ReadOptions(dimension="rl"))
    assert path.read_bytes() == before
    assert loaded.left_out == {"no-country": 6}
    assert [(row["iso3"], row["dimension"]) for row in rows(loaded, "governance")] == [("NLD", "rule-of-law")]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("QQQ,x,2022,pv,1,1,1,1,1,1", "unknown country code"),
        ("NLD,x,22,pv,1,1,1,1,1,1", "not a year"),
        ("NLD,x,2022,zz,1,1,1,1,1,1", "unknown indicator"),
        ("NLD,x,2022,pv,high,1,1,1,1,1", "not a number"),
        ("DEU,x,2022,pv,1,1,1,1,1,1", "stands twice"),
    ],
)
def test_a_bad_governance_row_is_refused(tmp_path: Path, line: str, what: str) -> None:
    with pytest.raises(InputError, match=what) as caught:
        load(tmp_path / "wgi.csv", f"{LONG}DEU,x,2022,pv,1,1,1,1,1,1\n{line}\n", tmp_path / "stage")
    assert "wgi.csv, row" in caught.value.where


def test_an_unknown_dimension_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unknown dimension"):
        load(tmp_path / "w.csv", f"{LONG}DEU,x,2022,pv,1,1,1,1,1,1\n", tmp_path / "stage", dimension="luck")


def test_ideal_points(tmp_path: Path) -> None:
    content = IDEAL + '2\t"USA"\t"United States"\t1946\t25\t1.7402\t0.9\t1\t1.7\t2.3\t2.5\n'
    content += '678\t"YAR"\t"Yemen Arab Republic"\t1989\t9\t-1\t-2\t-1.5\t-1\t0\t1\n'
    loaded = load(tmp_path / "p.tab", content, tmp_path / "stage")
    found = [(row["year"], row["iso3"], row["ideal_point"], row["votes"]) for row in rows(loaded, "ideal_points")]
    assert found == [(1946, "USA", 1.7402, 25), (1989, "YEM", -1.0, 9)]
    with pytest.raises(InputError, match="not a number"):
        load(tmp_path / "p.tab", IDEAL + '2\t"USA"\t"US"\t1946\t25\tNaN\t0\t1\t1\t2\t2\n', tmp_path / "other")


def test_ideal_points_by_session(tmp_path: Path) -> None:
    content = "Row,ccode,session,NVotes,IdealPoint,QO%,Q5%,Q50%,Q95%,iso3c,Countryname\n"
    content += "1,2,1,42,1.5,0,1,1.5,2,USA,United States\n"
    loaded = load(tmp_path / "p.csv", content, tmp_path / "stage")
    assert [(row["year"], row["ideal_point"]) for row in rows(loaded, "ideal_points")] == [(1946, 1.5)]


@pytest.mark.parametrize(
    ("text", "quantity", "low", "high", "reason"),
    [
        ("1,200", 1200.0, 1200.0, 1200.0, None),
        (".5", 0.5, 0.5, 0.5, None),
        ("—", 0.0, 0.0, 0.0, "zero"),
        ("W", None, None, None, "withheld to avoid disclosing company data"),
        ("NA", None, None, None, "not available"),
        ("Large", None, None, None, "large"),
        (">1,000", None, 1000.0, None, "more than"),
        ("<50", None, 0.0, 50.0, "less than"),
        ("100–200", None, 100.0, 200.0, "range"),
    ],
)
def test_a_figure_that_is_no_number_stays_unknown(
    text: str, quantity: float | None, low: float | None, high: float | None, reason: str | None
) -> None:
    assert usgs.figure(text) == {"quantity": quantity, "quantity_low": low, "quantity_high": high, "reason": reason}


@pytest.mark.parametrize("text", ["-5", "1.2.3", "nan", "1,20", "5 tons"])
def test_what_is_no_figure_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        usgs.figure(text)


def test_usgs_2025(tmp_path: Path) -> None:
    content = MCS2025 + (
        "MCS2025,Gallium,China,Primary production,kilograms,600000,750000,,,,,,\n"
        'MCS2025,Gallium,Other countries (rounded),Primary production,kilograms,1,2,note,,,,">1,000",\n'
        "MCS2025,Gallium,World total (rounded) 10,Primary production,kilograms,,,,,,,,\n"
    )
    loaded = load(tmp_path / "m.csv", content, tmp_path / "stage")
    assert (loaded.rows_read, loaded.rows_kept, loaded.left_out, loaded.version) == (3, 2, {"no-figure": 1}, "2025")
    found = [
        (row["year"], row["iso3"], row["area"], row["kind"], row["quantity"]) for row in rows(loaded, "production")
    ]
    assert found == [
        (2023, "CHN", None, "production", 600000.0),
        (2023, None, "other", "production", 1.0),
        (2024, "CHN", None, "production", 750000.0),
        (2024, None, "other", "production", 2.0),
        (2024, None, "other", "reserves", None),
    ]
    with pytest.raises(InputError, match="unknown country"):
        load(tmp_path / "m.csv", MCS2025 + "MCS2025,Gallium,Atlantis,P,kg,1,1,,,,,,\n", tmp_path / "other")


def test_usgs_2026_in_windows_encoding(tmp_path: Path) -> None:
    content = MCS2026 + (
        "GALLIUM,World Production and Reserves,Gallium,Côte d’Ivoire,Production,Primary,kilograms,2024,W,\n"
        "GALLIUM,Salient Statistics—United States,Gallium,United States,Price,x,dollars,2024,5,\n"
        'GALLIUM,World Production,Gallium,"China, Germany, and Russia",Production,Primary,kg,2025,"1,000",e\n'
    )
    loaded = load(tmp_path / "m.csv", content, tmp_path / "stage", "cp1252")
    assert (loaded.left_out, loaded.version) == ({"not-world-data": 1}, "2026")
    found = [(row["iso3"], row["area"], row["quantity"], row["reason"]) for row in rows(loaded, "production")]
    assert found == [("CIV", None, None, "withheld to avoid disclosing company data"), (None, "group", 1000.0, None)]


def test_top_exporters_share_must_fit(tmp_path: Path) -> None:
    good = TOP + "848620,2023,63,1000.000,1,528,Netherlands,250.5,0.2505\n"
    loaded = load(tmp_path / "t.csv", good, tmp_path / "stage")
    row = rows(loaded, "world_exports")[0]
    assert (row["exporter"], float(row["exports_usd"] / row["world_exports_usd"])) == ("NLD", 0.2505)
    with pytest.raises(InputError, match="is not exports over world exports"):
        load(tmp_path / "t.csv", good.replace("0.2505", "0.9"), tmp_path / "other")


def test_names_are_not_guessed() -> None:
    assert names.iso3("Côte d’Ivoire") == "CIV"
    assert names.iso3(" korea,  republic of ") == "KOR"
    assert names.iso3("Congo, D.R.") == "COD"
    assert names.iso3("Congo") == "COG"
    assert names.iso3("Chin") is None
