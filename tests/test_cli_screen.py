"""Does `schakel screen` give the documented answer in every format, on the right stream, on any terminal, and end well whatever happens to it?"""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from flow_files import HEADER, hand_made, schakel, write

__all__ = ["schakel"]

COMMAND = [sys.executable, "-c", "from schakel.cli import main; main()"]
ROW_KEYS = [
    "product",
    "import_value_usd",
    "import_value_eur",
    "criteria",
    "dependent",
    "top_supplier",
    "top_supplier_share",
]
NAMES = {
    "extra_bloc_hhi",
    "partner_hhi",
    "extra_bloc_import_share",
    "import_export_ratio",
    "world_export_hhi",
    "top_supplier_share",
    "centrality",
    "spof",
    "persistent_years",
    "import_value",
}


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    return write(tmp_path / "flows.csv", hand_made((2021, 2022, 2023)))


def on_terminal(columns: int, *arguments: object, **environment: str) -> str:
    """Run the command on a terminal of so many columns and return what it showed."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    env = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")} | environment
    child = subprocess.Popen([*COMMAND, *map(str, arguments)], stdin=theirs, stdout=theirs, stderr=theirs, env=env)
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 1 << 16)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    child.wait()
    os.close(ours)
    return shown.decode().replace("\r", "")


def test_json_is_the_documented_answer_and_nothing_else(flows: Path, schakel: Any) -> None:
    said = schakel("screen", flows, "--reporter", "EU27", "--method", "ec2021", "--year", 2023, "--format", "json")
    assert (said.code, said.err) == (0, "")
    answer = json.loads(said.out)
    assert list(answer) == ["reporter", "year", "method", "rows", "warnings", "sources", "licences", "receipt"]
    assert (answer["reporter"], answer["year"], answer["method"]) == ("EU27", 2023, "ec2021")
    (row,) = answer["rows"]
    assert list(row) == ROW_KEYS
    assert set(row["criteria"]) == NAMES
    assert row["criteria"]["extra_bloc_hhi"]["value"] == pytest.approx(0.561224, abs=1e-6)
    assert row["criteria"]["extra_bloc_hhi"]["passes"] is True
    assert row["dependent"] is True
    assert (row["top_supplier"], row["import_value_usd"]) == ("CHN", 140)
    assert set(answer["receipt"]) == {"inputs", "parameters", "sql_sha256", "engine", "result_sha256"}
    assert answer["receipt"]["inputs"][0]["path"] == str(flows)
    assert answer["licences"][0]["id"] == "user-supplied"


@pytest.mark.parametrize("form", ["table", "json", "csv", "parquet", "xlsx", "md"])
def test_every_format_to_a_file_and_to_standard_output(form: str, flows: Path, tmp_path: Path, schakel: Any) -> None:
    asked = ["screen", flows, "--reporter", "NLD", "--method", "ec2021", "--year", 2023, "--format", form]
    piped, kept = schakel(*asked), tmp_path / f"answer.{form}"
    filed = schakel(*asked, "--out", kept)
    assert (piped.code, filed.code, filed.out) == (0, 0, b"")
    assert kept.read_bytes() == piped.out
    assert piped.err == ""
    if form in ("table", "md"):
        text = piped.out.decode()
        assert "NLD 2023, ec2021: 0 of 1 products dependent, 0 undecided" in text.replace("\\", "")
        assert "0.594" in text
        assert "Processors and controllers" in text
        return
    if form == "json":
        value = json.loads(piped.out)["rows"][0]["criteria"]["extra_bloc_hhi"]["value"]
    elif form == "csv":
        (row,) = csv.DictReader(io.StringIO(piped.out.decode()))
        value = float(row["criteria.extra_bloc_hhi.value"])
        assert row["dependent"] == "false"
        assert {f"criteria.{n}.passes" for n in NAMES} <= set(row)
    elif form == "parquet":
        table = pq.read_table(io.BytesIO(piped.out))
        value = table["criteria.extra_bloc_hhi.value"][0].as_py()
        assert table["product"].to_pylist() == ["854231"]
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(piped.out)).worksheets[0]
        cells = [c for line in sheet.iter_rows(values_only=True) for c in line]
        value = next(c for c in cells if isinstance(c, float) and c == pytest.approx(0.59375))
    assert value == pytest.approx(0.59375, abs=1e-12)


def test_dutch_tables_speak_dutch(flows: Path, schakel: Any) -> None:
    text = schakel("screen", flows, "--reporter", "NLD", "--year", 2023, "--lang", "nl").out.decode()
    assert "0 van 1 producten afhankelijk" in text
    assert "0,594" in text
    assert "grootste leverancier" in text
    assert "Processoren en controllers" in text
    assert "nee" in text


def test_notes_go_to_standard_error_and_into_the_json(tmp_path: Path, schakel: Any) -> None:
    path = write(tmp_path / "f.csv", hand_made() + "2023,NLD,NLD,854231,5\n")
    asked = ["screen", path, "--reporter", "NLD", "--method", "geodep2024", "--year", 2023]
    table, answer = schakel(*asked), schakel(*asked, "--format", "json")
    assert "note: 1 row left out by rule self-trade" in table.err
    assert "note: geodep2024 looks at 3 years; no flows of 2021, 2022" in table.err
    assert "note" not in table.out.decode()
    assert answer.err == ""
    assert len(json.loads(answer.out)["warnings"]) == 2


def test_the_licence_of_the_data_is_printed(schakel: Any) -> None:
    said = schakel("screen", "reference", "--reporter", "NLD", "--method", "crma", "--year", 2023)
    assert "licence of the data: CC-BY-4.0" in said.err


def test_nothing_exported_is_infinite_and_nothing_imported_from_outside_is_a_dash(tmp_path: Path, schakel: Any) -> None:
    text = HEADER + "2023,CHN,NLD,854231,5\n2023,DEU,NLD,010121,5\n"
    asked = ["screen", write(tmp_path / "f.csv", text), "--reporter", "NLD", "--year", 2023]
    lines = schakel(*asked).out.decode().splitlines()
    assert "∞" in next(line for line in lines if line.startswith("854231"))
    horses = next(line for line in lines if line.startswith("010121"))
    assert "–" in horses
    assert "unknown" not in horses
    assert "(01)" in horses, "a product without a name of its own has that of its chapter"
    rows = json.loads(schakel(*asked, "--format", "json").out)["rows"]
    assert (
        rows[1]["criteria"]["import_export_ratio"] | {"why": "nothing exported", "value": None}
        == rows[1]["criteria"]["import_export_ratio"]
    )


def test_only_what_is_dependent(schakel: Any) -> None:
    asked = ["screen", "reference", "--reporter", "NLD", "--method", "crma", "--year", 2023, "--format", "json"]
    all_, some = (json.loads(schakel(*asked, *more).out) for more in ([], ["--dependent"]))
    assert [r for r in all_["rows"] if r["dependent"] is not False] == some["rows"]
    assert 0 < len(some["rows"]) < len(all_["rows"])
    assert any("not shown" in w for w in some["warnings"])


@pytest.mark.parametrize("threads", [1, 2])
def test_threads_change_nothing(threads: int, flows: Path, schakel: Any) -> None:
    asked = ["screen", flows, "--reporter", "EU27", "--method", "geodep2024", "--year", 2023, "--format", "json"]
    one, two = (json.loads(schakel(*asked, *more).out) for more in ([], ["--threads", threads]))
    assert one["receipt"]["result_sha256"] == two["receipt"]["result_sha256"]


@pytest.mark.parametrize("bloc", ["one", "members"])
def test_the_bloc_as_asked(bloc: str, flows: Path, schakel: Any) -> None:
    said = schakel(
        "screen",
        flows,
        "--reporter",
        "EU27",
        "--method",
        "geodep2024",
        "--year",
        2023,
        "--bloc",
        bloc,
        "--format",
        "json",
    )
    answer = json.loads(said.out)
    world = answer["rows"][0]["criteria"]["world_export_hhi"]["value"]
    assert world == pytest.approx({"one": 0.447720, "members": 0.349377}[bloc], abs=1e-6)
    assert answer["receipt"]["parameters"]["bloc"] == bloc


@pytest.mark.parametrize(
    ("more", "code", "what"),
    [
        (["--reporter", "NLX", "--year", "2023"], 4, "NLX is close to NLD"),
        (["--reporter", "BRA", "--year", "2023"], 4, "hold nothing of BRA"),
        (["--reporter", "NLD", "--year", "2020"], 4, "years present: 2021"),
        (["--reporter", "NLD", "--year", "2023", "--method", "none"], 4, "use one of ec2021"),
        (["--reporter", "NLD"], 2, "--year"),
        (["--reporter", "NLD", "--year", "x"], 2, "not a valid integer"),
        (["--reporter", "NLD", "--year", "2023", "--threads", "0"], 2, "--threads"),
        (["--reporter", "NLD", "--year", "2023", "--out", "/dev/full"], 7, "No space left"),
        (["--reporter", "NLD", "--year", "2023", "--out", "/dev/null/x.json"], 7, "cannot be written"),
    ],
)
def test_wrong_questions(more: list[str], code: int, what: str, flows: Path, schakel: Any) -> None:
    said = schakel("screen", flows, *more, "--format", "json")
    assert (said.code, said.out) == (code, b"")
    assert what in said.err
    assert "Traceback" not in said.err


def test_a_device_as_out_is_written_to_and_not_replaced(flows: Path, schakel: Any) -> None:
    before = Path("/dev/null").stat()
    assert schakel("screen", flows, "--reporter", "NLD", "--year", 2023, "--out", "/dev/null").code == 0
    assert Path("/dev/null").stat().st_rdev == before.st_rdev
    assert Path("/dev/null").stat().st_ino == before.st_ino


@pytest.mark.parametrize("form", ["table", "json", "csv", "xlsx"])
def test_a_full_disk_behind_standard_output(form: str, flows: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        asked = ["screen", str(flows), "--reporter", "NLD", "--year", "2023", "--format", form]
        done = subprocess.run([*COMMAND, *asked], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 7
    assert done.stderr.startswith("error: the answer cannot be written: No space left on device")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_reader_that_stops_is_no_fault(form: str) -> None:
    asked = ["screen", "reference", "--reporter", "NLD", "--year", "2023", "--format", form]
    child = subprocess.Popen([*COMMAND, *asked], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.close()
    said = child.stderr.read().decode()
    child.stderr.close()
    assert child.wait() == 0
    assert "Traceback" not in said
    assert "Broken pipe" not in said


def test_head_sees_the_first_line() -> None:
    line = f"{sys.executable} -c 'from schakel.cli import main; main()' screen reference --reporter NLD --year 2023 --format json"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line} | head -1"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "{\n", "")


@pytest.mark.parametrize("sign", ["schakel-read-*", "schakel-read-*/typed.parquet"])
def test_an_interrupt_says_so_and_leaves_nothing(sign: str, tmp_path: Path) -> None:
    rows = "".join(f"2023,CHN,NLD,{p:06d},{p}\n" for p in range(100000, 999999))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    asked = ["screen", str(write(tmp_path / "f.csv", HEADER + rows)), "--reporter", "NLD", "--year", "2023"]
    env = os.environ | {"TMPDIR": str(temporary), "SCHAKEL_HOME": str(tmp_path / "home")}
    child = subprocess.Popen([*COMMAND, *asked], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
    until = time.monotonic() + 20
    while not any(temporary.glob(sign)) and time.monotonic() < until:
        time.sleep(0.01)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=30)
    assert (child.returncode, out, err.strip()) == (130, "", "stopped")
    assert list(temporary.rglob("*")) == []


@pytest.mark.parametrize(("columns", "lang"), [(50, "en"), (80, "en"), (80, "nl"), (160, "nl")])
def test_no_line_is_wider_than_the_terminal_and_no_number_is_cut(columns: int, lang: str) -> None:
    asked = ["screen", "reference", "--reporter", "NLD", "--year", 2023, "--lang", lang, "--dependent"]
    shown = on_terminal(columns, *asked)
    table = shown.partition("let op:" if lang == "nl" else "note:")[0]
    assert max(map(len, table.splitlines())) <= columns
    for figure in ("25101000", "128.121.318" if lang == "nl" else "128,121,318", "0,622" if lang == "nl" else "0.622"):
        assert figure in table
    whole = "77,9%" if lang == "nl" else "77.9%"
    assert whole in table
    if columns == 80:
        assert ("Weggelaten op deze breedte: naam" if lang == "nl" else "Left out at this width: name") in table


def test_a_workbook_is_not_thrown_at_a_terminal() -> None:
    shown = on_terminal(80, "screen", "reference", "--reporter", "NLD", "--year", 2023, "--format", "xlsx")
    assert shown.startswith("error: xlsx is not for reading on a terminal")
    assert "--out" in shown
