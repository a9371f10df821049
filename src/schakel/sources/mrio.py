"""What does an inter-country input-output table hold, whoever published it?

Readers of WIOD, OECD ICIO and FIGARO files bring their tables into this one form. Negative cells (changes in stocks,
mostly) are set to zero, counted and summed, because an economy of deliveries has no negative ones.
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
