"""Does the score survive another folder of the same layout, and does it count honestly there?"""

from __future__ import annotations

import csv
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from schakel.dossiers import score
from schakel.dossiers.scoring import labelled
from shared import SHARED, needs_shared

TRUTH, LETTERS = SHARED / "data" / "truth", SHARED / "letters"
MEASURES = {"recall", "precision", "f1", "traps"}
Table = list[dict[str, str]]


def tables(folder: Path) -> dict[str, Table]:
    return {
        name: [dict(r) for r in labelled.rows(folder, name)] for name in score.SETS if (folder / f"{name}.csv").exists()
    }


def write(
    folder: Path, name: str, rows: Table, head: list[str] | None = None, ending: str = "\n", mark: str = ""
) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(mark)
        out = csv.DictWriter(file, head or list(rows[0]), lineterminator=ending)
        out.writeheader()
        out.writerows(rows)


def run(
    truth: Path, letters: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[dict[tuple[str, str], tuple[float, int]], str]:
    assert score.main([str(truth), str(letters), "json"]) == 0
    told = capsys.readouterr()
    found: dict[tuple[str, str], tuple[float, int]] = {}
    for line in told.out.splitlines():
        one = json.loads(line)
        assert list(one) == ["set", "measure", "value", "n"]
        assert one["set"] in score.SETS
        assert one["measure"].split(":")[0] in MEASURES
        assert one["n"] > 0
        assert 0 <= one["value"] <= (one["n"] if one["measure"].startswith("traps") else 1)
        assert (one["set"], one["measure"]) not in found
        found[one["set"], one["measure"]] = (one["value"], one["n"])
    return found, told.err


def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "truth"
    shutil.copytree(TRUTH, folder)
    return folder


def shuffled(folder: Path) -> None:
    order = random.Random(7)
    for name, rows in tables(folder).items():
        order.shuffle(rows)
        write(folder, name, rows)


def windows(folder: Path) -> None:
    for name, rows in tables(folder).items():
        write(folder, name, rows, ending="\r\n", mark="\ufeff")


def wider(folder: Path) -> None:
    for name, rows in tables(folder).items():
        write(folder, name, [{"extra": "x", **r, "remark": 'a "quoted", cell\nof two lines'} for r in rows])


@needs_shared
@pytest.mark.parametrize("change", [shuffled, windows, wider])
def test_order_line_ends_and_more_columns_change_no_value(
    change: Callable[[Path], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    truth = copied(tmp_path)
    before, _ = run(truth, LETTERS, capsys)
    change(truth)
    assert run(truth, LETTERS, capsys)[0] == before
    assert {name for name, _ in before} == set(score.SETS)


@needs_shared
@pytest.mark.parametrize("name", score.SETS)
def test_empty_cells_stop_no_set(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = tables(TRUTH)[name]
    truth = tmp_path / "truth"
    truth.mkdir()
    if (TRUTH / "documents.csv").exists():
        shutil.copy(TRUTH / "documents.csv", truth)
    for column in whole[0]:
        rows = [{**r, column: ""} if i % 2 else r for i, r in enumerate(whole)]
        write(truth, name, rows)
        found, _ = run(truth, LETTERS, capsys)
        assert found, column
        rows = [{**r, column: "?"} for r in whole]
        write(truth, name, rows)
        run(truth, LETTERS, capsys)
        write(truth, name, [{k: v for k, v in r.items() if k != column} for r in whole])
        run(truth, LETTERS, capsys)


@needs_shared
def test_one_letter_only_and_letters_that_are_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    truth = copied(tmp_path)
    for name, rows in tables(truth).items():
        if "letter" in rows[0] and "char_start" in rows[0]:
            one = next(r["letter"] for r in rows if r["letter"])
            other = [{**r, "letter": "2019-01_unknown.txt"} for r in rows if r["letter"] != one]
            write(truth, name, [*(r for r in rows if r["letter"] == one), *other])
    found, told = run(truth, LETTERS, capsys)
    assert found["references", "recall"][1] < 13
    assert "references: " in told
    assert "letter 2019-01_unknown.txt is not in the folder of letters" in told


@needs_shared
def test_heads_without_rows_print_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    truth = tmp_path / "truth"
    truth.mkdir()
    for name, rows in tables(TRUTH).items():
        write(truth, name, [], list(rows[0]))
    assert run(truth, LETTERS, capsys) == ({}, "")


@needs_shared
def test_an_offset_elsewhere_finds_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The quote is the same, the place is not: what counts is the place."""
    truth = copied(tmp_path)
    for name in ("references", "amounts", "percentages", "commitments", "dates"):
        write(truth, name, [{**r, "char_start": "10", "char_end": "11"} for r in tables(truth)[name]])
    found, _ = run(truth, LETTERS, capsys)
    for name in ("references", "amounts", "percentages", "commitments", "dates"):
        assert found[name, "recall"][0] == 0.0, name


@needs_shared
def test_wrong_labels_are_missed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The labels are compared, never handed to the reading."""
    truth = copied(tmp_path)
    wrong = {
        "references": {"normalised": "kst-11111-1"},
        "amounts": {"value": "7"},
        "percentages": {"value_pct": "99.5"},
        "dates": {"start": "1999-01-01", "end": "1999-01-02"},
        "wild_citations": {"gold": "kst-11111-1"},
        "citation_forms": {"canonical": "kst-11111-1"},
        "toezegging_letters": {"debate_date": "1999-01-01"},
    }
    for name, change in wrong.items():
        rows = tables(truth)[name]
        rows = [r for r in rows if r.get("kind") not in ("none", "malformed")] if name == "wild_citations" else rows
        write(truth, name, [{**r, **change} for r in rows])
    deadlines = [r for r in tables(truth)["motion_deadlines"] if r["cls"] in ("deadline_abs", "deadline_event")]
    write(truth, "motion_deadlines", [{**r, "end_min": "1999-01-01", "end_max": "1999-01-02"} for r in deadlines])
    pairs = tables(truth)["motion_letters"]
    said = ("letter", "letter_date", "letter_title", "relation")
    moved = [{**r, **{k: b[k] for k in said}} for r, b in zip(pairs, [*pairs[9:], *pairs[:9]], strict=True)]
    write(truth, "motion_letters", moved)
    found, _ = run(truth, LETTERS, capsys)
    for name in (*wrong, "motion_deadlines"):
        assert found[name, "recall"][0] == 0.0, name
    assert found["motion_letters", "recall"][0] < 0.1
    assert found["motion_letters", "recall:with-identifiers"][0] < 0.1


@needs_shared
def test_a_letter_without_its_date_is_scored_all_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    truth = copied(tmp_path)
    before, _ = run(truth, LETTERS, capsys)
    (truth / "documents.csv").unlink()
    after, _ = run(truth, LETTERS, capsys)
    assert {k: n for k, (_, n) in after.items() if "precision" not in k[1]} == {
        k: n for k, (_, n) in before.items() if "precision" not in k[1]
    }


def test_a_lost_mark_of_a_note_that_is_not_found_is_missed(tmp_path: Path) -> None:
    truth, letters = tmp_path / "truth", tmp_path / "letters"
    truth.mkdir()
    letters.mkdir()
    (letters / "a.txt").write_text("Geachte Voorzitter, hier staat geen noot.\n", encoding="utf-8")
    (truth / "footnotes.csv").write_text("letter,footnote,marker_start,definition_start\na.txt,1,,\n", encoding="utf-8")
    assert [(s.measure, s.value, s.n) for s in score.scores(truth, letters)] == [("recall:mark", 0.0, 1)]


def test_a_damaged_file_stops_its_own_set_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    truth, letters = tmp_path / "truth", tmp_path / "letters"
    truth.mkdir()
    letters.mkdir()
    (truth / "citation_forms.csv").write_bytes(b"example,family,canonical\n\xe9\xff,kamerstuk,kst-1-1\n")
    (truth / "wild_citations.csv").write_text("text,kind,gold\nKamerstuk 33009-1,ok,kst-33009-1\n", encoding="utf-8")
    assert score.main([str(truth), str(letters), "json"]) == 3
    told = capsys.readouterr()
    assert [json.loads(line)["set"] for line in told.out.splitlines()] == ["wild_citations"] * 3
    assert "citation_forms.csv" in told.err


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(score.InputError, match="no format 'xml'"):
        score.main([str(tmp_path), str(tmp_path), "xml"])
