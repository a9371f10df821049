"""Does a flow file in any of its dresses give the same flows, and does a wrong Parquet or machine say so?"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import warnings
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flow_files import HEADER, ROWS, hand_made, schakel, write
from schakel.dependency.screen import screen
from schakel.errors import InputError, MachineError
from schakel.sources.flowfile import FlowOptions, read

__all__ = ["schakel"]

SEMICOLONS = FlowOptions(delimiter=";", decimal=",")


def answer(path: Path, options: FlowOptions | None = None) -> str:
    return screen(read(path, options), reporter="EU27", method="ec2021", year=2023).receipt.result_sha256


def columns(**other: Any) -> dict[str, Any]:
    base = {
        "year": pa.array([2023, 2023], pa.int32()),
        "exporter": ["CHN", "USA"],
        "importer": ["NLD", "NLD"],
        "product": ["854231", "854231"],
        "value_usd": [60, 10],
    }
    return {name: column for name, column in (base | other).items() if column is not None}


def parquet(path: Path, **other: Any) -> Path:
    pq.write_table(pa.table(columns(**other)), path)
    return path


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return write(tmp_path / "plain.csv", hand_made())


def dutch(text: str) -> str:
    head, *rows = text.splitlines()
    out = [head.replace(",", ";")]
    for row in rows:
        *keys, amount = row.split(",")
        whole, _, part = amount.partition(".")
        out.append(";".join([*keys, f"{int(whole):,}".replace(",", ".") + (f",{part}" if part else "")]))
    return "\n".join(out) + "\n"


def test_a_dutch_spreadsheet_gives_the_same_result(tmp_path: Path) -> None:
    text = hand_made().replace(",60\n", ",1234567.89\n").replace(",100\n", ",2000000\n")
    spreadsheet = dutch(text)
    assert "1.234.567,89" in spreadsheet
    one = answer(write(tmp_path / "a.csv", text))
    assert answer(write(tmp_path / "b.csv", "\ufeff" + spreadsheet.replace("\n", "\r\n")), SEMICOLONS) == one
    assert answer(write(tmp_path / "c.csv", text.replace("2000000", "2000001"))) != one


def test_a_dutch_spreadsheet_gives_the_same_result_on_the_command_line(tmp_path: Path, schakel: Any) -> None:
    text = hand_made().replace(",60\n", ",1234567.89\n")
    asked = ["--reporter", "NLD", "--year", 2023, "--method", "bottleneck", "--format", "json"]
    one = schakel("screen", write(tmp_path / "a.csv", text), *asked)
    two = schakel("screen", write(tmp_path / "b.csv", dutch(text)), *asked, "--delimiter", ";", "--decimal", ",")
    assert (one.code, two.code) == (0, 0)
    one_, two_ = json.loads(one.out), json.loads(two.out)
    assert two_["receipt"]["result_sha256"] == one_["receipt"]["result_sha256"]
    assert two_["rows"] == one_["rows"]
    assert {k: two_["receipt"]["parameters"][k] for k in ("delimiter", "decimal")} == {"delimiter": ";", "decimal": ","}


def test_points_that_may_be_thousands_are_warned_of(tmp_path: Path) -> None:
    text = dutch(hand_made().replace(",60\n", ",1234\n"))
    options = FlowOptions(delimiter=";")
    assert any("--decimal ','" in w and "1.234" in w for w in read(write(tmp_path / "a.csv", text), options).warnings)
    clear = text.replace("1.234", "1.2345")
    assert read(write(tmp_path / "b.csv", clear), options).warnings == ()


@pytest.mark.parametrize(
    "dress",
    ["bom", "crlf", "quoted", "blank lines", "spaces", "capitals", "cp1252", "tabs", "gzip", "zip", "parquet", "order"],
)
def test_every_dress_gives_the_same_result(dress: str, tmp_path: Path, plain: Path) -> None:
    text, path, options = hand_made(), tmp_path / "other.csv", FlowOptions()
    if dress == "bom":
        write(path, "\ufeff" + text)
    elif dress == "crlf":
        write(path, text.replace("\n", "\r\n"))
    elif dress == "quoted":
        write(path, "\n".join(",".join(f'"{c}"' for c in line.split(",")) for line in text.splitlines()))
    elif dress == "blank lines":
        write(path, text.replace("\n2023,USA", "\n\n2023,USA") + "\n\n")
    elif dress == "spaces":
        write(path, text.replace(",", " , "))
    elif dress == "capitals":
        write(path, text.replace("year,exporter", "Year,EXPORTER").replace("NLD", "nl"))
    elif dress == "cp1252":
        lines = text.splitlines()
        write(path, "\n".join([lines[0] + ",note", *(line + ",Curaçao" for line in lines[1:])]), "cp1252")
    elif dress == "tabs":
        write(path, text.replace(",", "\t"))
        options = FlowOptions(delimiter="\t")
    elif dress == "gzip":
        write(path, gzip.compress(text.encode()))
    elif dress == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("flows.csv", text)
            archive.writestr("readme.md", "no flows")
    elif dress == "parquet":
        rows = [line.split(",") for line in text.splitlines()[1:]]
        year, exporter, importer, product, value = (list(c) for c in zip(*rows, strict=True))
        numbers = {"year": [int(y) for y in year], "value_usd": [float(v) for v in value]}
        pq.write_table(pa.table({"exporter": exporter, "importer": importer, "product": product} | numbers), path)
    else:
        head, *rest = text.splitlines()
        write(path, "\n".join([head, *reversed(rest)]))
    assert answer(path, options) == answer(plain)


@pytest.mark.parametrize(
    "name",
    ["int product", "float value", "decimal value", "numeric text", "M49", "dictionary", "binary", "whole float year"],
)
def test_parquet_types_that_say_the_same(name: str, tmp_path: Path) -> None:
    same: dict[str, dict[str, Any]] = {
        "int product": {"product": [854231, 854231]},
        "float value": {"value_usd": [60.0, 10.0]},
        "decimal value": {"value_usd": [Decimal("60.00"), Decimal("10.00")]},
        "numeric text": {"value_usd": ["60", "1e1"], "year": ["2023", "2023"]},
        "M49": {"importer": [528, 528]},
        "dictionary": {"product": pa.array(["854231", "854231"]).dictionary_encode()},
        "binary": {"product": pa.array([b"854231", b"854231"])},
        "whole float year": {"year": [2023.0, 2023.0]},
    }
    one = answer(parquet(tmp_path / "one.parquet"))
    assert answer(parquet(tmp_path / "two.parquet", **same[name])) == one
    assert answer(parquet(tmp_path / "three.parquet", value_usd=[60, 11])) != one


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "NaN": ({"value_usd": [60.0, float("nan")]}, "'nan' is not a number", ", row 2, column value_usd"),
    "infinite": ({"value_usd": [60.0, float("inf")]}, "'inf' is not a number", ", row 2, column value_usd"),
    "negative": ({"value_usd": [60, -1]}, "'-1' is negative", ", row 2, column value_usd"),
    "null": ({"value_usd": [60, None]}, "field is empty", ", row 2, column value_usd"),
    "boolean": ({"value_usd": [True, False]}, "of type BOOLEAN", ", column value_usd"),
    "date": ({"value_usd": [date(2023, 1, 1)] * 2}, "of type DATE", ", column value_usd"),
    "list": ({"value_usd": [[1], [2]]}, "of type BIGINT[]", ", column value_usd"),
    "words": ({"value_usd": ["1", "x"]}, "'x' is not a number", ", row 2, column value_usd"),
    "too large": ({"value_usd": [1e30, 1.0]}, "is too large", ", row 1, column value_usd"),
    "year as a date": ({"year": [date(2023, 1, 1)] * 2}, "of type DATE", ", column year"),
    "half a year": ({"year": [2023.0, 2023.4]}, "'2023.4' is not a year", ", row 2, column year"),
    "product as a float": ({"product": [854231.0, 854231.0]}, "of type DOUBLE", ", column product"),
    "a zero lost": ({"product": [854231, 10121]}, "lost a leading zero", ", row 2, column product"),
    "country as a float": ({"importer": [528.0, 528.0]}, "of type DOUBLE", ", column importer"),
    "unknown country": ({"importer": ["NLD", "QQQ"]}, "unknown country code 'QQQ'", ", row 2, column importer"),
    "no value": ({"value_usd": None}, "no column value_usd", ""),
}


@pytest.mark.parametrize("name", WRONG)
def test_parquet_of_wrong_types_is_refused(name: str, tmp_path: Path, schakel: Any) -> None:
    other, what, where = WRONG[name]
    path = parquet(tmp_path / "flows.parquet", **other)
    said = schakel("screen", path, "--reporter", "NLD", "--year", 2023, "--format", "json")
    assert (said.code, said.out) == (3, b"")
    first, second, third = said.err.splitlines()
    assert what in first
    assert second == f"  where: {path}{where}"
    assert third.startswith("  remedy: ")
    assert "spreadsheet" not in third
    assert schakel.left() == []


@pytest.mark.parametrize("harm", ["half", "no end", "a page"])
def test_a_damaged_parquet_is_refused(harm: str, tmp_path: Path, schakel: Any) -> None:
    path = parquet(tmp_path / "flows.parquet")
    data = bytearray(path.read_bytes())
    if harm == "a page":
        data[4:60] = bytes(56)
        write(path, bytes(data))
    else:
        write(path, bytes(data[: len(data) // 2] if harm == "half" else data[:-4]))
    said = schakel("screen", path, "--reporter", "NLD", "--year", 2023, "--format", "json")
    assert (said.code, said.out) == (3, b"")
    assert "the Parquet file is cut off or damaged" in said.err
    assert f"where: {path}" in said.err
    assert schakel.left() == []


def test_unknown_products_load_and_stand_in_the_warnings(tmp_path: Path) -> None:
    odd = ["999999", "ABC123", "TOTAL", "854231.0", "8.54E+05"]
    text = hand_made() + "".join(f"2023,CHN,NLD,{code},7\n" for code in odd)
    flows = read(write(tmp_path / "f.csv", text))
    assert set(odd) < set(flows.products)
    (warning,) = flows.warnings
    assert warning.startswith("5 unknown product codes: 999999 (row 16), ABC123 (row 17)")
    found = screen(flows, reporter="NLD", method="ec2021", year=2023)
    assert warning in found.warnings
    assert {r["product"] for r in found.rows} == {*odd, "854231"}


def test_codes_outside_the_revision_asked_for_are_named(tmp_path: Path) -> None:
    text = f"{HEADER}2023,CHN,NLD,852871,60\n2023,USA,NLD,854890,10\n2023,USA,NLD,854911,10\n"
    flows = read(write(tmp_path / "f.csv", text), FlowOptions(hs=2022))
    assert flows.warnings == ("1 product code not in HS 2022: 854890 (row 3)",)
    assert dict(flows.reading) == {"hs": 2022}


def test_self_trade_is_left_out_and_counted(tmp_path: Path) -> None:
    text = hand_made() + "2023,NLD,NLD,854231,500\n2023,BEL,NLD,854231,0\n"
    flows = read(write(tmp_path / "f.csv", text))
    assert flows.warnings == (
        "1 row left out by rule self-trade (exporter is importer)",
        "1 row of value zero: no trade",
    )
    assert flows.inputs[0].rows == 16
    assert sum(pq.read_table(flows.path(2023))["value"].to_pylist()) == 380


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_codes_that_contain_each_other_are_warned_of(tmp_path: Path, kind: str) -> None:
    codes = ["85", "8505", "850511", "85051110", "8506", "280530"]
    path = tmp_path / f"f.{kind}"
    if kind == "csv":
        write(path, HEADER + "".join(f"2023,CHN,NLD,{c},5\n" for c in codes))
    else:
        n = len(codes)
        table = {"year": [2023] * n, "exporter": ["CHN"] * n, "importer": ["NLD"] * n, "product": codes}
        pq.write_table(pa.table({**table, "value_usd": [5] * n}), path)
    assert read(path).warnings == (
        "product codes of several levels contain each other, so trade may be counted more than once (keep one level): "
        "85 > 8505 > 850511 > 85051110, 85 > 8506",
    )
    several = HEADER + "2023,CHN,NLD,8505,5\n2023,CHN,NLD,280530,5\n"
    assert read(write(tmp_path / "g.csv", several)).warnings == ()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(st.decimals(min_value=0, max_value=10**9, places=2), min_size=14, max_size=14),
)
def test_any_amounts_read_the_same_in_dutch(values: list[Decimal], tmp_path: Path) -> None:
    rows = [line.rsplit(",", 1)[0] for line in hand_made().splitlines()[1:]]
    text = HEADER + "".join(f"{row},{value:.2f}\n" for row, value in zip(rows, values, strict=True))
    assert answer(write(tmp_path / "a.csv", text)) == answer(write(tmp_path / "b.csv", dutch(text)), SEMICOLONS)


def test_nothing_is_left_when_the_flows_are_dropped(plain: Path) -> None:
    flows = read(plain)
    folder = flows.directory
    assert folder.is_dir()
    del flows
    assert not folder.exists()


def test_permission_as_a_stranger(tmp_path: Path) -> None:
    path = write(tmp_path / "flows.csv", hand_made())
    path.chmod(0)
    if os.geteuid() != 0:
        with pytest.raises(MachineError, match="no permission") as caught:
            read(path)
        assert (caught.value.where, caught.value.remedy[:4]) == (str(path), "give")
        return
    told, tell = os.pipe()  # nothing is forbidden to root, so a child becomes a stranger first
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            read(path)
            os.write(tell, b"it was read")
        except MachineError as error:
            os.write(tell, f"{error.what}|{error.where}|{error.remedy}|{error.exit_code}".encode())
        finally:
            os._exit(0)
    os.close(tell)
    os.waitpid(child, 0)
    said = os.read(told, 4096).decode()
    os.close(told)
    assert said == f"no permission to read the file|{path}|give yourself read permission: chmod u+r {path}|7"


def test_permission_on_the_command_line(tmp_path: Path, schakel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path, real = write(tmp_path / "flows.csv", hand_made()), Path.open

    def refused(self: Path, *args: Any, **more: Any) -> Any:
        if self == path:
            raise PermissionError(13, "Permission denied", str(self))
        return real(self, *args, **more)

    monkeypatch.setattr(Path, "open", refused)
    said = schakel("screen", path, "--reporter", "NLD", "--year", 2023, "--format", "json")
    assert (said.code, said.out) == (7, b"")
    assert "no permission" in said.err
    assert str(path) in said.err
    assert schakel.left() == []


FULL = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (@, @))
from schakel.cli import main
main()
"""


