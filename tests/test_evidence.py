"""Does every number carry what it rests on, and does a receipt notice every change?"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import FrozenInstanceError, fields
from importlib import resources

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from schakel.cli import cli
from schakel.errors import InputError, IntegrityError, NotFoundError
from schakel.evidence import (
    Citation,
    Finding,
    InputRef,
    Licence,
    Mark,
    Receipt,
    Source,
    licence,
    licences,
    result_sha256,
    sha256_file,
    sha256_text,
)


def finding(**changes):
    base = {
        "subject": "NLD/850511", "measure": "extra_bloc_hhi", "value": 0.62, "unit": "index", "threshold": 0.4, "verdict": True, "method": "ec2021",
        "period": "2023", "sentence": {"en": "E", "nl": "N"}, "sources": (Citation("comext", "row 3"),), "caveats": ("c",),
    }  # fmt: skip
    return Finding(**{**base, **changes})


def test_a_finding_keeps_its_id_when_its_number_moves():
    assert finding().id == finding(value=0.7, verdict=None, sentence={"en": "x", "nl": "y"}).id
    assert len({finding(**{k: "other"}).id for k in ("subject", "measure", "method", "period")} | {finding().id}) == 5


def test_borders_between_the_parts_of_an_id_count():
    assert finding(subject="a", measure="bc").id != finding(subject="ab", measure="c").id


def test_a_finding_is_json_ready():
    text = json.dumps(finding().as_dict())
    back = json.loads(text)
    assert back["id"] == finding().id
    assert back["sources"] == [{"source": "comext", "locator": "row 3"}]


def test_evidence_cannot_be_changed_in_place():
    with pytest.raises(FrozenInstanceError):
        finding().value = 1.0
    with pytest.raises(FrozenInstanceError):
        Source("a", "b", "c", "d", "e").licence = "x"


def test_a_source_says_how_it_was_read():
    assert Source("a", "b", "c", "d", "e", mark=Mark.RECALLED).as_dict()["mark"] == "recalled"
    assert {m.value for m in Mark} == {"read", "second-hand", "recalled", "derived"}


def test_every_licence_is_complete_and_says_what_it_allows_in_both_languages():
    raw = tomllib.loads(resources.files("schakel.evidence").joinpath("licences.toml").read_text("utf-8"))
    assert set(raw) == set(licences())
    for key, found in licences().items():
        assert licence(key) is found
        assert set(raw[key]) == {f.name for f in fields(Licence)} - {"id"}, key
        assert isinstance(found.share, bool)
        assert bool(found.duty) == bool(found.duty_nl)
        assert found.duty != found.duty_nl or not found.duty


def test_what_may_not_be_passed_on():
    held = {key for key, found in licences().items() if not found.share}
    assert {"CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "un-comtrade", "user-supplied"} <= held
    assert not {"CC-BY-4.0", "CC0-1.0", "public-domain", "eu-reuse"} & held


def test_an_unknown_licence_names_those_known():
    with pytest.raises(NotFoundError, match=r"use one of: .*CC-BY-4\.0"):
        licence("CC-BY-5.0")


def test_hashes(tmp_path):
    file = tmp_path / "f"
    file.write_bytes(b"abc")
    assert sha256_file(file) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    file.write_bytes(b"abc" * 1_000_000)
    assert sha256_file(file) == hashlib.sha256(b"abc" * 1_000_000).hexdigest()
    assert sha256_text(["ab", "c"]) != sha256_text(["a", "bc"])
    assert sha256_text(["abc"]) != sha256_text(["abc", ""])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_a_result_hash_survives_a_trip_through_json(value):
    assert result_sha256(json.loads(json.dumps(value))) == result_sha256(value)


@given(st.dictionaries(st.text(max_size=5), st.integers(), min_size=2))
def test_the_order_of_keys_does_not_count(value):
    assert result_sha256(dict(reversed(value.items()))) == result_sha256(value)


def test_no_hash_of_what_is_no_number():
    with pytest.raises(ValueError, match="JSON"):
        result_sha256([float("nan")])


def test_a_receipt_is_json_ready():
    receipt = Receipt((InputRef("a.csv", "ab", 3),), {"year": 2023}, "cd", "engine", "ef")
    assert json.loads(json.dumps(receipt.as_dict()))["inputs"] == [{"path": "a.csv", "sha256": "ab", "rows": 3}]


# --- receipt verify


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    out = tmp_path_factory.mktemp("answers") / "answer.json"
    call = [
        "screen",
        "reference",
        "--reporter",
        "NLD",
        "--method",
        "crma",
        "--year",
        "2023",
        "--format",
        "json",
        "--out",
        str(out),
    ]
    assert CliRunner().invoke(cli, call, catch_exceptions=False).exit_code == 0
    return json.loads(out.read_text("utf-8"))


def verify(answer, folder):
    file = folder / "answer.json"
    file.write_text(answer if isinstance(answer, str) else json.dumps(answer), "utf-8")
    return CliRunner().invoke(cli, ["receipt", "verify", str(file)])


def test_an_answer_agrees_with_its_receipt(answer, tmp_path):
    result = verify(answer, tmp_path)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == f"result agrees: {answer['receipt']['result_sha256']}"


def _with(answer, path, value):
    changed = json.loads(json.dumps(answer))
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("rows", 0, "top_supplier_share"), 0.123),
        (("rows",), []),
        (("receipt", "result_sha256"), "0" * 64),
        (("receipt", "sql_sha256"), "0" * 64),
        (("receipt", "inputs", 0, "sha256"), "0" * 64),
        (("receipt", "parameters", "definition_sha256"), "0" * 64),
        (("receipt", "parameters", "year"), 2022),
        (("receipt", "parameters", "reporter"), "DEU"),
        (("receipt", "parameters", "command"), "monitor"),
    ],
)
def test_whatever_is_changed_does_not_agree(answer, tmp_path, path, value):
    result = verify(_with(answer, path, value), tmp_path)
    assert isinstance(result.exception, IntegrityError), result.output


@pytest.mark.parametrize("text", ["", "not json", "[]", "{}", '{"receipt": {}}', '{"receipt": {"inputs": []}}', "\x00"])
def test_what_is_no_answer_is_refused(text, tmp_path):
    assert isinstance(verify(text, tmp_path).exception, InputError)


def test_a_receipt_without_a_parameter_is_refused(answer, tmp_path):
    changed = json.loads(json.dumps(answer))
    del changed["receipt"]["parameters"]["year"]
    assert isinstance(verify(changed, tmp_path).exception, InputError)


def test_a_file_that_is_not_there(tmp_path):
    result = CliRunner().invoke(cli, ["receipt", "verify", str(tmp_path / "none.json")])
    assert isinstance(result.exception, NotFoundError)
