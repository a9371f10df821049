"""What does one party buy of another in a year, product by product?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from schakel.lake.flowset import FlowSet
from schakel.nomenclature import blocs
from schakel.web.service import CountryLine

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Purchases:
    """Imports of one party summed by product and supplier; positions in the flows, values in units of 1 / scale."""

    product: Ints
    exporter: Ints
    value: Ints


def party(name: str, year: int) -> frozenset[str]:
    """Return the countries a country or bloc consists of."""
    return frozenset(blocs.members(name, year)) if blocs.is_bloc(name) else frozenset({name})


@lru_cache(maxsize=32)
def purchases(flows: FlowSet, importers: frozenset[str], inside: bool, year: int) -> Purchases:
    """Return what importers buy in a year, in one reading; ``inside`` keeps what they buy of each other."""
    import pyarrow.parquet as pq

    at = sorted(i for i in (flows.country_index(c) for c in importers) if i >= 0)
    empty = np.zeros(0, np.int64)
    if not at:
        return Purchases(empty, empty, empty)
    columns = ["product", "importer", "exporter", "value"]
    table = pq.read_table(flows.path(year), columns=columns, filters=[("importer", "in", at)])
    product, exporter = (table[c].to_numpy().astype(np.int64) for c in ("product", "exporter"))
    value = table["value"].to_numpy()
    if not inside:
        keep = ~np.isin(exporter, at)
        product, exporter, value = product[keep], exporter[keep], value[keep]
    width = len(flows.countries)
    key, back = np.unique(product * width + exporter, return_inverse=True)
    total = np.zeros(len(key), np.int64)
    np.add.at(total, back, value)
    return Purchases(key // width, key % width, total)


def lines(
    flows: FlowSet, deliverer: str, taker: str, year: int, verdicts: Mapping[str, bool | None]
) -> tuple[CountryLine, ...]:
    """Return what a taker buys of a deliverer, the largest value first.

    The share is of all the taker buys of the product, of a bloc what it buys outside. A member's deliveries to its own
    bloc are no imports of the bloc.
    """
    takers = party(taker, year)
    sellers = party(deliverer, year) - takers
    bought = purchases(flows, takers, not blocs.is_bloc(taker), year)
    size = len(flows.products)
    whole, part = np.zeros(size, np.int64), np.zeros(size, np.int64)
    np.add.at(whole, bought.product, bought.value)
    mine = np.isin(bought.exporter, [flows.country_index(c) for c in sellers])
    np.add.at(part, bought.product[mine], bought.value[mine])
    found = sorted(np.flatnonzero(part).tolist(), key=lambda p: (-int(part[p]), p))
    return tuple(
        CountryLine(
            flows.products[p],
            round(int(part[p]) / flows.scale),
            int(part[p]) / int(whole[p]),
            verdicts.get(flows.products[p]),
        )
        for p in found
    )
