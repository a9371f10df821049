"""Does a batch still follow from its inputs?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from schakel import scratch
from schakel.dependency.batch import COMMAND, run
from schakel.dependency.presets import preset
from schakel.dependency.screen import definition_sha256, engine_name
from schakel.errors import InputError, IntegrityError
from schakel.evidence import sha256_text
from schakel.lake.flowset import FlowSet

__all__ = ["COMMAND", "verify_batch"]
_REMEDY = "give the batch.json that `schakel batch` wrote"


def verify_batch(receipt: Mapping[str, Any], flows: FlowSet, *, where: str) -> Iterator[str]:
    """Compute a batch again in a folder of its own and yield a line for each thing that agrees.

    Raises
    ------
    IntegrityError
        At the first thing that does not: input, definitions, result.
    InputError
        If the receipt does not say how the run was made.
    """
    parameters = dict(receipt["parameters"])
    lacking = [k for k in ("years", "methods", "reporters", "values", "definitions_sha256") if k not in parameters]
    if lacking:
        raise InputError(f"the receipt names no {lacking[0]}", where=where, remedy=_REMEDY)
    then, now = [i["sha256"] for i in receipt["inputs"]], [i.sha256 for i in flows.inputs]
    if then != now:
        raise IntegrityError("the inputs changed", where=where, remedy="use the files of the first run")
    yield f"inputs agree ({sum(i.rows for i in flows.inputs)} rows)"
    methods = [str(m) for m in parameters["methods"]]
    definitions = sha256_text(repr(preset(m)) for m in methods)
    if receipt["sql_sha256"] != definition_sha256() or parameters["definitions_sha256"] != definitions:
        raise IntegrityError(
            "the definitions changed since the run",
            where=where,
            remedy=f"the batch was made by {receipt.get('engine', 'another version')}",
        )
    yield "definitions agree"
    reporters = None if parameters["reporters"] == "all" else parameters["reporters"]
    folder = scratch.folder("schakel-verify-")
    try:
        years = [int(y) for y in parameters["years"]]
        values = bool(parameters["values"])
        again = run(flows, folder, years=years, methods=methods, reporters=reporters, values=values)
    finally:
        scratch.remove(folder)
    found = again.receipt.result_sha256
    if found != receipt["result_sha256"]:
        raise IntegrityError(
            f"the result differs: {found} now",
            where=where,
            remedy=f"made by {receipt.get('engine', '?')}, checked with {engine_name()}",
        )
    yield f"result agrees: {found}"
