"""What are the building blocks of every definition, for one year: exact totals, squares, top suppliers, world trade and centrality?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from schakel.dependency.wide import I64, Wide, from_arrow
from schakel.errors import NotFoundError
from schakel.lake.flowset import FlowSet

SQL_FILES = ("entity_flows", "outside_flows", "importer_product", "exporter_product", "world_flows", "world_product")
CENTRALITY_UNIT = 2.0**32


@dataclass(frozen=True, eq=False)  # known by identity, so that what follows from it is worked out once
class World:
    """World trade by product, shape (P,): total, sum of squared exporter totals, number of exporters, sum and sum of squares of centrality terms."""

    total: I64
    ss: Wide
    n: I64
    c1: I64
    c2: Wide


@dataclass(frozen=True)
class YearIndicators:
    """Building blocks of one year.

    Rows are the (product, importer) pairs with imports, sorted; shape (n,). Positions refer to `countries`, whose last entry is the bloc as one importer.
    Values are whole units of 1 / `scale` currency.

    Attributes
    ----------
    m_all, m_ext, m_partner
        Imports from every supplier; with the bloc as one (from outside it for importers inside, from it as one supplier for the others); from the named
        partner. The same holds for `ss_`, `top_` and `arg_`.
    ss_all, ss_ext
        Sums of squared supplier values.
    top_all, arg_all, top_ext, arg_ext
        Value and position of the largest supplier (-1 when there is none).
    x_all, x_ext, re
        Exports, exports that leave the bloc, declared re-exports.
    members, one
        World trade with the bloc's members separate and as one country.
    """

    year: int
    countries: tuple[str, ...]
    products: tuple[str, ...]
    bloc: str
    product: npt.NDArray[np.int32]
    importer: npt.NDArray[np.int16]
    m_all: I64
    m_ext: I64
    m_partner: I64
    ss_all: Wide
    ss_ext: Wide
    top_all: I64
    arg_all: npt.NDArray[np.int16]
    top_ext: I64
    arg_ext: npt.NDArray[np.int16]
    x_all: I64
    x_ext: I64
    re: I64
    members: World
    one: World

    @property
    def bloc_index(self) -> int:
        """Position of the bloc as one importer."""
        return len(self.countries) - 1


@cache
def sql(name: str) -> str:
    """Return the text of one of the room's SQL files."""
    return resources.files("schakel.dependency").joinpath("sql", f"{name}.sql").read_text("utf-8")


def check_year(flows: FlowSet, year: int) -> None:
    """Raise NotFoundError when the flows do not hold a year."""
    if year not in flows.years:
        have = ", ".join(map(str, flows.years)) or "none"
        raise NotFoundError(f"no flows of {year}", where=f"years present: {have}", remedy="choose one of these years")


