"""A file becomes a data set whole, or is refused and leaves nothing."""

from __future__ import annotations

import gzip
import os
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schakel.errors import InputError, MachineError, NotFoundError, SchakelError
from schakel.lake import Lake
from schakel.sources import ReadOptions
from schakel.sources.add import Added, Origin, add, guard
from schakel.sources.catalogue import entries, entry
from shared import SHARED, needs_shared

BACI = "t,i,j,k,v,q\n2022,156,528,854231,12.345,0.5\n2022,842,528,854231,7.000,NA\n"
OWN = (
    "year,exporter,importer,product,value_usd\n2023,CHN,NLD,854231,60\n2023,USA,NLD,854231,10\n2023,NLD,NLD,854231,5\n"
)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def baci(folder: Path, year: int = 2022) -> Path:
    path = folder / f"BACI_HS22_Y{year}_V202501.csv"
    path.write_text(BACI.replace("2022", str(year)))
    return path


def nothing_left(lake: Lake) -> bool:
    return lake.names() == () and not list(lake.root.glob(".stage/*-*"))


def test_a_published_file(tmp_path: Path, lake: Lake) -> None:
    made = add(baci(tmp_path), lake)
    assert made.reader == "CEPII BACI"
    assert made.dataset.name == "baci-hs22"
    assert made.dataset.licence == "etalab-2.0"
    assert made.dataset.rows == made.load.rows_kept == 2
    assert made.dataset.sources[0].publisher == "CEPII"
    assert [entry["name"] for entry in made.dataset.inputs] == ["BACI_HS22_Y2022_V202501.csv"]
    assert made.dataset.arrow().column("value_usd").to_pylist() == [12345, 7000]


def test_years_that_vanish_are_told_and_extend_keeps_them(tmp_path: Path, lake: Lake) -> None:
    add(baci(tmp_path), lake)
    second = baci(tmp_path, 2023)
    told = add(second, lake)
    assert "flows 2022" in told.notes[0]
    assert "--extend" in told.notes[0]
    assert told.dataset.years() == (2023,)
    kept = add(baci(tmp_path), lake, extend=True)
    assert kept.notes == ()
    assert kept.dataset.years() == (2022, 2023)
    assert kept.dataset.version == "202501"


def test_a_flow_file_of_ones_own(tmp_path: Path, lake: Lake) -> None:
    path = tmp_path / "My flows.csv"
    path.write_text(OWN)
    made = add(path, lake)
    assert (made.dataset.name, made.dataset.licence) == ("my-flows", "user-supplied")
    assert made.load.left_out == {"self-trade-or-value-zero": 1}
    assert made.dataset.arrow().select(["exporter", "value_usd"]).to_pylist() == [
        {"exporter": "CHN", "value_usd": 60},
        {"exporter": "USA", "value_usd": 10},
    ]


def test_a_flow_file_with_fractions_and_a_dutch_spreadsheet(tmp_path: Path, lake: Lake) -> None:
    path = tmp_path / "nl.csv"
    path.write_text("year;exporter;importer;product;value_usd\n2023;CN;NL;854231;1.234,56\n")
    with pytest.raises(InputError, match="no column"):
        add(path, lake)
    assert nothing_left(lake)
    made = add(path, lake, options=ReadOptions(delimiter=";", decimal=","), coverage="imports", name="dutch")
    assert str(made.dataset.arrow().column("value_usd").to_pylist()[0]) == "1234.560"
    assert made.dataset.coverage == "imports"


def test_a_flow_file_in_parquet_and_in_gzip(tmp_path: Path, lake: Lake) -> None:
    rows = {"year": [2023], "exporter": ["CHN"], "importer": ["NLD"], "product": ["854231"], "value_usd": [60]}
    pq.write_table(pa.table(rows), tmp_path / "own.parquet")
    assert add(tmp_path / "own.parquet", lake).dataset.rows == 1
    (tmp_path / "own.csv.gz").write_bytes(gzip.compress(OWN.encode()))
    assert add(tmp_path / "own.csv.gz", lake, name="zipped").dataset.rows == 2


