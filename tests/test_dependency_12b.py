"""Does every value of the hand-checkable fixture come out, by the engine, by its twin and by the command line?"""

from __future__ import annotations

import json
import math
import subprocess
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import dependency_twin as twin
from schakel.dependency.compare import compare
from schakel.dependency.indicators import by_sql
from schakel.dependency.measures import centrality, world_hhi
from schakel.dependency.network import centrality as of_network
from schakel.dependency.presets import CRITERIA
from schakel.dependency.screen import screen
from schakel.evidence import result_sha256, sha256_file
from schakel.lake.flowset import FlowSet
from schakel.nomenclature import blocs
from schakel.sources.flowfile import read

PRODUCT = "854231"
FLOWS = (
    ("CHN", "NLD", 60),
    ("CHN", "DEU", 40),
    ("USA", "NLD", 10),
    ("USA", "DEU", 20),
    ("VNM", "NLD", 10),
    ("NLD", "DEU", 50),
    ("DEU", "NLD", 15),
    ("DEU", "USA", 5),
    ("NLD", "USA", 25),
    ("CHN", "USA", 100),
    ("USA", "CHN", 10),
    ("VNM", "USA", 20),
    ("VNM", "CHN", 5),
    ("NLD", "CHN", 10),
)
EU = frozenset(blocs.members("EU27", 2023))
CASE = twin.Case([twin.Flow(2023, e, i, PRODUCT, v) for e, i, v in FLOWS], EU)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixture as a user's CSV."""
    target = tmp_path_factory.mktemp("flows") / "flows.csv"
    lines = ["year,exporter,importer,product,value_usd", *(f"2023,{e},{i},{PRODUCT},{v}" for e, i, v in FLOWS)]
    target.write_text("\n".join(lines) + "\n", "utf-8")
    return target


@pytest.fixture(scope="module")
def flows(path: Path) -> FlowSet:
    return read(path)


def criteria(flows: FlowSet, reporter: str, method: str, bloc: str | None = None) -> dict[str, Any]:
    (row,) = screen(flows, reporter=reporter, method=method, year=2023, bloc=bloc).rows
    return {**{name: c["value"] for name, c in row["criteria"].items()}, "row": row}


# Values of the table; the EU with members separate worked out beside it:
# suppliers of NL and DE together: CN 100, US 30, VN 10, NL 50, DE 15, in all 205, HHI (100^2+30^2+10^2+50^2+15^2)/205^2 = 13725/42025; exports of
# NL 85 and DE 20, so M/X = 205/105; top supplier CN 100 of 205. A member keeps its suppliers under either treatment; world trade follows the treatment.
WORLD_APART, WORLD_ONE = 0.349377, 0.447720
TABLE = [
    ("EU27", "ec2021", None, "extra_bloc_hhi", 0.561224),
    ("EU27", "ec2021", None, "extra_bloc_import_share", 0.682927),
    ("EU27", "ec2021", None, "import_export_ratio", 1.333333),
    ("EU27", "ec2021", None, "top_supplier_share", 100 / 140),
    ("EU27", "ec2021", "members", "extra_bloc_hhi", 0.561224),
    ("EU27", "ec2021", "members", "extra_bloc_import_share", 0.682927),
    ("EU27", "ec2021", "members", "import_export_ratio", 1.333333),
    ("EU27", "ec2021", "members", "partner_hhi", 13725 / 42025),
    ("EU27", "geodep2024", "one", "partner_hhi", 0.561224),
    ("EU27", "geodep2024", "one", "import_export_ratio", 3.5),
    ("EU27", "geodep2024", "one", "world_export_hhi", WORLD_ONE),
    ("EU27", "geodep2024", "one", "centrality", 1.294073),
    ("EU27", "geodep2024", "one", "top_supplier_share", 100 / 140),
    ("EU27", "geodep2024", "members", "partner_hhi", 13725 / 42025),
    ("EU27", "geodep2024", "members", "import_export_ratio", 205 / 105),
    ("EU27", "geodep2024", "members", "world_export_hhi", WORLD_APART),
    ("EU27", "geodep2024", "members", "centrality", 2.145758),
    ("EU27", "geodep2024", "members", "top_supplier_share", 100 / 205),
    ("NLD", "ec2021", "members", "extra_bloc_hhi", 0.59375),
    ("NLD", "ec2021", "members", "partner_hhi", 0.445983),
    ("NLD", "ec2021", "members", "extra_bloc_import_share", 0.842105),
    ("NLD", "ec2021", "members", "import_export_ratio", 0.941176),
    ("NLD", "geodep2024", "members", "import_export_ratio", 1.117647),
    ("NLD", "geodep2024", "members", "world_export_hhi", WORLD_APART),
    ("NLD", "geodep2024", "one", "world_export_hhi", WORLD_ONE),
    ("NLD", "geodep2024", "one", "import_export_ratio", 1.117647),
    ("NLD", "geodep2024", "one", "partner_hhi", 0.445983),
    ("NLD", "geodep2024", "members", "centrality", 2.145758),
    ("DEU", "ec2021", "members", "extra_bloc_hhi", 0.555556),
    ("DEU", "ec2021", "members", "partner_hhi", 0.371901),
    ("DEU", "ec2021", "members", "extra_bloc_import_share", 0.545455),
    ("DEU", "ec2021", "members", "import_export_ratio", 3.0),
    ("DEU", "geodep2024", "members", "import_export_ratio", 5.5),
    ("DEU", "geodep2024", "one", "import_export_ratio", 5.5),
    ("DEU", "geodep2024", "members", "world_export_hhi", WORLD_APART),
    ("DEU", "geodep2024", "one", "world_export_hhi", WORLD_ONE),
]


