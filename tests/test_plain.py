"""Can text from a file steer a terminal, or run in a spreadsheet?"""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow_files import HEADER, schakel, write
from schakel.errors import InputError
from schakel.lake.export import write as export
from schakel.plain import guarded, printable, printable_lines

__all__ = ["schakel"]
EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e"
FORMULAS = ("=1+1", '=HYPERLINK("http://evil.example","x")', "+1", "-2+3", "@SUM(1)", "\tx", "\rx", "＝1+1")
MAIN = "from schakel.cli import main; main()"


def steers(text: str) -> list[str]:
    """Return the signs of a text that steer a terminal."""
    return [c for c in text if (ord(c) < 32 and c not in "\r\n") or 127 <= ord(c) < 160 or c == "\u202e"]


def on_terminal(tmp_path: Path, *arguments: object) -> str:
    """Return what a command writes to a terminal, both streams."""
    outside, inside = pty.openpty()
    run = subprocess.Popen(
        [sys.executable, "-c", MAIN, *map(str, arguments)],
        stdout=inside,
        stderr=inside,
        stdin=subprocess.DEVNULL,
        env=os.environ | {"SCHAKEL_HOME": str(tmp_path / "home"), "NO_COLOR": "1", "TERM": "dumb"},
    )
    os.close(inside)
    seen = b""
    while True:
        try:
            piece = os.read(outside, 65_536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    run.wait(60)
    os.close(outside)
    return seen.decode()


@pytest.mark.parametrize("form", ["table", "csv", "json", "md"])
def test_a_product_code_cannot_steer_the_terminal(form: str, tmp_path: Path) -> None:
    flows = write(tmp_path / "flows.csv", f"{HEADER}2023,CHN,NLD,X{EVIL},60\n")
    seen = on_terminal(tmp_path, "screen", flows, "--reporter", "NLD", "--year", 2023, "--format", form)
    assert "owned" in seen
    assert steers(seen) == []


@pytest.mark.parametrize("form", ["table", "csv", "json", "md"])
def test_nor_can_it_through_the_lake(form: str, tmp_path: Path) -> None:
    flows = write(tmp_path / "flows.csv", f"{HEADER}2023,CHN,NLD,X{EVIL},60\n")
    seen = on_terminal(tmp_path, "data", "add", flows, "--as", "mine", "--format", form)
    assert "owned" in seen
    assert steers(seen) == []


@pytest.mark.parametrize(
    "content", [f"year,{EVIL},importer\n1,2,3\n", f"{HEADER}2023,CHN,NLD,{EVIL},x\n", f"{HEADER}2023,{EVIL},NLD,85,1\n"]
)
def test_nor_can_a_heading_or_a_message(content: str, tmp_path: Path) -> None:
    flows = write(tmp_path / f"flows{EVIL.replace('/', '')}.csv", content)
    seen = on_terminal(tmp_path, "screen", flows, "--reporter", "NLD", "--year", 2023)
    assert "error: " in seen and "remedy: " in seen
    assert steers(seen) == []


def test_nor_can_an_argument(tmp_path: Path) -> None:
    assert steers(on_terminal(tmp_path, "screen", "reference", f"--{EVIL}")) == []


@pytest.mark.parametrize("form", ["table", "csv", "json", "md"])
def test_nor_can_a_chain(form: str, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    write(folder / "inputs.csv", f"step,input,note_en\nchip{EVIL},wafer,{EVIL}\n")
    write(folder / "positions.csv", f"step,country,actor,share\nwafer,NLD,Firm{EVIL},1\n")
    for asked in (
        ("show", folder),
        ("choke", folder, "--names", "actors"),
        ("makeable", folder, "--without", f"x{EVIL}"),
    ):
        assert steers(on_terminal(tmp_path, "chain", *asked, "--format", form)) == []


@pytest.mark.parametrize("form", ["table", "json"])
def test_nor_can_a_scenario(form: str, tmp_path: Path) -> None:
    from schakel.shocks.scenario import template

    escaped = json.dumps(f"owned{EVIL}")
    whole = template().replace("en: Exports of electronics cut by half", f"en: {escaped}")
    assert escaped in whole
    seen = on_terminal(tmp_path, "shock", "check", write(tmp_path / "mine.yaml", whole), "--format", form)
    assert "mine.yaml, line " in seen and "key title.en" in seen
    assert "owned" not in seen and steers(seen) == []
    wrong = write(tmp_path / "wrong.yaml", whole.replace("time:", f"{json.dumps(EVIL)}: 1\ntime:"))
    seen = on_terminal(tmp_path, "shock", "check", wrong)
    assert "error: " in seen
    assert steers(seen) == []


def test_an_error_is_three_lines_whatever_it_quotes() -> None:
    error = InputError(f"a\nb{EVIL}", where="c\nd", remedy="e\rf")
    assert len(str(error).splitlines()) == 3
    assert steers(str(error)) == []
    assert error.what.startswith("a\nb\x1b")  # the error itself keeps what was found


def test_every_command_speaks_in_one_place() -> None:
    import schakel.cli

    folder = Path(schakel.cli.__file__).parent
    speakers = [
        p.name for p in sorted(folder.glob("*.py")) if "click.echo" in p.read_text() or "print(" in p.read_text()
    ]
    assert speakers == ["data_view.py", "speech.py"]  # the first prints cells through rich, each made printable


@given(st.text())
def test_what_is_printable_is_tame(text: str) -> None:
    assert steers(printable(text)) == []
    assert "\n" not in printable(text)
    assert printable_lines(text).count("\n") == text.count("\n")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert guarded(f"x{text}") == f"x{text}"


def test_csv_of_a_screen_holds_no_formula(tmp_path: Path, schakel: Any) -> None:
    flows = write(tmp_path / "f.csv", HEADER + "2023,CHN,NLD,=1+1,60\n2023,CHN,NLD,@x,5\n2023,CHN,NLD,-1,7\n")
    asked = ("screen", flows, "--reporter", "NLD", "--year", 2023)
    rows = list(csv.DictReader(io.StringIO(schakel(*asked, "--format", "csv").out.decode())))
    assert [r["product"] for r in rows] == ["'-1", "'=1+1", "'@x"]
    assert [r["import_value_usd"] for r in rows] == ["7", "60", "5"]
    told = schakel(*asked, "--format", "md").out.decode()
    assert "| '=1+1 |" in told and "| '@x |" in told and "| '-1 |" in told


def test_an_exported_data_set_holds_no_formula(tmp_path: Path) -> None:
    query = "SELECT '=1+1' AS product, -5 AS value, NULL::VARCHAR AS none, '@x' AS \"a\"\"b\""
    export(duckdb.connect(), query, tmp_path / "x.csv", name="x", licences=["CC0-1.0"], sources=[])
    assert (tmp_path / "x.csv").read_text() == 'product,value,none,"a""b"\n\'=1+1,-5,,\'@x\n'


def test_the_tables_of_rest_hold_no_formula() -> None:
    from schakel.web.formats import Table, encode

    table = Table((("product", "text"), ("value", "float"), ("met", "bool")), (("=1+1", -0.5, True), ("x", None, None)))
    assert encode(table, "csv").decode() == "product,value,met\n'=1+1,-0.5,true\nx,,\n"


def test_lists_of_the_lake_hold_no_formula(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    from schakel.cli.data_view import show

    rows = [{"name": "=1+1", "rows": -5}]
    show(rows, "csv")
    show(rows, "md")
    said = capfdbinary.readouterr().out.decode().splitlines()
    assert said == ["name,rows", "'=1+1,-5", "| name | rows |", "|---|---|", "| '=1+1 | -5 |"]
