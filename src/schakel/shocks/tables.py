"""Which inter-country table is meant by a name, and what is assumed of stocks and of inputs that cannot be missed?

Tables say who delivers to whom, not how long stocks last nor which inputs stop a line. Both are assumptions of ours, by
sector, marked so in every result; a scenario may set other stocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from schakel import reference
from schakel.errors import NotFoundError
from schakel.evidence import InputRef, sha256_text
from schakel.shocks.world import CRITICAL, IMPORTANT, MINOR, World, world
from schakel.sources import wiod
from schakel.sources.mrio import InterCountryTable

STOCK_DAYS = 30.0
SERVICE_DAYS = 3.0
ASSUMED = (
    "stocks are assumed: 30 days of goods, 3 days of services and utilities, in every industry; a scenario can set others",
    "which inputs stop a line is assumed: goods and utilities critical, trade and transport important, other services minor",
)
# Sectors of the tables that readers know, by how they can be missed.
_MINOR = frozenset(
    {
        "services",
        "construction",
        "c18",
        "c19",
        "c22",
        "c28",
        "c29",
        "c30",
        "c31",
        "c32",
        "c33",
        "c34",
        "c35",
        "c26",
        "c27",
    }
)
_IMPORTANT = frozenset({"trade_transport", "c20", "c21", "c23", "c24", "c25"})
_NO_STOCK = _MINOR | _IMPORTANT | frozenset({"utilities", "c17"})


def of_table(
    table: InterCountryTable, *, minor: frozenset[str] = _MINOR, important: frozenset[str] = _IMPORTANT,
    no_stock: frozenset[str] = _NO_STOCK,
) -> World:  # fmt: skip
    """Return a table as a World, with what is assumed of stocks and criticality."""
    n = len(table.region)
    level = np.array(
        [MINOR if s in minor else IMPORTANT if s in important else CRITICAL for s in table.sectors], np.int8
    )
    days = np.array([SERVICE_DAYS if s in no_stock else STOCK_DAYS for s in table.sectors])
    return world(
        table.name,
        table.regions,
        table.sectors,
        table.region,
        table.sector,
        table.flows,
        table.final,
        stock_days=np.repeat(days[:, None], n, axis=1),
        criticality=np.repeat(level[:, None], n, axis=1),
        year=table.year,
        unit=table.unit,
        sources=(table.source.as_dict(),),
        licences=(table.source.licence,),
        caveats=(*table.notes, *ASSUMED),
        inputs=table.files,
    )


@cache
def embedded() -> World:
    """Return the embedded table: WIOD 2011, 20 regions by 15 sectors."""
    rows = reference.rows("wiod_2011")
    info = reference.info("wiod_2011")
    sectors = tuple(c.name for c in info.columns if c.unit == "million USD" and c.name != "final")
    regions = tuple(dict.fromkeys(str(r["from_region"]) for r in rows))
    at = {(r, s): i for i, (r, s) in enumerate((r, s) for r in regions for s in sectors)}
    flows: npt.NDArray[np.float64] = np.zeros((len(at), len(at)))
    final = np.zeros((len(at), len(regions)))
    for row in rows:
        i, to = at[str(row["from_region"]), str(row["from_sector"])], str(row["to_region"])
        flows[i, [at[to, s] for s in sectors]] = [float(str(row[s])) for s in sectors]
        final[i, regions.index(to)] = float(str(row["final"]))
    source = reference.source("wiod2013")
    digest = sha256_text([repr(sorted(map(str, r.items()))) for r in rows])
    return of_table(
        InterCountryTable(
            name="reference",
            year=2011,
            regions=regions,
            sectors=sectors,
            region=np.repeat(np.arange(len(regions)), len(sectors)),
            sector=np.tile(np.arange(len(sectors)), len(regions)),
            flows=flows,
            final=final,
            unit="million USD",
            source=source,
            notes=info.caveats,
            files=(InputRef("reference/wiod_2011", digest, len(rows)),),
        )
    )


def open_table(name: str) -> World:
    """Open a table: ``reference``, or a folder as published (WIOD 2013; a year may follow after a colon).

    Raises
    ------
    NotFoundError
        If it is neither.
    """
    if name == "reference":
        return embedded()
    text, _, year = name.rpartition(":") if name.rsplit(":", 1)[-1].isdigit() else (name, "", "")
    folder = Path(text)
    if folder.is_dir() and wiod.years(folder):
        return of_table(wiod.read(folder, int(year) if year else None))
    raise NotFoundError(
        f"{name!r} is no inter-country table",
        remedy="give reference, or a folder with wiot_YYYY_inter.csv, _final.csv and _output.csv",
    )


def region_of(table: World, groups: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return for each alpha-3 code the region of the table that holds it.

    A country that the table does not show apart lies in EU_REST when it is a member of the EU27 and the table has that
    region, else in ROW.
    """
    from schakel.nomenclature import blocs, countries

    members = blocs.members("EU27", 2025)
    out = dict(groups or {})
    for country in countries.all_countries():
        code = country.iso3
        if code in table.regions:
            out.setdefault(code, code)
        elif code in members and "EU_REST" in table.regions and code != "HRV":
            out.setdefault(code, "EU_REST")
        elif "ROW" in table.regions:
            out.setdefault(code, "ROW")
    return out