def by_sql(
    flows: FlowSet, year: int, *, bloc: str, members: frozenset[str], partner: str = "CHN", threads: int | None = None
) -> YearIndicators:
    """Compute the building blocks with the SQL that defines them.

    Parameters
    ----------
    bloc, members
        Name and alpha-3 members of the bloc that is treated as one.
    partner
        Country whose share is wanted by itself (alpha-3).
    """
    from schakel.lake.engine import connect

    check_year(flows, year)
    con = connect(threads=threads)
    bloc_index = len(flows.countries)
    flags = [c in members for c in flows.countries] + [True]
    path = str(flows.path(year)).replace("'", "''")
    con.execute(f"CREATE TEMP VIEW flows AS SELECT * FROM read_parquet('{path}')")
    con.execute(
        "CREATE TEMP TABLE node AS SELECT unnest(range(?))::SMALLINT AS idx, unnest(?::BOOLEAN[]) AS member",
        [bloc_index + 1, flags],
    )

    def run(name: str, **parameters: Any) -> Any:
        return con.sql(sql(name), params=parameters).to_arrow_table()

    con.execute("CREATE TEMP TABLE entity_flows AS " + sql("entity_flows"), {"bloc": bloc_index})
    con.execute("CREATE TEMP TABLE outside_flows AS " + sql("outside_flows"), {"bloc": bloc_index})
    con.execute("CREATE TEMP VIEW supply AS SELECT * FROM entity_flows")
    every = run("importer_product", partner=flows.country_index(partner))
    con.execute("CREATE OR REPLACE TEMP VIEW supply AS SELECT * FROM outside_flows")
    outside = run("importer_product", partner=flows.country_index(partner))
    exports = run("exporter_product", bloc=bloc_index)
    con.execute("CREATE TEMP VIEW world_flows AS SELECT product, importer, exporter, value FROM flows")
    apart = _world(run("world_product"), len(flows.products))
    con.execute("CREATE TEMP TABLE merged AS " + sql("world_flows"), {"bloc": bloc_index})
    con.execute("CREATE OR REPLACE TEMP VIEW world_flows AS SELECT * FROM merged")
    merged = _world(run("world_product"), len(flows.products))
    con.close()

    width = bloc_index + 1
    key = _keys(every, "importer", width)
    at_outside, has_outside = _find(_keys(outside, "importer", width), key)
    at_exports, has_exports = _find(_keys(exports, "exporter", width), key)

    def col(name: str, kind: Any = np.int64) -> Any:
        return every[name].to_numpy().astype(kind, copy=False)

    def beyond(name: str, kind: Any = np.int64, missing: int = 0) -> Any:
        return _pick(outside[name].to_numpy().astype(kind), at_outside, has_outside, missing)

    def exported(name: str) -> Any:
        return _pick(exports[name].to_numpy().astype(np.int64), at_exports, has_exports)

    wide_outside = from_arrow(outside["ss"])
    return YearIndicators(
        year=year,
        countries=(*flows.countries, bloc),
        products=flows.products,
        bloc=bloc,
        product=col("product", np.int32),
        importer=col("importer", np.int16),
        m_all=col("m"),
        m_ext=beyond("m"),
        m_partner=col("m_partner"),
        ss_all=from_arrow(every["ss"]),
        ss_ext=Wide(_pick(wide_outside.hi, at_outside, has_outside), _pick(wide_outside.lo, at_outside, has_outside)),
        top_all=col("top"),
        arg_all=col("arg", np.int16),
        top_ext=beyond("top"),
        arg_ext=beyond("arg", np.int16, -1),
        x_all=exported("x_all"),
        x_ext=exported("x_ext"),
        re=exported("re"),
        members=apart,
        one=merged,
    )


def _keys(table: Any, country: str, width: int) -> I64:
    out: I64 = table["product"].to_numpy().astype(np.int64) * width + table[country].to_numpy()
    return out


def _find(sorted_keys: I64, wanted: I64) -> tuple[I64, npt.NDArray[np.bool_]]:
    """Return where each wanted key stands among the sorted ones, and whether it is there."""
    if not len(sorted_keys):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), bool)
    at = np.minimum(np.searchsorted(sorted_keys, wanted), len(sorted_keys) - 1)
    return at, sorted_keys[at] == wanted


def _pick(values: Any, at: I64, has: npt.NDArray[np.bool_], missing: int = 0) -> Any:
    if not len(values):
        return np.full(len(at), missing, values.dtype)
    return np.where(has, values[at], np.asarray(missing, values.dtype))


def _world(table: Any, n_products: int) -> World:
    at = table["product"].to_numpy()

    def spread(values: Any, kind: Any = np.int64) -> Any:
        out = np.zeros(n_products, kind)
        out[at] = values
        return out

    def wide(name: str) -> Wide:
        w = from_arrow(table[name])
        return Wide(spread(w.hi), spread(w.lo, np.uint64))

    return World(
        total=spread(table["world"].to_numpy()),
        ss=wide("ss_world"),
        n=spread(table["n"].to_numpy()),
        c1=wide("c1").lo.astype(np.int64),
        c2=wide("c2"),
    )
