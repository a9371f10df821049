"""Where do a year's building blocks stand while many definitions are asked of them, a range of products at a time?

In plain column files, so that memory holds the range in hand and not the years: 1.2 million rows are about 120 MB a year on disk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from schakel.dependency.indicators import World, YearIndicators
from schakel.dependency.kernel import worlds
from schakel.dependency.kernel_piece import Cells
from schakel.dependency.wide import I64, Wide
from schakel.lake.flowset import FlowSet

_COLUMNS: dict[str, type[np.generic]] = {
    "product": np.int32,
    "importer": np.int16,
    **dict.fromkeys(("m_all", "m_ext", "m_partner", "top_all", "top_ext", "x_all", "x_ext", "re"), np.int64),
    **dict.fromkeys(("arg_all", "arg_ext"), np.int16),
}
_WIDE = ("ss_all", "ss_ext")


@dataclass(frozen=True)
class StoredYear:
    """One year's rows in files; world trade, which is small, in memory.

    Attributes
    ----------
    offsets
        First row of each product, and the number of rows; shape (P + 1,).
    """

    folder: Path
    flows: FlowSet
    year: int
    bloc: str
    offsets: I64
    members: World
    one: World

    @property
    def rows(self) -> int:
        """Number of (product, importer) rows."""
        return int(self.offsets[-1])

    def between(self, first: int, stop: int) -> YearIndicators:
        """Return the rows of products `first` up to `stop`, as one YearIndicators; world trade is that of every product."""
        start, end = int(self.offsets[first]), int(self.offsets[stop])

        def column(name: str, kind: type[np.generic]) -> Any:
            size = np.dtype(kind).itemsize
            return np.fromfile(self.folder / name, kind, count=end - start, offset=start * size)

        rows: dict[str, Any] = {name: column(name, kind) for name, kind in _COLUMNS.items()}
        for name in _WIDE:
            rows[name] = Wide(column(f"{name}.hi", np.int64), column(f"{name}.lo", np.uint64))
        return YearIndicators(
            year=self.year,
            countries=(*self.flows.countries, self.bloc),
            products=self.flows.products,
            bloc=self.bloc,
            members=self.members,
            one=self.one,
            **rows,
        )

    def remove(self) -> None:
        """Delete the files."""
        for path in self.folder.iterdir():
            path.unlink()
        self.folder.rmdir()


def store(
    flows: FlowSet, year: int, bloc: str, pieces: Iterable[Cells], folder: Path, importers: Iterable[int] | None = None
) -> StoredYear:
    """Write a year's pieces to a folder of its own.

    Parameters
    ----------
    importers
        Keep only the rows of these importers, by position; all when None.
    """
    folder.mkdir()
    keep = None
    if importers is not None:
        keep = np.zeros(len(flows.countries) + 1, bool)
        keep[list(importers)] = True
    counts = np.zeros(len(flows.products), np.int64)
    worlds_of: list[Cells] = []
    names = [*_COLUMNS, *(f"{name}.{word}" for name in _WIDE for word in ("hi", "lo"))]
    files = {name: (folder / name).open("wb") for name in names}
    try:
        for part in pieces:
            if not part:
                continue
            mask = slice(None) if keep is None else keep[part["importer"]]
            counts[part["products"]] = np.bincount(part["product"][mask], minlength=len(counts))[part["products"]]
            for name in _COLUMNS:
                part[name][mask].tofile(files[name])
            for name in _WIDE:
                part[name].hi[mask].tofile(files[f"{name}.hi"])
                part[name].lo[mask].tofile(files[f"{name}.lo"])
            worlds_of.append({name: part[name] for name in ("products", "members", "one")})
    finally:
        for file in files.values():
            file.close()
    members, one = worlds(len(counts), worlds_of)
    return StoredYear(folder, flows, year, bloc, np.concatenate(([0], np.cumsum(counts))), members, one)