@pytest.mark.parametrize(("reporter", "method", "bloc", "name", "wanted"), TABLE)
def test_value(flows: FlowSet, reporter: str, method: str, bloc: str | None, name: str, wanted: float) -> None:
    assert criteria(flows, reporter, method, bloc)[name] == pytest.approx(wanted, abs=1e-6)
    by_twin = twin.screen(CASE, twin.toml(method), reporter, 2023, bloc)[PRODUCT]["criteria"][name][0]
    assert twin.as_float(name, by_twin) == pytest.approx(wanted, abs=1e-6)


def test_deviation_over_all_countries_or_one_less(flows: FlowSet) -> None:
    """2.145758 with n - 1, 1.919224 with n; the five countries all export."""
    blocks = by_sql(flows, 2023, bloc="EU27", members=EU)
    sample = float(centrality(blocks.members).value[0])
    assert sample == pytest.approx(2.145758, abs=1e-6)
    assert sample * math.sqrt(4 / 5) == pytest.approx(1.919224, abs=1e-6)
    trade = {(e, i): float(v) for e, i, v in FLOWS}
    assert of_network(trade) == pytest.approx(sample, rel=1e-9)
    assert of_network(trade, sample=False) == pytest.approx(1.919224, abs=1e-6)
    assert float(world_hhi(blocks.members).value[0]) == pytest.approx(WORLD_APART, abs=1e-6)
    assert float(world_hhi(blocks.one).value[0]) == pytest.approx(WORLD_ONE, abs=1e-6)


def test_verdicts_that_turn_on_the_treatment(flows: FlowSet) -> None:
    """The Netherlands meets the first two EC tests and fails the third; GeoDep's world test turns on the bloc."""
    nld = criteria(flows, "NLD", "ec2021")["row"]
    passes = {n: c["passes"] for n, c in nld["criteria"].items() if c["threshold"] is not None}
    assert passes == {"extra_bloc_hhi": True, "extra_bloc_import_share": True, "import_export_ratio": False}
    assert nld["dependent"] is False
    assert criteria(flows, "DEU", "ec2021")["row"]["dependent"] is True
    assert criteria(flows, "EU27", "ec2021")["row"]["dependent"] is True
    apart = criteria(flows, "EU27", "geodep2024", "members")["row"]
    whole = criteria(flows, "EU27", "geodep2024", "one")["row"]
    assert apart["criteria"]["world_export_hhi"]["passes"] is False
    assert whole["criteria"]["world_export_hhi"]["passes"] is True
    # one failed test decides, although two of the three years are missing
    assert apart["dependent"] is False
    assert apart["criteria"]["persistent_years"] == {
        "value": 0.0,
        "threshold": 2.0,
        "passes": None,
        "distance": -2.0,
        "why": "no flows of 2021, 2022; add them to the flow file (BACI has a file a year)",
    }
    assert whole["dependent"] is None and whole["criteria"]["persistent_years"]["value"] == 1.0


def test_suppliers_inside_and_outside(flows: FlowSet) -> None:
    """The top supplier follows the definition's base: for Germany outside the bloc China, among all suppliers the Netherlands."""
    extra = criteria(flows, "DEU", "ec2021")["row"]
    every = criteria(flows, "DEU", "geodep2024")["row"]
    assert (extra["top_supplier"], extra["top_supplier_share"]) == ("CHN", pytest.approx(40 / 60))
    assert (every["top_supplier"], every["top_supplier_share"]) == ("NLD", pytest.approx(50 / 110))


