"""Do `schakel reverse` and `schakel mutual` say who leans on whom, in every format?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flow_files import HEADER, hand_made, schakel, write
from test_cli_compare import FORMATS, rows_of
from test_cli_screen import on_terminal

__all__ = ["schakel"]


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    return write(tmp_path / "flows.csv", hand_made())


@pytest.mark.parametrize("by", ["partner", "product", "control"])
@pytest.mark.parametrize("form", FORMATS)
def test_reverse_in_every_format(form: str, by: str, flows: Path, tmp_path: Path, schakel: Any) -> None:
    asked = ["reverse", flows, "--reporter", "NL", "--year", 2023, "--by", by, "--format", form]
    piped, kept = schakel(*asked), tmp_path / "answer"
    assert schakel(*asked, "--out", kept).code == 0
    assert (piped.code, piped.err) == (0, "")
    assert kept.read_bytes() == piped.out
    if form == "json":
        answer = json.loads(piped.out)
        assert (answer["reporter"], answer["by"]) == ("NLD", by)
        assert {"warnings", "sources", "licences", "rows"} <= set(answer)
        assert len(answer["rows"]) == {"partner": 3, "product": 3, "control": 1}[by]
    elif form in ("table", "md"):
        assert ("Control points of NLD" if by == "control" else "lean") in piped.out.decode()
        assert "True" not in piped.out.decode()
    else:
        assert len(rows_of(form, piped.out)) == (1 if by == "control" else 3)


def test_reverse_by_hand(flows: Path, schakel: Any) -> None:
    said = schakel("reverse", flows, "--reporter", "NLD", "--year", 2023, "--by", "product", "--format", "json")
    rows = {r["partner"]: r for r in json.loads(said.out)["rows"]}
    assert {p: r["value"] for p, r in rows.items()} == {"DEU": 50, "USA": 25, "CHN": 10}
    assert rows["DEU"]["reliance"] == pytest.approx(50 / 110)
    assert rows["USA"]["reliance"] == pytest.approx(25 / 150)
    assert rows["CHN"]["reliance"] == pytest.approx(10 / 25)
    assert rows["DEU"]["reverse_dependency"] is True
    assert rows["CHN"]["reverse_dependency"] is False


def test_a_country_that_delivers_nothing(tmp_path: Path, schakel: Any) -> None:
    path = write(tmp_path / "f.csv", HEADER + "2023,CHN,NLD,854231,5\n")
    said = schakel("reverse", path, "--reporter", "NLD", "--year", 2023)
    assert said.code == 0
    assert "No rows." in said.out.decode()


@pytest.mark.parametrize("by", ["partner", "product", "control"])
@pytest.mark.parametrize("lang", ["en", "nl"])
def test_reverse_at_80_columns(by: str, lang: str, flows: Path) -> None:
    shown = on_terminal(80, "reverse", flows, "--reporter", "NLD", "--year", 2023, "--by", by, "--lang", lang)
    assert max(map(len, shown.splitlines())) <= 80
    assert ("22,4%" if lang == "nl" else "22.4%") in shown or by != "control"
    assert ("45,5%" if lang == "nl" else "45.5%") in shown or by != "product"
    assert "Traceback" not in shown


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("common", [[], ["--common"]])
def test_mutual_in_every_format(form: str, common: list[str], schakel: Any) -> None:
    asked = ["mutual", "reference", "NLD", "DEU", "--year", 2023, "--method", "crma", *common, "--format", form]
    said = schakel(*asked)
    assert said.code == 0
    if form == "json":
        answer = json.loads(said.out)
        assert answer["parties"] == ["NLD", "DEU"]
        assert said.err == ""
        if not common:
            there, back = answer["rows"]
            assert there["asymmetry"] == -back["asymmetry"]
            assert there["ratio"] + back["ratio"] == pytest.approx(1)
        else:
            assert {"28053010"} <= {r["product"] for r in answer["rows"]}
    elif form in ("table", "md"):
        assert ("China" if common else "Netherlands") in said.out.decode()
    else:
        assert len(rows_of(form, said.out)) == (13 if common else 2)


def test_mutual_lists_what_there_is_first_and_leaves_no_ratio_of_nothing(flows: Path, schakel: Any) -> None:
    lines = schakel("mutual", flows, "NLD", "DEU", "USA", "--year", 2023).out.decode().splitlines()
    assert lines[0] == "NLD, DEU, USA: who depends on whom, 2023, ec2021"
    assert lines[4].split() == ["Germany", "Netherlands", "1", "1", "110", "1", "1.000"]
    assert lines[-1].rstrip().endswith("–")


@pytest.mark.parametrize(
    ("arguments", "code", "what"),
    [
        (["mutual", "reference", "NLD", "--year", "2023"], 3, "two different parties"),
        (["mutual", "reference", "NLD", "DEU", "BEL", "--common", "--year", "2023"], 3, "name two"),
        (["mutual", "reference", "NLD", "XYZ", "--year", "2023"], 4, "unknown country code 'XYZ'"),
        (["mutual", "reference", "NLD", "EU27", "--year", "2023"], 3, "NLD is part of EU27"),
        (["mutual", "reference", "EU27", "CHN", "BEL", "DEU", "--year", "2023"], 3, "BEL, DEU are part of EU27"),
        (["mutual", "reference", "NLD", "EU27", "--common", "--year", "2023"], 3, "NLD is part of EU27"),
        (["reverse", "reference", "--reporter", "NLD", "--year", "1999"], 4, "years present"),
        (["reverse", "reference", "--reporter", "NLD", "--year", "2023", "--by", "x"], 2, "--by"),
    ],
)
def test_wrong_questions(arguments: list[str], code: int, what: str, schakel: Any) -> None:
    said = schakel(*arguments, "--format", "json")
    assert (said.code, said.out) == (code, b"")
    assert what in said.err
    assert "Traceback" not in said.err
