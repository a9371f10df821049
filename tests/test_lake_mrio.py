"""Inter-country tables in the lake: every cell accounted for, and out again as they went in."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from mrio_sample import figaro, figaro_flat, icio, write
from schakel.errors import InputError, NotFoundError
from schakel.lake import Lake
from schakel.shocks import run, scenario
from schakel.shocks.lenses import prepare
from schakel.shocks.tables import assumed, open_table
from schakel.shocks.world import CRITICAL, IMPORTANT, MINOR
from schakel.sources import mriofiles, mriolake
from schakel.sources.add import add
from shared import DATA, needs_shared
from test_shocks_tables import small

SML, MATRIX = "2019_SML.csv", "matrix_eu-ic-io_ind-by-ind_24ed_2021.csv"


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    monkeypatch.setenv("SCHAKEL_HOME", str(tmp_path / "home"))
    from schakel import settings

    getattr(settings.load, "cache_clear", lambda: None)()
    return Lake()


def folder_of(kind: str, tmp_path: Path) -> Path:
    if kind == "wiod":
        return small(tmp_path / "wiod")
    if kind == "icio":
        return write(tmp_path / SML, icio())
    if kind == "figaro":
        return write(tmp_path / MATRIX, figaro())
    return write(tmp_path / MATRIX.replace("matrix", "flatfile"), figaro_flat())


@pytest.mark.parametrize(
    ("kind", "name"), [("wiod", "wiod2013"), ("icio", "oecd-icio"), ("figaro", "figaro"), ("flat", "figaro")]
)
def test_it_comes_out_as_it_went_in(tmp_path, lake, kind, name) -> None:
    path = folder_of(kind, tmp_path)
    made = add(path, lake)
    assert made.dataset.name == name
    assert made.load.rows_read == made.load.rows_kept + sum(made.load.left_out.values())
    assert set(made.dataset.tables) == set(mriolake.TABLES)
    kept = sum(f.rows for f in made.dataset.files if f.table != "mrio_industries")
    assert made.load.rows_kept == kept
    assert (made.load.left_out.get("zero", 0) > 0) == (kind != "flat")  # the flat file has none
    whole, again = mriofiles.read(path), mriolake.read(name)
    assert set(again.regions) == set(whole.regions)
    assert [whole.regions[r] for r in whole.region] == [again.regions[r] for r in again.region]
    assert [whole.sectors[s] for s in whole.sector] == [again.sectors[s] for s in again.sector]
    assert np.array_equal(again.flows, whole.flows)
    columns = [again.regions.index(r) for r in whole.regions]
    assert again.final[:, columns] == pytest.approx(whole.final, abs=1e-12)
    assert again.unit == whole.unit
    world = open_table(name)
    assert world.output == pytest.approx(open_table(str(path)).output)
    assert world.licences == (made.dataset.licence,)
    assert [d.name for d in lake.verify()] == [name]
    assert mriolake.names() == (name,)


def test_years_stand_side_by_side(tmp_path, lake) -> None:
    path = tmp_path / "2016-2020.zip"
    with zipfile.ZipFile(path, "w") as z:
        z.writestr("2018_SML.csv", icio())
        z.writestr("2019_SML.csv", icio(("NLD", "KOR", "ROW")))
    assert add(path, lake).dataset.years("mrio_flows") == (2018, 2019)
    assert open_table("oecd-icio").regions == ("NLD", "KOR", "ROW")
    assert open_table("oecd-icio:2018").regions == ("NLD", "TWN", "ROW")
    with pytest.raises(NotFoundError, match="no year 2001"):
        open_table("oecd-icio:2001")


@pytest.mark.parametrize(
    ("old", "new"), [("TWN_C26,4.0", "TWN_C26,40.0"), ("\nTWN_K", "\nTaiwan"), ("TWN_C26,4.0", "TWN_C26,")]
)
def test_a_damaged_table_leaves_nothing(tmp_path, lake, old, new) -> None:
    with pytest.raises(InputError, match=r".+") as info:
        add(write(tmp_path / SML, icio().replace(old, new, 1)), lake)
    assert SML in info.value.where
    assert lake.names() == ()
    assert not list(lake.root.glob(".stage/*-*"))


def test_a_folder_of_two_publishers_is_refused(tmp_path, lake) -> None:
    folder = tmp_path / "both"
    write(folder / SML, icio())
    write(folder / MATRIX, figaro())
    with pytest.raises(InputError, match="icio and figaro"):
        add(folder, lake)
    with pytest.raises(InputError, match="icio and figaro"):
        open_table(str(folder))


def test_a_data_set_without_a_table_is_told(tmp_path, lake) -> None:
    body = "year,exporter,importer,product,value_usd\n2023,CHN,NLD,854231,60\n"
    add(write(tmp_path / "mine.csv", body), lake, name="mine")
    with pytest.raises(NotFoundError, match="holds no inter-country table"):
        mriolake.read("mine")
    with pytest.raises(NotFoundError, match="'mine' is no inter-country table"):
        open_table("mine")


def test_what_is_assumed_of_inputs_by_letter() -> None:
    goods, utility = ("A01", "B", "C10T12", "C26", "C31_32"), ("D35", "E36", "D")
    assert {assumed(s) for s in goods} == {(CRITICAL, 30.0)}
    assert {assumed(s) for s in utility} == {(CRITICAL, 3.0)}
    assert {assumed(s) for s in ("G", "G46", "H49", "H51")} == {(IMPORTANT, 3.0)}
    assert {assumed(s) for s in ("F", "G45", "H53", "J61", "K", "P85", "T")} == {(MINOR, 3.0)}
    assert assumed("something else") == (CRITICAL, 30.0)


SCENARIO = """\
schema: schakel.scenario/1
id: test
title: {en: test}
table: %s
%stime: {start: 2026-01-01, horizon: 60}
measures:
  - {id: m1, imposer: TWN, instrument: export_ban, products: ["sector:C26"], to: world, intensity: 0.5, start: 3}
