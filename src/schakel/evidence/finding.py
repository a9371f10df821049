"""One checkable sentence with its number."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a source: the source id, and the table, page or row in it."""

    source: str
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement that pages, reports and letters show and that a later run can check.

    Attributes
    ----------
    subject
        What it is about, for example ``NLD/28053010``.
    measure, value, unit, threshold
        The number, what it measures, and the cut it is held against (None when there is none).
    verdict
        True, False, or None when an input is missing.
    method, period
        Preset name and year.
    sentence
        The sentence by language, ``{"en": ..., "nl": ...}``.
    """

    subject: str
    measure: str
    value: float | None
    unit: str
    threshold: float | None
    verdict: bool | None
    method: str
    period: str
    sentence: dict[str, str]
    sources: tuple[Citation, ...] = ()
    caveats: tuple[str, ...] = field(default=())

    @property
    def id(self) -> str:
        """Short id: the same subject, measure, method and period always get the same one."""
        key = "\x1f".join((self.subject, self.measure, self.method, self.period))
        return "F-" + hashlib.sha256(key.encode()).hexdigest()[:10]

    def as_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping, id included."""
        return {"id": self.id, **json.loads(json.dumps(asdict(self)))}
