"""What stands in a chain of one's own: a folder of CSV files in the program's own form?

``inputs.csv`` and ``positions.csv`` are enough; ``steps.csv`` adds names and layers, ``sources.csv`` where rows come from.
Required columns are marked with a star:

=============  ==========================================================================================================
inputs.csv     step*, input*, slot (rows of one step with one slot name are alternatives), kind (flow, capital,
               permission), criticality (critical, important, minor), coefficient, stock_days, confidence, source, locator
positions.csv  step*, country* or plant / owner / control, actor, share or share_low and share_high (0 to 1), measure,
               year, mark, confidence, source, locator
steps.csv      step*, name_en, name_nl, layer, hs6 (codes with ; between), final (true or false), source, locator
sources.csv    id*, title, publisher, url, licence, vintage, retrieved, mark
=============  ==========================================================================================================

A coefficient and stock days may be a distribution, and a criticality weighted classes (see `schakel.evidence.spread`). Any
wrong cell refuses the whole folder and names file, row and column.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from schakel.errors import InputError
from schakel.evidence import InputRef, Mark, licences, sha256_file, spread
from schakel.plain import printable
from schakel.sources.cells import MOST_CELL, Row, rows, written

Cells = dict[str, str]
KINDS = ("flow", "capital", "permission")
CLASSES = ("critical", "important", "minor")
MOST_NAME = 200  # characters of a step or a holder, that an address can carry
_SPREAD = "write a number, or a distribution such as uniform(low=20; high=40)"

COLUMNS = {
    "inputs.csv": ("step", "input", "slot", "kind", "criticality", "coefficient", "stock_days", "confidence", "source",
                   "locator", "note_en", "note_nl"),
    "positions.csv": ("step", "country", "plant", "owner", "control", "actor", "share", "share_low", "share_high", "measure",
                      "year", "mark", "confidence", "source", "locator"),
    "steps.csv": ("step", "name_en", "name_nl", "layer", "hs6", "final", "source", "locator", "note_en", "note_nl"),
    "sources.csv": ("id", "title", "publisher", "url", "licence", "vintage", "retrieved", "mark", "note"),
}  # fmt: skip
REQUIRED = {"inputs.csv": ("step", "input"), "positions.csv": ("step",), "steps.csv": ("step",), "sources.csv": ("id",)}


def is_own(folder: Path) -> bool:
    """Say whether a folder holds a chain in this form."""
    try:
        return (
            (folder / "inputs.csv").is_file()
            and (folder / "positions.csv").is_file()
            and "input" in [cell.strip() for cell in re.split("[,;\t]", _header(folder / "inputs.csv"))]
        )
    except OSError:
        return True  # reading it will say what is in the way


def _header(path: Path) -> str:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as handle:
        return handle.readline(MOST_CELL).strip().replace('"', "")


@dataclass(frozen=True)
class Chain:
    """Rows in the columns of this form, all checked, with what was noticed on the way.

    ``inputs`` may also carry ``relation``: ``type`` for a link that says "is a type of", else empty. Where a cell holds a
    distribution, ``coefficient``, ``stock_days`` and ``criticality`` hold its central value, and ``coefficient_spread``,
    ``stock_days_spread`` and ``criticality_weights`` the distribution.
    """

    steps: tuple[Cells, ...]
    inputs: tuple[Cells, ...]
    positions: tuple[Cells, ...]
    rows_read: int
    left_out: Mapping[str, int]
    notes: tuple[str, ...]
    files: tuple[InputRef, ...]
    version: str = ""
    sources: tuple[Cells, ...] = ()

    @property
    def licences(self) -> tuple[str, ...]:
        """Ids of the licences of its sources; the user's own when none is stated."""
        return tuple(sorted({s["licence"] for s in self.sources})) or ("user-supplied",)


