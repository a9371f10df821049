"""Do `schakel compare`, `schakel churn` and `schakel methods` say what the definitions say, in every format?"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from flow_files import HEADER, hand_made, schakel, write
from schakel.dependency.presets import names
from test_cli_screen import on_terminal

__all__ = ["schakel"]
FORMATS = ["table", "json", "csv", "parquet", "xlsx", "md"]


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    return write(tmp_path / "flows.csv", hand_made((2021, 2022, 2023)))


def rows_of(form: str, out: bytes) -> list[dict[str, Any]]:
    if form == "csv":
        return list(csv.DictReader(io.StringIO(out.decode())))
    if form == "parquet":
        return list(pq.read_table(io.BytesIO(out)).to_pylist())
    sheet = openpyxl.load_workbook(io.BytesIO(out)).worksheets[0]
    lines = list(sheet.iter_rows(values_only=True))
    width = max(sum(c is not None for c in line) for line in lines)
    top = next(i for i, line in enumerate(lines) if sum(c is not None for c in line) == width)
    return [dict(zip(map(str, lines[top]), line, strict=True)) for line in lines[top + 1 :] if any(line)]


@pytest.mark.parametrize("form", FORMATS)
def test_compare_in_every_format(form: str, flows: Path, tmp_path: Path, schakel: Any) -> None:
    asked = ["compare", flows, "--reporter", "EU27", "--product", "854231", "--year", 2023, "--format", form]
    piped, kept = schakel(*asked), tmp_path / "answer"
    assert schakel(*asked, "--out", kept).code == 0
    assert piped.code == 0
    assert kept.read_bytes() == piped.out
    if form == "json":
        answer = json.loads(piped.out)
        assert [m["method"] for m in answer["methods"]] == list(names())
        assert sum(answer["agreement"].values()) == len(names())
        assert {"warnings", "sources", "licences"} <= set(answer)
    elif form in ("table", "md"):
        text = piped.out.decode()
        assert "ec2021: yes" in text
        assert "0.561" in text
        assert "0.337 – 1.000" in text
    else:
        found = rows_of(form, piped.out)
        assert len(found) > len(names())
        assert "extra_bloc_hhi" in {str(v) for row in found for v in row.values()}


def test_compare_shows_every_threshold_that_turns_the_verdict(flows: Path, schakel: Any) -> None:
    asked = ["compare", flows, "--reporter", "EU27", "--product", "854231", "--year", 2023, "--method", "ec2021"]
    rows = list(csv.DictReader(io.StringIO(schakel(*asked, "--format", "csv").out.decode())))
    assert [float(r["flips_at"]) for r in rows] == pytest.approx([0.561224, 0.682927, 1.333333], abs=1e-6)
    assert [r["flips_at"] for r in rows] == [r["value"] for r in rows]
    (entry,) = json.loads(schakel(*asked, "--format", "json").out)["methods"]
    assert [f["criterion"] for f in entry["flips"] if f["turns_verdict"]] == [r["criterion"] for r in rows]


def test_compare_in_dutch_at_80_columns(flows: Path) -> None:
    shown = on_terminal(
        80, "compare", flows, "--reporter", "NLD", "--product", "854231", "--year", 2023, "--lang", "nl"
    )
    lines = shown.splitlines()
    assert lines[0].startswith("854231 Processoren en controllers, NLD 2023: ja ")
    assert max(map(len, lines)) <= 80
    assert "HHI buiten" in shown
    assert "oordeel" in shown
    assert "0,594" in shown


def test_compare_of_what_is_not_there(flows: Path, schakel: Any) -> None:
    said = schakel("compare", flows, "--reporter", "NLD", "--product", "854232", "--year", 2023, "--format", "json")
    assert (said.code, said.out) == (4, b"")
    assert "no product '854232'" in said.err


@pytest.mark.parametrize("form", FORMATS)
def test_churn_in_every_format(form: str, tmp_path: Path, schakel: Any) -> None:
    asked = [
        "churn",
        "reference",
        "--reporter",
        "EU27",
        "--method",
        "crma",
        "--from",
        2022,
        "--to",
        2024,
        "--format",
        form,
    ]
    said = schakel(*asked)
    assert said.code == 0
    if form == "json":
        answer = json.loads(said.out)
        assert set(answer) >= {"stayed", "left", "entered", "open", "left_share", "sources", "licences"}
        before = len(answer["stayed"]) + len(answer["left"]) + len(answer["open"])
        assert answer["left_share"] == pytest.approx(len(answer["left"]) / before)
        assert said.err == ""
    elif form in ("table", "md"):
        assert "40.0% left" in said.out.decode()
    else:
        found = rows_of(form, said.out)
        assert {row["change"] for row in found} <= {"entered", "left", "open", "stayed"}
        assert len({row["product"] for row in found}) == len(found)


def test_churn_in_dutch(schakel: Any) -> None:
    asked = [
        "churn",
        "reference",
        "--reporter",
        "EU27",
        "--method",
        "crma",
        "--from",
        2022,
        "--to",
        2024,
        "--lang",
        "nl",
    ]
    text = schakel(*asked).out.decode()
    assert "40,0% eraf" in text
    assert "erbij" in text
    assert "entered" not in text
    assert "entered" in schakel(*asked, "--format", "csv").out.decode(), (
        "files for machines are the same in both languages"
    )


def test_churn_by_hand(tmp_path: Path, schakel: Any) -> None:
    def year(year_: int, sums: dict[str, int]) -> str:
        return "".join(f"{year_},CHN,NLD,{p},{v}\n{year_},USA,NLD,{p},{100 - v}\n" for p, v in sums.items())

    path = write(
        tmp_path / "f.csv",
        HEADER
        + year(2022, {"010121": 90, "010129": 90, "010130": 60})
        + year(2023, {"010121": 90, "010129": 50, "010130": 90}),
    )
    asked = ["churn", path, "--reporter", "NLD", "--method", "crma", "--from", 2022, "--to", 2023, "--format", "json"]
    answer = json.loads(schakel(*asked).out)
    assert (answer["stayed"], answer["left"], answer["entered"]) == (["010121"], ["010129"], ["010130"])
    assert answer["left_share"] == 0.5


@pytest.mark.parametrize("form", FORMATS)
def test_methods_in_every_format(form: str, schakel: Any) -> None:
    said = schakel("methods", "--format", form)
    assert said.code == 0
    if form == "json":
        rows = json.loads(said.out)
        assert {r["method"] for r in rows} == set(names())
        assert {r["status"] for r in rows} == {"verified", "unverified"}
    elif form in ("table", "md"):
        text = said.out.decode()
        assert all(name in text for name in names())
        assert "10,000,000" in text
        assert "10,000,000.000" not in text
        assert "not read" in text
    else:
        assert set(names()) <= {value for row in rows_of(form, said.out) for value in row.values()}


@pytest.mark.parametrize("name", ["arjona2023", "oecd2024"])
def test_one_method_at_80_columns_in_both_languages(name: str) -> None:
    for lang, source in (("en", "note: source: "), ("nl", "let op: bron: ")):
        shown = on_terminal(80, "methods", name, "--lang", lang)
        first = source.partition(" ")[0] if lang == "en" else "let op:"
        table, _, notes = shown.partition(first)
        assert max(map(len, table.splitlines())) <= 80
        assert source in first + notes
        assert ("niet gelezen" not in table) or lang == "nl"


def test_a_method_that_is_not_there(schakel: Any) -> None:
    said = schakel("methods", "ec2022", "--format", "json")
    assert (said.code, said.out) == (4, b"")
    assert "use one of ec2021" in said.err
