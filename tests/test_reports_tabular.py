"""Does a table leave the program as it was, for people and for machines, in both languages?"""

from __future__ import annotations

import csv
import io
import json
import os
import random
from datetime import date
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports_sample import COLUMNS, HOSTILE, rows
from schakel.errors import InputError, MachineError
from schakel.plain import guarded, printable
from schakel.reports import Column, Table
from schakel.reports.tabular import ROW_FORMATS, arrow_table, as_csv, as_markdown, terminal, write_rows
from schakel.reports.words import number, shown


def written(tmp_path, form, table_rows=None, columns=COLUMNS, **more):
    out = tmp_path / f"out.{form}"
    write_rows(rows(9) if table_rows is None else table_rows, columns, form, out, **more)
    return out


@pytest.mark.parametrize(
    ("value", "digits", "en", "nl"),
    [
        (1234567.891, 2, "1,234,567.89", "1.234.567,89"),
        (0, 0, "0", "0"),
        (-0.0001, 2, "0.00", "0,00"),
        (-1234, 0, "−1,234", "−1.234"),
        (Decimal("12345678901234567890"), 0, "12,345,678,901,234,567,890", "12.345.678.901.234.567.890"),
    ],
)
def test_numbers_by_language(value, digits, en, nl):
    assert number(value, "en", digits) == en
    assert number(value, "nl", digits) == nl


def test_values_as_people_read_them():
    assert shown(None, "share", "nl") == "onbekend"
    assert shown(float("nan"), "number", "en") == "unknown"
    assert shown(True, "boolean", "nl") == "ja"
    assert shown(0.2649, "share", "nl", 1) == "26,5%"
    assert shown(2023, "year", "nl") == "2023"
    assert shown(date(2026, 11, 22), "date", "nl") == "2026-11-22"
    assert shown(("b", None), "text", "en") == "b, unknown"
    assert shown({"a": True}, "text", "nl") == "a: ja"
    with pytest.raises(InputError, match="language"):
        shown(1, "number", "de")


def test_a_terminal_table_in_dutch(tmp_path):
    text = written(tmp_path, "table", rows(2), lang="nl", title="Proef").read_text()
    assert text.splitlines()[0] == "Proef"
    assert "Invoer (USD)" in text
    assert "1.234.567" in text
    assert "0,500" in text
    assert "68,5%" in text
    assert text.count("onbekend") == 4
    assert "unknown" not in text


def test_a_piped_table_is_never_cut(tmp_path):
    long = [{"a": "x" * 400, "b": 1}]
    assert "x" * 400 in written(tmp_path, "table", long, ["a", "b"]).read_text()


def test_detail_columns_are_for_machines_only(tmp_path):
    columns = [Column("a"), Column("secret", detail=True)]
    row = [{"a": 1, "secret": 2}]
    assert "secret" not in written(tmp_path, "table", row, columns).read_text()
    assert "secret" not in written(tmp_path, "md", row, columns).read_text()
    assert written(tmp_path, "csv", row, columns).read_text() == "a,secret\n1,2\n"
    assert pq.read_table(written(tmp_path, "parquet", row, columns)).column_names == ["a", "secret"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_does_not_steer_a_terminal_or_markdown(text):
    table = Table((Column("t", "[bold]x"),), [{"t": text}], "[red]c")
    seen = terminal(table, "en", to_terminal=False)
    assert "[bold]x" in seen
    assert not any(ord(c) < 32 and c != "\n" for c in seen)
    assert "\u202e" not in seen
    line = as_markdown(table, "en").splitlines()[-1]
    assert "<" not in line
    assert line.replace("\\|", "").count("|") == 2
    assert "`" not in line.replace("\\`", "")


def test_json_is_the_rows_or_the_envelope(tmp_path):
    plain = written(tmp_path, "json", [{"a": None, "b": Decimal("5"), "c": "é"}], None).read_text()
    assert json.loads(plain) == [{"a": None, "b": 5, "c": "é"}]
    assert "é" in plain
    assert json.loads(written(tmp_path, "json", [], None, envelope={"rows": [1], "x": "<"}).read_text()) == {
        "rows": [1],
        "x": "<",
    }
    with pytest.raises(InputError, match="JSON"):
        written(tmp_path, "json", [{"a": float("inf")}], None)


def test_csv_keeps_values_and_reads_back(tmp_path):
    text = written(tmp_path, "csv").read_text()
    back = list(csv.DictReader(io.StringIO(text)))
    names = [row["name"] for row in rows(9)]
    assert [row["name"] for row in back] == [f"'{n}" if n[0] in "=+-@" else n for n in names]
    assert any(n[0] == "=" for n in names)
    assert back[0]["product"] == "010121"
    assert float(back[2]["criteria.hhi.value"]) == rows(9)[2]["criteria"]["hhi"]["value"]
    assert back[1]["imports"] == ""
    assert back[0]["dependent"] == "true"


def test_csv_for_a_dutch_spreadsheet(tmp_path):
    out = written(tmp_path, "csv", [{"a": 0.5, "b": "x;y", "c": 1000}], None, delimiter=";", decimal=",", lang="nl")
    assert out.read_text() == 'a;b;c\n0,5;"x;y";1000\n'


def test_csv_tells_unknown_from_empty():
    table = Table((Column("a"), Column("b")), [{"a": None, "b": ""}], "")
    assert as_csv(table) == 'a,b\n,""\n'
    assert as_csv(table, null="NA") == 'a,b\nNA,""\n'
    assert as_csv(Table((Column("a"),), [{"a": "NA"}], ""), null="NA") == 'a\n"NA"\n'
    assert as_csv(Table((Column("a"),), [{"a": None}], "")) == 'a\n""\n'


@pytest.mark.parametrize(
    ("delimiter", "decimal"), [(",", ","), ("", "."), (";;", "."), ('"', "."), (";", "x"), ("1", ".")]
)
def test_csv_dialects_that_cannot_be(tmp_path, delimiter, decimal):
    with pytest.raises(InputError):
        written(tmp_path, "csv", delimiter=delimiter, decimal=decimal)
    assert list(tmp_path.iterdir()) == []


def test_a_number_that_is_not_finite_is_named(tmp_path):
    with pytest.raises(InputError) as caught:
        written(tmp_path, "csv", [{"a": 1.0}, {"a": float("nan")}], None)
    assert caught.value.where == "row 2, column a"


CELL = st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=8)


