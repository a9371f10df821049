"""Does the score count what it says, on another folder of the same layout, and print what was agreed?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from schakel.dossiers import score
from schakel.errors import InputError, NotFoundError


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    truth, letters = tmp_path / "truth", tmp_path / "letters"
    truth.mkdir()
    letters.mkdir()
    (letters / "a.txt").write_text("Zie Kamerstuk 33 009, nr. 138 en Kamerstuk 29 826, nr. 2.\n", encoding="utf-8")
    head = "letter,char_start,char_end,ref_kind,normalised,resolvable\n"
    row = "a.txt,4,29,kamerstuk,kst-33009-138,yes\n"
    (truth / "references.csv").write_text(head + row + "a.txt,0,3,kamerstuk,kst-11111-1,yes\n", encoding="utf-8")
    (truth / "wild_citations.csv").write_text(
        "zaak,field,text,shape_count,kind,gold,literal,note\nz,f,Kamerstuk 1234-5,1,ok,kst-12345-5,,\nz,f,t.v.v. nr. 3,1,relative,rel:3,,\n",
        encoding="utf-8",
    )
    return truth, letters


def test_values_are_counted_by_hand(folders: tuple[Path, Path]) -> None:
    found = {(s.set, s.measure): (s.value, s.n) for s in score.scores(*folders)}
    assert found["references", "recall"] == (0.5, 2)
    assert found["references", "precision"] == (0.5, 2)
    assert found["wild_citations", "recall:ok"] == (0.0, 1)
    assert found["wild_citations", "recall:relative"] == (1.0, 1)


def test_json_is_one_object_a_line(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert score.main([*map(str, folders), "json"]) == 0
    for line in capsys.readouterr().out.splitlines():
        assert list(json.loads(line)) == ["set", "measure", "value", "n"]


def test_table_prints_the_rival_beside(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    score.main([*map(str, folders)])
    out = capsys.readouterr().out
    assert out.splitlines()[0].split() == ["set", "measure", "value", "n", "beside"]
    assert "52 of 61" in out


def test_folders_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        list(score.scores(tmp_path / "x", tmp_path))
    with pytest.raises(InputError):
        list(score.scores(tmp_path, tmp_path))


def test_a_mark_at_the_beginning_missing_columns_and_empty_files_do_no_harm(folders: tuple[Path, Path]) -> None:
    truth, letters = folders
    whole = list(score.scores(truth, letters))
    for path in truth.glob("*.csv"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    (truth / "anomalies.csv").write_bytes(b"")
    (truth / "negatives.csv").write_text("id,letter,char_start,char_end,not_a\n", encoding="utf-8")
    (truth / "footnotes.csv").write_text("letter,footnote\na.txt,1\nabsent.txt,2\n,3\n", encoding="utf-8")
    again = list(score.scores(truth, letters))
    assert [s for s in again if s.set in ("references", "wild_citations")] == whole
    assert {(s.set, s.measure): (s.value, s.n) for s in again if s not in whole} == {
        ("footnotes", "recall:mark"): (0.0, 1)
    }


def unreadable(truth: Path, letters: Path) -> list[score.Score]:
    raise ValueError("gisteren is no date")


def test_a_set_that_cannot_be_read_is_named_and_the_others_are_scored(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sets = {"wild_citations": f"{__name__}:unreadable", "references": score.SETS["references"]}
    monkeypatch.setattr(score, "SETS", sets)
    assert score.main([*map(str, folders), "json"]) == 3
    told = capsys.readouterr()
    assert {json.loads(line)["set"] for line in told.out.splitlines()} == {"references"}
    assert "wild_citations.csv" in told.err
    assert "gisteren is no date" in told.err
    with pytest.raises(InputError):
        list(score.scores(*folders))
