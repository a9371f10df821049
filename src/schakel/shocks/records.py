"""What is kept of one draw under one lens, and how does a long run go on after it was stopped?

Draws are computed in chunks of a fixed size, because the sums of a chunk depend on its size in the last bit. A finished
chunk is one line of a file, with its own hash; a line that was cut off is thrown away and computed again. So a run that
was stopped and resumed gives the same bits as one that was not.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from schakel.errors import IntegrityError, MachineError
from schakel.evidence import sha256_text
from schakel.shocks.lens import LensResult
from schakel.shocks.world import World


@dataclass(frozen=True)
class Record:
    """One draw under one lens, in the world's unit.

    ``by_industry`` is the loss by industry, ``weekly`` the world's output over baseline by week, ``region_weekly`` the
    same by region (R lists), ``first_stop_day`` and ``first_stop`` the day and the industry that stops first.
    """

    draw: int
    loss: float
    by_industry: tuple[float, ...]
    unmet: float
    first_stop_day: float | None
    weekly: tuple[float, ...]
    region_weekly: tuple[tuple[float, ...], ...]
    warnings: tuple[str, ...]
    values: Mapping[str, Any]


def record(world: World, result: LensResult, draw: int, horizon: int, step: int) -> Record:
    """Return what is kept of a result."""
    weekly: tuple[float, ...] = ()
    by_region: tuple[tuple[float, ...], ...] = ()
    if len(result.path):
        x0 = world.output
        per_week = max(1, 7 // step)
        cuts = np.arange(0, len(result.path), per_week)
        made = np.add.reduceat(result.path * x0, cuts, axis=0)
        size = np.diff(np.append(cuts, len(result.path)))[:, None]
        total = x0.sum()
        weekly = tuple((made.sum(axis=1) / size[:, 0] / total).tolist()) if total > 0 else ()
        rows = []
        for r in range(len(world.regions)):
            mine = world.region == r
            base = x0[mine].sum()
            rows.append(tuple((made[:, mine].sum(axis=1) / size[:, 0] / base).tolist()) if base > 0 else ())
        by_region = tuple(rows)
    keep = {
        k: v
        for k, v in result.values.items()
        if k in ("duals", "gap", "real_income", "residual", "rounds", "growth_per_step", "first_stop", "stops")
    }
    return Record(
        draw=draw,
        loss=float(result.loss),
        by_industry=tuple(np.asarray(result.loss_by_industry, float).tolist()),
        unmet=float(np.sum(result.unmet_final)),
        first_stop_day=None if result.first_stop_day is None else float(result.first_stop_day),
        weekly=weekly,
        region_weekly=by_region,
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


def _record(body: Mapping[str, Any]) -> Record:
    return Record(
        draw=body["draw"],
        loss=body["loss"],
        by_industry=tuple(body["by_industry"]),
        unmet=body["unmet"],
        first_stop_day=body["first_stop_day"],
        weekly=tuple(body["weekly"]),
        region_weekly=tuple(tuple(r) for r in body["region_weekly"]),
        warnings=tuple(body["warnings"]),
        values=body["values"],
    )
