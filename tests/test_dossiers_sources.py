"""Does every list that the reading of letters leans on say where it comes from, and under what licence?"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import schakel.dossiers
from schakel.dossiers.deadlines.calendar import chapters
from schakel.evidence import licence

ROOT = Path(schakel.dossiers.__file__).parent
LICENCES = Path(__file__).parents[1] / "LICENCE-TABLES"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_list_has_a_source_and_a_licence() -> None:
    listed = rows(ROOT / "sources.csv")
    there = {p.relative_to(ROOT).as_posix() for p in ROOT.rglob("*") if p.suffix in (".csv", ".txt", ".toml", ".json")}
    assert {r["file"] for r in listed} == there - {"sources.csv"}
    for row in listed:
        assert all(row.values()), row
        assert licence(row["licence"])
    of_others = [r["file"] for r in listed if r["licence"] != "CC-BY-4.0"]
    head = LICENCES.read_text(encoding="utf-8").split("\n\n")[0]
    assert of_others
    assert all(name in head for name in of_others)
    assert "CC0 1.0" in head


@pytest.mark.parametrize("name", [r["file"] for r in rows(ROOT / "sources.csv") if "every row" in r["source"]])
def test_a_list_with_sources_on_its_rows_has_one_on_each(name: str) -> None:
    found = rows(ROOT / name)
    assert found
    for row in found:
        assert row["source"].strip(), row
        assert row.get("mark", row.get("status")), row


def test_dossiers_of_ministries_are_marked_as_recalled() -> None:
    assert {r["mark"] for r in rows(ROOT / "deadlines" / "chapters.csv") if r["dossiers"] or r["keywords"]} == {
        "recalled"
    }
    names, dossiers = chapters()
    assert dossiers["33009"] == names["economische zaken"] == "XIII"