uncertainty: {structural: [floor, centre]}
"""


def test_a_table_in_euros_wants_a_rate_with_a_source(tmp_path) -> None:
    path = write(tmp_path / MATRIX, figaro())
    rate = "exchange: {usd_per_eur: 1.25, source: made up, mark: recalled}\n"
    plain = scenario.parse(SCENARIO % (path, ""))
    world = prepare(plain, open_table(str(path)))
    assert world.unit == "million EUR"
    assert any("amounts are in euros" in c for c in world.caveats)
    told = scenario.parse(SCENARIO % (path, rate))
    dollars = prepare(told, open_table(str(path)))
    assert dollars.unit == "million USD"
    assert dollars.output == pytest.approx(world.output * 1.25)
    assert any("1.25 dollars a euro (made up, recalled)" in c for c in dollars.caveats)
    a, b = run.run(plain, draws=0), run.run(told, draws=0)
    for lens in ("floor", "centre"):
        assert a["lenses"][lens]["loss_usd"] is None
        assert b["lenses"][lens]["loss_usd"]["median"] >= 0
        assert a["lenses"][lens]["loss_share"]["median"] == pytest.approx(b["lenses"][lens]["loss_share"]["median"])
    assert b["lenses"]["centre"]["loss_usd"]["median"] > 0
    assert b["licences"][0]["id"] == "eu-reuse"
    with pytest.raises(InputError, match="usd_per_eur"):
        scenario.parse(SCENARIO % (path, rate.replace("1.25", "0")))


@needs_shared
def test_the_published_wiod_files_through_the_lake(lake) -> None:
    made = add(DATA / "wiod2013", lake)
    assert made.dataset.years("mrio_flows") == (2007, 2011)
    cells = 2 * (1435 * 1435 + 1435 * 205 + 1435)
    assert made.load.rows_read == cells == made.load.rows_kept + sum(made.load.left_out.values())
    whole, again = open_table(str(DATA / "wiod2013")), open_table("wiod2013")
    assert again.regions == whole.regions
    assert np.array_equal(again.flows, whole.flows)
    assert np.array_equal(again.final, whole.final)
