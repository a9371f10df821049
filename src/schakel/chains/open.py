"""Which chain is meant by a name: an embedded one, a folder, or a data set of the lake?"""

from __future__ import annotations

from pathlib import Path

from schakel.chains import embedded, own
from schakel.chains.graph import ChainGraph
from schakel.chains.own import build
from schakel.errors import InputError, NotFoundError
from schakel.sources import eto

__all__ = ["TABLES", "build", "names", "open_graph", "open_named"]
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
    if not name.strip():
        raise InputError(
            "no chain is named", remedy=f"give {' or '.join(embedded.NAMES)}, a folder, or a data set of the lake"
        )
    folder = Path(name)
    if name in embedded.NAMES or not _is_folder(folder):
        return open_named(name, reading=reading)
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
    lacking = [file for file in ("inputs.csv", "positions.csv") if not (folder / file).is_file()]
    raise NotFoundError(
        f"{name} holds no chain" + (f": {lacking[0]} is not there" if len(lacking) == 1 else ""),
        where=f"folder {name}",
        remedy="it needs inputs.csv (step, input) and positions.csv (step, country), or the five files of the chip explorer",
    )


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name that no file can have, such as one of 5,000 letters
        return False


def open_named(name: str, *, reading: str = "alternatives") -> ChainGraph:
    """Open an embedded chain or a data set of the lake, never a folder: for names that come from outside.

    Raises
    ------
    NotFoundError
        If it is neither.
    """
    if reading not in eto.READINGS:
        raise InputError(f"{reading!r} is no reading", remedy=f"use {' or '.join(eto.READINGS)}")
    if name == "reference":
        return embedded.chips()
    if name == "materials":
        return embedded.materials()
    return _from_lake(name, reading)


def names() -> tuple[str, ...]:
    """Return the embedded chains and the chains of the lake."""
    from schakel.lake.store import Lake

    lake = Lake()
    return (*embedded.NAMES, *(name for name in lake.names() if set(TABLES) <= set(lake.open(name).tables)))


def _from_lake(name: str, reading: str) -> ChainGraph:
    from schakel.evidence import InputRef, sha256_text
    from schakel.lake import engine
    from schakel.lake.store import Lake

    lake = Lake()
    have = lake.names()
    if name not in have:
        raise NotFoundError(
            f"{name[:80]!r} is no chain",
            remedy=f"give {' or '.join(embedded.NAMES)}, a folder, or a data set of the lake ({', '.join(have) or 'none yet'})",
        )
    dataset = lake.open(name)
    if not set(TABLES) <= set(dataset.tables):
        raise NotFoundError(
            f"data set {name} holds no chain", where=f"tables: {', '.join(dataset.tables)}", remedy="choose another"
        )
    tables: dict[str, list[dict[str, str]]] = {}
    with engine.connect() as con:
        for table in (*TABLES, "chain_sources"):
            if table in dataset.tables:
                rows = con.sql(f"SELECT * FROM {dataset.from_sql(table)} ORDER BY place").to_arrow_table().to_pylist()
                tables[table] = [{k: "" if v is None else str(v) for k, v in row.items()} for row in rows]
    steps, inputs, positions = (tables[t] for t in TABLES)
    typed = any(r["relation"] for r in inputs)
    if typed and reading == "together":
        inputs = [{**r, "slot": f"type {r['input']}"} if r["relation"] else r for r in inputs]
    sources = tuple({k: v for k, v in r.items() if k != "place"} for r in tables.get("chain_sources", ()))
    digest = sha256_text(f.sha256 for f in dataset.files)
    return build(
        name,
        steps,
        inputs,
        positions,
        sources=sources or tuple(s.as_dict() for s in dataset.sources),
        licences=tuple(sorted({dataset.licence, *(s["licence"] for s in sources)})),
        reading=reading if typed else "",
        warnings=tuple(dataset.caveats),
        inputs=(InputRef(name, digest, sum(map(len, tables.values()))),),
    )
