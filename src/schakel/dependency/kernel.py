"""How are the building blocks of a year worked out fast: as dense integer arithmetic in numpy, equal to the SQL to the bit?

The year's file is read in pieces of whole products, so memory does not grow with the number of rows; pieces are worked on by threads.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np

from schakel.dependency.indicators import World, YearIndicators, check_year
from schakel.dependency.kernel_piece import MOST_COUNTRIES, Cells, Chunk, piece
from schakel.dependency.wide import I64, Wide, concatenate
from schakel.errors import InputError
from schakel.lake.flowset import FlowSet

PIECE_ROWS = 250_000  # what fits in a core's own cache
_BY_PRODUCT = frozenset({"products", "members", "one"})


def by_kernel(
    flows: FlowSet, year: int, *, bloc: str, members: frozenset[str], partner: str = "CHN", threads: int | None = None
) -> YearIndicators:
    """Compute what `indicators.by_sql` computes, to the bit."""
    return assemble(flows, year, bloc, list(pieces(flows, year, members=members, partner=partner, threads=threads)))


def importer_by_kernel(
    flows: FlowSet,
    year: int,
    importer: int,
    *,
    bloc: str,
    members: frozenset[str],
    partner: str = "CHN",
    threads: int | None = None,
) -> YearIndicators:
    """Compute the rows of one importer, by position, and world trade, without ever holding the rows of the others."""
    parts = []
    for part in pieces(flows, year, members=members, partner=partner, threads=threads):
        if part:
            mask = part["importer"] == importer
            kept: Cells = {name: part[name] for name in _BY_PRODUCT}
            for name in part.keys() - _BY_PRODUCT:
                kept[name] = part[name].take(mask) if isinstance(part[name], Wide) else part[name][mask]
            parts.append(kept)
    return assemble(flows, year, bloc, parts)


def pieces(
    flows: FlowSet, year: int, *, members: frozenset[str], partner: str = "CHN", threads: int | None = None
) -> Iterator[Cells]:
    """Yield the building blocks of a year in pieces of whole products, in order of product; see `kernel_piece.piece`.

    Raises
    ------
    NotFoundError, InputError
        If the flows do not hold the year; if they hold more countries than there are.
    """
    check_year(flows, year)
    if len(flows.countries) >= MOST_COUNTRIES:
        raise InputError(f"{len(flows.countries)} countries, more than the world has", remedy="check the country codes")
    member = np.array([c in members for c in flows.countries] + [True], dtype=bool)
    partner_index = flows.country_index(partner)
    workers = max(1, threads or cores())
    pending: list[Future[Cells]] = []
    with ThreadPoolExecutor(workers) as pool:
        for chunk in _chunks(flows, year):
            pending.append(pool.submit(piece, chunk, member, partner_index))
            if len(pending) > 2 * workers:  # bounds the pieces in memory
                yield pending.pop(0).result()
        for waiting in pending:
            yield waiting.result()


def cores() -> int:
    """Return the number of cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _chunks(flows: FlowSet, year: int) -> Iterator[Chunk]:
    """Yield the year's rows in pieces that never split a product."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = ["product", "importer", "exporter", "value"] + (["re_export"] if flows.has_re_export else [])
    rest = None
    with pq.ParquetFile(flows.path(year)) as file:
        last = file.num_row_groups - 1
        for group in range(file.num_row_groups):
            table = file.read_row_group(group, columns=names, use_threads=True)
            if rest is not None and rest.num_rows:
                table = pa.concat_tables([rest, table])
            product = table["product"].to_numpy()
            start = 0
            while table.num_rows - start > PIECE_ROWS:
                cut = int(np.searchsorted(product, product[start + PIECE_ROWS]))
                if cut == start:  # one product fills the piece
                    cut = int(np.searchsorted(product, product[start], side="right"))
                if cut == table.num_rows:
                    break
                yield _chunk(table.slice(start, cut - start))
                start = cut
            rest = table.slice(start)
            if group == last:
                yield _chunk(rest)


def _chunk(table: Any) -> Chunk:
    re_export = None
    if "re_export" in table.column_names:
        re_export = table["re_export"].combine_chunks().fill_null(0).to_numpy(zero_copy_only=False)
    return Chunk(
        table["product"].to_numpy(),
        table["importer"].to_numpy(),
        table["exporter"].to_numpy(),
        table["value"].to_numpy(),
        re_export,
    )


def worlds(n_products: int, parts: list[Cells]) -> tuple[World, World]:
    """Return world trade by product of the whole year, members separate and the bloc as one, from the pieces."""
    at = np.concatenate([part["products"] for part in parts]) if parts else np.zeros(0, np.int64)

    def world(name: str) -> World:
        def spread(field: str) -> I64:
            out = np.zeros(n_products, np.int64)
            if parts:
                out[at] = np.concatenate([part[name][field] for part in parts])
            return out

        def spread_wide(field: str) -> Wide:
            hi, lo = np.zeros(n_products, np.int64), np.zeros(n_products, np.uint64)
            if parts:
                joined = concatenate([part[name][field] for part in parts])
                hi[at], lo[at] = joined.hi, joined.lo
            return Wide(hi, lo)

        return World(total=spread("total"), ss=spread_wide("ss"), n=spread("n"), c1=spread("c1"), c2=spread_wide("c2"))

    return world("members"), world("one")


def assemble(flows: FlowSet, year: int, bloc: str, parts: list[Cells]) -> YearIndicators:
    """Join the pieces of a year."""
    parts = [part for part in parts if part]
    members, one = worlds(len(flows.products), parts)

    def join(name: str, kind: Any = np.int64) -> Any:
        return np.concatenate([part[name] for part in parts]) if parts else np.zeros(0, kind)

    return YearIndicators(
        year=year,
        countries=(*flows.countries, bloc),
        products=flows.products,
        bloc=bloc,
        product=join("product", np.int32),
        importer=join("importer", np.int16),
        m_all=join("m_all"),
        m_ext=join("m_ext"),
        m_partner=join("m_partner"),
        ss_all=concatenate([part["ss_all"] for part in parts]),
        ss_ext=concatenate([part["ss_ext"] for part in parts]),
        top_all=join("top_all"),
        arg_all=join("arg_all", np.int16),
        top_ext=join("top_ext"),
        arg_ext=join("arg_ext", np.int16),
        x_all=join("x_all"),
        x_ext=join("x_ext"),
        re=join("re"),
        members=members,
        one=one,
    )
