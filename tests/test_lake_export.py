"""Rows leave only when their licence lets them, whole or not at all, with their terms beside them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest

from schakel.errors import InputError, LicenceError, MachineError
from schakel.lake import connect, export

QUERY = "SELECT * FROM (VALUES (1, 'a', 2.5, true), (2, '=1+1', NULL, false)) t(n, t, x, b) ORDER BY n"


def write(out: Path, **more: object) -> export.Exported:
    options = {"name": "demo", "licences": ["CC-BY-4.0"], "sources": ["A publisher"], **more}
    with connect() as con:
        return export.write(con, options.pop("query", QUERY), out, **options)  # type: ignore[arg-type]


def test_csv_with_its_terms(tmp_path: Path) -> None:
    done = write(tmp_path / "x.csv")
    assert (done.rows, [terms.id for terms in done.licences]) == (2, ["CC-BY-4.0"])
    assert (tmp_path / "x.csv").read_text() == "n,t,x,b\n1,a,2.5,true\n2,'=1+1,,false\n"
    terms = (tmp_path / "x.csv.licence.txt").read_text()
    assert "A publisher" in terms
    assert "Name the source" in terms


def test_parquet(tmp_path: Path) -> None:
    write(tmp_path / "x.parquet")
    assert pq.read_table(tmp_path / "x.parquet").column("n").to_pylist() == [1, 2]


def test_xlsx_keeps_text_text(tmp_path: Path) -> None:
    write(tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert [[cell.value for cell in row] for row in book["data"]] == [
        ["n", "t", "x", "b"],
        [1, "a", 2.5, True],
        [2, "=1+1", None, False],
    ]
    assert book["data"]["B3"].data_type == "s"
    assert "Creative Commons" in str([cell.value for cell in book["licence"]["A"]])
    book.close()


def test_the_format_may_be_named(tmp_path: Path) -> None:
    write(tmp_path / "x.data", kind="csv")
    assert (tmp_path / "x.data").read_text().startswith("n,t")
    with pytest.raises(InputError, match="no format 'data'"):
        write(tmp_path / "y.data")


def test_a_licence_that_forbids_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(LicenceError, match="UN Comtrade") as caught:
        write(tmp_path / "x.csv", licences=["CC-BY-4.0", "un-comtrade"])
    assert caught.value.exit_code == 5
    assert list(tmp_path.iterdir()) == []


def test_an_old_file_is_kept_unless_forced(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("old")
    with pytest.raises(InputError, match="there already"):
        write(tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_text() == "old"
    write(tmp_path / "x.csv", overwrite=True)
    assert (tmp_path / "x.csv").read_text() != "old"
    with pytest.raises(InputError, match="no such folder"):
        write(tmp_path / "none" / "x.csv")


def test_more_rows_than_a_sheet_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "XLSX_ROWS", 1)
    with pytest.raises(InputError, match="a sheet holds 1 rows, these are 2"):
        write(tmp_path / "x.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_fault_half_way_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.csv").write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, "sync", full)
    with pytest.raises(MachineError, match="No space"):
        write(tmp_path / "x.csv", overwrite=True)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"x.csv": "old"}
    with pytest.raises(duckdb.Error):
        write(tmp_path / "y.csv", query="SELECT error('x') FROM range(3)")
    assert not (tmp_path / "y.csv").exists()
