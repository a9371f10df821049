"""What went into a run, and can it be done again to the bit?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class InputRef:
    """One input: where it was, its sha256 and the number of data rows read from it."""

    path: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """The account of one run.

    ``result_sha256`` covers the rows only, so two runs on other machines can be compared; ``engine`` names the software and is left out of it.
    """

    inputs: tuple[InputRef, ...]
    parameters: Mapping[str, Any]
    sql_sha256: str
    engine: str
    result_sha256: str

    def as_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {**asdict(self), "inputs": [asdict(i) for i in self.inputs], "parameters": dict(self.parameters)}


def sha256_file(path: Path) -> str:
    """Return the sha256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while piece := handle.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def sha256_text(texts: Iterable[str]) -> str:
    """Return the sha256 of several texts, each closed by a NUL byte so that borders count."""
    digest = hashlib.sha256()
    for text in texts:
        digest.update(text.encode())
        digest.update(b"\0")
    return digest.hexdigest()


def result_sha256(rows: Any) -> str:
    """Return the sha256 of a JSON-ready result.

    Keys are sorted and numbers written by Python's shortest round-trip form, so equal bits give equal hashes.
    """
    text = json.dumps(rows, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
