"""What can a Python user ask? The same questions as the command line, with the same answers."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schakel import scratch
from schakel.frames import Result, arrow_of, rows_of

if TYPE_CHECKING:
    from schakel.lake.flowset import FlowSet

Flows = Any  # a FlowSet, a path, "reference", or a frame


def read_flows(
    flows: Flows,
    *,
    delimiter: str = ",",
    decimal: str = ".",
    hs: int | None = None,
    coverage: str = "world",
    threads: int | None = None,
) -> FlowSet:
    """Open flows once, to ask several questions of them.

    Parameters
    ----------
    flows
        Path of a CSV or Parquet flow file; ``"reference"`` for the embedded tables; or any frame with the columns year, exporter, importer, product,
        value_usd (optionally value_eur, quantity_t, re_export_usd).
    coverage
        "world" when all countries' imports are in, "imports" when only those present are.

    Raises
    ------
    schakel.errors.InputError
        If anything in it is unsound; nothing is kept.
    """
    from schakel.dependency import embedded
    from schakel.lake.flowset import FlowSet
    from schakel.sources.flowfile import FlowOptions, read

    options = FlowOptions(delimiter, decimal, hs, coverage, threads)
    if isinstance(flows, FlowSet):
        return flows
    if isinstance(flows, str) and flows == embedded.EMBEDDED:
        return embedded.flows()
    if isinstance(flows, (str, os.PathLike)):
        return read(Path(flows), options)
    import pyarrow.parquet as pq

    table = arrow_of(flows)
    folder = scratch.folder("schakel-frame-")
    try:
        path = folder / "frame.parquet"
        pq.write_table(table, path)
        return read(path, options, name="frame")  # the same checks as for a file, by the same code
    finally:
        scratch.remove(folder)


def screen(
    flows: Flows,
    *,
    reporter: str,
    year: int,
    method: str = "ec2021",
    bloc: str | None = None,
    threads: int | None = None,
) -> Result:
    """Return which products meet a definition; see `schakel screen`.

    Examples
    --------
    >>> import schakel
    >>> answer = schakel.screen("reference", reporter="NLD", year=2023, method="crma")
    >>> len(answer)
    66
    """
    from schakel.dependency.screen import screen as run

    found = run(
        read_flows(flows, threads=threads), reporter=reporter, method=method, year=year, bloc=bloc, threads=threads
    )
    return Result(found.rows, found.as_dict())


def compare(
    flows: Flows,
    *,
    reporter: str,
    product: str,
    year: int,
    methods: Sequence[str] | None = None,
    bloc: str | None = None,
) -> Result:
    """Return one product under all definitions; see `schakel compare`."""
    from schakel.dependency import asked

    found = asked.compare(read_flows(flows), reporter=reporter, product=product, year=year, methods=methods, bloc=bloc)
    return Result(tuple(found["methods"]), found)


def churn(
    flows: Flows, *, reporter: str, first: int, second: int, method: str = "ec2021", bloc: str | None = None
) -> dict[str, Any]:
    """Return which products entered or left the list between two years; see `schakel churn`."""
    from schakel.dependency import asked

    return asked.churn(read_flows(flows), reporter=reporter, first=first, second=second, method=method, bloc=bloc)


def reverse(
    flows: Flows,
    *,
    reporter: str,
    year: int,
    method: str = "ec2021",
    by: str = "product",
    bloc: str | None = None,
    threads: int | None = None,
) -> Result:
    """Return who leans on the reporter: by "product", by "partner", or the "control" points; see `schakel reverse`.

    Raises
    ------
    schakel.errors.InputError
        If `by` is none of these.
    """
    from schakel.dependency import asked

    data = read_flows(flows, threads=threads)
    found = asked.reverse(data, reporter=reporter, year=year, method=method, by=by, bloc=bloc, threads=threads)
    return Result(tuple(found["rows"]), found)


def mutual(
    flows: Flows,
    parties: Sequence[str],
    *,
    year: int,
    method: str = "ec2021",
    common: bool = False,
    threads: int | None = None,
) -> Result:
    """Return who depends on whom or, with `common`, in what the two parties depend on the same third; see `schakel mutual`.

    Raises
    ------
    schakel.errors.InputError
        If fewer than two parties are named, or other than two with `common`, or a bloc beside a member of it.
    """
    from schakel.dependency import asked

    data = read_flows(flows, threads=threads)
    found = asked.mutual(data, parties=parties, year=year, method=method, common=common, threads=threads)
    return Result(tuple(found["rows"]), found)


def suppliers(flows: Flows, *, reporter: str, product: str, year: int, bloc: str | None = None) -> Result:
    """Return the suppliers of a product with shares, governance and voting distance, and the weighted measures in ``answer``."""
    from schakel.dependency import embedded
    from schakel.dependency.screen import setting
    from schakel.dependency.suppliers import profile, supply

    where = setting(reporter, "ec2021", year, bloc)
    found = profile(
        supply(read_flows(flows), where, product, year),
        embedded.governance(year),
        embedded.voting_distance(where.reporter, year),
    )
    answer = {name: getattr(found, name) for name in found.__dataclass_fields__}
    return Result(found.rows, answer)


def methods() -> Result:
    """Return the definitions, a criterion a row; see `schakel methods`."""
    from schakel.dependency.compare import preset_rows
    from schakel.dependency.presets import names, preset

    return rows_of(preset_rows([preset(n) for n in names()]))
