"""Who supplies every product of one reporter in one year, read in one go?"""

from __future__ import annotations

import numpy as np

from schakel.dependency.screen import Setting
from schakel.dependency.suppliers import Supply
from schakel.lake.flowset import FlowSet


def holdings(flows: FlowSet, where: Setting, year: int) -> dict[str, Supply]:
    """Return the suppliers of every product the reporter imports, by product.

    The same as `suppliers.supply` for each product, at the cost of one reading: a bloc treated as one has outside suppliers only.
    """
    import pyarrow.parquet as pq

    bloc = where.reporter == where.bloc
    filters = None if bloc else [("importer", "==", flows.country_index(where.reporter))]
    table = pq.read_table(flows.path(year), columns=["product", "importer", "exporter", "value"], filters=filters)
    product, importer, exporter, value = (table[c].to_numpy() for c in ("product", "importer", "exporter", "value"))
    member = np.array([c in where.members for c in flows.countries], dtype=bool)
    if bloc:
        keep = member[importer]
        if where.treatment == "one":
            keep &= ~member[exporter]
        product, exporter, value = product[keep], exporter[keep], value[keep]
    width = len(flows.countries)
    key, inverse = np.unique(product.astype(np.int64) * width + exporter, return_inverse=True)
    total = np.zeros(len(key), np.int64)
    np.add.at(total, inverse, value)
    found: dict[int, list[tuple[int, int]]] = {}
    for k, v in zip(key.tolist(), total.tolist(), strict=True):
        found.setdefault(k // width, []).append((-v, k % width))
    out = {}
    for index, cells in found.items():
        cells.sort()  # largest first; countries stand in alphabetical order, so ties go by alphabet
        out[flows.products[index]] = Supply(
            exporters=tuple(flows.countries[c] for _, c in cells),
            values=tuple(-v for v, _ in cells),
            inside=tuple(bool(member[c]) for _, c in cells),
            scale=flows.scale,
        )
    return out
