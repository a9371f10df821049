"""What does an inter-country input-output table hold, whoever published it?

Readers of WIOD, OECD ICIO and FIGARO files keep what is published (``Published``: final use by category, negative cells
and all); ``economy`` makes of it what simulations need. There, categories are summed, and cells that are still negative
(changes in stocks, mostly) are set to zero, counted and told, because an economy of deliveries has no negative ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from schakel.errors import InputError
from schakel.evidence import InputRef, Source

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
# Parts into which the OECD splits two countries (by kind of export firm); their final use is published undivided.
FOLDED = {"CN1": "CHN", "CN2": "CHN", "MX1": "MEX", "MX2": "MEX"}


@dataclass(frozen=True)
class InterCountryTable:
    """Deliveries between industries, and to final users by region.

    Attributes
    ----------
    region, sector
        Position of region and sector of each industry, shape (N,).
    flows
        From industry i to industry j, shape (N, N).
    final
        From industry i to final users in region r, shape (N, R).
    notes
        What was changed on the way in, one sentence each.
    """

    name: str
    year: int
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    region: I64
    sector: I64
    flows: F64
    final: F64
    unit: str
    source: Source
    notes: tuple[str, ...] = ()
    files: tuple[InputRef, ...] = ()
    sector_names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Published:
    """One year of a table as its publisher gives it.

    Attributes
    ----------
    region, sector
        Position of region and sector of each industry, in the order of the file, shape (N,).
    categories
        Categories of final use, length C.
    final
        From industry i to category c of region r, shape (N, R, C).
    cells_read, cells_kept, left_out
        Number of cells in the files, of those that stand in ``flows`` or ``final``, and of the others by declared rule:
        ``value-added`` (what industries pay besides inputs), ``total`` (sums that were checked), ``discrepancy``.
    notes
        What a user must know, one sentence each.
    """

    name: str
    year: int
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    region: I64
    sector: I64
    flows: F64
    categories: tuple[str, ...]
    final: F64
    unit: str
    source: Source
    cells_read: int
    cells_kept: int
    left_out: Mapping[str, int]
    notes: tuple[str, ...] = ()
    files: tuple[InputRef, ...] = ()
    sector_names: Mapping[str, str] = field(default_factory=dict)
    version: str = ""

    def __post_init__(self) -> None:
        n, shape = len(self.region), (len(self.region), len(self.regions), len(self.categories))
        if self.flows.shape != (n, n) or self.final.shape != shape:
            raise AssertionError(f"shapes of {self.name}: {self.flows.shape}, {self.final.shape}")
        if self.cells_read != self.cells_kept + sum(self.left_out.values()):
            raise AssertionError(f"cells unaccounted for in {self.name}")


def economy(published: Published) -> InterCountryTable:
    """Return a published table as an economy: categories summed, parts of a country joined, nothing negative."""
    flows, final, notes = non_negative(published.flows, published.final.sum(axis=2))
    table = InterCountryTable(
        name=published.name,
        year=published.year,
        regions=published.regions,
        sectors=published.sectors,
        region=published.region,
        sector=published.sector,
        flows=flows,
        final=final,
        unit=published.unit,
        source=published.source,
        notes=(*published.notes, *notes),
        files=published.files,
        sector_names=published.sector_names,
    )
    parts = [r for r in table.regions if r in FOLDED]
    if not parts:
        return table
    joined = aggregate(table, {r: FOLDED.get(r, r) for r in table.regions})
    told = f"{', '.join(parts)} joined into {', '.join(dict.fromkeys(FOLDED[r] for r in parts))}"
    return replace(joined, notes=(*table.notes, told), sector_names=published.sector_names)


def non_negative(flows: F64, final: F64) -> tuple[F64, F64, tuple[str, ...]]:
    """Return both without negative cells, and what that changed."""
    notes = []
    for label, values in (("between industries", flows), ("to final users", final)):
        bad = values < 0
        if bad.any():
            notes.append(
                f"{int(bad.sum())} negative deliveries {label} set to zero, together {float(values[bad].sum()):.6g} "
                f"of {float(values.sum()):.6g}"
            )
    return np.maximum(flows, 0.0), np.maximum(final, 0.0), tuple(notes)


def aggregate(
    table: InterCountryTable, regions: Mapping[str, str] | None = None, sectors: Mapping[str, str] | None = None
) -> InterCountryTable:
    """Return a smaller table: regions and sectors are summed by the group each is mapped to.

    Raises
    ------
    InputError
        If a region or sector of the table has no group.
    """
    region_map, region_names = _groups(table.regions, regions, "region", table.name)
    sector_map, sector_names = _groups(table.sectors, sectors, "sector", table.name)
    pairs = region_map[table.region] * len(sector_names) + sector_map[table.sector]
    used, group = np.unique(pairs, return_inverse=True)
    fold = np.zeros((len(used), len(pairs)))
    fold[group, np.arange(len(pairs))] = 1.0
    fold_regions = np.zeros((len(table.regions), len(region_names)))
    fold_regions[np.arange(len(table.regions)), region_map] = 1.0
    return replace(
        table,
        regions=region_names,
        sectors=sector_names,
        region=used // len(sector_names),
        sector=used % len(sector_names),
        flows=fold @ table.flows @ fold.T,
        final=fold @ table.final @ fold_regions,
        notes=(*table.notes, f"aggregated to {len(region_names)} regions and {len(sector_names)} sectors"),
        sector_names={},
    )


def _groups(
    names: Sequence[str], mapping: Mapping[str, str] | None, what: str, table: str
) -> tuple[I64, tuple[str, ...]]:
    if mapping is None:
        return np.arange(len(names)), tuple(names)
    for name in names:
        if name not in mapping:
            raise InputError(
                f"{what} {name!r} has no group", where=f"table {table}", remedy="name a group for every one"
            )
    order = tuple(dict.fromkeys(mapping[n] for n in names))
    at = {g: i for i, g in enumerate(order)}
    return np.array([at[mapping[n]] for n in names], np.int64), order
