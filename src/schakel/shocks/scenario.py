"""What does a scenario say: who withholds what from whom, from when and for how long, and what stands against it?

A scenario is a page of YAML. The form is a JSON Schema (``scenario.schema.json``); what a schema cannot say is checked
here: countries exist, windows do not overlap, shares stay shares, substitution does not go in circles. Every error names
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
from schakel.nomenclature import blocs, countries
from schakel.shocks import yamlfile
from schakel.shocks.dist import Number, number
from schakel.shocks.form import check_form
from schakel.shocks.yamlfile import Document, Key

LENSES = ("floor", "centre", "ceiling", "long_run")
INF = float("inf")
# Bounds of every number, by its key; keys not here are at least 0.
_BOUNDS: dict[str, tuple[float, float]] = {
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
}
_NUMBERS = frozenset(
    {
        *_BOUNDS,
        *(
            "start",
            "end",
            "duration",
            "phase_in",
            "recovery",
            "delay_days",
            "price_markup",
            "after_days",
            "days",
            "cost_usd",
        ),
        *(
            "qualify_days",
            "ramp_tau",
            "switch_days",
            "reroute_ramp",
            "overcapacity_days",
            "panic",
            "stock_days",
            "usd_per_year",
        ),
    }
)
_REQUIRED_TO = frozenset({"export_ban", "licence", "quota", "seizure", "route_closure", "service_denial"})


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
        """Return the measures, as written."""
        return list(self.content.get("measures") or [])

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
        return frozenset(c for name in names for c in _countries(name, self.groups))


def read(path: Path) -> Scenario:
    """Read and check a scenario file; a name without a path means one of the library.

    Raises
    ------
    InputError, MachineError, NotFoundError
    """
    if not path.suffix and len(path.parts) == 1 and not path.exists():
        from schakel.shocks import library

        if path.name in library.names():
            path = library.path(path.name)
    return check(yamlfile.read(path))


def parse(text: str, name: str = "scenario") -> Scenario:
    """Read and check the text of a scenario."""
    return check(yamlfile.parse(text, name))


def check(document: Document) -> Scenario:
    """Check a document and return the scenario it holds."""
    check_form(document)
    content = document.value
    numbers = dict(_numbers(document, content, ()))
    groups = _groups(document, content)
    _check_time(document, content)
    _check_people(document, content, groups)
    _check_measures(document, content, numbers)
    _check_substitution(document, content)
    return Scenario(content["id"], content, dict(sorted(numbers.items(), key=lambda kv: str(kv[0]))), groups, document)


def _numbers(document: Document, value: Any, path: Key) -> Iterator[tuple[Key, Number]]:
    """Yield every number that may be uncertain, checked against its bounds."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            here = (*path, key)
            if key in _NUMBERS and path and path[0] in ("measures", "mitigations", "stocks", "behaviour", "valuation"):
                low, high = _BOUNDS.get(key, (0, INF))
                try:
                    yield here, number(item, low, high)
                except ValueError as error:
                    raise InputError(str(error), where=document.where(here), remedy="correct the number") from None
            else:
                yield from _numbers(document, item, here)
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _numbers(document, item, (*path, i))


