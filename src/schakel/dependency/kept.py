"""Which building blocks are kept for the next question about the same flows, and how much memory may they take?

Small flows stay whole. Of a year of world trade, 120 MB, hardly one fits; then the rows of the importers asked for stay, which are few.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from schakel.dependency.indicators import YearIndicators
from schakel.dependency.kernel import by_kernel, importer_by_kernel
from schakel.dependency.wide import Wide
from schakel.lake.flowset import FlowSet

KEPT_BYTES = 160 << 20
LARGE_YEAR = 2_000_000  # flows; above it the whole year is not held to answer about one importer


class _Kept:
    """The tables last used, up to a number of bytes; one that is larger is not kept."""

    def __init__(self) -> None:
        self.tables: OrderedDict[Any, tuple[YearIndicators, int]] = OrderedDict()
        self.lock = Lock()

    def get(self, key: Any) -> YearIndicators | None:
        with self.lock:
            if key not in self.tables:
                return None
            self.tables.move_to_end(key)
            return self.tables[key][0]

    def put(self, key: Any, table: YearIndicators) -> None:
        with self.lock:
            self.tables[key] = (table, size(table))
            self.tables.move_to_end(key)
            while sum(n for _, n in self.tables.values()) > KEPT_BYTES:
                self.tables.popitem(last=False)


_kept = _Kept()


def size(table: YearIndicators) -> int:
    """Return the bytes of a table's rows."""
    values = [getattr(table, name) for name in table.__dataclass_fields__]
    plain = sum(v.nbytes for v in values if isinstance(v, np.ndarray))
    return plain + sum(v.hi.nbytes + v.lo.nbytes for v in values if isinstance(v, Wide))


def year_table(
    flows: FlowSet, year: int, bloc: str, members: frozenset[str], *, partner: str = "CHN", threads: int | None = None
) -> YearIndicators:
    """Return the building blocks of a year, kept for the next question about the same flows when they are small enough."""
    key = (flows, year, bloc, members, partner)
    found = _kept.get(key)
    if found is None:
        found = by_kernel(flows, year, bloc=bloc, members=members, partner=partner, threads=threads)
        _kept.put(key, found)
    return found


def importer_table(
    flows: FlowSet,
    year: int,
    bloc: str,
    members: frozenset[str],
    importer: int,
    *,
    partner: str = "CHN",
    threads: int | None = None,
) -> YearIndicators:
    """Return the building blocks of one importer in a year, kept for the next question."""
    return _importer_table(flows, year, bloc, members, importer, partner, threads)


@lru_cache(maxsize=64)
def _importer_table(
    flows: FlowSet,
    year: int,
    bloc: str,
    members: frozenset[str],
    importer: int,
    partner: str,
    threads: int | None,
) -> YearIndicators:
    import pyarrow.parquet as pq

    if year in flows.years and pq.read_metadata(flows.path(year)).num_rows > LARGE_YEAR:
        options: dict[str, Any] = {"bloc": bloc, "members": members, "partner": partner, "threads": threads}
        return importer_by_kernel(flows, year, importer, **options)
    y = year_table(flows, year, bloc, members, partner=partner, threads=threads)
    return only(y, y.importer == importer)


def only(y: YearIndicators, mask: npt.NDArray[np.bool_]) -> YearIndicators:
    """Return some of the rows."""
    fields = {f: getattr(y, f) for f in y.__dataclass_fields__}
    for name, value in fields.items():
        if isinstance(value, (np.ndarray, Wide)) and name not in ("members", "one"):
            fields[name] = value.take(mask) if isinstance(value, Wide) else value[mask]
    return YearIndicators(**fields)
