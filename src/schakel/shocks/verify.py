"""Does the answer to a scenario still follow from what it was made of?

An answer holds its scenario and what was asked, so it can be made again without the file it came from. What is compared:
the result against its own receipt, the scenario, every input, the result made again, and what stands beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from schakel.errors import InputError, IntegrityError
from schakel.shocks import kept, mitigate, resolution, run, scenario, sensitivity
from schakel.shocks.scenario import Scenario
from schakel.shocks.yamlfile import Document

# What each command may be asked; anything else in a receipt was put there by another hand.
_ASKED = {
    "shock run": ("draws", "groupings"),
    "shock mitigate": ("lens", "on", "draws"),
    "shock sensitivity": ("lens", "on", "base"),
    "shock resolution": ("lenses", "on", "groupings", "keep", "draws", "seed"),
}
_COMPUTE = {
    "shock run": run.run,
    "shock mitigate": mitigate.compare,
    "shock sensitivity": sensitivity.indices,
    "shock resolution": resolution.spread,
}
_CHANGED = "the file was changed, or made by another version; run the scenario again"


def verify(path: Path, *, threads: int | None = None) -> Iterator[str]:
    """Make an answer again and yield a line for each thing that agrees.

    Raises
    ------
    InputError
        If the file is no answer of ``schakel shock``.
    IntegrityError
        At the first thing that does not agree.
    """
    answer = kept.read(path)
    where = f"file {path}"
    yield "result agrees with the receipt"
    said = answer["receipt"]["parameters"]
    found = _scenario(answer, where)
    if found.sha256 != said.get("scenario_sha256") or found.id != answer["scenario"]:
        raise IntegrityError("the scenario is not the one that was run", where=f"{where}, content", remedy=_CHANGED)
    yield "scenario agrees"
    fresh = json.loads(json.dumps(_again(found, said, threads, where)))
    now = fresh["receipt"]
    for then, here in zip(answer["receipt"]["inputs"], now["inputs"], strict=False):
        if then != here:
            raise IntegrityError(
                f"the input changed: sha256 was {then.get('sha256')}, is {here['sha256']}",
                where=str(then.get("path")),
                remedy="use the data of the first run",
            )
        yield f"input {here['path']} agrees"
    if answer["receipt"]["inputs"] != now["inputs"]:
        raise IntegrityError("the receipt names other inputs than the run has", where=where, remedy=_CHANGED)
    if answer["receipt"]["result_sha256"] != now["result_sha256"]:
        raise IntegrityError(
            f"made again, the result has sha256 {now['result_sha256']}",
            where=where,
            remedy=f"the answer was made by {answer['receipt'].get('engine', 'another version')}",
        )
    yield "result agrees"
    for key in ("warnings", "sources", "licences"):
        if answer.get(key) != fresh[key]:
            raise IntegrityError(f"the {key} differ from those of the run", where=f"{where}, {key}", remedy=_CHANGED)
    if said != now["parameters"]:
        raise IntegrityError("the parameters differ from those of the run", where=where, remedy=_CHANGED)
    yield "parameters, warnings, sources and licences agree"


def _scenario(answer: Mapping[str, Any], where: str) -> Scenario:
    try:
        return scenario.check(Document(answer["content"], {}, "receipt"))
    except InputError as error:
        raise IntegrityError(f"the scenario in it is none: {error.what}", where=where, remedy=_CHANGED) from None


def _again(found: Scenario, said: Mapping[str, Any], threads: int | None, where: str) -> dict[str, Any]:
    command, asked = said.get("command"), said.get("asked")
    if command not in _COMPUTE or not isinstance(asked, Mapping) or set(asked) != set(_ASKED[command]):
        raise InputError(
            "the receipt does not say what was asked",
            where=where,
            remedy="run the scenario again; older answers do not say it",
        )
    return dict(_COMPUTE[command](found, threads=threads, **asked))  # type: ignore[operator]
