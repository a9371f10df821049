"""Does an answer still follow from its inputs?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from schakel.dependency import asked, batch_verify
from schakel.dependency.monitor import COMMAND, PARTS, monitor, table_inputs
from schakel.dependency.presets import preset
from schakel.dependency.screen import definition_sha256, engine_name, screen
from schakel.dependency.supply_risk import TABLES
from schakel.errors import InputError, IntegrityError, NotFoundError, SchakelError
from schakel.evidence import InputRef, result_sha256, sha256_text
from schakel.lake.flowset import FlowSet

_MAX_ANSWER = 2_000_000_000
_REMEDY = "give what a command such as `schakel screen` wrote with --format json"
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
    parameters = dict(receipt["parameters"])
    command = parameters.get("command", "screen")
    if command == batch_verify.COMMAND:
        yield from batch_verify.verify_batch(receipt, _reopened(receipt, reopen, where), where=where)
        return
    if command not in ("screen", COMMAND, *asked.COMMANDS):
        raise InputError(
            f"the receipt is of no command that can be run again: {command!r}", where=where, remedy=_REMEDY
        )
    whole = command == COMMAND
    if command in asked.COMMANDS:
        shown: Any = {key: value for key, value in answer.items() if key not in asked.BESIDE}
    else:
        shown = {key: answer.get(key) for key in PARTS} if whole else answer.get("rows")
    if (command != "screen" or "rows" in answer) and result_sha256(shown) != expected:
        raise IntegrityError(
            "the rows do not agree with the receipt's result hash",
            where=where,
            remedy="the file was changed, or shows only part of the rows",
        )
    yield "rows agree with the receipt"
    if command not in asked.COMMANDS:
        for key in ("reporter", "method", "year", "bloc"):
            if key not in parameters:
                raise InputError(f"the receipt names no {key}", where=where, remedy=_REMEDY)
        _headed(answer, parameters, where)
    flows = None if command == asked.RISK else _reopened(receipt, reopen, where)
    inputs: tuple[InputRef, ...] = (
        asked.table_inputs(TABLES) if flows is None else (*flows.inputs, *(table_inputs() if whole else ()))
    )
    yield from _inputs_agree(receipt, inputs, where)
    if flows is not None and receipt["sql_sha256"] != definition_sha256():
        raise IntegrityError(
            "the definitions changed since the run",
            where="sql_sha256",
            remedy=f"the answer was made by {receipt.get('engine', 'another version')}",
        )
    yield "SQL agrees"
    if command in ("screen", COMMAND):
        if parameters.get("definition_sha256") != sha256_text([repr(preset(parameters["method"]))]):
            raise IntegrityError(
                f"definition {parameters['method']} changed since the run",
                where="definition_sha256",
                remedy="use the definition of the first run",
            )
        yield "definition agrees"
    try:
        now = _again(command, flows, parameters)
    except (InputError, NotFoundError) as error:
        raise _unrepeatable(error, where) from None
    found = now["receipt"]["result_sha256"]
    if found != expected:
        raise IntegrityError(
            f"the result differs: {found} now",
            where=where,
            remedy=f"made by {receipt.get('engine', '?')}, checked with {engine_name()}",
        )
    _beside_agrees(answer, now, where)
    yield "parameters, warnings, sources and licences agree"
    yield f"result agrees: {expected}"


def _reopened(receipt: Mapping[str, Any], reopen: Callable[[str, dict[str, Any]], FlowSet], where: str) -> FlowSet:
    """Open the flows of a run again, read as they were read then."""
    parameters = receipt["parameters"]
    reading = {k: parameters[k] for k in _READING if parameters.get(k) is not None}
    first = str(receipt["inputs"][0]["path"])
    try:
        return reopen("reference" if first.startswith("reference:") else first, reading)
    except InputError as error:
        raise _unrepeatable(error, where) from None


def _inputs_agree(receipt: Mapping[str, Any], inputs: tuple[InputRef, ...], where: str) -> Iterator[str]:
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


def _beside_agrees(answer: Mapping[str, Any], now: Mapping[str, Any], where: str) -> None:
    """Hold what stands beside the result against what stands there now: warnings, sources, licences, and the receipt itself."""
    fresh = json.loads(json.dumps(now))  # tuples become lists, as they did in the file
    for key in ("warnings", "sources", "licences"):
        if answer.get(key) != fresh[key]:
            raise IntegrityError(
                f"the {key} differ from those of the run",
                where=f"{where}, {key}",
                remedy="the file was changed; ask for the answer again",
            )
    then, receipt = answer["receipt"], fresh["receipt"]
    if then["parameters"] != receipt["parameters"] or then["sql_sha256"] != receipt["sql_sha256"]:
        raise IntegrityError(
            "the receipt's parameters differ from those of the run",
            where=f"{where}, receipt",
            remedy="the definition or the file was changed; ask for the answer again",
        )


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


def _again(command: str, flows: FlowSet | None, asked_for: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer as it is now; of a monitor, what its receipt covers."""
    if command in asked.COMMANDS:
        return asked.again(command, flows, asked_for)
    assert flows is not None  # noqa: S101 - only a risk has no flows
    reporter, method, year = asked_for["reporter"], asked_for["method"], int(asked_for["year"])
    if command == COMMAND:
        m = monitor(flows, reporter, year, method=method)
        return {**m.chosen.as_dict(), "receipt": m.receipt().as_dict()}
    return screen(flows, reporter=reporter, method=method, year=year, bloc=asked_for["bloc"]).as_dict()
