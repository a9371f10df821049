"""How is a sound Parquet file of flows held as a FlowSet without a detour: coded, spread over ranges of products, sorted a range at a time?

The short way for the common case. It explains nothing: where a file needs a closer look (a gap, an unknown country, a duplicate, fractions), it returns
None and the general reader, which gives row and remedy, takes over. What it returns is what the general reader would have made.
Memory follows the size of a batch and of a range of one year, not the number of rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from schakel import scratch
from schakel.errors import InputError
from schakel.lake.flowset import ROW_GROUP
from schakel.nomenclature import countries

if TYPE_CHECKING:
    import pyarrow as pa

KEYS = ("exporter", "importer", "product")
BATCH = 500_000
_RANGE_ROWS = 1_000_000
_MOST_RANGES = 255
_EXACT = 2.0**53
_BITS, _PRODUCT_BITS, _ROW_BITS = 10, 19, 24  # of a sort key: two countries, product, row; 63 in all


@dataclass(frozen=True)
class Packed:
    """Year files in a folder, in the shape that FlowSet describes, and what was left out on the way."""

    years: tuple[int, ...]
    countries: tuple[str, ...]
    products: tuple[str, ...]
    rows: int
    self_trade: int
    zero: int


class _CloserLook(Exception):  # noqa: N818  (not an error: the general reader goes on)
    """The file is not of the plain kind."""


def pack(
    path: Path, directory: Path, *, accept: Callable[[Sequence[str]], bool], threads: int | None = None
) -> Packed | None:
    """Write the year files of a plain flow file: year, exporter, importer, product and value_usd, and nothing else.

    Parameters
    ----------
    directory
        Where to write; nothing of use is in it when None is returned.
    accept
        Told the product codes in the file; False sends the file to the general reader.

    Returns
    -------
    Packed or None
        None when anything in the file needs a closer look.
    """
    import pyarrow as pa

    work = scratch.folder("schakel-pack-")
    try:
        plan = _look(path, accept)
        spill = _spread(path, plan, work, threads)
        return _sorted_years(plan, spill, directory, threads)
    except (_CloserLook, pa.ArrowException):
        return None
    except OSError as error:
        if error.errno is None:  # pyarrow's word for a damaged file; a full disk has a number
            return None
        raise
    finally:
        scratch.remove(work)


@dataclass(frozen=True)
class _Plan:
    """Codes in their final order, what each written code stands for, rows by product, and the ranges of products."""

    countries: tuple[str, ...]
    products: tuple[str, ...]
    country: dict[str, int]
    product: dict[str, int]
    rows: int
    years: tuple[int, ...]
    n_ranges: int


def _batches(path: Path, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path, read_dictionary=list(KEYS)) as file:
        for group in range(file.num_row_groups):  # asked for at once, all groups would be read ahead
            yield from file.iter_batches(batch_size=BATCH, row_groups=[group], columns=list(columns))


def _look(path: Path, accept: Callable[[Sequence[str]], bool]) -> _Plan:
    """Read the codes, not the rows."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        schema, rows = file.schema_arrow, file.metadata.num_rows
    if sorted(schema.names) != sorted(("year", *KEYS, "value_usd")) or not rows:
        raise _CloserLook
    text = (pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string()))
    number = pa.types.is_integer(schema.field("value_usd").type) or schema.field("value_usd").type == pa.float64()
    if not all(schema.field(k).type in text for k in KEYS) or not pa.types.is_integer(schema.field("year").type):
        raise _CloserLook
    if not number:
        raise _CloserLook
    codes: dict[str, set[str | None]] = {key: set() for key in KEYS}
    years: set[int] = set()
    for batch in _batches(path, ("year", *KEYS)):
        years.update(pc.unique(batch["year"]).to_pylist())
        for key in KEYS:
            if batch[key].null_count:
                raise _CloserLook
            codes[key].update(batch[key].dictionary.to_pylist())
    if None in years or any(c is None or c != c.strip() or not c for found in codes.values() for c in found):
        raise _CloserLook
    if min(years) < 1900 or max(years) > 2100 or not accept(sorted(c for c in codes["product"] if c)):
        raise _CloserLook
    try:
        named = {code: countries.resolve(code).iso3 for code in codes["exporter"] | codes["importer"] if code}
    except InputError:
        raise _CloserLook from None
    places, products = sorted(set(named.values())), sorted(c for c in codes["product"] if c)
    if len(places) >> _BITS or len(products) >> _PRODUCT_BITS:
        raise _CloserLook
    return _Plan(
        countries=tuple(places),
        products=tuple(products),
        country={code: places.index(iso3) for code, iso3 in named.items()},
        product={code: n for n, code in enumerate(products)},
        rows=rows,
        years=tuple(sorted(years)),
        n_ranges=min(len(products), _MOST_RANGES, max(1, round(rows / len(years) / _RANGE_ROWS))),
    )


@dataclass(frozen=True)
class _Spill:
    """Files of keys and values by year and range of products, in the order they were read."""

    work: Path
    starts: Any
    counts: dict[tuple[int, int], int]
    totals: dict[int, int]


