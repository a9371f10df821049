"""How does a flow file of one's own enter the lake?

The same checks as when it is screened straight from the file (`schakel.sources.flowfile`); what passed them is written
in the canonical columns.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from schakel.errors import InputError, SchakelError
from schakel.evidence import Source
from schakel.lake.engine import connect, machine_faults, quote
from schakel.sources.reader import Head, Loaded, ReadOptions, look

if TYPE_CHECKING:
    from schakel.lake.flowset import FlowSet

_COLUMNS = frozenset({"year", "exporter", "importer", "product"})
_VALUES = frozenset({"valueusd", "valueeur"})
_PARQUET = b"PAR1"


class OwnFlows:
    """Reader of flow files in the program's own columns; ``hs`` and ``coverage`` are what the user says of the file."""

    name = "flows"
    title = "Flow file of one's own"
    licence = "user-supplied"
    source = Source(id="own-flows", title=title, publisher="the user", url="", licence=licence)

    def __init__(self, hs: int | None = None, coverage: str = "world") -> None:
        self.hs = hs
        self.coverage = coverage

    def claims(self, path: Path) -> bool:
        """Say whether a file is Parquet, which no public source here is published as, or has all the columns."""
        if path.is_dir():
            return False
        try:
            with path.open("rb") as handle:
                if handle.read(4) == _PARQUET:
                    return True
            return self.recognises(look(path))
        except (OSError, SchakelError):
            return False

    def recognises(self, head: Head) -> bool:
        """Say whether the header has the columns of a flow file."""
        return head.columns >= _COLUMNS and bool(head.columns & _VALUES)

    def read(self, path: Path, stage: Path, options: ReadOptions) -> Loaded:
        """Check the whole file and write ``flows``.

        Raises
        ------
        InputError
            Naming file, row and remedy; nothing is kept.
        """
        from schakel.sources import flowfile

        flow_options = flowfile.FlowOptions(
            delimiter=options.delimiter or ",",
            decimal=options.decimal,
            hs=self.hs,
            coverage=self.coverage,
            threads=options.threads,
        )
        flows = flowfile.read(path, flow_options)
        kept = _write(flows, stage / "flows", options.threads)
        read = sum(entry.rows for entry in flows.inputs)
        if not kept:
            raise InputError("the file has no flow of a value above zero", where=str(path), remedy="check the values")
        left_out = {"self-trade-or-value-zero": read - kept} if read > kept else {}
        return Loaded(
            options.dataset or _dataset_name(path),
            options.version or "-".join(str(year) for year in sorted({flows.years[0], flows.years[-1]})),
            {"flows": stage / "flows"},
            read,
            kept,
            left_out,
            (*flows.warnings, "Quantities of the file are not kept."),
            flows.coverage,
        )


def _write(flows: FlowSet, folder: Path, threads: int | None) -> int:
    """Write the flows with their labels, one Parquet file a year; return the rows."""
    decimals = {1: 0, 1000: 3, 1_000_000: 6}[flows.scale]

    def money(column: str) -> str:
        return f"CAST({column} AS DECIMAL(38,0)) / {flows.scale}" if decimals else column

    kind = f"DECIMAL(24,{decimals})" if decimals else "BIGINT"
    main, other = ("value_usd", "value_eur") if flows.currency == "USD" else ("value_eur", "value_usd")
    second = (
        f"CAST({money('f.value_eur')} AS {kind})" if main == "value_usd" and flows.has_eur else f"CAST(NULL AS {kind})"
    )
    again = f"CAST({money('f.re_export')} AS {kind})" if flows.has_re_export else f"CAST(NULL AS {kind})"
    total = 0
    with connect(threads=threads) as con, machine_faults(str(folder)):
        for name, labels in (("country", flows.countries), ("product", flows.products)):
            con.execute(
                f"CREATE TEMP TABLE {name} AS SELECT unnest(?::VARCHAR[]) AS label, unnest(range(?)) AS idx",
                [list(labels), len(labels)],
            )
        for year in flows.years:
            target = folder / f"year={year}" / "part.parquet"
            target.parent.mkdir(parents=True)
            con.execute(
                f"""COPY (SELECT CAST({year} AS SMALLINT) AS year, e.label AS exporter, i.label AS importer,
                                 p.label AS product, CAST({money("f.value")} AS {kind}) AS {main},
                                 {second} AS {other}, {again} AS re_export_usd
                          FROM read_parquet({quote(flows.path(year))}) f
                          JOIN country e ON e.idx = f.exporter JOIN country i ON i.idx = f.importer
                          JOIN product p ON p.idx = f.product ORDER BY ALL)
                    TO {quote(target)} (FORMAT parquet, COMPRESSION zstd)"""
            )
            total += con.execute(f"SELECT count(*) FROM read_parquet({quote(target)})").fetchall()[0][0]
    return total


def _dataset_name(path: Path) -> str:
    stem = "".join(mark if mark.isalnum() and mark.isascii() else "-" for mark in path.name.split(".")[0].lower())
    return stem.strip("-")[:60] or "flows"
