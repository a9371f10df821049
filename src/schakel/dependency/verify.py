"""Does an answer still follow from its inputs?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from schakel.dependency import batch_verify
from schakel.dependency.monitor import COMMAND, PARTS, monitor, table_inputs
from schakel.dependency.presets import preset
from schakel.dependency.screen import definition_sha256, engine_name, screen
from schakel.errors import InputError, IntegrityError, NotFoundError, SchakelError
from schakel.evidence import result_sha256, sha256_text
from schakel.lake.flowset import FlowSet

_MAX_ANSWER = 2_000_000_000
_REMEDY = "give what `schakel screen` or `schakel monitor` wrote with --format json"
_READING = ("delimiter", "decimal", "hs", "coverage")


def read_answer(path: Path) -> dict[str, Any]:
    """Return the JSON answer in a file.

    Raises
    ------
    InputError
        If it is no answer with a receipt.
    """
    try:
        if path.stat().st_size > _MAX_ANSWER:
            raise InputError(
                "the file is too large for an answer", where=str(path), remedy="give the JSON of one screen"
            )
        answer = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise NotFoundError(
            f"cannot read the answer: {error.strerror}", where=str(path), remedy="check the path"
        ) from None
    except (ValueError, UnicodeDecodeError, RecursionError):
        raise InputError("the file is not JSON", where=str(path), remedy=_REMEDY) from None
    receipt = answer.get("receipt") if isinstance(answer, dict) else None
    keys = ("inputs", "parameters", "sql_sha256", "result_sha256")
    if (
        not isinstance(receipt, dict)
        or any(k not in receipt for k in keys)
        or not receipt["inputs"]
        or not isinstance(receipt["parameters"], dict)
    ):
        raise InputError("the file holds no receipt", where=str(path), remedy=_REMEDY)
    return dict(answer)


def verify_answer(
    answer: Mapping[str, Any], reopen: Callable[[str, dict[str, Any]], FlowSet], *, where: str
) -> Iterator[str]:
    """Compute an answer again and yield a line for each thing that agrees.

    Raises
    ------
    IntegrityError
        At the first thing that does not: rows against their hash, input, SQL, result.
    """
    receipt = answer["receipt"]
    expected = receipt["result_sha256"]
    if dict(receipt["parameters"]).get("command") == batch_verify.COMMAND:
        parameters = dict(receipt["parameters"])
        reading = {k: parameters[k] for k in _READING if parameters.get(k) is not None}
        first = str(receipt["inputs"][0]["path"])
        flows = reopen("reference" if first.startswith("reference:") else first, reading)
        yield from batch_verify.verify_batch(receipt, flows, where=where)
        return
    whole = dict(receipt["parameters"]).get("command") == COMMAND
    shown = {key: answer.get(key) for key in PARTS} if whole else answer.get("rows")
    if (whole or "rows" in answer) and result_sha256(shown) != expected:
        raise IntegrityError(
            "the rows do not agree with the receipt's result hash",
            where=where,
            remedy="the file was changed, or shows only part of the rows",
        )
    yield "rows agree with the receipt"
    parameters = dict(receipt["parameters"])
    for key in ("reporter", "method", "year", "bloc"):
        if key not in parameters:
            raise InputError(f"the receipt names no {key}", where=where, remedy=_REMEDY)
    if not whole:
        _headed(answer, parameters, where)
    source = str(receipt["inputs"][0]["path"]).split(":", 1)
    path = source[0] if source[0] == "reference" else str(receipt["inputs"][0]["path"])
    reading = {k: parameters[k] for k in _READING if parameters.get(k) is not None}
    try:
        flows = reopen(path, reading)
    except InputError as error:
        raise _unrepeatable(error, where) from None
    inputs = (*flows.inputs, *(table_inputs() if whole else ()))
    if len(receipt["inputs"]) != len(inputs):
        raise IntegrityError(
            f"the receipt names {len(receipt['inputs'])} inputs, the run has {len(inputs)}",
            where=where,
            remedy="the file was changed, or made by another version",
        )
    for then, now in zip(receipt["inputs"], inputs, strict=True):
        if then["sha256"] != now.sha256:
            raise IntegrityError(
                f"the input changed: sha256 was {then['sha256']}, is {now.sha256}",
                where=now.path,
                remedy="use the file of the first run",
            )
        yield f"input {now.path} agrees ({now.rows} rows)"
    if receipt["sql_sha256"] != definition_sha256():
        raise IntegrityError(
            "the definitions changed since the run",
            where="sql_sha256",
            remedy=f"the answer was made by {receipt.get('engine', 'another version')}",
        )
    yield "SQL agrees"
    if parameters.get("definition_sha256") != sha256_text([repr(preset(parameters["method"]))]):
        raise IntegrityError(
            f"definition {parameters['method']} changed since the run",
            where="definition_sha256",
            remedy="use the definition of the first run",
        )
    yield "definition agrees"
    try:
        found = (_monitor if whole else _screen)(flows, parameters)
    except (InputError, NotFoundError) as error:
        raise _unrepeatable(error, where) from None
    if found != expected:
        raise IntegrityError(
            f"the result differs: {found} now",
            where=where,
            remedy=f"made by {receipt.get('engine', '?')}, checked with {engine_name()}",
        )
    yield f"result agrees: {expected}"


def _headed(answer: Mapping[str, Any], parameters: Mapping[str, Any], where: str) -> None:
    """Hold what stands above the rows against the parameters."""
    try:
        said = {**parameters, "method": preset(str(parameters["method"])).name}
    except SchakelError as error:
        raise _unrepeatable(error, where) from None
    for key in ("reporter", "year", "method"):
        if key in answer and answer[key] != said[key]:
            raise IntegrityError(
                f"the answer says {key} {answer[key]}, its receipt {said[key]}",
                where=where,
                remedy="the file was changed; ask for the answer again",
            )


def _unrepeatable(error: SchakelError, where: str) -> IntegrityError:
    return IntegrityError(
        f"the run cannot be repeated: {error.what}",
        where=", ".join(x for x in (where, error.where) if x),
        remedy="the receipt or its input was changed; use those of the first run",
    )


def _screen(flows: FlowSet, asked: Mapping[str, Any]) -> str:
    again = screen(
        flows, reporter=asked["reporter"], method=asked["method"], year=int(asked["year"]), bloc=asked["bloc"]
    )
    return again.receipt.result_sha256


def _monitor(flows: FlowSet, asked: Mapping[str, Any]) -> str:
    again = monitor(flows, asked["reporter"], int(asked["year"]), method=asked["method"])
    return again.receipt().result_sha256