ANSWER = {"reporter", "year", "method", "rows", "warnings", "sources", "licences", "receipt"}
ROW = {"product", "import_value_usd", "criteria", "dependent", "top_supplier", "top_supplier_share"}
RECEIPT = {"inputs", "parameters", "sql_sha256", "engine", "result_sha256"}


def run(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(program), *arguments], capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def program() -> Path:
    import sys

    return Path(sys.executable).with_name("schakel")


def test_the_command_line_gives_the_answer_of_the_issue(path: Path, program: Path) -> None:
    done = run(
        program, "screen", str(path), "--reporter", "EU27", "--method", "ec2021", "--year", "2023", "--format", "json"
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)  # nothing but JSON on standard output
    assert set(answer) == ANSWER
    assert (answer["reporter"], answer["year"], answer["method"]) == ("EU27", 2023, "ec2021")
    (row,) = answer["rows"]
    assert set(row) >= ROW and row["product"] == PRODUCT and row["import_value_usd"] == 140
    assert tuple(row["criteria"]) == CRITERIA == twin.CRITERIA
    for c in row["criteria"].values():
        assert {"value", "threshold", "passes"} <= set(c)
    shown = {
        n: (round(c["value"], 6), c["threshold"], c["passes"]) for n, c in row["criteria"].items() if c["threshold"]
    }
    assert shown == {
        "extra_bloc_hhi": (0.561224, 0.4, True),
        "extra_bloc_import_share": (0.682927, 0.5, True),
        "import_export_ratio": (1.333333, 1.0, True),
    }
    assert row["dependent"] is True
    assert (row["top_supplier"], round(row["top_supplier_share"], 6)) == ("CHN", 0.714286)
    receipt = answer["receipt"]
    assert set(receipt) == RECEIPT
    assert receipt["inputs"] == [{"path": str(path), "sha256": sha256_file(path), "rows": 14}]
    assert receipt["result_sha256"] == result_sha256(answer["rows"])
    assert {"reporter": "EU27", "method": "ec2021", "year": 2023, "bloc": "one"}.items() <= receipt[
        "parameters"
    ].items()


def test_the_command_line_reads_parquet_and_threads_alike(path: Path, program: Path, tmp_path: Path) -> None:
    other = tmp_path / "flows.parquet"
    year, exporter, importer, product, value = zip(*((2023, e, i, PRODUCT, v) for e, i, v in FLOWS), strict=True)
    pq.write_table(
        pa.table({"year": year, "exporter": exporter, "importer": importer, "product": product, "value_usd": value}),
        other,
    )
    hashes = set()
    for source, threads in ((path, "1"), (other, "2")):
        done = run(
            program, "screen", str(source), "--reporter", "EU27", "--method", "geodep2024", "--year", "2023",
            "--bloc", "one", "--threads", threads, "--format", "json",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        values = {n: c["value"] for n, c in answer["rows"][0]["criteria"].items()}
        assert values["partner_hhi"] == pytest.approx(0.561224, abs=1e-6)
        assert values["import_export_ratio"] == pytest.approx(3.5, abs=1e-6)
        assert values["world_export_hhi"] == pytest.approx(0.447720, abs=1e-6)
        assert values["centrality"] == pytest.approx(1.294073, abs=1e-6)
        hashes.add(answer["receipt"]["result_sha256"])
    assert len(hashes) == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--reporter", "XXX", "--method", "ec2021", "--year", "2023"), 4),
        (("--reporter", "NLD", "--method", "nothing", "--year", "2023"), 4),
        (("--reporter", "NLD", "--method", "ec2021", "--year", "1999"), 4),
        (("--reporter", "JPN", "--method", "ec2021", "--year", "2023"), 4),
    ],
)
def test_failure_is_a_code_and_nothing_on_standard_output(
    path: Path, program: Path, arguments: tuple[str, ...], code: int
) -> None:
    done = run(program, "screen", str(path), *arguments, "--format", "json")
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr


def test_compare_shows_the_same_values(flows: FlowSet) -> None:
    found = {m["method"]: m for m in compare(flows, "EU27", PRODUCT, 2023)["methods"]}
    assert found["geodep2024"]["criteria"]["partner_hhi"]["value"] == pytest.approx(0.561224, abs=1e-6)
    assert found["ec2021"]["criteria"]["import_export_ratio"]["value"] == pytest.approx(4 / 3)
    assert found["crma"]["dependent"] is True  # 100 of 140 is above 65 %
