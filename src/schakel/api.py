"""What can a Python user ask? The same questions as the command line, with the same answers."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schakel.errors import InputError
from schakel.evidence import licence
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
        return read(path, options, name="frame")


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

    data = read_flows(flows)
    found = run(data, reporter, product, year, methods=methods, bloc=bloc)
    return Result(tuple(found["methods"]), _rests_on(data, found))


def churn(
    flows: Flows, *, reporter: str, first: int, second: int, method: str = "ec2021", bloc: str | None = None
) -> dict[str, Any]:
    """Return which products entered or left the list between two years; see `schakel churn`."""
    from schakel.dependency.compare import churn as run

    data = read_flows(flows)
    return _rests_on(data, run(data, reporter, method, first, second, bloc))


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
    from schakel.dependency.control_points import control_point
    from schakel.dependency.reverse import by_partner
    from schakel.dependency.reverse import reverse as run
    from schakel.dependency.screen import setting

    if by not in ("product", "partner", "control"):
        raise InputError(f"cannot sum by {by!r}", where="by", remedy="use product, partner or control")
    data = read_flows(flows, threads=threads)
    where = setting(reporter, method, year, bloc)
    rows = run(data, reporter, method, year, bloc, threads=threads)
    if by == "partner":
        rows = by_partner(rows)
    elif by == "control":
        rows = [control_point(data, where, p, year).as_dict() for p in sorted({r["product"] for r in rows})]
    body = {"reporter": where.reporter, "year": year, "method": method, "by": by, "rows": rows}
    return Result(tuple(rows), _rests_on(data, body))


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
        If fewer than two parties are named, or other than two with `common`.
    """
    from schakel.dependency import reverse as room

    data = read_flows(flows, threads=threads)
    if common and len(set(parties)) != 2:
        raise InputError("common dependencies are asked of two parties", where=" ".join(parties), remedy="name two")
    rows = (
        room.common(data, parties[0], parties[1], method, year, threads=threads)
        if common
        else room.mutual(data, parties, method, year, threads=threads)
    )
    body = {"parties": list(parties), "year": year, "method": method, "rows": rows}
    return Result(tuple(rows), _rests_on(data, body))


def _rests_on(flows: FlowSet, body: Mapping[str, Any]) -> dict[str, Any]:
    """Add to an answer the warnings, sources and licences of its flows."""
    told = ("id", "name", "url", "share", "commercial", "duty")
    return {
        **body,
        "warnings": list(body.get("warnings", flows.warnings)),
        "sources": [dict(source) for source in flows.sources],
        "licences": [{key: getattr(licence(id_), key) for key in told} for id_ in flows.licences],
    }


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