def read(folder: Path) -> Chain:
    """Read a folder; nothing is returned unless every row is right.

    Raises
    ------
    InputError, MachineError
        Naming file, row and column.
    """
    found = {
        name: tuple(rows(folder / name, COLUMNS[name], REQUIRED[name])) if (folder / name).is_file() else ()
        for name in COLUMNS
    }
    steps: dict[str, Cells] = {}
    for row in found["steps.csv"]:
        key = row.need("step")
        _name(row, "step")
        if key in steps:
            raise InputError(f"step {key!r} stands here twice", where=row.where("step"), remedy="remove one")
        steps[key] = _step(row)
    declared = bool(steps)
    slots: dict[tuple[str, str], list[Row]] = {}
    for row in found["inputs.csv"]:
        for column in ("step", "input"):
            _know(steps, row, column, declared)
        slots.setdefault((row.need("step"), row.text("slot") or row.need("input")), []).append(row)
    inputs = [cells for (step, slot), group in slots.items() for cells in _slot(step, slot, group)]
    positions = []
    for row in found["positions.csv"]:
        _know(steps, row, "step", declared)
        positions.append(_position(row))
    named: dict[str, Cells] = {}
    for row in found["sources.csv"]:
        source = _source(row)
        if source["id"] in named:
            raise InputError(f"source {source['id']!r} stands here twice", where=row.where("id"), remedy="remove one")
        named[source["id"]] = source
    if named:
        for row in (*found["steps.csv"], *found["inputs.csv"], *found["positions.csv"]):
            if row.text("source") and row.text("source") not in named:
                raise InputError(
                    f"source {row.text('source')!r} is not in sources.csv",
                    where=row.where("source"),
                    remedy="add it there",
                )
    return Chain(
        steps=tuple(steps.values()),
        inputs=tuple(inputs),
        positions=tuple(positions),
        rows_read=sum(map(len, found.values())),
        left_out={},
        notes=(*_oversubscribed(positions), *_alone(steps, inputs)),
        files=tuple(
            InputRef(f"{folder.name}/{name}", sha256_file(folder / name), len(found[name]))
            for name in COLUMNS
            if (folder / name).is_file()
        ),
        sources=tuple(named.values()),
    )


def _name(row: Row, column: str) -> str:
    """Return the name of a step or a holder, which stands in addresses and on one line of a table."""
    name = row.text(column)
    if len(name) > MOST_NAME:
        raise InputError(
            f"a name of {len(name):,} characters", where=row.where(column), remedy=f"use at most {MOST_NAME}"
        )
    if name != printable(name):
        raise InputError(
            "a name with a sign that cannot be shown", where=row.where(column), remedy="leave out control characters"
        )
    return name


def _know(steps: dict[str, Cells], row: Row, column: str, declared: bool) -> None:
    key = row.need(column)
    _name(row, column)
    if key in steps:
        return
    if declared:
        raise InputError(f"step {key!r} is not in steps.csv", where=row.where(column), remedy="add it there")
    steps[key] = dict.fromkeys(COLUMNS["steps.csv"], "") | {"step": key, "final": "false"}


def _step(row: Row) -> Cells:
    codes = [c.strip() for c in row.text("hs6").split(";") if c.strip()]
    for code in codes:
        if not re.fullmatch(r"\d{6}", code, re.ASCII):
            raise InputError(
                f"{code!r} is no six-digit code", where=row.where("hs6"), remedy="write six digits, ; between codes"
            )
    return {column: row.text(column) for column in COLUMNS["steps.csv"]} | {
        "step": row.need("step"),
        "hs6": ";".join(codes),
        "final": row.one_of("final", ("false", "true")),
    }


def _slot(step: str, slot: str, group: list[Row]) -> list[Cells]:
    first = group[0]
    out: list[Cells] = []
    seen: set[str] = set()
    for row in group:
        for column in ("kind", "criticality", "coefficient", "stock_days"):
            if row.text(column) != first.text(column):
                raise InputError(
                    f"alternatives of slot {slot!r} disagree on {column}",
                    where=row.where(column),
                    remedy=f"give what row {first.line} gives, or name another slot",
                )
        if row.need("input") in seen:
            raise InputError(f"slot {slot!r} names an input twice", where=row.where("input"), remedy="remove one")
        seen.add(row.need("input"))
        confidence = row.number("confidence", 0, 1)
        cells = {column: row.text(column) for column in COLUMNS["inputs.csv"]} | {
            "step": step,
            "slot": slot,
            "kind": row.one_of("kind", KINDS),
            **_class(row),
            **_amount(row, "coefficient"),
            **_amount(row, "stock_days"),
            "confidence": written(1.0 if confidence is None else confidence),
            "relation": "",
        }
        out.append(cells)
    return out