@pytest.mark.parametrize("limit", [0, 2000])
def test_a_full_disk(limit: int, tmp_path: Path) -> None:
    rows = "".join(f"2023,{a},NLD,{p:06d},{p}\n" for a in ("CHN", "USA", "VNM") for p in range(100000, 103000))
    path, temporary = write(tmp_path / "flows.csv", HEADER + rows), tmp_path / "temporary"
    temporary.mkdir()
    asked = ["screen", str(path), "--reporter", "NLD", "--year", "2023", "--format", "json"]
    done = subprocess.run(
        [sys.executable, "-c", FULL.replace("@", str(limit)), *asked],
        capture_output=True,
        text=True,
        env=os.environ | {"TMPDIR": str(temporary), "SCHAKEL_HOME": str(tmp_path / "home")},
        check=False,
    )
    assert (done.returncode, done.stdout) == (7, ""), done.stderr
    assert done.stderr.startswith("error: ")
    assert f"where: {path}" in done.stderr
    assert "remedy: " in done.stderr
    assert "Traceback" not in done.stderr
    assert list(temporary.rglob("*")) == []


def test_a_full_disk_while_a_gzip_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "flows.csv.gz", gzip.compress(hand_made().encode()))
    real = Path.open

    def full(self: Path, mode: str = "r", *args: Any, **more: Any) -> Any:
        if "w" in mode:
            raise OSError(28, "No space left on device", str(self))
        return real(self, mode, *args, **more)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(MachineError, match="the disk is full") as caught:
        read(path)
    assert str(path) in caught.value.where


def test_no_room_for_temporary_files(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    def full(*_: Any, **__: Any) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "mkdtemp", full)
    with pytest.raises(MachineError, match="the disk is full") as caught:
        read(plain)
    assert caught.value.where == str(plain)


@pytest.mark.parametrize("options", [FlowOptions(delimiter=";;"), FlowOptions(decimal="x"), FlowOptions(delimiter='"')])
def test_signs_that_cannot_be(options: FlowOptions, plain: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(plain, options)
    assert "--delimiter" in caught.value.where


def test_a_name_for_what_is_no_file_of_the_user(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", HEADER + ROWS)
    assert read(path, name="frame").inputs[0].path == "frame"
    with pytest.raises(InputError) as caught:
        read(parquet(tmp_path / "y.parquet", value_usd=[1, -1]), name="frame")
    assert caught.value.where == "frame, row 2, column value_usd"
