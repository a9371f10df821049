"""The Dutch layer: every row with a source that says so, counts by segment and region, and a CSV that adds to it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from schakel import reference
from schakel.chains import ecosystem
from schakel.errors import InputError
from shared import SHARED, needs_shared

LETTERS = {
    "letter-ez-2023-12": "2023-12_semiconductor-ecosystem.txt",
    "letter-osa-2022-11": "2022-11_open-strategic-autonomy_annex-2.txt",
}


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("*", "").replace('"', "").replace("€", "")).casefold()


@needs_shared
@pytest.mark.parametrize("table", ["ecosystem", "ecosystem_segments", "ecosystem_published"])
def test_every_row_quotes_words_that_stand_in_its_letter(table: str) -> None:
    """Words between quotation marks are the letter's own, with ... where some are left out."""
    for row in reference.rows(table):
        letter = plain((SHARED / "letters" / LETTERS[str(row["source"])]).read_text("utf-8"))
        quotes = re.findall(r"'([^']+)'", str(row["locator"]))
        if table == "ecosystem" or "published" in table:
            assert quotes, row
        for quote in quotes:
            for piece in plain(quote).split("..."):
                assert piece.strip() in letter, (row, piece)


SPELT = {
    "ASM International": "ASM", "Prodrive": "Pro Drive", "TU Eindhoven": "Eindhoven", "TU Delft": "Delft",
    "Universiteit Twente": "Twente", "QuantumDelta": "Quantumdelta",
}  # fmt: skip


def test_every_row_quotes_its_own_actor_and_region() -> None:
    for row in reference.rows("ecosystem"):
        assert SPELT.get(str(row["actor"]), str(row["actor"])).casefold() in str(row["locator"]).casefold(), row
        if row["region"]:
            assert str(row["region"])[:9] in str(row["locator"])


def test_segments_lie_on_steps_of_the_chain_and_hold_every_row() -> None:
    steps = {r["step_id"] for r in reference.rows("chip_steps")}
    segments = {r["segment"]: r for r in reference.rows("ecosystem_segments")}
    for r in segments.values():
        assert set(str(r["steps"] or "").split(";")) - {""} <= steps
    assert {r["segment"] for r in reference.rows("ecosystem")} <= set(segments)


def test_the_published_count_stands_beside_ours_and_is_not_split() -> None:
    found = ecosystem.answer()
    assert [p["value"] for p in found["published"]] == [336, 300]
    assert found["published"][0]["year"] == 2022
    assert all(s["published"] is None for s in found["segments"])  # the figure's numbers by segment are not in the text
    assert found["actors"] < 336


def test_many_to_many() -> None:
    found = ecosystem.load()
    of = {a: {x.segment for x in found.activities if x.actor == a} for a in found.actors}
    assert len(of["ASML"]) >= 3 and len(of["TNO"]) == 2
    segments, regions = ecosystem.counts(found)
    assert sum(s["named"] for s in segments) == len(found.activities) > len(found.actors)
    for s in segments:
        assert s["named"] == s["firms"] + s["institutes"] + s["programmes"]
    unknown = regions[-1]
    assert unknown["region"] is None
    assert sum(r["named"] for r in regions) == len(found.actors)  # nobody is stated in two regions


HEAD = "actor,kind,segment,region,source,locator\n"


def test_a_file_adds_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "more.csv"
    path.write_text(
        HEAD + "New BV,firm,packaging,Nijmegen,own count 2026,\nASML,firm,equipment,Veldhoven,own count 2026,\n"
    )
    before, after = ecosystem.answer(), ecosystem.answer([path])
    assert after["actors"] == before["actors"] + 1
    row = next(r for r in after["rows"] if r["actor"] == "ASML" and r["segment"] == "equipment")
    assert (row["region"], row["source"]) == ("Veldhoven", "own count 2026")
    assert {r["region"]: r["named"] for r in after["regions"]}["Nijmegen"] == 1
    assert "user-supplied" in [k["id"] for k in after["licences"]]
    assert "user-supplied" not in [k["id"] for k in before["licences"]]
    assert [i["path"] for i in after["receipt"]["inputs"]] == ["reference ecosystem", "more.csv"]
    assert after["receipt"]["result_sha256"] != before["receipt"]["result_sha256"]


def test_a_file_counts_by_segment_and_region_together(tmp_path: Path) -> None:
    before = {(c["segment"], c["region"]): c["named"] for c in ecosystem.answer()["segment_regions"]}
    assert before["photonics", "Eindhoven"] == 1 and before["photonics", None] == 5
    assert sum(before.values()) == len(ecosystem.load().activities)  # each row once: nobody stands in two regions
    path = tmp_path / "more.csv"
    path.write_text(
        HEAD + "New BV,firm,packaging,Nijmegen,own count 2026,\nOther BV,firm,packaging,Nijmegen,own count 2026,\n"
        "New BV,firm,design,,own count 2026,\nNXP,firm,analogue,Nijmegen,own count 2026,\n"
    )
    found = ecosystem.answer([path])
    after = {(c["segment"], c["region"]): c["named"] for c in found["segment_regions"]}
    assert after["packaging", "Nijmegen"] == 2
    assert after["design", "Nijmegen"] == 1  # stated on another row of the same firm
    assert (after["analogue", "Nijmegen"], after["analogue", None]) == (1, 1)  # NXP moved, Nexperia stays unknown
    assert after["photonics", "Nijmegen"] == 1 and after["photonics", None] == before["photonics", None] - 1
    segments = {s["segment"]: s["named"] for s in found["segments"]}
    assert (segments["packaging"], segments["design"]) == (2, 1)
    assert {r["region"]: r["named"] for r in found["regions"]}["Nijmegen"] == 3
    one = ecosystem.answer([path], segment="packaging")
    assert one["segment_regions"] == [{"segment": "packaging", "region": "Nijmegen", "named": 2}]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (HEAD + ",firm,packaging,,x,\n", "row 2, column actor"),
        (HEAD + "A,firm,packaging,,,\n", "row 2, column source"),
        (HEAD + "A,company,packaging,,x,\n", "row 2, column kind"),
        (HEAD + "A,firm,packing,,x,\n", "row 2, column segment"),
        (HEAD + "A,firm,packaging,,x,\nA,firm,packaging,,y,\n", "row 3, column actor"),
        ("actor,segment\nA,packaging\n", "row 1"),
        ("actor;segment;source\nA;packaging;x\n", "row 1"),
    ],
)
def test_a_bad_cell_is_named(tmp_path: Path, text: str, where: str) -> None:
    path = tmp_path / "more.csv"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        ecosystem.load([path])
    assert caught.value.where == f"file more.csv, {where}"


def test_one_segment() -> None:
    assert {r["segment"] for r in ecosystem.answer(segment="photonics")["rows"]} == {"photonics"}