def _amount(row: Row, column: str) -> Cells:
    """Return the central value of a cell, and its distribution where it holds one."""
    text = row.text(column)
    if "(" not in text:
        return {column: written(row.number(column, 0))}
    try:
        found = spread.parse(text, 0.0, math.inf)
    except ValueError as error:
        raise InputError(str(error), where=row.where(column), remedy=_SPREAD) from None
    return {column: written(found.point), f"{column}_spread": str(found)}


def _class(row: Row) -> Cells:
    """Return the class that counts, and the weights of all where a cell gives several."""
    if "(" not in row.text("criticality"):
        return {"criticality": row.one_of("criticality", CLASSES)}
    try:
        found = spread.parse_weights(row.text("criticality"), CLASSES)
    except ValueError as error:
        remedy = "write a class, or weights(critical=0.7; important=0.3)"
        raise InputError(str(error), where=row.where("criticality"), remedy=remedy) from None
    return {"criticality": found.central, "criticality_weights": str(found)}


def _position(row: Row) -> Cells:
    exact = row.number("share", 0, 1)
    low, high = row.number("share_low", 0, 1), row.number("share_high", 0, 1)
    if exact is not None and (low is not None or high is not None):
        raise InputError(
            "a share and its bounds", where=row.where("share"), remedy="give share, or share_low and share_high"
        )
    if (low is None) != (high is None) or (low is not None and high is not None and low > high):
        raise InputError(
            "the bounds of the share do not agree", where=row.where("share_low"), remedy="give both, low first"
        )
    country, plant = row.country("country"), row.country("plant")
    if country and plant and country != plant:
        raise InputError(
            f"country {country} and plant {plant}", where=row.where("country"), remedy="country means plant; give one"
        )
    owner, control = row.country("owner"), row.country("control")
    if not (plant or country or owner or control):
        raise InputError("no country", where=row.where("country"), remedy="give country, or plant, owner or control")
    year = row.number("year", 1900, 2200)
    if year is not None and year != int(year):
        raise InputError(f"{row.text('year')} is no year", where=row.where("year"), remedy="write four digits")
    return {
        "step": row.need("step"),
        "actor": _name(row, "actor"),
        "plant": plant or country,
        "owner": owner,
        "control": control,
        "share_low": written(exact if exact is not None else low),
        "share_high": written(exact if exact is not None else high),
        "measure": row.text("measure"),
        "year": "" if year is None else str(int(year)),
        "mark": row.one_of("mark", tuple(m.value for m in Mark)),
        "confidence": written(row.number("confidence", 0, 1)),
        "source": row.text("source"),
        "locator": row.text("locator"),
    }


def _source(row: Row) -> Cells:
    out = {column: row.text(column) for column in COLUMNS["sources.csv"]}
    out["id"] = row.need("id")
    out["mark"] = row.one_of("mark", tuple(m.value for m in Mark))
    out["licence"] = out["licence"] or "user-supplied"
    if out["licence"] not in licences():
        known = ", ".join(sorted(licences()))
        raise InputError(
            f"unknown licence {out['licence']!r}", where=row.where("licence"), remedy=f"use one of: {known}"
        )
    return out


def _alone(steps: Mapping[str, Cells], inputs: Sequence[Cells]) -> tuple[str, ...]:
    """Say which steps nothing links to: often a name spelled in two ways."""
    linked = {row["step"] for row in inputs} | {row["input"] for row in inputs}
    alone = [step for step in steps if step not in linked]
    named = ", ".join(alone[:5]) + (" ..." if len(alone) > 5 else "")
    return (f"no link goes to or from {named}",) if alone and inputs else ()


def _oversubscribed(positions: Sequence[Cells]) -> tuple[str, ...]:
    total: dict[tuple[str, bool], float] = {}
    for p in positions:
        if p["share_low"]:
            key = (p["step"], bool(p["actor"]))
            total[key] = total.get(key, 0.0) + float(p["share_low"])
    return tuple(
        f"shares of {step} ({'firms' if firms else 'countries'}) sum to {value:.3f}, more than 1"
        for (step, firms), value in sorted(total.items())
        if value > 1.03
    )