def _groups(document: Document, content: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    out: dict[str, frozenset[str]] = {}
    for name, value in (content.get("groups") or {}).items():
        items = [value] if isinstance(value, str) else value
        members: set[str] = set()
        for item in items:
            try:
                members |= _countries(item, out)
            except InputError as error:
                raise InputError(error.what, where=document.where(("groups", name)), remedy=error.remedy) from None
        out[name] = frozenset(members)
    return out


def _countries(name: str, groups: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the countries of a group, a bloc (with or without @) or a code.

    Raises
    ------
    InputError
        If it is none of these.
    """
    if name in groups:
        return groups[name]
    if name.casefold() in ("world", "all", "*"):
        return frozenset(c.iso3 for c in countries.all_countries())
    bare = name.removeprefix("@").upper()
    if blocs.is_bloc(bare):
        return frozenset(blocs.members(bare, 2025))
    return frozenset((countries.resolve(name).iso3,))


def _check_time(document: Document, content: Mapping[str, Any]) -> None:
    try:
        date.fromisoformat(content["time"]["start"])
    except ValueError:
        raise InputError(
            f"{content['time']['start']} is no date", where=document.where(("time", "start")), remedy="write YYYY-MM-DD"
        ) from None


def _check_people(document: Document, content: Mapping[str, Any], groups: Mapping[str, frozenset[str]]) -> None:
    def one(path: Key, value: Any) -> None:
        for item in [value] if isinstance(value, str) else value:
            try:
                _countries(item, groups)
            except InputError as error:
                known = f"; groups here: {', '.join(groups)}" if groups else ""
                raise InputError(error.what, where=document.where(path), remedy=f"{error.remedy}{known}") from None

    for i, m in enumerate(content.get("measures") or []):
        for key in ("imposer", "to"):
            if key in m:
                one(("measures", i, key), m[key])
        for key in ("site", "owner", "control"):
            if key in m.get("from", {}):
                one(("measures", i, "from", key), m["from"][key])
        if "via" in m.get("leakage", {}):
            one(("measures", i, "leakage", "via"), m["leakage"]["via"])
        if "by" in m.get("retaliation", {}):
            one(("measures", i, "retaliation", "by"), m["retaliation"]["by"])
    for i, m in enumerate(content.get("mitigations") or []):
        for key in ("owner", "site", "members", "users"):
            if key in m:
                one(("mitigations", i, key), m[key])
    for i, held in enumerate(content.get("stocks") or []):
        if "owner" in held:
            one(("stocks", i, "owner"), held["owner"])


def _check_measures(document: Document, content: Mapping[str, Any], numbers: Mapping[Key, Number]) -> None:
    measures = content.get("measures") or []
    ids: dict[str, int] = {}
    windows: list[tuple[tuple[Any, ...], float, float, int]] = []
    for i, m in enumerate(measures):
        path: Key = ("measures", i)
        if m["id"] in ids:
            raise InputError(
                f"measure {m['id']!r} stands twice", where=document.where((*path, "id")), remedy="give each its own id"
            )
        ids[m["id"]] = i
        if "end" in m and "duration" in m:
            raise InputError(
                "an end and a duration", where=document.where((*path, "duration")), remedy="give one of them"
            )
        start = numbers[(*path, "start")].point
        end = INF
        if "end" in m:
            end = numbers[(*path, "end")].point
            if end < start:
                raise InputError(
                    f"ends on day {end:g}, before it starts on day {start:g}",
                    where=document.where((*path, "end")),
                    remedy="correct one of them",
                )
        if "duration" in m:
            end = start + numbers[(*path, "duration")].point
        if start > content["time"]["horizon"]:
            raise InputError(
                f"starts on day {start:g}, after the run of {content['time']['horizon']} days",
                where=document.where((*path, "start")),
                remedy="make the horizon longer",
            )
        if m["instrument"] in _REQUIRED_TO and "to" not in m:
            raise InputError(
                f"{m['instrument']} does not say against whom",
                where=document.where(path),
                remedy="add to: (a country, group, or world)",
            )
        if "imposer" not in m and not any(k in m.get("from", {}) for k in ("site", "owner", "control")):
            raise InputError(
                "nobody imposes it", where=document.where(path), remedy="add imposer, or from: {site: ...}"
            )
        what = (
            m["instrument"],
            m.get("imposer"),
            json.dumps(m.get("from"), sort_keys=True),
            json.dumps(m.get("to"), sort_keys=True),
            json.dumps(m.get("uses"), sort_keys=True),
        )
        for product in m["products"]:
            for other, a, b, k in windows:
                if other == (*what, product) and start < b and a < end:
                    raise InputError(
                        f"the window overlaps that of {measures[k]['id']!r} (days {a:g} to {b:g}) for {product}",
                        where=document.where((*path, "start")),
                        remedy="join them, or let one end before the other starts",
                    )
            windows.append(((*what, product), start, end, i))
    for i, m in enumerate(measures):
        answer = m.get("retaliation")
        if answer and answer["measure"] not in ids:
            raise InputError(
                f"there is no measure {answer['measure']!r}",
                where=document.where(("measures", i, "retaliation", "measure")),
                remedy=f"measures here: {', '.join(ids)}",
            )


def _check_substitution(document: Document, content: Mapping[str, Any]) -> None:
    edges: dict[str, list[tuple[str, int]]] = {}
    for i, m in enumerate(content.get("mitigations") or []):
        if m["kind"] == "substitute":
            edges.setdefault(m["from"], []).append((m["to"], i))
    for start in edges:
        seen, queue = {start}, [start]
        while queue:
            for nxt, i in edges.get(queue.pop(), ()):
                if nxt == start:
                    raise InputError(
                        f"substitution goes in a circle through {start!r}",
                        where=document.where(("mitigations", i, "to")),
                        remedy="let one product stand in for the other, not both",
                    )
                if nxt not in seen:
                    seen.add(nxt)
                    queue.append(nxt)


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