def _spread(path: Path, plan: _Plan, work: Path, threads: int | None) -> _Spill:
    """Code the rows and lay each in the file of its year and range."""
    starts = np.linspace(0, len(plan.products), plan.n_ranges + 1).round().astype(np.int64)
    range_of = (np.searchsorted(starts, np.arange(len(plan.products)), side="right") - 1).astype(np.uint8)
    spill = _Spill(work, starts, defaultdict(int), defaultdict(int))
    lock = Lock()

    def lay(batch: pa.RecordBatch) -> None:
        product, importer, exporter = (
            _coded(batch[k], c)
            for k, c in (("product", plan.product), ("importer", plan.country), ("exporter", plan.country))
        )
        value = _whole(batch["value_usd"])
        key = (((product << _BITS) | importer) << _BITS) | exporter
        year = batch["year"].to_numpy()
        years = np.unique(year).tolist() if year.min() < year.max() else [int(year[0])]
        for t in years:
            mine = slice(None) if len(years) == 1 else year == t
            own, amount = key[mine], value[mine]
            place = range_of[product[mine]]
            order = np.argsort(place, kind="stable")  # by counting: the ranges are few
            cuts = np.concatenate(([0], np.cumsum(np.bincount(place, minlength=plan.n_ranges))))
            own, amount = own[order], amount[order]
            total = float(amount.sum(dtype=np.float64))
            with lock:
                spill.totals[t] += int(amount.sum()) if total < _EXACT else int(_EXACT)
                for r in range(plan.n_ranges):
                    if cuts[r] < cuts[r + 1]:
                        part = slice(cuts[r], cuts[r + 1])
                        with (work / f"{t}-{r}.key").open("ab") as file:
                            own[part].tofile(file)
                        with (work / f"{t}-{r}.value").open("ab") as file:
                            amount[part].tofile(file)
                        spill.counts[t, r] += int(cuts[r + 1] - cuts[r])

    _each(lay, _batches(path, ("year", *KEYS, "value_usd")), threads)
    if max(spill.totals.values()) >= _EXACT:
        raise _CloserLook
    return spill


def _each(work: Callable[[Any], None], items: Iterator[Any], threads: int | None) -> None:
    """Run `work` on every item by threads, a few at a time; order does not matter."""
    workers = max(1, threads or 2)
    with ThreadPoolExecutor(workers) as pool:
        pending = []
        for item in items:
            pending.append(pool.submit(work, item))
            if len(pending) > workers:
                pending.pop(0).result()
        for waiting in pending:
            waiting.result()


def _coded(column: Any, positions: dict[str, int]) -> Any:
    of = np.array([positions[code] for code in column.dictionary.to_pylist()] or [0], np.int64)
    return of[column.indices.to_numpy()]


def _whole(column: Any) -> Any:
    """Return whole values from 0 up to what a double counts exactly."""
    if column.null_count:
        raise _CloserLook
    value = column.to_numpy()
    if value.dtype.kind == "f" and not (np.isfinite(value).all() and (value == np.floor(value)).all()):
        raise _CloserLook
    if len(value) and (value.min() < 0 or value.max() >= _EXACT):
        raise _CloserLook
    return value.astype(np.int64, copy=False)


def _sorted_years(plan: _Plan, spill: _Spill, directory: Path, threads: int | None) -> Packed:
    self_trade = zero = 0
    workers = max(1, threads or 2)
    with ThreadPoolExecutor(workers) as pool:
        for year in plan.years:
            pending: list[Any] = []
            writer = _writer(directory / f"year={year}.parquet")
            try:
                for r in range(plan.n_ranges):
                    if (year, r) in spill.counts:
                        pending.append(pool.submit(_sorted, spill.work, year, r))
                    if len(pending) > workers:
                        self_trade, zero = _take(pending.pop(0).result(), writer, self_trade, zero)
                for waiting in pending:
                    self_trade, zero = _take(waiting.result(), writer, self_trade, zero)
            finally:
                writer.close()
    return Packed(plan.years, plan.countries, plan.products, plan.rows, self_trade, zero)


def _take(found: tuple[Any, int, int], writer: Any, self_trade: int, zero: int) -> tuple[int, int]:
    table, selves, zeros = found
    writer.write_table(table, row_group_size=ROW_GROUP)
    return self_trade + selves, zero + zeros


def _schema() -> pa.Schema:
    import pyarrow as pa

    amounts = [(name, pa.int64()) for name in ("value", "value_eur", "re_export", "quantity_kg")]
    return pa.schema([("product", pa.int32()), ("importer", pa.int16()), ("exporter", pa.int16()), *amounts])


def _writer(path: Path) -> Any:
    import pyarrow.parquet as pq

    return pq.ParquetWriter(path, _schema(), compression="lz4", use_dictionary=["product", *KEYS[:2]])


def _sorted(work: Path, year: int, number: int) -> tuple[pa.Table, int, int]:
    """Return a range in order, without self-trade and zeros, and how many of these there were."""
    import pyarrow as pa

    key = np.fromfile(work / f"{year}-{number}.key", np.int64)
    value = np.fromfile(work / f"{year}-{number}.value", np.int64)
    if len(key) >> _ROW_BITS:
        raise _CloserLook
    key = np.sort((key << _ROW_BITS) | np.arange(len(key)))  # one sort of whole numbers is faster than an argsort
    value = value[key & ((1 << _ROW_BITS) - 1)]
    key >>= _ROW_BITS
    if (key[1:] == key[:-1]).any():
        raise _CloserLook
    low = (1 << _BITS) - 1
    exporter, importer, product = key & low, (key >> _BITS) & low, key >> (2 * _BITS)
    selves, zeros = exporter == importer, value == 0
    n_self, n_zero = int(selves.sum()), int(zeros.sum())
    if n_self or n_zero:
        keep = ~(selves | zeros)
        exporter, importer, product, value = exporter[keep], importer[keep], product[keep], value[keep]
    none = pa.nulls(len(value), pa.int64())
    table = pa.table(
        [
            pa.array(product.astype(np.int32)),
            pa.array(importer.astype(np.int16)),
            pa.array(exporter.astype(np.int16)),
            pa.array(value),
            none,
            none,
            none,
        ],
        schema=_schema(),
    )
    for name in ("key", "value"):
        (work / f"{year}-{number}.{name}").unlink()
    return table, n_self, n_zero
