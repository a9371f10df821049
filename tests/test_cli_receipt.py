"""Does `schakel receipt verify` agree with what was done, and with nothing else?"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from flow_files import hand_made, schakel, write

__all__ = ["schakel"]


def asked(tmp_path: Path, schakel: Any, path: Path | str, *more: object) -> Path:
    options = [
        "--reporter",
        "NLD",
        "--method",
        "ec2021",
        "--year",
        2023,
        "--format",
        "json",
        "--out",
        tmp_path / "answer.json",
    ]
    said = schakel("screen", path, *options, *more)
    assert (said.code, said.out) == (0, b"")
    return tmp_path / "answer.json"


def changed(path: Path, *keys: str | int, to: Any) -> None:
    answer = json.loads(path.read_text())
    found = answer
    for key in keys[:-1]:
        found = found[key]
    assert isinstance(found, list) or found.get(keys[-1]) != to
    found[keys[-1]] = to
    path.write_text(json.dumps(answer))


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    return write(tmp_path / "flows.csv", hand_made((2022, 2023)))


def test_a_run_is_verified_line_by_line(flows: Path, tmp_path: Path, schakel: Any) -> None:
    file = asked(tmp_path, schakel, flows)
    said = schakel("receipt", "verify", file)
    assert (said.code, said.err) == (0, "")
    lines = said.out.decode().splitlines()
    assert lines[0] == "rows agree with the receipt"
    assert lines[1] == f"input {flows} agrees (28 rows)"
    assert lines[-1] == f"result agrees: {json.loads(file.read_text())['receipt']['result_sha256']}"
    assert schakel("receipt", "verify", file, "--threads", 1).code == 0


def test_the_embedded_tables_and_a_dutch_gzip_are_verified(tmp_path: Path, schakel: Any) -> None:
    assert schakel("receipt", "verify", asked(tmp_path, schakel, "reference")).code == 0
    dutch = write(tmp_path / "flows.csv.gz", gzip.compress(hand_made().replace(",", ";").encode()))
    file = asked(tmp_path, schakel, dutch, "--delimiter", ";", "--decimal", ",", "--hs", 2017)
    assert schakel("receipt", "verify", file).code == 0


@pytest.mark.parametrize(
    ("keys", "to", "what"),
    [
        (("rows", 0, "top_supplier"), "USA", "rows do not agree"),
        (("rows", 0, "criteria", "extra_bloc_hhi", "value"), 0.6, "rows do not agree"),
        (("rows", 0, "dependent"), True, "rows do not agree"),
        (("rows",), [], "rows do not agree"),
        (("reporter",), "DEU", "the answer says reporter DEU, its receipt NLD"),
        (("year",), 2022, "the answer says year 2022, its receipt 2023"),
        (("method",), "crma", "the answer says method crma, its receipt ec2021"),
        (("receipt", "parameters", "reporter"), "DEU", "says reporter NLD, its receipt DEU"),
        (("receipt", "parameters", "year"), 2022, "says year 2023, its receipt 2022"),
        (("receipt", "parameters", "method"), "crma", "its receipt crma"),
        (("receipt", "parameters", "method"), "none", "cannot be repeated"),
        (("receipt", "parameters", "delimiter"), ";", "cannot be repeated"),
        (("receipt", "parameters", "bloc"), "neither", "cannot be repeated"),
        (("receipt", "parameters", "definition_sha256"), "0" * 64, "definition ec2021 changed"),
        (("receipt", "inputs", 0, "sha256"), "0" * 64, "the input changed"),
        (("receipt", "sql_sha256"), "0" * 64, "definitions changed"),
        (("receipt", "result_sha256"), "0" * 64, "rows do not agree"),
        (("warnings",), ["all is well"], "the warnings differ"),
        (("licences",), [], "the licences differ"),
        (("licences", 0, "share"), True, "the licences differ"),
        (("sources", 0, "title"), "an official file", "the sources differ"),
        (("receipt", "parameters", "approved"), True, "the receipt's parameters differ"),
    ],
)
def test_a_changed_answer_is_not(
    keys: tuple[str | int, ...], to: Any, what: str, flows: Path, tmp_path: Path, schakel: Any
) -> None:
    file = asked(tmp_path, schakel, flows)
    changed(file, *keys, to=to)
    said = schakel("receipt", "verify", file)
    assert said.code == 6
    assert what in said.err
    assert "remedy: " in said.err
    assert b"result agrees" not in said.out


QUESTIONS = {
    "compare": ["--reporter", "NLD", "--product", "854231", "--year", "2023"],
    "compare of some": [
        "--reporter",
        "NLD",
        "--product",
        "854231",
        "--year",
        "2023",
        "--method",
        "ec2021",
        "--bloc",
        "one",
    ],
    "churn": ["--reporter", "NLD", "--from", "2022", "--to", "2023"],
    "reverse": ["--reporter", "NLD", "--year", "2023"],
    "reverse by product": ["--reporter", "NLD", "--year", "2023", "--by", "product"],
    "reverse by control": ["--reporter", "NLD", "--year", "2023", "--by", "control"],
    "mutual": ["NLD", "DEU", "CHN", "--year", "2023"],
    "mutual in common": ["NLD", "DEU", "--year", "2023", "--common"],
    "risk": [],
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_carries_a_receipt_that_can_be_verified(
    question: str, flows: Path, tmp_path: Path, schakel: Any
) -> None:
    command, file = question.split()[0], tmp_path / "answer.json"
    data = () if command == "risk" else (flows,)
    assert schakel(command, *data, *QUESTIONS[question], "--format", "json", "--out", file).code == 0
    answer = json.loads(file.read_text())
    receipt = answer["receipt"]
    assert set(receipt) == {"inputs", "parameters", "sql_sha256", "engine", "result_sha256"}
    assert receipt["parameters"]["command"] == command
    said = schakel("receipt", "verify", file)
    assert (said.code, said.err) == (0, "")
    assert said.out.decode().splitlines()[-1] == f"result agrees: {receipt['result_sha256']}"
    if command != "risk":
        used = [s["id"] for s in answer["sources"]]
        assert "flows" in used and "method:ec2021" in used
    body = next(k for k in ("rows", "methods", "stayed") if k in answer)
    for keys, to, what in (
        ((body,), [{"x": 1}], "rows do not agree"),
        (("warnings",), ["none"], "the warnings differ"),
        (("sources",), [], "the sources differ"),
        (("licences",), [], "the licences differ"),
        (("receipt", "inputs", 0, "sha256"), "0" * 64, "the input changed"),
        (("receipt", "sql_sha256"), "0" * 64, "differ" if command == "risk" else "definitions changed"),
        (("receipt", "parameters", "command"), "none", "no command that can be run again"),
    ):
        file.write_text(json.dumps(answer))
        changed(file, *keys, to=to)
        said = schakel("receipt", "verify", file)
        assert said.code == (3 if to == "none" else 6), (keys, said)
        assert what in said.err


def test_an_answer_of_another_question_is_not_taken_for_this_one(flows: Path, tmp_path: Path, schakel: Any) -> None:
    file = tmp_path / "answer.json"
    schakel("compare", flows, *QUESTIONS["compare"], "--format", "json", "--out", file)
    changed(file, "receipt", "parameters", "reporter", to="DEU")
    said = schakel("receipt", "verify", file)
    assert said.code == 6
    assert "the result differs" in said.err
    changed(file, "receipt", "parameters", "year", to="2023")
    said = schakel("receipt", "verify", file)
    assert said.code == 6
    assert "cannot be repeated" in said.err


def test_what_stands_beside_a_monitor_is_verified_too(tmp_path: Path, schakel: Any) -> None:
    schakel("monitor", "NLD", "--files", "json", "--out", tmp_path)
    (file,) = tmp_path.glob("monitor-*.json")
    assert schakel("receipt", "verify", file).code == 0
    whole = file.read_text()
    for key, to in (("warnings", []), ("licences", []), ("sources", []), ("reporter", "DEU")):
        file.write_text(whole)
        changed(file, key, to=to)
        said = schakel("receipt", "verify", file)
        assert said.code == 6
        assert key in said.err


def test_rows_and_hash_changed_together_are_found_by_computing(flows: Path, tmp_path: Path, schakel: Any) -> None:
    from schakel.evidence import result_sha256

    file = asked(tmp_path, schakel, flows)
    changed(file, "rows", 0, "top_supplier", to="USA")
    changed(file, "receipt", "result_sha256", to=result_sha256(json.loads(file.read_text())["rows"]))
    said = schakel("receipt", "verify", file)
    assert said.code == 6
    assert "the result differs" in said.err


@pytest.mark.parametrize("harm", ["value", "row more", "order", "header only"])
def test_a_changed_input_is_found(harm: str, flows: Path, tmp_path: Path, schakel: Any) -> None:
    file, text = asked(tmp_path, schakel, flows), flows.read_text()
    head, *rows = text.splitlines()
    other = {
        "value": text.replace(",60\n", ",61\n"),
        "row more": text + "2023,BEL,NLD,854231,1\n",
        "order": "\n".join([head, *reversed(rows)]) + "\n",
        "header only": head + "\n",
    }[harm]
    write(flows, other)
    said = schakel("receipt", "verify", file)
    assert said.code == 6
    assert str(flows) in said.err


def test_an_input_that_is_gone_is_not_found(flows: Path, tmp_path: Path, schakel: Any) -> None:
    file = asked(tmp_path, schakel, flows)
    flows.unlink()
    said = schakel("receipt", "verify", file)
    assert said.code == 4
    assert str(flows) in said.err


def test_part_of_the_rows_is_said_to_be_part(tmp_path: Path, schakel: Any) -> None:
    file = tmp_path / "some.json"
    schakel(
        "screen",
        "reference",
        "--reporter",
        "NLD",
        "--method",
        "crma",
        "--year",
        2023,
        "--dependent",
        "--format",
        "json",
        "--out",
        file,
    )
    said = schakel("receipt", "verify", file)
    assert said.code == 6
    assert "shows only part of the rows" in said.err


@pytest.mark.parametrize(
    ("content", "code", "what"),
    [
        (b"", 3, "not JSON"),
        (b"\xff\xfe\x00", 3, "not JSON"),
        (b"[1]", 3, "holds no receipt"),
        (b'{"receipt": {}}', 3, "holds no receipt"),
        (b'{"receipt": {"inputs": [], "parameters": {}, "sql_sha256": "", "result_sha256": ""}}', 3, "no receipt"),
        (b"[" * 100_000, 3, "not JSON"),
    ],
)
def test_what_is_no_answer(content: bytes, code: int, what: str, tmp_path: Path, schakel: Any) -> None:
    said = schakel("receipt", "verify", write(tmp_path / "x.json", content))
    assert (said.code, said.out) == (code, b"")
    assert what in said.err
    assert "remedy: " in said.err


def test_no_answer_at_all(tmp_path: Path, schakel: Any) -> None:
    assert schakel("receipt", "verify", tmp_path / "none.json").code == 4
    said = schakel("receipt", "verify", tmp_path)
    assert said.code != 0
    assert "Traceback" not in said.err
