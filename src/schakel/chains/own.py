"""How do rows of a chain file become a graph?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from schakel.chains.graph import CLASSES, ChainGraph, Position, Slot, Step
from schakel.errors import InputError
from schakel.evidence.spread import Number, parse, parse_weights
from schakel.sources import chainfile


def is_own(folder: Path) -> bool:
    """Say whether a folder holds a chain in our own form (see `schakel.sources.chainfile`)."""
    return chainfile.is_own(folder)


def read(folder: Path) -> ChainGraph:
    """Read a folder; nothing is returned unless every row is right.

    Raises
    ------
    InputError, MachineError
        Naming file, row and column.
    """
    found = chainfile.read(folder)
    if not found.steps:
        raise InputError(
            "the chain has no step", where=f"folder {folder.name}", remedy="give at least one input or position"
        )
    return build(
        folder.name,
        found.steps,
        found.inputs,
        found.positions,
        sources=found.sources
        or ({"id": "own", "title": f"Chain of one's own in {folder.name}", "licence": "user-supplied"},),
        licences=found.licences,
        warnings=found.notes,
        inputs=found.files,
    )


def build(
    name: str,
    steps: Iterable[Mapping[str, str]],
    links: Iterable[Mapping[str, str]],
    positions: Iterable[Mapping[str, str]],
    **about: Any,
) -> ChainGraph:
    """Build a graph from rows that a reader has checked already; rows of one step with one slot name are alternatives."""
    groups: dict[tuple[str, str], list[Mapping[str, str]]] = {}
    for row in links:
        groups.setdefault((row["step"], row.get("slot") or row["input"]), []).append(row)
    slots = tuple(_slot(step, slot, rows) for (step, slot), rows in groups.items())
    moving = sum(bool(s.spreads) for s in slots)
    if moving:
        told = f"{moving} of {len(slots)} slots give distributions; their central values are used, and drawn where a range is shown"
        about["warnings"] = (*about.get("warnings", ()), told)
    return ChainGraph(
        name=name,
        steps=tuple(_step(r) for r in steps),
        slots=slots,
        positions=tuple(_position(r) for r in positions),
        **about,
    )


def _step(r: Mapping[str, str]) -> Step:
    return Step(
        id=r["step"],
        name_en=r.get("name_en") or r["step"],
        name_nl=r.get("name_nl") or r.get("name_en") or r["step"],
        layer=r.get("layer", ""),
        hs6=tuple(c for c in r.get("hs6", "").split(";") if c),
        final=r.get("final", "").casefold() == "true",
        source=r.get("source", ""),
        locator=r.get("locator", ""),
        note_en=r.get("note_en", ""),
        note_nl=r.get("note_nl", ""),
    )


def _slot(step: str, slot: str, rows: list[Mapping[str, str]]) -> Slot:
    first = rows[0]
    confidence = _number(first.get("confidence"))
    return Slot(
        step=step,
        name=slot,
        alternatives=tuple(r["input"] for r in rows),
        kind=first.get("kind") or "flow",
        criticality=first.get("criticality") or "critical",
        coefficient=_number(first.get("coefficient")),
        stock_days=_number(first.get("stock_days")),
        confidence=1.0 if confidence is None else confidence,
        source=first.get("source", ""),
        locator=first.get("locator", ""),
        note_en=first.get("note_en", ""),
        note_nl=first.get("note_nl", ""),
        coefficient_spread=_spread(first.get("coefficient_spread")),
        stock_days_spread=_spread(first.get("stock_days_spread")),
        criticality_weights=parse_weights(first["criticality_weights"], CLASSES)
        if first.get("criticality_weights")
        else None,
    )


def _position(r: Mapping[str, str]) -> Position:
    return Position(
        step=r["step"],
        actor=r.get("actor", ""),
        plant=r.get("plant", ""),
        owner=r.get("owner", ""),
        control=r.get("control", ""),
        share_low=_number(r.get("share_low")),
        share_high=_number(r.get("share_high")),
        measure=r.get("measure", ""),
        year=int(float(r["year"])) if r.get("year") else None,
        mark=r.get("mark") or "read",
        confidence=_number(r.get("confidence")),
        source=r.get("source", ""),
        locator=r.get("locator", ""),
    )


def _spread(text: str | None) -> Number | None:
    return parse(text, 0.0, math.inf) if text else None


def _number(text: str | None) -> float | None:
    return float(text) if text else None
