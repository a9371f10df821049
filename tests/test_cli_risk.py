"""Does `schakel risk` print the rank correlation as a range, with the misses, and call itself unverified?"""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from schakel.cli import cli
from schakel.dependency.supply_risk import supply_risk_report


def run(*arguments):
    result = CliRunner().invoke(cli, ["risk", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result


@pytest.mark.parametrize("assume", ["narrow", "wide", "cited"])
def test_the_range_and_the_misses_are_those_of_the_room(assume):
    found = supply_risk_report()["variants"][assume]
    told = run("--assume", assume, "--lang", "en").stdout
    for end in (*found["spearman"]["attained"], *found["spearman"]["bounds"]):
        assert f"{end:.2f}".replace("-", "−") in told
    assert "unverified" in told
    assert "not read in its source" in told
    assert f"{found['inside']} of {found['compared']}" in told
    misses = next(line for line in told.splitlines() if line.startswith("Misses"))
    assert all(m in misses for m in found["misses"])


def test_in_dutch():
    told = run("--lang", "nl").stdout
    assert "niet nagegaan" in told
    assert "Missers: arseen, germanium." in told


def test_json_is_the_whole_comparison():
    answer = json.loads(run("--format", "json").stdout)
    assert answer["status"] == "unverified"
    assert "recalled" in answer["groups"]
    low, high = answer["spearman"]["attained"]
    least, most = answer["spearman"]["bounds"]
    assert -1 <= least <= low <= high <= most <= 1
    assert len(answer["rows"]) == answer["compared"] == 70


def test_rows_for_a_spreadsheet():
    lines = run("--format", "csv").stdout.splitlines()
    assert lines[0].startswith("material,name,low,high,published,inside")
    assert len(lines) == 71
