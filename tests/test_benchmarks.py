"""Are the benchmark's flows the same on every run, is what was planted in them found, and do the rivals compute the same criteria?"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from schakel.dependency import batch
from schakel.nomenclature import blocs, products
from schakel.sources import flowfile

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import bench
import dossiers
import dossiers_page
import generator

SMALL = generator.Shape(countries=60, products=250, rows=60_000, years=2, planted=4, seed=11)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any, Path, Any]:
    """The file, its flows, and the verdicts of all definitions of everybody."""
    folder = tmp_path_factory.mktemp("bench")
    file = generator.write(SMALL, folder)
    flows = flowfile.read(file)
    return file, flows, folder / "out", batch.run(flows, folder / "out", threads=2)


def test_same_seed_gives_the_same_flows_and_another_seed_others() -> None:
    first, again = (dict(generator.tables(SMALL)) for _ in range(2))
    other = dict(generator.tables(replace(SMALL, seed=12)))
    assert sorted(first) == [generator.FIRST_YEAR, generator.FIRST_YEAR + 1]
    for year, table in first.items():
        assert table.equals(again[year])
        assert not table.equals(other[year])
    assert not first[2014]["value_usd"].equals(first[2015]["value_usd"])
    assert SMALL.key != replace(SMALL, seed=12).key != replace(SMALL, rows=1).key


def test_shape_is_that_of_world_trade() -> None:
    table = dict(generator.tables(SMALL))[2014]
    assert table.column_names == ["year", "exporter", "importer", "product", "value_usd"]
    assert abs(table.num_rows / SMALL.rows - 1) < 0.05
    assert len(pc.unique(table["exporter"])) == SMALL.countries
    assert len(pc.unique(table["product"])) == SMALL.products
    assert products.detect_revision(pc.unique(table["product"]).to_pylist())
    assert pc.min(table["value_usd"]).as_py() >= 1
    keys = table.select(["exporter", "importer", "product"])
    assert keys.group_by(keys.column_names).aggregate([]).num_rows == table.num_rows
    assert not pc.any(pc.equal(table["exporter"].cast(pa.string()), table["importer"].cast(pa.string()))).as_py()


def test_full_shape_asks_for_what_there_is() -> None:
    full = generator.Shape()
    assert (full.countries, full.products, full.rows) == (230, 5_000, 11_000_000)
    assert len(set(generator.country_codes(full))) == 230
    assert len(set(generator.product_codes(full))) == 5_000
    assert blocs.members("EU27", 2020) <= set(generator.country_codes(full))
    assert len({p.product for p in generator.plants(full)}) == 80


def test_file_is_written_once(tmp_path: Path) -> None:
    shape = replace(SMALL, rows=5_000, years=1)
    path = generator.write(shape, tmp_path)
    before = path.stat().st_mtime_ns
    assert generator.write(shape, tmp_path) == path
    assert path.stat().st_mtime_ns == before
    path.write_bytes(path.read_bytes()[:-1])  # half a file is not taken for a whole one
    generator.write(shape, tmp_path)
    assert pq.read_metadata(path).num_rows > 4_000
    assert sorted(p.suffix for p in tmp_path.iterdir()) == [".json", ".parquet"]


def test_planted_dependencies_are_found_and_decoys_spared(made: tuple[Path, Any, Path, Any]) -> None:
    file, flows, out, _ = made
    told = bench.recovered(out, flows.years, file)
    kinds = [p.kind for p in generator.plants(SMALL)]
    assert {k: kinds.count(k) for k in set(kinds)} == {"world": 4, "outside": 4, "decoy": 4, "national": 4}
    assert told["missed"] == []
    # 4 world x 5 definitions (one of them not in the first year), 4 outside x 2, 4 decoys x 1, 4 national x 1
    assert (told["planted"], told["found"]) == (2 * (4 * 4 + 4 * 2 + 4 + 4) + 4, told["planted"])
    assert (told["decoys"], told["spared"]) == (2 * 4 * 2, told["decoys"])


def test_what_is_not_planted_is_not_found(made: tuple[Path, Any, Path, Any], tmp_path: Path) -> None:
    """The check can fail: without the plants, the same products do not all meet the definitions."""
    file, _, _, _ = made
    bare = generator.write(replace(SMALL, planted=0), tmp_path)
    flows = flowfile.read(bare)
    batch.run(
        flows, tmp_path / "out", methods=["ec2021", "crma", "tresor2020", "arjona2023", "geodep2024", "bottleneck"]
    )
    told = bench.recovered(tmp_path / "out", flows.years, _beside(bare, file))
    assert told["found"] < told["planted"] / 2


def _beside(file: Path, other: Path) -> Path:
    file.with_suffix(".json").write_text(other.with_suffix(".json").read_text("utf-8"), "utf-8")
    return file


def test_pandas_counts_the_same_rows(made: tuple[Path, Any, Path, Any]) -> None:
    pytest.importorskip("pandas")
    import rivals

    _, flows, _, answer = made
    year = flows.years[0]
    members = blocs.members("EU27", year)
    member = np.array([c in members for c in flows.countries])
    counted = rivals.verdicts(rivals.flows(flows.path(year)), member, flows.country_index("CHN"))
    ours = {t.method: (t.dependent, t.not_dependent) for t in answer.tallies if t.year == year}
    assert counted == {name: ours[name] for name in counted}
    assert set(ours) - set(counted) == {"cbs2021"}  # its cuts were not read, and domestic use needs re-exports
    assert sum(yes for yes, _ in counted.values()) > 100


def test_rca_is_that_of_its_definition(made: tuple[Path, Any, Path, Any]) -> None:
    pytest.importorskip("pandas")
    import rivals

    _, flows, _, _ = made
    path = flows.path(flows.years[0])
    f = rivals.flows(path)
    found = {(r["exporter"], r["product"]): r["rca"] for r in rivals.rca_sql(path, 2).to_pylist()}
    x = f.groupby(["exporter", "product"])["value"].sum()
    country, product, world = x.groupby("exporter").sum(), x.groupby("product").sum(), x.sum()
    for (c, p), value in list(x.items())[::997]:
        assert found[c, p] == pytest.approx((value / country[c]) / (product[p] / world), rel=1e-12)
    assert len(found) == len(x) > 1_000


def test_table_gives_ratios_of_one_run() -> None:
    def row(name: str, years: int, wall: float) -> dict[str, Any]:
        return {"name": name, "years": years, "wall": wall, "cpu": wall * 2, "peak_mb": 100.0, "load": 1.0}

    rows = [row("scan of the flow file", 1, 0.2), row("scan of the prepared flows", 1, 0.1), row("work", 1, 1.0)]
    rows.append({"name": "broken", "years": 1, "error": "no such thing"})
    text = bench.report(rows, {"cores": "2"}, SMALL, 2)
    assert "| work | 1 | 1.00 | 2.00 | 100 | 5.0 | 5.0 | 10.0 | 10.0 | 1.0 |" in text
    assert "not measured: no such thing" in text


DOSSIERS = Path(dossiers.__file__)


@pytest.mark.parametrize("case", sorted(set(dossiers.CASES) - {"register"}))
def test_a_benchmark_of_dossiers_runs_in_its_small_mode(case: str) -> None:
    rows = dossiers.run(case, small=True)
    assert len(rows) > 3
    for row in rows:
        assert row.work in dossiers_page.WORKS
        assert row.floor in dossiers_page.FLOORS
        assert min(row.cpu, row.wall, row.floor_cpu, row.floor_wall) >= 0
        assert row.peak_mb > 10


def test_the_benchmark_of_the_register_runs_and_its_table_stands_in_two_languages() -> None:
    said = subprocess.run(
        [sys.executable, str(DOSSIERS), "register", "--small"], capture_output=True, text=True, check=True, timeout=120
    )
    assert "| 50,000 events by 500, SQLite |" in said.stdout
    assert ("PostgreSQL" in said.stdout) != ("PostgreSQL: skipped" in said.stderr)
    row = {
        "work": "due:warm",
        "floor": "facts",
        "cpu": 0.5,
        "wall": 1.25,
        "floor_cpu": 0.25,
        "floor_wall": 0.5,
        "asked": 0.1,
    }
    about = {"python": "3", "sqlite": "3.40.1", "processor": "x", "low": "1.5", "high": "1.9", "minutes": "2.1"}
    english, dutch = (dossiers_page.table([{**row, "peak_mb": 1234.0}], lang, about) for lang in ("en", "nl"))
    assert "| 0.50 | 1.25 | < 0.1 | 1234 | read and parse the kept facts | 0.25 | 0.50 | 2.00 | 2.50 |" in english
    assert "| 0,50 | 1,25 | < 0,1 | 1234 | bewaarde feiten lezen en ontleden | 0,25 | 0,50 | 2,00 | 2,50 |" in dutch


def test_the_documentation_holds_whole_runs_only() -> None:
    for more in (["--small"], ["register"]):
        with pytest.raises(SystemExit):
            dossiers.main([*more, "--docs"])


def test_what_takes_its_arguments_says_how() -> None:
    folder = DOSSIERS.parent
    for name, code in (("dossier_parsers.py", 2), ("dossiers.py", 0), ("chains.py", 0)):
        more = [] if code else ["--help"]
        done = subprocess.run([sys.executable, str(folder / name), *more], capture_output=True, text=True, check=False)
        assert done.returncode == code
        assert f"benchmarks/{name}" in done.stdout + done.stderr
