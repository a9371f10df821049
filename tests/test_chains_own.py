"""A chain of one's own: read whole from its folder, or refused with file, row and column of the cell that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from schakel.chains import answers, own
from schakel.chains.makeable import compile_graph, makeable
from schakel.errors import InputError
from schakel.reports import chain_words
from schakel.sources import cells, chainfile
from schakel.sources.cells import Row

STEPS = "step,name_en,name_nl,layer,hs6,final\nchip,Chip,Chip,fabrication,854231;854232,true\nscanner,Scanner,,tool,,\nwafer,Wafer,Plak,,,false\nfilm,,,,,\n"
INPUTS = (
    "step,input,slot,kind,criticality,coefficient,stock_days,confidence\n"
    "chip,scanner,,capital,,,,\nchip,wafer,base,flow,critical,1.5,30,0.9\nchip,film,base,flow,critical,1.5,30,0.4\n"
)
POSITIONS = (
    "step,country,owner,actor,share,share_low,share_high,year,mark,source\n"
    "scanner,NL,,,1,,,2024,read,a\nwafer,JP,DEU,Firm,,0.4,0.6,,,\nchip,TWN,,,,,,,second-hand,\n"
)
SOURCES = "id,title,publisher,url,licence\na,A table,A body,https://example.org,CC-BY-NC-4.0\nb,B,,,\n"
FILES = {"steps.csv": STEPS, "inputs.csv": INPUTS, "positions.csv": POSITIONS, "sources.csv": SOURCES}


def folder(path: Path, **changed: str | None) -> Path:
    for name, text in FILES.items():
        now = changed.get(name[:-4], text)
        if now is not None:
            (path / name).write_text(now, "utf-8")
    return path


def test_every_cell_arrives(tmp_path: Path) -> None:
    g = own.read(folder(tmp_path))
    assert [s.id for s in g.steps] == ["chip", "scanner", "wafer", "film"]
    chip, scanner, wafer, film = g.steps
    assert (chip.name_nl, chip.layer, chip.hs6, chip.final) == ("Chip", "fabrication", ("854231", "854232"), True)
    assert (scanner.name_nl, wafer.name_nl, film.name_en, film.final) == ("Scanner", "Plak", "film", False)
    tool, base = g.slots_of["chip"]
    assert (tool.name, tool.kind, tool.criticality, tool.coefficient, tool.confidence) == (
        "scanner", "capital", "critical", None, 1.0,
    )  # fmt: skip
    assert (base.alternatives, base.coefficient, base.stock_days, base.confidence) == (("wafer", "film"), 1.5, 30, 0.9)
    one, two, three = g.positions
    assert (one.plant, one.owner, one.share_low, one.share_high, one.year, one.source) == ("NLD", "", 1, 1, 2024, "a")
    assert (two.plant, two.owner, two.actor, two.share_low, two.share_high) == ("JPN", "DEU", "Firm", 0.4, 0.6)
    assert (three.share, three.mark, two.mark) == (None, "second-hand", "read")
    assert g.licences == ("CC-BY-NC-4.0", "user-supplied")
    assert [i.rows for i in g.inputs] == [3, 3, 4, 2]
    assert makeable(compile_graph(g), {"NLD"}).lost == ("chip", "scanner")


def test_two_files_are_enough(tmp_path: Path) -> None:
    g = own.read(folder(tmp_path, steps=None, sources=None, positions="step,country\nwafer,JPN\n"))
    assert [s.id for s in g.steps] == ["chip", "scanner", "wafer", "film"]
    assert g.licences == ("user-supplied",)
    assert [s.id for s in g.finals()] == ["chip"]


def test_a_spreadsheets_mark_of_order_and_windows_lines_are_read(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "inputs.csv").write_bytes(b"\xef\xbb\xbf" + INPUTS.replace("\n", "\r\n").encode())
    assert len(own.read(tmp_path).slots) == 2


def test_shares_above_one_are_told(tmp_path: Path) -> None:
    text = "step,country,share\nwafer,JPN,0.7\nwafer,DEU,0.6\n"
    assert own.read(folder(tmp_path, positions=text)).warnings == (
        "shares of wafer (countries) sum to 1.300, more than 1",
    )


HEAD_I, HEAD_P = (
    "step,input,slot,kind,criticality,coefficient,stock_days,confidence\n",
    "step,country,plant,owner,control,actor,share,share_low,share_high,year,mark\n",
)
BAD = {
    "empty step": ("inputs", HEAD_I + ",wafer,,,,,,\n", "file inputs.csv, row 2, column step"),
    "empty input": ("inputs", HEAD_I + "chip,,,,,,,\n", "file inputs.csv, row 2, column input"),
    "unknown step": ("inputs", HEAD_I + "chip,wafer,,,,,,\nchop,wafer,,,,,,\n", "file inputs.csv, row 3, column step"),
    "unknown input": ("inputs", HEAD_I + "chip,waver,,,,,,\n", "file inputs.csv, row 2, column input"),
    "kind": ("inputs", HEAD_I + "chip,wafer,,tool,,,,\n", "file inputs.csv, row 2, column kind"),
    "criticality": ("inputs", HEAD_I + "chip,wafer,,,vital,,,\n", "file inputs.csv, row 2, column criticality"),
    "coefficient text": ("inputs", HEAD_I + 'chip,wafer,,,,"1,5",,\n', "file inputs.csv, row 2, column coefficient"),
    "coefficient negative": ("inputs", HEAD_I + "chip,wafer,,,,-1,,\n", "file inputs.csv, row 2, column coefficient"),
    "coefficient endless": ("inputs", HEAD_I + "chip,wafer,,,,inf,,\n", "file inputs.csv, row 2, column coefficient"),
    "coefficient nan": ("inputs", HEAD_I + "chip,wafer,,,,nan,,\n", "file inputs.csv, row 2, column coefficient"),
    "coefficient underscore": ("inputs", HEAD_I + "chip,wafer,,,,1_0,,\n", "file inputs.csv, row 2, column coefficient"),
    "stock": ("inputs", HEAD_I + "chip,wafer,,,,,-3,\n", "file inputs.csv, row 2, column stock_days"),
    "confidence": ("inputs", HEAD_I + "chip,wafer,,,,,,1.5\n", "file inputs.csv, row 2, column confidence"),
    "twice in a slot": ("inputs", HEAD_I + "chip,wafer,s,,,,,\nchip,wafer,s,,,,,\n", "file inputs.csv, row 3, column input"),
    "slot disagrees": ("inputs", HEAD_I + "chip,wafer,s,flow,,,,\nchip,film,s,capital,,,,\n", "file inputs.csv, row 3, column kind"),
    "too few cells": ("inputs", HEAD_I + "chip,wafer\n", "file inputs.csv, row 2"),
    "quote": ("inputs", HEAD_I + 'chip,"wafer,,,,,,\n', "file inputs.csv, row 2"),
    "column unknown": ("inputs", "step,input,colour\nchip,wafer,red\n", "file inputs.csv, row 1"),
    "column missing": ("inputs", "step,slot\nchip,wafer\n", "file inputs.csv, row 1"),
    "column twice": ("inputs", "step,input,input\nchip,wafer,film\n", "file inputs.csv, row 1"),
    "semicolons": ("inputs", "step;input\nchip;wafer\n", "file inputs.csv, row 1"),
    "empty file": ("inputs", "", "file inputs.csv"),
    "country": ("positions", HEAD_P + "wafer,Atlantis,,,,,,,,,\n", "file positions.csv, row 2, column country"),
    "owner": ("positions", HEAD_P + "wafer,,,QQQ,,,,,,,\n", "file positions.csv, row 2, column owner"),
    "no country": ("positions", HEAD_P + "wafer,,,,,Firm,1,,,,\n", "file positions.csv, row 2, column country"),
    "two plants": ("positions", HEAD_P + "wafer,NLD,DEU,,,,,,,,\n", "file positions.csv, row 2, column country"),
    "percentage": ("positions", HEAD_P + "wafer,NLD,,,,,52,,,,\n", "file positions.csv, row 2, column share"),
    "percent sign": ("positions", HEAD_P + "wafer,NLD,,,,,52%,,,,\n", "file positions.csv, row 2, column share"),
    "negative share": ("positions", HEAD_P + "wafer,NLD,,,,,-0.1,,,,\n", "file positions.csv, row 2, column share"),
    "share and bounds": ("positions", HEAD_P + "wafer,NLD,,,,,0.5,0.4,0.6,,\n", "file positions.csv, row 2, column share"),
    "one bound": ("positions", HEAD_P + "wafer,NLD,,,,,,0.4,,,\n", "file positions.csv, row 2, column share_low"),
    "bounds turned": ("positions", HEAD_P + "wafer,NLD,,,,,,0.6,0.4,,\n", "file positions.csv, row 2, column share_low"),
    "year": ("positions", HEAD_P + "wafer,NLD,,,,,,,,24,\n", "file positions.csv, row 2, column year"),
    "half a year": ("positions", HEAD_P + "wafer,NLD,,,,,,,,2024.5,\n", "file positions.csv, row 2, column year"),
    "mark": ("positions", HEAD_P + "wafer,NLD,,,,,,,,,guessed\n", "file positions.csv, row 2, column mark"),
    "position of nothing": ("positions", HEAD_P + "\nwaver,NLD,,,,,,,,,\n", "file positions.csv, row 3, column step"),
    "source unknown": ("positions", "step,country,source\nwafer,NLD,zz\n", "file positions.csv, row 2, column source"),
    "step twice": ("steps", STEPS + "film,,,,,\n", "file steps.csv, row 6, column step"),
    "final": ("steps", "step,final\nchip,yes\n", "file steps.csv, row 2, column final"),
    "code": ("steps", "step,hs6\nchip,8542\n", "file steps.csv, row 2, column hs6"),
    "source id": ("sources", "id,title\n,A\n", "file sources.csv, row 2, column id"),
    "source twice": ("sources", "id,title\na,A\na,B\n", "file sources.csv, row 3, column id"),
    "licence": ("sources", "id,licence\na,mine\n", "file sources.csv, row 2, column licence"),
    "source mark": ("sources", "id,mark\na,heard\n", "file sources.csv, row 2, column mark"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_bad_cell_is_named(tmp_path: Path, case: str) -> None:
    file, text, where = BAD[case]
    with pytest.raises(InputError) as caught:
        own.read(folder(tmp_path, **{file: text}))
    assert caught.value.where == where
    assert caught.value.remedy


def test_a_long_cell_and_other_bytes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="longer than 20,000"):
        own.read(folder(tmp_path, inputs="step,input\nchip," + "x" * 20_001 + "\n"))
    (tmp_path / "inputs.csv").write_bytes(b"step,input\nchip,caf\xe9\n")
    with pytest.raises(InputError, match="byte 19 is not UTF-8") as caught:
        own.read(tmp_path)
    assert caught.value.where == "file inputs.csv"


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "MOST_BYTES", 10)
    with pytest.raises(InputError, match="larger than"):
        own.read(folder(tmp_path))


def test_every_column_and_class_of_the_form_is_documented() -> None:
    for name, columns in chainfile.COLUMNS.items():
        assert name in (chainfile.__doc__ or "")
        for column in columns:
            assert column in (chainfile.__doc__ or "") or column.startswith("note")


@pytest.mark.parametrize(
    ("inputs", "positions", "told"),
    [
        ("step,input\na\x00b,c\n", "", "cannot be shown"),
        ("step,input\na\x1b[31m,c\n", "", "cannot be shown"),
        ("step,input\na\u202eb,c\n", "", "cannot be shown"),
        ("step,input\n" + "a" * 201 + ",c\n", "", "201 characters"),
        ("step,input\na,c\n", "c,NLD," + "b" * 201 + "\n", "201 characters"),
        ("step,input\na,c\n", "c,NLD,a\x07b\n", "cannot be shown"),
    ],
)
def test_a_name_that_no_address_can_carry_is_refused(tmp_path: Path, inputs: str, positions: str, told: str) -> None:
    (tmp_path / "inputs.csv").write_text(inputs, "utf-8")
    (tmp_path / "positions.csv").write_text("step,country,actor\n" + positions, "utf-8")
    with pytest.raises(InputError, match=told) as caught:
        own.read(tmp_path)
    assert ", row 2, column " in caught.value.where


def test_a_heading_with_blanks_and_a_step_that_nothing_links_to(tmp_path: Path) -> None:
    (tmp_path / "inputs.csv").write_text(" step , input \n a , b \n")
    (tmp_path / "positions.csv").write_text("step,country\nb,NLD\nB,NLD\n")
    assert own.is_own(tmp_path)
    g = own.read(tmp_path)
    assert [s.id for s in g.steps] == ["a", "b", "B"]
    assert g.warnings == ("no link goes to or from B",)
    assert chain_words.warning(g.warnings[0], "nl") == ("er gaat geen schakel naar of van B", "nl")


def test_a_chain_without_a_step_is_refused(tmp_path: Path) -> None:
    (tmp_path / "inputs.csv").write_text("step,input\n")
    (tmp_path / "positions.csv").write_text("step,country\n")
    with pytest.raises(InputError, match="no step"):
        own.read(tmp_path)


def test_a_slot_of_very_many_alternatives_is_read_with_work_that_grows_with_them(tmp_path: Path) -> None:
    """Names are compared by hash, once each: comparing all with all would ask sixteen times as often for four times as many."""

    class Name(str):
        asked = 0

        def __eq__(self, other: object) -> bool:
            Name.asked += 1
            return str.__eq__(self, other)

        __hash__ = str.__hash__

    def compared(count: int) -> int:
        (tmp_path / "inputs.csv").write_text("step,input,slot\n" + "".join(f"a,b{i},s\n" for i in range(count)))
        (tmp_path / "positions.csv").write_text("step,country\nb1,NLD\n")
        assert len(own.read(tmp_path).slots[0].alternatives) == count
        need = Row.need
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Row, "need", lambda row, column: Name(need(row, column)))
            Name.asked = 0
            own.read(tmp_path)
        return Name.asked

    few, many = compared(1_000), compared(4_000)
    assert many <= 6 * max(few, 1_000)


def test_every_row_carries_evidence_licence_and_confidence(tmp_path: Path) -> None:
    files = {
        "inputs": "step,input,confidence,source,locator\nchip,wafer,0.9,s,p. 3\nchip,gas,,,\n",
        "positions": "step,country,share,mark,confidence,source,locator\nwafer,JPN,0.5,recalled,0.6,s,p. 4\nwafer,DEU,0.2,,,t,\n",
        "sources": "id,title,licence\ns,A study,CC-BY-4.0\nt,A table,CC-BY-NC-4.0\n",
    }
    graph = own.read(folder(tmp_path, steps=None, **files))
    chip = answers.show(graph, "chip")["steps"][0]["needs"]
    assert [(n["source"], n["locator"], n["licence"], n["confidence"]) for n in chip] == [
        ("s", "p. 3", "CC-BY-4.0", 0.9),
        ("", "", None, 1.0),
    ]
    rows = answers.show(graph, "wafer")["steps"][0]["positions"]
    assert [(r["mark"], r["licence"], r["confidence"]) for r in rows] == [
        ("recalled", "CC-BY-4.0", 0.6),
        ("read", "CC-BY-NC-4.0", None),
    ]


def test_a_chain_of_one_licence_lends_it_to_rows_without_a_source(tmp_path: Path) -> None:
    graph = own.read(folder(tmp_path, steps=None, sources=None, positions="step,country\nwafer,JPN\n"))
    assert answers.show(graph, "wafer")["steps"][0]["positions"][0]["licence"] == "user-supplied"


@pytest.mark.parametrize("cell", ["1.5", "-0.1", "sure"])
def test_a_confidence_is_a_fraction_of_one(tmp_path: Path, cell: str) -> None:
    with pytest.raises(InputError) as told:
        own.read(folder(tmp_path, steps=None, sources=None, positions=f"step,country,confidence\nwafer,JPN,{cell}\n"))
    assert "row 2, column confidence" in str(told.value)
