"""What can a Python user ask? The same questions as the command line, with the same answers."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    with tempfile.TemporaryDirectory(
        prefix="schakel-frame-"
    ) as folder:  # the same checks as for a file, by the same code
        path = Path(folder) / "frame.parquet"
        pq.write_table(table, path)
        return read(path, options)


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
    from schakel.dependency.compare import compare as run

    found = run(read_flows(flows), reporter, product, year, methods=methods, bloc=bloc)
    return Result(tuple(found["methods"]), found)


def churn(
    flows: Flows, *, reporter: str, first: int, second: int, method: str = "ec2021", bloc: str | None = None
) -> dict[str, Any]:
    """Return which products entered or left the list between two years; see `schakel churn`."""
    from schakel.dependency.compare import churn as run

    return run(read_flows(flows), reporter, method, first, second, bloc)


def reverse(
    flows: Flows, *, reporter: str, year: int, method: str = "ec2021", by: str = "product", bloc: str | None = None
) -> Result:
    """Return who leans on the reporter, by "product" or "partner"; see `schakel reverse`."""
    from schakel.dependency.reverse import by_partner
    from schakel.dependency.reverse import reverse as run

    rows = run(read_flows(flows), reporter, method, year, bloc)
    return rows_of(by_partner(rows) if by == "partner" else rows)


def mutual(flows: Flows, parties: Sequence[str], *, year: int, method: str = "ec2021") -> Result:
    """Return who depends on whom; see `schakel mutual`."""
    from schakel.dependency.reverse import mutual as run

    return rows_of(run(read_flows(flows), parties, method, year))


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
