"""How do the Parquet files of a table lie in a version's folder?

A table that its schema splits by year lies in ``<table>/year=YYYY/part.parquet``, any other in ``<table>``.
Every file holds all its columns, the year included, so a file that is copied out of the lake still says what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from schakel.errors import InputError
from schakel.evidence import sha256_file
from schakel.lake.dataset import File
from schakel.lake.engine import identifier, quote
from schakel.lake.schema import schema

if TYPE_CHECKING:
    import duckdb

PART = "part.parquet"
_YEAR = re.compile(r"year=(\d{4})")


def parquet(path: Path) -> str:
    """Return what stands after FROM to read one Parquet file as it is."""
    return f"read_parquet({quote(path)}, hive_partitioning = false)"


def arrange(
    connection: duckdb.DuckDBPyConnection, table: str, path: Path, whole: Path
) -> Iterator[tuple[Path, int | None]]:
    """Bring a reader's output into the layout under ``whole``, one file at a time.

    Parameters
    ----------
    path
        A Parquet file, or a folder of ``year=YYYY/*.parquet`` files.

    Yields
    ------
    tuple of Path and int or None
        Each file in its place, and its year.

    Raises
    ------
    InputError
        If there is no Parquet file, or the year of a folder is not the year of its rows.
    """
    declared = schema(table)
    parts = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
    if not parts or not parts[0].is_file():
        raise InputError(
            f"table {table!r} has no Parquet file", where=path.name, remedy="report this: a reader wrote nothing"
        )
    source = (
        f"read_parquet([{', '.join(quote(part) for part in parts)}], hive_partitioning = false, union_by_name = true)"
    )
    present = [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
    if not declared.partition:
        yield _write(connection, source, present, declared.grain, whole / table / PART), None
        return
    if declared.partition in present:
        yield from _by_year(connection, table, parts, source, present, whole)
        return
    for year, part in _years_of_folders(table, parts).items():
        one = f"(SELECT CAST({year} AS SMALLINT) AS {identifier(declared.partition)}, * FROM {parquet(part)})"
        target = whole / table / f"year={year}" / PART
        yield _write(connection, one, [declared.partition, *present], declared.grain, target), year


def _by_year(
    connection: duckdb.DuckDBPyConnection, table: str, parts: list[Path], source: str, present: list[str], whole: Path
) -> Iterator[tuple[Path, int | None]]:
    declared = schema(table)
    key = identifier(declared.partition)
    years = [row[0] for row in connection.execute(f"SELECT DISTINCT {key} FROM {source} ORDER BY 1").fetchall()]
    if None in years:
        raise InputError(
            f"table {table!r} has rows without a year",
            remedy="fill the year column, or leave the rows out by a declared rule",
        )
    ready: dict[int, Path] = {}
    for part in parts:
        stated = _YEAR.fullmatch(part.parent.name)
        if stated:
            ready[int(stated[1])] = part
            rows = connection.execute(f"SELECT min({key}), max({key}) FROM {parquet(part)}").fetchall()[0]
            if rows != (None, None) and rows != (int(stated[1]), int(stated[1])):
                raise InputError(
                    f"the folder {part.parent.name} holds rows of {rows[0]} to {rows[1]}",
                    where=table,
                    remedy="report this: a reader mixed years",
                )
    as_it_must_lie = set(ready) == set(years) and len(parts) == len(years)
    for year in years:
        target = whole / table / f"year={year}" / PART
        if as_it_must_lie:
            target.parent.mkdir(parents=True, exist_ok=True)
            yield ready[year].rename(target), int(year)
            continue
        yield (
            _write(connection, f"(SELECT * FROM {source} WHERE {key} = {int(year)})", present, declared.grain, target),
            int(year),
        )


def _years_of_folders(table: str, parts: list[Path]) -> dict[int, Path]:
    found: dict[int, Path] = {}
    for part in parts:
        stated = _YEAR.fullmatch(part.parent.name)
        if stated is None or int(stated[1]) in found:
            raise InputError(
                f"table {table!r} has no year column and its files do not lie in one folder a year",
                where=part.name,
                remedy="report this: a reader wrote another layout",
            )
        found[int(stated[1])] = part
    return found


def _write(
    connection: duckdb.DuckDBPyConnection, source: str, present: list[str], grain: tuple[str, ...], target: Path
) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    keys = ", ".join(identifier(key) for key in grain if key in present)
    order = f" ORDER BY {keys}" if keys else ""
    connection.execute(f"COPY (SELECT * FROM {source}{order}) TO {quote(target)} (FORMAT parquet, COMPRESSION zstd)")
    return target


def describe(connection: duckdb.DuckDBPyConnection, whole: Path, target: Path, table: str, year: int | None) -> File:
    """Return a file with its hash, bytes and rows."""
    rows = connection.execute(f"SELECT num_rows FROM parquet_file_metadata({quote(target)})").fetchall()[0][0]
    return File(
        path=target.relative_to(whole).as_posix(),
        table=table,
        year=year,
        sha256=sha256_file(target),
        bytes=target.stat().st_size,
        rows=int(rows),
    )
