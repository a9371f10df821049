"""Which inter-country table is meant by a name, and what is assumed of stocks and of inputs that cannot be missed?

Tables say who delivers to whom, not how long stocks last nor which inputs stop a line. Both are assumptions of ours, by
sector, marked so in every result; a scenario may set other stocks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from schakel import reference
from schakel.errors import NotFoundError
from schakel.evidence import InputRef, sha256_text
from schakel.shocks.world import CRITICAL, IMPORTANT, MINOR, World, world
from schakel.sources import mriofiles, mriolake
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
_NACE = re.compile(r"([A-U])(?:\d[\dA-Z_]*)?")  # codes of OECD and Eurostat: a letter, then divisions
_TRADE = re.compile(r"G|G46|G47|H|H49|H50|H51")  # trade in and repair of motor vehicles (G45) is a service to its users


def assumed(sector: str) -> tuple[int, float]:
    """Return what is assumed of an input: its criticality, and the days of stock that users hold.

    Goods (agriculture, mining, manufacturing) are critical with 30 days, utilities critical with 3, trade and transport
    important with 3, other services minor with 3. A sector of an unknown classification counts as a good.
    """
    found = _NACE.fullmatch(sector)
    if found is None:
        level = MINOR if sector in _MINOR else IMPORTANT if sector in _IMPORTANT else CRITICAL
        return level, SERVICE_DAYS if sector in _NO_STOCK else STOCK_DAYS
    if found[1] in "ABC":
        return CRITICAL, STOCK_DAYS
    return CRITICAL if found[1] in "DE" else IMPORTANT if _TRADE.fullmatch(sector) else MINOR, SERVICE_DAYS


def of_table(table: InterCountryTable) -> World:
    """Return a table as a World, with what is assumed of stocks and criticality."""
    n = len(table.region)
    said = [assumed(s) for s in table.sectors]
    level, days = np.array([k for k, _ in said], np.int8), np.array([d for _, d in said])
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
    """Open a table.

    Parameters
    ----------
    name
        ``reference``; a data set of the lake; or a file or folder as published (WIOD 2013, OECD ICIO, FIGARO, or one saved
        by pymrio). A year may follow after a colon. ``exiobase3@PATH`` reads PATH with that parser of pymrio.

    Raises
    ------
    NotFoundError
        If it is none of these.
    """
    if name == "reference":
        return embedded()
    text, _, digits = name.rpartition(":") if name.rsplit(":", 1)[-1].isdigit() else (name, "", "")
    year = int(digits) if digits else None
    parser, at, rest = text.partition("@")
    if at and not Path(text).exists():
        from schakel.sources import mrio_pymrio

        return of_table(mrio_pymrio.read(Path(rest), parser, **({"year": year} if year else {})))
    path = Path(text)
    if path.exists() and (path.is_file() or mriofiles.kind_of(path)):
        return of_table(mriofiles.read(path, year))
    if text in mriolake.names():
        return of_table(mriolake.read(text, year))
    have = ", ".join(mriolake.names()) or "none yet"
    raise NotFoundError(
        f"{name!r} is no inter-country table",
        remedy=f"give reference, a data set of the lake ({have}), or a file or folder of WIOD 2013, OECD ICIO or FIGARO",
    )


def in_dollars(table: World, rate: float, source: str) -> World:
    """Return a table in euros as one in dollars.

    Parameters
    ----------
    rate
        Dollars for a euro, in the table's year.
    source
        Who says so.
    """
    if table.unit != "million EUR":
        return table
    return replace(
        table,
        flows=table.flows * rate,
        final=table.final * rate,
        unit="million USD",
        caveats=(*table.caveats, f"euros turned into dollars at {rate:g} dollars a euro ({source})"),
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
