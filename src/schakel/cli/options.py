"""Options that several commands share, and how a FLOWS argument is opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from schakel.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from schakel.lake.dataset import Dataset
    from schakel.lake.flowset import FlowSet

Command = TypeVar("Command", bound=Callable[..., Any])
REFERENCE = "reference"
FORMATS = ("table", "json", "csv", "parquet", "xlsx", "md")


def flows_argument(function: Command) -> Command:
    """Add the FLOWS argument and how to read it."""
    for option in (
        click.option(
            "--coverage",
            type=click.Choice(["world", "imports"]),
            default="world",
            show_default=True,
            help="What a flow file of your own covers.",
        ),
        click.option(
            "--hs", type=int, help="HS revision of the product codes, for example 2017; found out when left out."
        ),
        click.option(
            "--decimal", type=click.Choice([".", ","]), default=".", show_default=True, help="Decimal mark of the CSV."
        ),
        click.option(
            "--delimiter",
            default=",",
            show_default=True,
            help="Column delimiter of the CSV; a Dutch spreadsheet writes ';'.",
        ),
        click.argument("flows", metavar="FLOWS"),
    ):
        function = option(function)
    return function


def format_option(function: Command) -> Command:
    """Add --format, --out and --lang."""
    for option in (
        click.option("--lang", type=click.Choice(["en", "nl"]), default=None, help="Language of tables."),
        click.option(
            "--out",
            type=click.Path(path_type=Path, dir_okay=False),
            help="Write to this file instead of standard output.",
        ),
        click.option(
            "--format",
            "format_",
            type=click.Choice(FORMATS),
            default="table",
            show_default=True,
            help="How to write the answer; parquet and xlsx are for --out or a pipe.",
        ),
    ):
        function = option(function)
    return function


def threads_option(function: Command) -> Command:
    """Add --threads."""
    return click.option("--threads", type=click.IntRange(1, 256), help="Number of threads; all cores when left out.")(
        function
    )


def open_flows(
    flows: str,
    *,
    delimiter: str = ",",
    decimal: str = ".",
    hs: int | None = None,
    coverage: str = "world",
    threads: int | None = None,
) -> FlowSet:
    """Open a flow file, the embedded tables ("reference"), or a data set of the lake by name.

    Raises
    ------
    NotFoundError
        If it is none of these.
    """
    if flows == REFERENCE:
        from schakel.dependency import embedded

        return embedded.flows()
    path = Path(flows)
    if path.suffix or _is_there(path):
        from schakel.sources.flowfile import FlowOptions, read

        return read(path, FlowOptions(delimiter.replace("\\t", "\t"), decimal, hs, coverage, threads))
    return _from_lake(flows, threads)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError:  # a folder on the way may not be entered; opening the file says so
        return True


def _from_lake(name: str, threads: int | None = None) -> FlowSet:
    from schakel.evidence import InputRef, sha256_text
    from schakel.lake import engine, flowset, unnamed
    from schakel.lake.store import Lake

    lake = Lake()
    if name not in lake.names():
        have = ", ".join(lake.names()) or "none yet; see schakel data add"
        raise NotFoundError(
            f"{name!r} is no file and no data set",
            remedy=f"give a flow file, {REFERENCE!r}, or a data set of the lake ({have})",
        )
    dataset = lake.open(name)
    if "flows" not in dataset.tables:
        raise InputError(
            f"data set {name} holds no flows",
            where=f"tables: {', '.join(dataset.tables)}",
            remedy="choose one with flows",
        )
    con = engine.connect(threads=threads)
    con.execute(f"CREATE TEMP VIEW stored AS SELECT * FROM {dataset.from_sql('flows')}")
    have_columns = {r[0] for r in con.execute("DESCRIBE stored").fetchall()}
    money = ", ".join(f"CAST({c if c in have_columns else 'NULL'} AS DECIMAL(24,6)) AS {c}" for c in flowset.AMOUNTS)
    con.execute(
        f"CREATE TEMP VIEW typed AS SELECT CAST(year AS SMALLINT) AS year, exporter, importer, product, {money} FROM stored"
    )
    rows = con.execute("SELECT count(*) FROM stored").fetchall()[0][0]
    apart = _unallocated(con, dataset)
    digest = sha256_text(f.sha256 for f in dataset.files if f.table == "flows")
    flows = flowset.build(
        con,
        "typed",
        inputs=[InputRef(name, digest, rows)],
        coverage="world" if dataset.coverage == "world" else "imports",
        warnings=(*dataset.caveats, *apart),
        sources=[s.as_dict() for s in dataset.sources],
        licences=[dataset.licence],
    )
    if "unallocated" in dataset.tables:
        unnamed.keep(con, f"({dataset.from_sql('unallocated')})", flows)
    return flows


def _unallocated(con: Any, dataset: Dataset) -> tuple[str, ...]:
    """Say how much of the imports names no other country, and so is in no figure."""
    if "unallocated" not in dataset.tables:
        return ()
    rows, usd, eur = con.execute(
        f"SELECT count(*), sum(value_usd), sum(value_eur) FROM {dataset.from_sql('unallocated')} WHERE side = 'import'"
    ).fetchall()[0]
    if not rows:
        return ()
    value, currency = (usd, "USD") if usd is not None else (eur or 0, "EUR")
    return (
        f"{rows:,} rows of imports ({value:,.0f} {currency}, all years) name no other country and are in no figure: "
        "table unallocated",
    )


def language(lang: str | None) -> str:
    """Return the language asked for, else the setting."""
    if lang:
        return lang
    from schakel import settings

    return settings.load().language
