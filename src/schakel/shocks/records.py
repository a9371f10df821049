"""What is kept of one draw under one lens, and how does a long run go on after it was stopped?

Draws are computed in chunks of a fixed size, because the sums of a chunk depend on its size in the last bit. A finished
chunk is one line of a file, with its own hash; a line that was cut off is thrown away and computed again. So a run that
was stopped and resumed gives the same bits as one that was not.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from schakel.errors import IntegrityError, MachineError
from schakel.evidence import sha256_text
from schakel.lake.lock import held
from schakel.shocks.lens import LensResult
from schakel.shocks.world import World

_BEGIN = b'{"sha256": "'  # of every line


@dataclass(frozen=True)
class Record:
    """One draw under one lens, in the world's unit.

    ``by_industry`` is the loss by industry, ``weekly`` the world's output over baseline by week,
    ``first_stop_day`` the day on which an industry first stops.
    """

    draw: int
    loss: float
    by_industry: tuple[float, ...]
    unmet: float
    first_stop_day: float | None
    weekly: tuple[float, ...]
    warnings: tuple[str, ...]
    values: Mapping[str, Any]


def record(world: World, result: LensResult, draw: int, horizon: int, step: int) -> Record:
    """Return what is kept of a result."""
    weekly: tuple[float, ...] = ()
    if len(result.path):
        x0 = world.output
        cuts = np.arange(0, len(result.path), max(1, 7 // step))
        made = np.add.reduceat((result.path * x0).sum(axis=1), cuts)
        total = x0.sum()
        weekly = tuple((made / np.diff(np.append(cuts, len(result.path))) / total).tolist()) if total > 0 else ()
    keep = {
        k: v
        for k, v in result.values.items()
        if k
        in (
            "duals",
            "gap",
            "real_income",
            "residual",
            "rounds",
            "growth_per_step",
            "first_stop",
            "stops",
            "markup_cost",
        )
    }
    return Record(
        draw=draw,
        loss=float(result.loss),
        by_industry=tuple(np.asarray(result.loss_by_industry, float).tolist()),
        unmet=float(np.sum(result.unmet_final)),
        first_stop_day=None if result.first_stop_day is None else float(result.first_stop_day),
        weekly=weekly,
        warnings=tuple(result.warnings),
        values=json.loads(json.dumps(keep)),
    )


class Store:
    """Finished chunks on disk, by what was computed; None as path keeps nothing."""

    def __init__(self, path: Path | None, key: str) -> None:
        self.path, self.key = path, key
        self.done: dict[str, list[Record]] = {}
        if path is not None and path.exists():
            self._load(path)

    def _load(self, path: Path) -> None:
        good = 0
        with path.open("rb") as handle:
            begin = handle.read(len(_BEGIN))
            if begin != _BEGIN[: len(begin)]:
                raise IntegrityError(
                    "this is no file of a run", where=f"file {path}", remedy="name another file; this one is left alone"
                )
            handle.seek(0)
            for line in handle:
                if not line.endswith(b"\n"):
                    break
                try:
                    entry = json.loads(line)
                    if sha256_text([json.dumps(entry["body"], sort_keys=True)]) != entry["sha256"]:
                        break
                except (ValueError, KeyError, TypeError):
                    break
                good += len(line)
                body = entry["body"]
                if body["key"] != self.key:
                    raise IntegrityError(
                        "the file holds a run of another scenario, table or version",
                        where=f"file {path}",
                        remedy="name another file, or remove this one",
                    )
                self.done[body["chunk"]] = [_record(r) for r in body["records"]]
        if good < path.stat().st_size:
            with path.open("r+b") as handle:
                handle.truncate(good)

    def get(self, chunk: str) -> list[Record] | None:
        """Return a finished chunk."""
        return self.done.get(chunk)

    def put(self, chunk: str, records: Sequence[Record]) -> None:
        """Keep a finished chunk; it is on disk when this returns.

        Raises
        ------
        MachineError
            If it cannot be written.
        """
        self.done[chunk] = list(records)
        if self.path is None:
            return
        body = {"key": self.key, "chunk": chunk, "records": [asdict(r) for r in records]}
        body = json.loads(json.dumps(body))
        line = json.dumps({"sha256": sha256_text([json.dumps(body, sort_keys=True)]), "body": body})
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab") as handle:
                handle.write(line.encode() + b"\n")
                handle.flush()
                os.fsync(handle.fileno())
        except OSError as error:
            raise MachineError(
                f"cannot be written: {error.strerror}", where=f"file {self.path}", remedy="free some space"
            ) from None


@contextmanager
def opened(path: Path | None, key: str, *, passing: bool = False) -> Iterator[Store]:
    """Open a file of finished chunks for one run at a time.

    Parameters
    ----------
    passing
        The file is only there for a run that is stopped: it is removed when the run ends well, and a run that finds another
        at work on it keeps nothing instead of being refused.

    Raises
    ------
    MachineError
        If another run is using the file, or its folder cannot be written.
    """
    if path is None:
        yield Store(None, key)
        return
    lock = path.with_name(f"{path.name}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.touch()
    except OSError as error:
        raise MachineError(
            f"cannot be written: {error.strerror}", where=f"file {path}", remedy="name a file in another folder"
        ) from None
    with held(lock, wait=False) as mine:
        if not mine and not passing:
            raise MachineError(
                "another run is using the file", where=f"file {path}", remedy="wait for it, or name another file"
            )
        try:
            yield Store(path if mine else None, key)
            if mine and passing:
                path.unlink(missing_ok=True)
        finally:
            if mine:
                lock.unlink(missing_ok=True)


def _record(body: Mapping[str, Any]) -> Record:
    return Record(
        draw=body["draw"],
        loss=body["loss"],
        by_industry=tuple(body["by_industry"]),
        unmet=body["unmet"],
        first_stop_day=body["first_stop_day"],
        weekly=tuple(body["weekly"]),
        warnings=tuple(body["warnings"]),
        values=body["values"],
    )
