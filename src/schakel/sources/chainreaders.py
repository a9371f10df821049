"""How does a value chain enter the lake: the chip explorer's folder, or one of one's own?

Both write ``chain_steps``, ``chain_inputs`` and ``chain_positions``; a chain of one's own that names its sources also
writes ``chain_sources``. ``place`` keeps the order of the files, so that a chain answers the same from the lake as from
its folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from schakel.errors import InputError
from schakel.evidence import Source, licence
from schakel.lake.schema import schema
from schakel.sources import chainfile, eto
from schakel.sources.chainfile import Cells, Chain
from schakel.sources.reader import Head, Loaded, ReadOptions, staged


class ChipExplorer:
    """Reader of the chip explorer of the Emerging Technology Observatory: a folder of five CSV files, two schemas.

    Links "is a type of" are kept as such (``relation``); whoever opens the chain says how to read them.
    """

    name = "eto-chips"
    title = "Chip explorer of the Emerging Technology Observatory"
    licence = eto.SOURCE.licence
    source = eto.SOURCE

    def recognises(self, head: Head) -> bool:
        """Say whether a folder holds the five files."""
        return head.kind == "folder" and eto.is_eto(head.path)

    def read(self, path: Path, stage: Path, options: ReadOptions) -> Loaded:
        """Read the folder.

        Raises
        ------
        InputError
            If a file lacks a column, names an id that no other file has, or a share is no percentage.
        """
        found = eto.read(path)
        caveats = (
            *found.notes,
            "Links 'is a type of' can be read as alternatives or as needed together; every result names the reading.",
            "Not for commercial purposes: rows are not passed on, and results name the licence.",
        )
        return _loaded(replace(found, notes=caveats), stage, options, self.name)


class OwnChain:
    """Reader of a chain in the program's own form (`schakel.sources.chainfile`).

    The licence of the data set is the strictest of those that ``sources.csv`` names.
    """

    name = "chain"
    title = "Value chain of one's own"

    def __init__(self, licence_id: str = "user-supplied", *, stated: bool = False) -> None:
        self.licence = licence_id
        self.stated = stated  # by sources.csv, and then not on the command line
        self.source = Source(id="own-chain", title=self.title, publisher="the user", url="", licence=licence_id)

    @classmethod
    def of(cls, path: Path) -> OwnChain | None:
        """Return a reader that knows the licence of this folder, None when it is no chain of one's own."""
        if not path.is_dir() or not chainfile.is_own(path):
            return None
        found = chainfile.read(path)
        return cls(strictest(found.licences), stated=bool(found.sources))

    def recognises(self, head: Head) -> bool:
        """Say whether a folder holds a chain in this form."""
        return head.kind == "folder" and chainfile.is_own(head.path)

    def read(self, path: Path, stage: Path, options: ReadOptions) -> Loaded:
        """Check the whole folder and write its tables.

        Raises
        ------
        InputError
            Naming file, row and column.
        """
        return _loaded(chainfile.read(path), stage, options, _slug(path.name))


def strictest(ids: Sequence[str]) -> str:
    """Return the licence that allows least: passing on first, then commercial use, then making results."""
    terms = [licence(key) for key in sorted(ids)]
    return min(terms, key=lambda one: (one.share, one.commercial, one.derive)).id


def _loaded(chain: Chain, stage: Path, options: ReadOptions, name: str) -> Loaded:
    if not chain.steps:
        raise InputError("the chain has no step", where="inputs.csv", remedy="give at least one input or position")
    with staged(stage):
        tables = {
            "chain_steps": _write(chain.steps, stage, "chain_steps"),
            "chain_inputs": _write(chain.inputs, stage, "chain_inputs"),
            "chain_positions": _write(chain.positions, stage, "chain_positions"),
        }
        if chain.sources:
            tables["chain_sources"] = _write(chain.sources, stage, "chain_sources")
    out = sum(chain.left_out.values())
    return Loaded(
        options.dataset or name,
        options.version or chain.version or "1",
        tables,
        chain.rows_read,
        chain.rows_read - out,
        dict(chain.left_out),
        chain.notes,
    )


def _write(rows: Sequence[Cells], stage: Path, table: str) -> Path:
    """Write rows as Parquet in the columns of the declared table, ``place`` first."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"VARCHAR": pa.string(), "DOUBLE": pa.float64(), "SMALLINT": pa.int16(), "INTEGER": pa.int32()}
    types["BOOLEAN"] = pa.bool_()
    declared = schema(table)
    columns: dict[str, Any] = {}
    for column in declared.columns:
        kind = column.types[0]
        if column.name == "place":
            columns["place"] = pa.array(range(len(rows)), types[kind])
            continue
        cells = [row.get(column.name, "") for row in rows]
        columns[column.name] = pa.array([_typed(cell, kind, column.nullable) for cell in cells], types[kind])
    folder = stage / table
    folder.mkdir(parents=True)
    pq.write_table(pa.table(columns), folder / "part.parquet")
    return folder


def _typed(cell: str, kind: str, nullable: bool) -> object:
    if kind == "BOOLEAN":
        return cell == "true"
    if not cell:
        return None if nullable else ""
    return float(cell) if kind == "DOUBLE" else int(float(cell)) if kind != "VARCHAR" else cell


def _slug(text: str) -> str:
    kept = "".join(mark if mark.isalnum() and mark.isascii() else "-" for mark in text.lower())
    return kept.strip("-")[:60] or "chain"
