"""Which chain is meant by a name: an embedded one, a folder, or a data set of the lake?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from schakel.chains import embedded, own
from schakel.chains.graph import ChainGraph, Position, Slot, Step
from schakel.errors import NotFoundError
from schakel.sources import eto

TABLES = ("chain_steps", "chain_inputs", "chain_positions")


def open_graph(name: str, *, reading: str = "alternatives") -> ChainGraph:
    """Open a chain.

    Parameters
    ----------
    name
        ``reference`` (chips), ``materials`` (critical raw materials), a folder of CSV files in our own form or as the
        Emerging Technology Observatory publishes them, or a data set of the lake.
    reading
        How links "is a type of" are read where a source has them: ``alternatives`` or ``together``.

    Raises
    ------
    NotFoundError
        If it is none of these.
    """
    if name == "reference":
        return embedded.chips()
    if name == "materials":
        return embedded.materials()
    folder = Path(name)
    if folder.is_dir():
        if eto.is_eto(folder):
            found = eto.read(folder, reading)
            return build(
                folder.name,
                found.steps,
                found.inputs,
                found.positions,
                sources=({**eto.SOURCE.as_dict(), "vintage": found.version},),
                licences=(eto.SOURCE.licence,),
                reading=reading,
                warnings=found.notes,
                inputs=found.files,
            )
        if own.is_own(folder):
            return own.read(folder)
        raise NotFoundError(
            f"{name} holds no chain",
            where=f"folder {name}",
            remedy="it needs inputs.csv (step, input) and positions.csv (step, country), or the five files of the chip explorer",
        )
    return _from_lake(name, reading)


def _from_lake(name: str, reading: str) -> ChainGraph:
    from schakel.lake import engine
    from schakel.lake.store import Lake

    lake = Lake()
    have = lake.names()
    if name not in have:
        raise NotFoundError(
            f"{name!r} is no chain",
            remedy=f"give {' or '.join(embedded.NAMES)}, a folder, or a data set of the lake ({', '.join(have) or 'none yet'})",
        )
    dataset = lake.open(name)
    if not set(TABLES) <= set(dataset.tables):
        raise NotFoundError(
            f"data set {name} holds no chain", where=f"tables: {', '.join(dataset.tables)}", remedy="choose another"
        )
    con = engine.connect()
    tables = []
    for table in TABLES:
        found = con.sql(f"SELECT * FROM {dataset.from_sql(table)}").to_arrow_table().to_pylist()
        tables.append([{k: "" if v is None else str(v) for k, v in row.items()} for row in found])
    steps, inputs, positions = tables
    typed = [r["slot"].startswith("type") for r in inputs]
    if any(typed):
        inputs = [
            {**r, "slot": ("type" if reading == "alternatives" else f"type {r['input']}") if t else r["slot"]}
            for r, t in zip(inputs, typed, strict=True)
        ]
    from schakel.evidence import InputRef, sha256_text

    digest = sha256_text(f.sha256 for f in dataset.files)
    return build(
        name,
        steps,
        inputs,
        positions,
        sources=tuple(s.as_dict() for s in dataset.sources),
        licences=(dataset.licence,),
        reading=reading if any(typed) else "",
        warnings=tuple(dataset.caveats),
        inputs=(InputRef(name, digest, sum(map(len, tables))),),
    )


def build(
    name: str,
    steps: Iterable[Mapping[str, str]],
    links: Iterable[Mapping[str, str]],
    positions: Iterable[Mapping[str, str]],
    **about: Any,
) -> ChainGraph:
    """Build a graph from rows that a reader has checked already."""
    groups: dict[tuple[str, str], list[Mapping[str, str]]] = {}
    for row in links:
        groups.setdefault((row["step"], row.get("slot") or row["input"]), []).append(row)
    return ChainGraph(
        name=name,
        steps=tuple(
            Step(
                id=r["step"],
                name_en=r.get("name_en") or r["step"],
                name_nl=r.get("name_nl") or r.get("name_en") or r["step"],
                layer=r.get("layer", ""),
                hs6=tuple(c for c in r.get("hs6", "").split(";") if c),
                final=r.get("final", "").casefold() == "true",
                source=r.get("source", ""),
                locator=r.get("locator", ""),
            )
            for r in steps
        ),
        slots=tuple(
            Slot(
                step=step,
                name=slot,
                alternatives=tuple(r["input"] for r in rows),
                kind=rows[0].get("kind") or "flow",
                criticality=rows[0].get("criticality") or "critical",
                coefficient=_number(rows[0].get("coefficient")),
                stock_days=_number(rows[0].get("stock_days")),
                source=rows[0].get("source", ""),
                locator=rows[0].get("locator", ""),
            )
            for (step, slot), rows in groups.items()
        ),
        positions=tuple(
            Position(
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
                source=r.get("source", ""),
                locator=r.get("locator", ""),
            )
            for r in positions
        ),
        **about,
    )


def _number(text: str | None) -> float | None:
    return float(text) if text else None
