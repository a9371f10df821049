"""Is a bad flow file refused with file, row and remedy, an exit code, an empty standard output, and nothing left behind?"""

from __future__ import annotations

import gzip
import io
import os
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from flow_files import HEADER, ROWS, hand_made, schakel, write
from work import bytes_read

__all__ = ["schakel"]

GZ = gzip.compress((HEADER + "".join(f"2023,CHN,NLD,854231,{i}\n" for i in range(5000))).encode())
DUTCH_HEADER = HEADER.replace(",", ";")
DUTCH = ("--delimiter ';'", "--decimal ','")


def zipped(**members: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("_", "."), text)
    return held.getvalue()


def value(text: str) -> str:
    return f"{HEADER}{ROWS}2023,VNM,NLD,854231,{text}\n"


def importer(code: str) -> str:
    return f"{HEADER}2023,CHN,NLD,854231,3\n2023,USA,{code},854231,10\n"


def product(code: str) -> str:
    return f"{HEADER}{ROWS}2023,CHN,DEU,{code},10\n"


FULL_ZIP = zipped(flows_csv=HEADER + "".join(f"2023,CHN,NLD,854231,{i}\n" for i in range(5000)))

# name: content, options, what the message says, where after the file's name, what the remedy names
CASES: dict[str, tuple[str | bytes, list[str], str, str, tuple[str, ...]]] = {
    "empty": ("", [], "the file is empty", "", ("export it again",)),
    "header only": (HEADER, [], "a header and no rows", "", ("export",)),
    "header without line end": (HEADER.strip(), [], "a header and no rows", "", ("export",)),
    "semicolons": ((HEADER + ROWS).replace(",", ";"), [], "no column year", ", row 1", DUTCH),
    "tabs": ((HEADER + ROWS).replace(",", "\t"), [], "no column year", ", row 1", ("--delimiter '\\t'",)),
    "commas read as semicolons": (HEADER + ROWS, ["--delimiter", ";"], "no column", ", row 1", ("--delimiter ','",)),
    "no header": (ROWS, [], "no column year", ", row 1", ("columns are year, exporter",)),
    "no value column": (
        HEADER.replace("value_usd", "worth") + ROWS,
        [],
        "no column value_usd; there is year",
        ", row 1",
        ("value_usd",),
    ),
    "a column twice": ("year,year,exporter,importer,product,value_usd\n", [], "year stands twice", ", row 1", ("one",)),
    "Dutch numbers, delimiter named": (
        DUTCH_HEADER + "2023;CHN;NLD;854231;1.234,56\n",
        ["--delimiter", ";"],
        "'1.234,56' is not a number",
        ", row 2, column value_usd",
        DUTCH,
    ),
    "Dutch numbers, quoted": (
        value('"1.234,56"'),
        [],
        "'1.234,56' is not a number",
        ", row 4, column value_usd",
        DUTCH,
    ),
    "Dutch numbers, bare": (value("1.234,56"), [], "the row has 6 fields, the header 5", ", row 4", DUTCH),
    "Dutch thousands": (value("1.234.567"), [], "'1.234.567' is not a number", ", row 4, column value_usd", DUTCH),
    "English numbers read as Dutch": (
        DUTCH_HEADER + "2023;CHN;NLD;854231;1,234.56\n",
        ["--delimiter", ";", "--decimal", ","],
        "'1,234.56' is not a number",
        ", row 2, column value_usd",
        ("1.234,56",),
    ),
    "negative": (value("-5"), [], "'-5' is negative", ", row 4, column value_usd", ("zero or more",)),
    "NaN": (value("NaN"), [], "'NaN' is not a number", ", row 4, column value_usd", ("1234.56",)),
    "infinite": (value("inf"), [], "'inf' is not a number", ", row 4, column value_usd", ("1234.56",)),
    "minus infinite": (value("-Infinity"), [], "is not a number", ", row 4, column value_usd", ("1234.56",)),
    "beyond all measure": (value("1e400"), [], "'1e400' is too large", ", row 4, column value_usd", ("10^18",)),
    "10^18": (value("1000000000000000000"), [], "is too large", ", row 4, column value_usd", ("below", "10^18")),
    "10^18 in Dutch": (
        value("1.000.000.000.000.000.000").replace(",", ";"),
        ["--delimiter", ";", "--decimal", ","],
        "is too large",
        ", row 4, column value_usd",
        ("10^18",),
    ),
    "10^18 below zero": (value("-1e18"), [], "is too large", ", row 4, column value_usd", ("10^18",)),
    "NULL in words": (value("NULL"), [], "'NULL' is not a number", ", row 4, column value_usd", ("1234.56",)),
    "no value": (value(""), [], "value_usd field is empty", ", row 4, column value_usd", ("0 where nothing",)),
    "unknown country": (importer("NDL"), [], "unknown country code 'NDL'", ", row 3, column importer", ("NLD",)),
    "a country by name": (importer("Greece"), [], "unknown country", ", row 3, column importer", ("write GRC",)),
    "a pseudo-partner": (importer("QR"), [], "QR is no country", ", row 3, column importer", ("leave such rows out",)),
    "the world": (importer("W00"), [], "W00 is no country", ", row 3, column importer", ("leave such rows out",)),
    "a bloc": (importer("EU27"), [], "'EU27' is a bloc", ", row 3, column importer", ("members",)),
    "no country": (importer(""), [], "importer field is empty", ", row 3, column importer", ("both countries",)),
    "lost zero, six digits": (product("10121"), [], "lost a leading zero", ", row 4, column product", ("'010121'",)),
    "lost zero, eight digits": (
        product("1012100"),
        [],
        "lost a leading zero",
        ", row 4, column product",
        ("'01012100'",),
    ),
    "an odd code of nothing": (product("99999"), [], "has 5 digits", ", row 4, column product", ("leading zero",)),
    "no product": (product(""), [], "product field is empty", ", row 4, column product", ("names a product",)),
    "year of two digits": (
        f"{HEADER}23,CHN,NLD,854231,1\n",
        [],
        "'23' is not a year",
        ", row 2, column year",
        ("four",),
    ),
    "year with a letter": (f"{HEADER}2O23,CHN,NLD,854231,1\n", [], "not a year", ", row 2, column year", ("four",)),
    "year of no age": (f"{HEADER}9999,CHN,NLD,854231,1\n", [], "'9999' is not", ", row 2, column year", ("1900",)),
    "duplicate": (
        HEADER + ROWS + "2023,CHN,NLD,854231,6\n",
        [],
        "more than once",
        ", rows 2 and 4",
        ("sum or remove",),
    ),
    "duplicate by other codes": (
        HEADER + ROWS + "2023,CN,528,854231,6\n",
        [],
        "more than once",
        ", rows 2 and 4",
        ("sum",),
    ),
    "HS revisions mixed": (
        f"{HEADER}2023,CHN,NLD,852871,60\n2023,USA,NLD,854890,10\n2023,USA,NLD,854911,10\n",
        [],
        "different HS revisions: 854890",
        ", rows 3 and 4, column product",
        ("--hs",),
    ),
    "a row too long": (
        HEADER + ROWS + "2023,CHN,DEU,854231,6,7\n",
        [],
        "has 6 fields, the header 5",
        ", row 4",
        ("quotation",),
    ),
    "a row too short": (
        HEADER + ROWS + "2023,CHN,DEU,854231\n",
        [],
        "has 4 fields, the header 5",
        ", row 4",
        ("quotation",),
    ),
    "a quotation mark left open": (
        HEADER + ROWS + '2023,CHN,DEU,"854231,6\n',
        [],
        "quotation mark",
        ", row 4",
        ("close",),
    ),
    "two kinds of line ends": (HEADER + ROWS.replace("\n", "\r\n", 1), [], "line endings are mixed", "", ("one kind",)),
    "line ends of old": ((HEADER + ROWS).replace("\n", "\r"), [], "CR alone", "", ("LF",)),
    "a field of 3 MB": (value("8" * 3_000_000), [], "longer than 2,000,000 bytes", ", row 4", ("quotation",)),
    "a heading of 80 KB": ("x" * 80_000 + HEADER, [], "first line is longer", ", row 1", ("columns are",)),
    "UTF-16": ((HEADER + ROWS).encode("utf-16"), [], "the file is UTF-16", "", ("UTF-8",)),
    "UTF-16 without a mark": ((HEADER + ROWS).encode("utf-16-le"), [], "NUL bytes", "", ("UTF-16",)),
    "rubbish": (bytes(range(256)) * 20, [], "NUL bytes", "", ("UTF-8",)),
    "rubbish without NUL": (bytes(range(1, 256)) * 20, [], "neither UTF-8 nor", "", ("UTF-8",)),
    "a spreadsheet": (
        zipped(**{"xl/workbook_xml": "<x/>"}),
        [],
        "a spreadsheet",
        "",
        ("save the sheet as CSV", *DUTCH),
    ),
    "an old spreadsheet": (b"\xd0\xcf\x11\xe0" + bytes(600), [], "a spreadsheet", "", ("save the sheet as CSV",)),
    "another archive": (b"7z\xbc\xaf\x27\x1c" + bytes(600), [], "of kind 7z", "", ("gzipped",)),
    "gzip cut off": (GZ[: len(GZ) // 2], [], "cut off or damaged", "", ("again",)),
    "gzip without its last bytes": (GZ[:-4], [], "cut off or damaged", "", ("again",)),
    "gzip of nothing": (gzip.compress(b""), [], "the file is empty", ", unpacked", ("again",)),
    "zip cut off": (FULL_ZIP[: len(FULL_ZIP) // 2], [], "cut off or damaged", "", ("again",)),
    "zip of two": (zipped(a_csv=HEADER + ROWS, b_csv=HEADER), [], "holds 2 text files", "", ("one flow file",)),
    "zip of nothing": (zipped(), [], "holds 0 text files", "", ("one flow file",)),
    "re-exports above the flow": (
        "year,exporter,importer,product,value_usd,re_export_usd\n2023,CHN,NLD,854231,60,70\n",
        [],
        "re-exports of '70' exceed",
        ", row 2, column re_export_usd",
        ("part of it",),
    ),
    "a bad amount in a column of choice": (
        "year,exporter,importer,product,value_usd,quantity_t\n2023,CHN,NLD,854231,60,-70\n",
        [],
        "'-70' is negative",
        ", row 2, column quantity_t",
        ("zero or more",),
    ),
    "an HS revision that never was": (HEADER + ROWS, ["--hs", "2018"], "there is no HS 2018", "--hs", ("2017, 2022",)),
    "one sign for both": (HEADER + ROWS, ["--decimal", ","], "they differ", "--delimiter, --decimal", DUTCH),
}


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_refused_whole(name: str, tmp_path: Path, schakel: Any) -> None:
    content, options, what, where, remedy = CASES[name]
    path = write(tmp_path / "flows.csv", content)
    said = schakel("screen", path, "--reporter", "NLD", "--year", 2023, "--format", "json", *options)
    assert said.code == 3
    assert said.out == b""
    first, *rest = said.err.splitlines()
    assert first.startswith("error: ")
    assert what in first
    place = where if where.startswith("--") else f"{path}{where}"
    assert rest[0] == f"  where: {place}"
    assert rest[1].startswith("  remedy: ")
    for part in remedy:
        assert part in rest[1]
    assert len(rest) == 2, said.err
    assert schakel.left() == []


@pytest.mark.parametrize("command", ["compare", "reverse", "mutual", "churn"])
def test_every_question_refuses_the_same_file(command: str, tmp_path: Path, schakel: Any) -> None:
    path = write(tmp_path / "flows.csv", importer("NDL"))
    asked = {
        "compare": ["--reporter", "NLD", "--product", "854231", "--year", 2023],
        "reverse": ["--reporter", "NLD", "--year", 2023],
        "mutual": ["NLD", "DEU", "--year", 2023],
        "churn": ["--reporter", "NLD", "--from", 2022, "--to", 2023],
    }[command]
    said = schakel(command, path, *asked, "--format", "json")
    assert (said.code, said.out) == (3, b"")
    assert f"{path}, row 3, column importer" in said.err
    assert schakel.left() == []


def test_the_row_is_the_line_even_after_blank_lines_and_breaks_in_quotes(tmp_path: Path, schakel: Any) -> None:
    text = (
        'year,exporter,importer,product,value_usd,note\n\n2023,CHN,NLD,854231,60,"a\nb"\n\n2023,USA,NDL,854231,10,x\n'
    )
    said = schakel("screen", write(tmp_path / "f.csv", text), "--reporter", "NLD", "--year", 2023)
    assert "row 6, column importer" in said.err


def test_the_first_of_many_bad_rows_is_named_with_their_number(tmp_path: Path, schakel: Any) -> None:
    text = HEADER + ROWS + "2023,VNM,NLD,854231,x\n2023,VNM,DEU,854231,y\n"
    said = schakel("screen", write(tmp_path / "f.csv", text), "--reporter", "NLD", "--year", 2023)
    assert "'x' is not a number (2 rows in all)" in said.err
    assert "row 4, column value_usd" in said.err


def test_a_sparse_file_of_20_gb_is_refused_at_once(tmp_path: Path, schakel: Any) -> None:
    path = write(tmp_path / "big.csv", HEADER + ROWS)
    os.truncate(path, 20 << 30)
    tracemalloc.start()
    before = bytes_read()
    said = schakel("screen", path, "--reporter", "NLD", "--year", 2023, "--format", "json")
    read, peak = bytes_read() - before, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (said.code, said.out) == (3, b"")
    assert f"where: {path}" in said.err
    assert "fetch it again" in said.err
    assert read < 50 << 20
    assert peak < 50 << 20
    assert schakel.left() == []


def test_a_sparse_file_is_refused_where_holes_cannot_be_asked_for(
    tmp_path: Path, schakel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "SEEK_HOLE")
    path = write(tmp_path / "big.csv", HEADER + ROWS * 10_000)
    os.truncate(path, 20 << 30)
    before = bytes_read()
    said = schakel("screen", path, "--reporter", "NLD", "--year", 2023, "--format", "json")
    assert (said.code, said.out) == (3, b"")
    assert "NUL bytes" in said.err
    assert bytes_read() - before < 50 << 20


def test_a_gzip_bomb_is_stopped_before_it_fills_the_disk(
    tmp_path: Path, schakel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from schakel.sources import flowfile

    monkeypatch.setattr(flowfile, "_BOMB_FLOOR", 1 << 20)
    text = HEADER.encode() + b"\n" * (64 << 20)
    path = write(tmp_path / "bomb.csv.gz", gzip.compress(text))
    said = schakel("screen", path, "--reporter", "NLD", "--year", 2023, "--format", "json")
    assert (said.code, said.out) == (3, b"")
    assert "the archive unpacks to more than" in said.err
    assert str(path) in said.err
    assert schakel.left() == []


def test_a_gzip_of_flows_is_no_bomb(tmp_path: Path, schakel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from schakel.sources import flowfile

    monkeypatch.setattr(flowfile, "_BOMB_FLOOR", 0)
    path = write(tmp_path / "flows.csv.gz", gzip.compress(hand_made((2021, 2022, 2023)).encode()))
    assert schakel("screen", path, "--reporter", "NLD", "--year", 2023, "--format", "json").code == 0


def test_a_folder_a_missing_file_and_a_pipe(tmp_path: Path, schakel: Any) -> None:
    folder, missing, pipe = tmp_path / "folder.csv", tmp_path / "none.csv", tmp_path / "pipe.csv"
    folder.mkdir()
    os.mkfifo(pipe)
    for path, code, what in ((folder, 3, "folder"), (missing, 4, "no such file"), (pipe, 3, "pipe")):
        said = schakel("screen", path, "--reporter", "NLD", "--year", 2023, "--format", "json")
        assert (said.code, said.out) == (code, b"")
        assert what in said.err
        assert f"where: {path}" in said.err
        assert "remedy: " in said.err
    said = schakel("screen", "nothere", "--reporter", "NLD", "--year", 2023, "--format", "json")
    assert (said.code, said.out) == (4, b"")
    assert "'nothere' is no file and no data set" in said.err
    assert schakel.left() == []