@given(st.lists(st.tuples(CELL, CELL), max_size=6), st.sampled_from(",;\t|"))
def test_any_text_comes_back_from_csv(cells, delimiter):
    table = Table((Column("a"), Column("b")), [{"a": a, "b": b} for a, b in cells], "")
    back = list(csv.reader(io.StringIO(as_csv(table, delimiter=delimiter), newline=""), delimiter=delimiter))
    assert back[1:] == [[guarded(a or ""), guarded(b or "")] for a, b in cells]


def test_parquet_and_arrow_are_typed(tmp_path):
    table = pq.read_table(written(tmp_path, "parquet", licences=["CC-BY-4.0"], title="T"))
    assert [str(t) for t in table.schema.types] == ["string", "string", "int64", "double", "double", "bool", "int16"]
    assert table.column("imports").to_pylist()[:2] == [1234567, None]
    assert table.schema.field("imports").metadata == {b"unit": b"USD"}
    assert json.loads(table.schema.metadata[b"schakel.licences"]) == ["CC-BY-4.0"]
    with pa.ipc.open_stream(written(tmp_path, "arrow").read_bytes()) as stream:
        assert stream.read_all().to_pylist() == table.to_pylist()


@pytest.mark.parametrize(
    ("kind", "value"),
    [("integer", 1.5), ("integer", 2**70), ("number", "x"), ("boolean", 3), ("year", True), ("date", "x")],
)
def test_values_of_another_kind_are_refused(kind, value):
    with pytest.raises(InputError, match="kind"):
        arrow_table([{"a": value}], [Column("a", kind=kind)])


def test_money_may_have_cents():
    assert arrow_table([{"a": 1.5}, {"a": 2}], [Column("a", kind="money")]).column("a").to_pylist() == [1.5, 2.0]
    assert arrow_table([{"a": Decimal("3")}], [Column("a", kind="money")]).column("a").to_pylist() == [3]


def test_columns_are_found_when_none_are_declared():
    table = arrow_table([{"year": 2023, "c": {"x": {"v": 1.0}}, "n": None}, {"z": True, "c": {}}])
    assert table.column_names == ["year", "c.x.v", "n", "z", "c"]
    assert str(table.schema.field("year").type) == "int16"


@pytest.mark.parametrize("form", ROW_FORMATS)
@pytest.mark.parametrize("lang", ["en", "nl"])
def test_an_empty_table_is_written_in_every_format(tmp_path, form, lang):
    out = written(tmp_path, form, [], lang=lang)
    assert out.stat().st_size > 0
    words = {"en": "No rows.", "nl": "Geen rijen."}
    if form in ("table", "md"):
        assert words[lang] in out.read_text()
    if form == "xlsx":
        assert openpyxl.load_workbook(out).active["A2"].value == words[lang]
    assert written(tmp_path, form, [], None).exists()


@pytest.mark.parametrize("form", ROW_FORMATS)
def test_equal_rows_give_equal_bytes(tmp_path, form):
    first = written(tmp_path, form).read_bytes()
    assert written(tmp_path, form).read_bytes() == first


def test_standard_output_gets_the_bytes(capfdbinary):
    write_rows([{"a": "é"}], None, "csv")
    write_rows([{"a": "é"}], None, "json")
    assert capfdbinary.readouterr().out == 'a\né\n[\n {\n  "a": "é"\n }\n]\n'.encode()


def test_a_workbook_is_not_thrown_at_a_terminal(monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    with pytest.raises(InputError, match="terminal"):
        write_rows([{"a": 1}], None, "xlsx")


def test_unknown_formats_and_kinds(tmp_path):
    with pytest.raises(InputError, match="format"):
        written(tmp_path, "pickle")
    with pytest.raises(InputError, match="kind"):
        Column("a", kind="dollars")


def test_a_file_is_whole_or_not_there(tmp_path):
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "file").write_text("x")
    for out in (tmp_path / "folder.csv", tmp_path / "file" / "x.csv"):
        with pytest.raises(MachineError):
            write_rows([{"a": 1}], None, "csv", out)
    old = tmp_path / "old.csv"
    old.write_text("old")
    with pytest.raises(InputError):
        write_rows([{"a": float("nan")}], None, "csv", old)
    assert old.read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder.csv", "old.csv"]


def test_a_full_disk_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MachineError, match="No space"):
        write_rows([{"a": 1}], None, "csv", tmp_path / "out.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_written_file_may_be_read_by_others(tmp_path):
    mask = os.umask(0o022)
    try:
        assert written(tmp_path, "csv").stat().st_mode & 0o777 == 0o644
    finally:
        os.umask(mask)


def test_printable_leaves_ordinary_text_alone():
    ordinary = "Łódź Ελλάδα 中国 😀 a\u0301 " + "".join(random.Random(1).choices("abcé", k=50))
    assert printable(ordinary) == ordinary
    assert printable("a\nb\x00c\ud800\ufffe\u2066") == "a b\ufffdc\ufffd\ufffd\ufffd"