def test_a_licence_may_be_stated_for_ones_own_file_only(tmp_path: Path, lake: Lake) -> None:
    path = tmp_path / "own.csv"
    path.write_text(OWN)
    assert add(path, lake, origin=Origin(licence="CC0-1.0")).dataset.licence == "CC0-1.0"
    with pytest.raises(InputError, match="not for the user to change"):
        add(baci(tmp_path), lake, origin=Origin(licence="CC0-1.0"))


BAD = {
    "empty": b"",
    "header only": b"t,i,j,k,v,q\n",
    "own header only": b"year,exporter,importer,product,value_usd\n",
    "wrong delimiter": BACI.replace(",", ";").encode(),
    "Dutch numbers": OWN.replace("60", '"1.234,56"').encode(),
    "negative": BACI.replace("12.345", "-12.345").encode(),
    "NaN": OWN.replace("60", "NaN").encode(),
    "unknown country": OWN.replace("CHN", "QQZ").encode(),
    "lost zero": OWN.replace("854231", "54231").encode(),
    "double": (OWN + OWN.splitlines()[1] + "\n").encode(),
    "other columns": b"x,y\n1,2\n",
    "cut gzip": gzip.compress((BACI * 50).encode())[:-20],
    "zeros": b"\0" * 5000,
    "no table": b"hello\n",
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_refused_and_leaves_nothing(tmp_path: Path, lake: Lake, kind: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(BAD[kind])
    with pytest.raises(InputError) as caught:
        add(path, lake)
    assert caught.value.remedy
    assert str(path) in str(caught.value)
    assert nothing_left(lake)


def test_a_sparse_file_of_20_gb_is_refused_at_once(tmp_path: Path, lake: Lake) -> None:
    path = tmp_path / "sparse.csv"
    with path.open("wb") as handle:
        handle.write(BACI.encode())
        handle.truncate(20 << 30)
    with pytest.raises(InputError, match=r"holes|sparse|NUL"):
        add(path, lake)
    assert nothing_left(lake)


def test_no_file_and_no_permission(tmp_path: Path, lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotFoundError, match="no such file"):
        add(tmp_path / "none.csv", lake)
    path = baci(tmp_path)
    if os.geteuid() == 0:  # nothing is forbidden to root
        real = Path.open

        def refused(self: Path, *args: object, **more: object) -> object:
            if self == path:
                raise PermissionError(13, "Permission denied", str(self))
            return real(self, *args, **more)  # type: ignore[call-overload]

        monkeypatch.setattr(Path, "open", refused)
    else:
        path.chmod(0)
    with pytest.raises(SchakelError) as caught:
        add(path, lake)
    assert "permission" in str(caught.value).lower() or "not be read" in str(caught.value)
    assert str(path) in str(caught.value)
    assert nothing_left(lake)


def zipped(path: Path, members: dict[str, bytes], mode: int = 0) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = mode << 16
            archive.writestr(info, body)
    return path


@pytest.mark.parametrize("name", ["../../x.csv", "/etc/x.csv", "a\\..\\..\\x.csv", "C:/x.csv"])
def test_a_zip_with_a_path_out_of_itself_is_refused(tmp_path: Path, lake: Lake, name: str) -> None:
    path = zipped(tmp_path / "x.zip", {name: BACI.encode()})
    with pytest.raises(InputError, match="path out of itself") as caught:
        add(path, lake)
    assert "member" in caught.value.where
    assert nothing_left(lake)


def test_a_zip_with_a_link_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="out of itself"):
        guard(zipped(tmp_path / "x.zip", {"x.csv": b"/etc/passwd"}, mode=0o120777))


def test_a_zip_bomb_is_refused_unread(tmp_path: Path, lake: Lake) -> None:
    path = zipped(tmp_path / "BACI_HS22_V202501.zip", {"BACI_HS22_Y2022_V202501.csv": b"\0" * (120 << 20)})
    with pytest.raises(InputError, match="unpacks to 125,829,120"):
        add(path, lake)
    assert nothing_left(lake)


def test_a_zip_larger_than_the_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schakel.sources.add.shutil.disk_usage", lambda _: type("Usage", (), {"free": 10}))
    with pytest.raises(MachineError, match="10 are free"):
        guard(zipped(tmp_path / "x.zip", {"x.csv": b"0123456789abcdef"}))


def test_a_zip_of_very_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schakel.sources.add.MAX_ENTRIES", 2)
    with pytest.raises(InputError, match="holds 3 files"):
        guard(zipped(tmp_path / "x.zip", {f"{n}.csv": b"x" for n in range(3)}))


def test_a_cut_zip_is_refused(tmp_path: Path, lake: Lake) -> None:
    path = zipped(tmp_path / "BACI_HS22_V202501.zip", {"BACI_HS22_Y2022_V202501.csv": BACI.encode() * 50})
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(InputError):
        add(path, lake)
    assert nothing_left(lake)


def test_a_good_zip_loads(tmp_path: Path, lake: Lake) -> None:
    path = zipped(
        tmp_path / "BACI_HS22_V202501.zip",
        {
            "BACI_HS22_Y2022_V202501.csv": BACI.encode(),
            "BACI_HS22_Y2023_V202501.csv": BACI.replace("2022", "2023").encode(),
            "product_codes_HS22_V202501.csv": b"code,description\n854231,Processors\n",
        },
    )
    made = add(path, lake)
    assert made.dataset.years() == (2022, 2023)
    assert made.dataset.tables == ("flows", "products")
    lake.verify()


REAL = [
    ("baci_random_sample", "baci-hs92", 54_602),
    ("comext_crm/eu_comext_critical_inputs_cn8_2022_2024.csv", "comext", 26_538),
    ("comtrade_eu27_wood/data_eu_imports.csv.gz", "comtrade-data-eu-imports", 173_358),
    ("comtrade_eu27_wood/data_eu_imports_world.csv.gz", "comtrade-data-eu-imports-world", 5_004),
    ("usgs_bgs/UN_nickel_trade.csv", "comtrade-un-nickel-trade", 13_739),
    ("usgs_bgs/MCS2025_World_Data.csv", "usgs-mcs", 1_250),
    ("usgs_bgs/MCS2026_Commodities_Data.csv", "usgs-mcs", 8_886),
    ("eu_crm", "eu-crm", 4_252),
    ("wgi/wgi.csv.gz", "wgi-voice-and-accountability", 5_350),
    ("un_ideal_points/ideal_points_1946_2025.tab", "ideal-points", 11_610),
    ("comtrade_semis_top6_2023", "comtrade-semis-top6-2023", 156),
    ("comtrade_sme_world", "comtrade-sme-world", 2_863),
]


@needs_shared
@pytest.mark.parametrize(("file", "name", "rows"), REAL, ids=[entry[0] for entry in REAL])
def test_real_files_load_with_every_row_accounted_for(lake: Lake, file: str, name: str, rows: int) -> None:
    made: Added = add(SHARED / "data" / file, lake)
    assert made.dataset.name == name
    assert made.dataset.rows_read == rows == made.dataset.rows_kept + sum(made.dataset.left_out.values())
    assert [dataset.name for dataset in lake.verify()] == [name]


def test_the_catalogue_is_whole() -> None:
    from schakel.sources import readers

    known = {reader.name for reader in readers()}
    for one in entries().values():
        assert one.licence.name
        assert one.reader in known, one.name
        assert one.page.startswith("https://")
        assert one.address in {"verified", "unverified", "by hand"}
        assert (one.url == "") == (one.address == "by hand")
        if one.url:
            url, _ = one.location()
            assert url.startswith("https://")
            assert "{" not in url


def test_addresses_are_filled_and_guarded() -> None:
    url, _ = entry("baci-hs22").location({"version": "202401"})
    assert url == "https://www.cepii.fr/DATA_DOWNLOAD/baci/data/BACI_HS22_V202401.zip"
    assert entry("ideal-points").location({"file": "7"})[1] == "ideal_points_7.tab"
    with pytest.raises(InputError, match="no parameter 'colour'"):
        entry("baci-hs22").location({"colour": "red"})
    with pytest.raises(InputError, match="cannot be the version"):
        entry("baci-hs22").location({"version": "../x"})
    with pytest.raises(NotFoundError, match="cannot be fetched"):
        entry("comtrade").location()
    with pytest.raises(NotFoundError, match="no data set 'x'"):
        entry("x")
