"""Is a flow file so plain that it need not be looked at row by row?

A Parquet file with just the columns year, exporter, importer, product and value_usd, whole values, known codes and no duplicates: the usual large file. It
becomes the same FlowSet as the general reader makes, in a tenth of the time and in bounded memory.
"""

from __future__ import annotations

from pathlib import Path

from schakel import scratch
from schakel.lake import flowpack
from schakel.lake.flowset import FlowSet, Folder
from schakel.sources.flowcheck import FlowOptions, described, left_out, unremarkable


def read_plain(path: Path, options: FlowOptions, shown: str) -> FlowSet | None:
    """Return the flows of a plain file, or None when the general reader must look at it."""
    directory = scratch.folder("schakel-flows-")
    packed = None
    try:
        packed = flowpack.pack(
            path, directory, accept=lambda codes: unremarkable(codes, options), threads=options.threads
        )
    finally:
        if packed is None:
            scratch.remove(directory)
    if packed is None:
        return None
    about = described(path, packed.rows, options, shown)
    return FlowSet(
        directory=directory,
        years=packed.years,
        countries=packed.countries,
        products=packed.products,
        scale=1,
        currency="USD",
        has_eur=False,
        has_re_export=False,
        warnings=tuple(left_out(packed.self_trade, packed.zero)),
        keep=Folder(directory),
        **{**about, "reading": tuple(sorted(about["reading"].items()))},
    )
