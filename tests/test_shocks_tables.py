"""Inter-country tables: the published files, the embedded aggregation, and damaged files."""

import gzip
import shutil
from importlib import util
from pathlib import Path

import numpy as np
import pytest

from schakel.errors import InputError, NotFoundError
from schakel.shocks.tables import ASSUMED, embedded, of_table, open_table, region_of
from schakel.shocks.world import CRITICAL, IMPORTANT, MINOR
from schakel.sources import mrio, wiod
from shared import DATA, needs_shared

FOLDER = DATA / "wiod2013"


def small(folder: Path) -> Path:
    """Two countries, two sectors, as published."""
    folder.mkdir(exist_ok=True)
    names = ["NLD_c1", "NLD_c14", "RoW_c1", "RoW_c14"]
    flows = [[5, 3, 1, 0], [2, 9, 4, 6], [1, 1, 8, 2], [0, 7, 3, 20]]
    final = [[10, 0, 1, 2, -1, 3, 0, 0, 0, 0], [9, 0, 0, 5, 0, 1, 0, 0, 0, 0], [2, 0, 0, 0, 0, 30, 0, 5, 1, -2]]
    final.append([1, 0, 0, 0, 0, 40, 0, 5, 1, 0])
    text = (
        ",".join(["", *names])
        + "\n"
        + "".join(f"{n},{','.join(map(str, r))}\n" for n, r in zip(names, flows, strict=True))
    )
    (folder / "wiot_2011_inter.csv.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    head = ",".join(["", *(f"V{i + 1}" for i in range(10))])
    text = head + "\n" + "".join(f"{n},{','.join(map(str, r))}\n" for n, r in zip(names, final, strict=True))
    (folder / "wiot_2011_final.csv").write_text(text)
    sums = [sum(a) + sum(b) for a, b in zip(flows, final, strict=True)]
    text = "sector,output\n" + "".join(f"{n},{x}\n" for n, x in zip(names, sums, strict=True))
    (folder / "wiot_2011_output.csv").write_text(text)
    return folder


def test_a_small_table_as_published(tmp_path) -> None:
    t = wiod.read(small(tmp_path / "w"))
    assert (t.year, t.regions, t.sectors[0], t.unit) == (2011, ("NLD", "ROW"), "c1", "million USD")
    assert t.flows[1].tolist() == [2, 9, 4, 6]
    # The five columns of a country are summed; only the sum can be negative.
    assert t.final.tolist() == [[12, 3], [14, 1], [2, 34], [1, 46]]
    assert len(t.files) == 3
    assert all(len(f.sha256) == 64 for f in t.files)


def test_negative_cells_are_set_to_zero_and_told(tmp_path) -> None:
    folder = small(tmp_path / "w")
    path = folder / "wiot_2011_final.csv"
    path.write_text(path.read_text().replace("NLD_c1,10,0,1,2,-1", "NLD_c1,0,0,0,0,-9"))
    out = folder / "wiot_2011_output.csv"
    out.write_text(out.read_text().replace("NLD_c1,24", "NLD_c1,3"))
    t = wiod.read(folder)
    assert t.final[0].tolist() == [0, 3]
    assert t.notes == ("1 negative deliveries to final users set to zero, together -9 of 92",)


@pytest.mark.parametrize(
    ("file", "old", "new", "what", "where"),
    [
        ("final.csv", "NLD_c14,9,", "NLD_c14,9,9,", "12 cells under 11 columns", "wiot_2011_final.csv, row 3"),
        ("final.csv", "NLD_c14,9,", "NLD_c14,nine,", "nine", "wiot_2011_final.csv, row 3"),
        ("final.csv", "NLD_c14,9,", "NLD_c14,inf,", "no finite number", "wiot_2011_final.csv, row 3"),
        ("final.csv", "NLD_c14,9,", "NLD_c1,9,", "columns of final use", "wiot_2011_final.csv"),
        ("final.csv", "NLD_c14,9,", "NLD_c14,900,", "its output is", "row 3"),
        ("inter.csv.gz", "RoW_c1,1", "RoW_x1,1", "rows and columns differ", "wiot_2011_inter.csv.gz"),
        ("inter.csv.gz", "RoW_c1", "RoW_z1", "no industry", "wiot_2011_inter.csv.gz, row 4"),
        ("output.csv", "NLD_c14", "NLD_c15", "industries differ", "wiot_2011_output.csv"),
        ("output.csv", "NLD_c14,", "NLD_c14,x", "is no number", "wiot_2011_output.csv, row 3"),
    ],
)
def test_a_damaged_file_is_refused_by_name_and_row(tmp_path, file, old, new, what, where) -> None:
    folder = small(tmp_path / "w")
    path = folder / f"wiot_2011_{file}"
    text = gzip.decompress(path.read_bytes()).decode() if file.endswith("gz") else path.read_text()
    assert old in text
    text = text.replace(old, new)
    path.write_bytes(gzip.compress(text.encode()) if file.endswith("gz") else text.encode())
    with pytest.raises(InputError) as info:
        wiod.read(folder)
    assert what in info.value.what
    assert where in info.value.where
    assert info.value.remedy


def test_a_cut_off_archive_and_an_empty_file_are_refused(tmp_path) -> None:
    folder = small(tmp_path / "w")
    path = folder / "wiot_2011_inter.csv.gz"
    whole = path.read_bytes()
    for data in (whole[:-20], b"\x1f\x8b", b"no archive", b""):
        path.write_bytes(data)
        with pytest.raises(InputError) as info:
            wiod.read(folder)
        assert "wiot_2011_inter.csv.gz" in info.value.where


def test_a_missing_file_and_a_missing_year(tmp_path) -> None:
    folder = small(tmp_path / "w")
    with pytest.raises(NotFoundError, match="no WIOD table of 2007") as info:
        wiod.read(folder, 2007)
    assert "2011" in info.value.remedy
    with pytest.raises(NotFoundError):
        open_table(f"{folder}:2007")
    (folder / "wiot_2011_output.csv").unlink()
    with pytest.raises(NotFoundError, match=r"wiot_2011_output\.csv is missing"):
        wiod.read(folder)
    with pytest.raises(NotFoundError, match="is no inter-country table"):
        open_table("nowhere")


def test_a_table_by_name_folder_and_year(tmp_path) -> None:
    folder = small(tmp_path / "w")
    for name in (str(folder), f"{folder}:2011"):
        assert open_table(name).year == 2011
    assert open_table("reference") is embedded()


def test_what_is_assumed_of_stocks_and_inputs_is_told(tmp_path) -> None:
    w = of_table(wiod.read(small(tmp_path / "w")))
    assert set(ASSUMED) <= set(w.caveats)
    level = dict(zip(w.sectors, w.criticality[:, 0].tolist(), strict=True))
    assert (level["c14"], level["c20"], level["c30"]) == (CRITICAL, IMPORTANT, MINOR)
    assert w.licences == ("CC-BY-4.0",)


def test_aggregation_keeps_totals(tmp_path) -> None:
    t = wiod.read(small(tmp_path / "w"))
    a = mrio.aggregate(t, {"NLD": "X", "ROW": "X"}, {s: "all" if s != "c14" else s for s in t.sectors})
    assert (a.regions, a.sectors) == (("X",), ("all", "c14"))
    assert a.flows.sum() == t.flows.sum()
    assert a.final.sum() == t.final.sum()
    at = a.sectors.index("c14")
    assert a.flows[a.sector == at].sum() == t.flows[[1, 3]].sum()
    assert a.flows[:, a.sector == at].sum() == t.flows[:, [1, 3]].sum()
    with pytest.raises(InputError, match="region 'ROW' has no group"):
        mrio.aggregate(t, {"NLD": "X"})


def test_the_embedded_table() -> None:
    w = embedded()
    assert (len(w.regions), len(w.sectors), w.size) == (20, 15, 300)
    assert w.sources[0]["id"] == "wiod2013"
    assert w.licences == ("CC-BY-4.0",)
    assert w.inputs
    assert w.value_added.sum() == pytest.approx(w.final.sum())
    assert w.value_added.sum() == pytest.approx(69.3e6, rel=0.002)  # world GDP of 2011 in million USD


def test_every_country_lies_somewhere() -> None:
    where = region_of(embedded())
    assert (where["NLD"], where["PRT"], where["HRV"], where["BRA"], where["GBR"]) == (
        "NLD",
        "EU_REST",
        "ROW",
        "ROW",
        "GBR",
    )
    assert set(where.values()) == set(embedded().regions)


@needs_shared
def test_the_published_files() -> None:
    t = wiod.read(FOLDER)
    assert (t.year, len(t.regions), len(t.region)) == (2011, 41, 1435)
    total = t.flows.sum() + t.final.sum()
    assert total == pytest.approx(141.8e6, rel=0.001)
    i = int(np.flatnonzero((t.region == t.regions.index("NLD")) & (t.sector == t.sectors.index("c14")))[0])
    assert t.flows[i].sum() + t.final[i].sum() == pytest.approx(29_700, rel=0.01)
    assert wiod.years(FOLDER) == (2007, 2011)
    assert wiod.read(FOLDER, 2007).year == 2007


@needs_shared
def test_the_embedded_table_is_the_aggregation_of_the_published_files() -> None:
    spec = util.spec_from_file_location("build", Path(__file__).parents[1] / "scripts" / "build_wiod_table.py")
    assert spec
    assert spec.loader
    script = util.module_from_spec(spec)
    spec.loader.exec_module(script)
    t = wiod.read(FOLDER, 2011)
    regions = {r: r if r in script.OWN else "EU_REST" if r in script.REST_OF_EU else "ROW" for r in t.regions}
    sectors = {code: group for group, codes in script.GROUPS.items() for code in codes.split()}
    a = mrio.aggregate(t, regions, sectors)
    w = embedded()
    key = {(a.regions[r], a.sectors[s]): i for i, (r, s) in enumerate(zip(a.region, a.sector, strict=True))}
    order = [key[w.regions[r], w.sectors[s]] for r, s in zip(w.region, w.sector, strict=True)]
    columns = [a.regions.index(r) for r in w.regions]
    assert np.abs(a.flows[np.ix_(order, order)] - w.flows).max() <= 0.5  # whole millions
    assert np.abs(a.final[np.ix_(order, columns)] - w.final).max() <= 0.5
    assert w.flows.sum() == pytest.approx(t.flows.sum(), rel=1e-5)


@needs_shared
def test_a_published_file_cut_in_the_middle_is_refused(tmp_path) -> None:
    for path in FOLDER.glob("wiot_2011_*"):
        shutil.copy(path, tmp_path)
    path = tmp_path / "wiot_2011_inter.csv.gz"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(InputError, match="damaged"):
        wiod.read(tmp_path)
