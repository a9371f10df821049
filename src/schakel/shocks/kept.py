"""Which results of a scenario were kept last, and are they still what was computed?

Kept in the data folder: ``runs/results/ID.json`` for a run, ``ID.mitigate.json``, ``ID.sensitivity.json`` and
``ID.resolution.json`` for the other questions. The newest replaces the one before.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from schakel import settings
from schakel.errors import InputError, IntegrityError, MachineError, NotFoundError
from schakel.evidence import result_sha256

KINDS = ("run", "mitigate", "sensitivity", "resolution")
AROUND = ("content", "warnings", "sources", "licences", "receipt")  # stand beside the result, outside its hash
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_MOST = 200_000_000


def folder() -> Path:
    """Return where results are kept."""
    return Path(settings.load().home) / "runs" / "results"


def keep(answer: Mapping[str, Any], kind: str = "run") -> Path:
    """Keep an answer under the id of its scenario, whole or not at all.

    Raises
    ------
    MachineError
        If it cannot be written.
    """
    path = _path(str(answer["scenario"]), kind)
    text = json.dumps(answer, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    part = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
        Path(part).replace(path)
    except OSError as error:
        if part:
            Path(part).unlink(missing_ok=True)
        raise MachineError(
            f"cannot be written: {error.strerror}", where=f"file {path}", remedy="free some space"
        ) from None
    return path


def kept(scenario: str, kind: str = "run") -> dict[str, Any]:
    """Return the answer kept last.

    Raises
    ------
    NotFoundError
        If there is none.
    IntegrityError
        If it is not what was kept.
    """
    if _ID.fullmatch(scenario) and _path(scenario, kind).exists():
        return read(_path(scenario, kind))
    raise NotFoundError(
        f"no result of scenario {scenario!r} is kept here", remedy=f"make one: schakel shock {kind} {scenario}"
    )


def beside(answer: Mapping[str, Any], kind: str) -> dict[str, Any] | None:
    """Return what is kept beside a run, when it is of the same scenario to the letter; else None."""
    try:
        found = kept(answer["scenario"], kind)
    except NotFoundError:
        return None
    key = "scenario_sha256"
    return found if found["receipt"]["parameters"][key] == answer["receipt"]["parameters"][key] else None


def names() -> tuple[str, ...]:
    """Return the scenarios of which a run is kept."""
    return tuple(sorted(p.stem for p in folder().glob("*.json") if _ID.fullmatch(p.stem)))


def read(path: Path) -> dict[str, Any]:
    """Read an answer from a file and hold it against its own receipt.

    Raises
    ------
    InputError
        If it is not an answer of ``schakel shock``.
    IntegrityError
        If the result is not the one its receipt names.
    MachineError
        If it cannot be read.
    """
    where = f"file {path}"
    try:
        if path.stat().st_size > _MOST:
            raise InputError("the file is too large for a result", where=where, remedy="name another file")
        answer = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise NotFoundError("there is no such file", where=where, remedy="name another file") from None
    except OSError as error:
        raise MachineError(f"cannot be read: {error.strerror}", where=where, remedy="allow reading it") from None
    except (ValueError, RecursionError):
        raise InputError(
            "the file is no JSON", where=where, remedy="give what schakel shock run --format json wrote"
        ) from None
    try:
        result = {k: v for k, v in answer.items() if k not in AROUND}
        said, content = answer["receipt"]["result_sha256"], answer["content"]
        known = isinstance(content["title"], Mapping) and isinstance(answer["scenario"], str)
    except (AttributeError, KeyError, TypeError):
        known = False
    if not known:
        raise InputError(
            "the file holds no result of a scenario",
            where=where,
            remedy="give what schakel shock run --format json wrote",
        )
    if result_sha256(result) != said:
        raise IntegrityError(
            "the result is not the one its receipt names", where=where, remedy="run the scenario again"
        )
    return dict(answer)


def _path(scenario: str, kind: str) -> Path:
    ending = "" if kind == "run" else f".{kind}"
    return folder() / f"{scenario}{ending}.json"
