"""What does a scenario say: who withholds what from whom, from when and for how long, and what stands against it?

A scenario is a page of YAML. The form is a JSON Schema (``scenario.schema.json``); what a schema cannot say is checked
in ``checks``: countries exist, windows do not overlap, shares stay shares, substitution does not go in circles. Every error names
line and key. The hash is that of the content, whatever the order of keys, spacing and comments.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from schakel.errors import InputError, NotFoundError
from schakel.evidence import sha256_text
from schakel.shocks import agreed, checks, yamlfile
from schakel.shocks.dist import Number, number
from schakel.shocks.form import check_form
from schakel.shocks.yamlfile import Document, Key

LENSES = ("floor", "centre", "ceiling", "long_run")
INF = float("inf")
CENTURY = 36_500.0  # days
# Bounds of every number, by its key.
BOUNDS: dict[str, tuple[float, float]] = {
    "intensity": (0, 1),
    "approval_share": (0, 1),
    "share": (0, 1),
    "probability": (0, 1),
    "yield": (0, 1),
    "reroute_share": (0, 1),
    "psi": (0, 1),
    "efficiency": (1e-6, 100),
    "restore_days": (1, 3650),
    "overcapacity": (1, 10),
    "elasticity": (0.01, 50),
    "trade_elasticity": (0.01, 50),
    "capacity": (0, 100),
    "capital_decay": (0, 0.99),
    "permission_fade": (0.1, 3650),
    "forecast_days": (1, 3650),
    "overcapacity_days": (0.1, 3650),
    "price_markup": (0, 100),
    "panic": (0, 10),
    "cost_usd": (0, 1e15),
    "cost_eur": (0, 1e15),
    "usd_per_year": (0, 1e15),
    **dict.fromkeys(
        ("start", "end", "duration", "phase_in", "recovery", "delay_days", "after_days", "days", "qualify_days"),
        (0, CENTURY),
    ),
    **dict.fromkeys(("ramp_tau", "switch_days", "reroute_ramp", "stock_days"), (0, CENTURY)),
}
HIGHEST_TARIFF = 10.0
_NUMBERS = frozenset(BOUNDS)


@dataclass(frozen=True)
class Scenario:
    """A scenario that was checked.

    Attributes
    ----------
    content
        The file's content as plain values; numbers that may be distributions are as written.
    numbers
        Every number that may differ between draws, by its path, in order of path.
    groups
        Groups with their countries (alpha-3).
    """

    id: str
    content: Mapping[str, Any]
    numbers: Mapping[Key, Number]
    groups: Mapping[str, frozenset[str]]
    document: Document = field(compare=False, repr=False)

    @property
    def sha256(self) -> str:
        """Hash of the content in canonical form."""
        return sha256_text(
            [json.dumps(_canonical(self.content), sort_keys=True, ensure_ascii=False, separators=(",", ":"))]
        )

    @property
    def start(self) -> date:
        """Return the first day."""
        return date.fromisoformat(self.content["time"]["start"])

    @property
    def horizon(self) -> int:
        """Return the number of days of a run."""
        return int(self.content["time"]["horizon"])

    @property
    def step(self) -> int:
        """Return the days of a step, 1 or 7."""
        return 7 if self.content["time"].get("step") == "week" else 1

    @property
    def measures(self) -> list[Mapping[str, Any]]:
        """Return the measures, as written; an answer that names nobody is imposed by who retaliates."""
        measures = list(self.content.get("measures") or [])
        by = {m["retaliation"]["measure"]: m["retaliation"]["by"] for m in measures if "by" in m.get("retaliation", {})}
        return [{"imposer": by[m["id"]], **m} if m["id"] in by else m for m in measures]

    @property
    def mitigations(self) -> list[Mapping[str, Any]]:
        """Return the mitigations, as written."""
        return list(self.content.get("mitigations") or [])

    @property
    def draws(self) -> int:
        """Return the number of draws; 1 when nothing is uncertain."""
        asked = int((self.content.get("uncertainty") or {}).get("draws", 64))
        return asked if any(n.uncertain for n in self.numbers.values()) else 1

    @property
    def edge_draws(self) -> int:
        """Return the number of graphs to draw where edges are uncertain and numbers are not."""
        return int((self.content.get("uncertainty") or {}).get("draws", 64))

    @property
    def seed(self) -> int:
        """Return the seed of the sampler."""
        return int((self.content.get("uncertainty") or {}).get("seed", 0))

    @property
    def lenses(self) -> tuple[str, ...]:
        """Return the lenses asked for; all when the file does not say."""
        return tuple((self.content.get("uncertainty") or {}).get("structural") or LENSES)

    def number(self, path: Key, default: float | None = None) -> Number:
        """Return the number at a path, or a point when the file does not give one.

        Raises
        ------
        NotFoundError
            If there is none and no default.
        """
        if path in self.numbers:
            return self.numbers[path]
        if default is None:
            raise NotFoundError(f"scenario {self.id} gives no {yamlfile.shown(path)}", remedy="add it")
        return Number(default)

    def who(self, value: Any) -> frozenset[str]:
        """Return the countries meant by a name or a list of names: groups, blocs, codes."""
        names = [value] if isinstance(value, str) else list(value)
        return frozenset(c for name in names for c in checks.countries_of(name, self.groups))


def read(path: Path) -> Scenario:
    """Read and check a scenario file; a name without a path means one of the library.

    Raises
    ------
    InputError, MachineError, NotFoundError
    """
    if not path.suffix and len(path.parts) == 1 and not path.exists():
        from schakel.shocks import library

        path = library.path(path.name)
    elif not path.exists():
        raise NotFoundError(
            "there is no such scenario file", where=f"file {path}", remedy="see schakel shock list and new"
        )
    return check(yamlfile.read(path))


def parse(text: str, name: str = "scenario") -> Scenario:
    """Read and check the text of a scenario."""
    return check(yamlfile.parse(text, name))


def check(document: Document) -> Scenario:
    """Check a document and return the scenario it holds."""
    check_form(document)
    content = document.value
    numbers = dict(_numbers(document, content, ()))
    groups = checks.groups_of(document, content)
    checks.time(document, content)
    checks.people(document, content, groups)
    checks.products(document, content)
    checks.measures(document, content, numbers, groups)
    agreed.answers(document, content, groups)
    agreed.meant(document, content)
    checks.substitution(document, content)
    return Scenario(content["id"], content, dict(sorted(numbers.items(), key=lambda kv: str(kv[0]))), groups, document)


def _numbers(document: Document, value: Any, path: Key) -> Iterator[tuple[Key, Number]]:
    """Yield every number that may be uncertain, checked against its bounds."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            here = (*path, key)
            if key in _NUMBERS and path and path[0] in ("measures", "mitigations", "stocks", "behaviour", "valuation"):
                low, high = BOUNDS[key]
                if key == "intensity" and value.get("instrument") == "tariff":
                    high = HIGHEST_TARIFF
                try:
                    yield here, number(item, low, high)
                except ValueError as error:
                    raise InputError(str(error), where=document.where(here), remedy="correct the number") from None
            else:
                yield from _numbers(document, item, here)
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _numbers(document, item, (*path, i))


def _canonical(value: Any) -> Any:
    """Write whole numbers one way, leave empty things out."""
    if isinstance(value, Mapping):
        return {k: _canonical(v) for k, v in value.items() if v not in (None, [], {})}
    if isinstance(value, list):
        return [_canonical(v) for v in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def template() -> str:
    """Return a commented scenario to start from."""
    return files("schakel.shocks").joinpath("template.yaml").read_text("utf-8")
