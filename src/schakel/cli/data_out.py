"""How do rows go out, and what does a figure of the embedded tables rest on?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schakel.cli.data_view import format_option, open_lake, pairs, say, show
from schakel.cli.speech import tell

if TYPE_CHECKING:
    from schakel.lake import Dataset, Lake


@click.command("export")
@click.argument("name")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
@click.option("--table", help="Table of the data set; its first when left out.")
@click.option("--year", type=int, help="One year only.")
@click.option(
    "--format", "kind", type=click.Choice(["csv", "parquet", "xlsx"]), help="From the file name when left out."
)
@click.option("--force", is_flag=True, help="Replace the file when it is there.")
def export(name: str, out: Path, table: str | None, year: int | None, kind: str | None, force: bool) -> None:
    """Write rows to a file, unless their licence forbids passing them on (exit 5).

    \b
    Example:
      schakel data export comext --out flows.csv --year 2023
      schakel data export risk --out risk.xlsx
    """
    from schakel.lake import connect
    from schakel.lake.export import write

    lake = open_lake()
    with connect() as connection:
        if name in lake.names():
            dataset = lake.open(name)
            table = table or ("flows" if "flows" in dataset.tables else dataset.tables[0])
            query, licences = f"SELECT * FROM {dataset.from_sql(table, year)} ORDER BY ALL", {dataset.licence}
            sources = [f"{dataset.source.get('publisher', '')}, {dataset.title}, {dataset.source.get('url', '')}"]
        else:
            query, licences, sources = _embedded_rows(connection, lake, name, year)
        done = write(
            connection, query, out, name=name, licences=licences, sources=sources, kind=kind or "", overwrite=force
        )
    say(f"{done.rows:,} rows written to {done.path}")
    for terms in done.licences:
        say(f"licence: {terms.name} {terms.url} {terms.duty}".rstrip())


def _embedded_rows(connection: Any, lake: Lake, name: str, year: int | None) -> tuple[str, set[str], list[str]]:
    from schakel import reference

    if name not in reference.names():
        lake.open(name)  # says what there is
    connection.register("embedded", reference.table(name))
    used = {str(row["source"]) for row in reference.rows(name)}
    known = [reference.source(key) for key in sorted(used)]
    where = f" WHERE year = {int(year)}" if year is not None else ""
    licences = {reference.info(name).licence, *(source.licence for source in known)}
    return f"SELECT * FROM embedded{where}", licences, [f"{one.publisher}, {one.title}, {one.url}" for one in known]


@click.command("source")
@click.argument("name")
@click.argument("match", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--table", help="Table of a data set of the lake; its first when left out.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Most rows shown.")
@format_option
def source(name: str, match: tuple[str, ...], table: str | None, limit: int, form: str) -> None:
    """Show figures of an embedded table or of a data set, each with its source and the place in it.

    \b
    Example:
      schakel data source risk material=gallium year=2023
      schakel data source imports importer=NLD product_cn8=28053010 --format json
      schakel data source comext importer=NLD product=28053010 year=2023
    """
    from schakel import reference

    lake = open_lake()
    if name in reference.names() and table is None:
        found = reference.origin(name, **_typed(name, pairs(match, "argument")))
        _show_rows(name, found, len(found), limit, form)
    else:
        dataset = lake.open(name)
        table = table or ("flows" if "flows" in dataset.tables else dataset.tables[0])
        found, count = peek(dataset, table, pairs(match, "argument"), limit)
        _show_rows(f"{name}: {table}", found, count, limit, form)


def _show_rows(table: str, found: list[dict[str, Any]], count: int, limit: int, form: str) -> None:
    rows = [
        {
            **entry["row"],
            "source": f"{entry['source']['publisher']}: {entry['source']['title']} {entry['source']['url']}".strip(),
        }
        for entry in found[:limit]
    ]
    one = {row["source"] for row in rows}
    if form == "table" and len(one) == 1:  # said once below the rows, not on each of them
        rows = [{key: value for key, value in row.items() if key != "source"} for row in rows]
    show(rows, form, {"table": table, "count": count, "rows": found[:limit]})
    if form == "table" and len(one) == 1:
        tell(f"\nsource: {one.pop()}")
    if count > len(rows):
        say(f"{count - len(rows):,} more rows; give more key=value pairs or a higher --limit")
    if not found:
        say("no row matches")


SHOWN_AT_MOST = 20


def peek(dataset: Dataset, table: str, match: dict[str, str], limit: int) -> tuple[list[dict[str, Any]], int]:
    """Return the rows of a table that match, each with its source, and how many match in all.

    Where the licence forbids passing rows on, a few may still be looked up; more than that is exporting.

    Raises
    ------
    LicenceError
        If more rows are asked for than may be shown.
    NotFoundError
        If there is no such table or column.
    """
    from schakel.errors import NotFoundError
    from schakel.lake import connect
    from schakel.lake.engine import identifier, machine_faults
    from schakel.lake.export import permitted
    from schakel.lake.schema import schema

    if limit > SHOWN_AT_MOST:
        permitted(dataset.name, [dataset.licence])
    columns = schema(table).names
    for key in match:
        if key not in columns:
            raise NotFoundError(f"table {table!r} has no column {key!r}", remedy="use one of: " + ", ".join(columns))
    where = " AND ".join(f"CAST({identifier(key)} AS VARCHAR) = ?" for key in match) or "true"
    with connect() as con, machine_faults(str(dataset.folder)):
        body, values = f"FROM {dataset.from_sql(table)} WHERE {where}", list(match.values())
        count = int(con.execute(f"SELECT count(*) {body}", values).fetchall()[0][0])
        asked = con.execute(f"SELECT * {body} ORDER BY ALL LIMIT {int(limit)}", values)
        names = [entry[0] for entry in asked.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in asked.fetchall()]
    told = dataset.sources[0].as_dict()
    return [{"row": row, "source": told} for row in rows], count


def _typed(table: str, pairs: dict[str, str]) -> dict[str, Any]:
    """Return the values in the types of their columns."""
    from schakel import reference
    from schakel.errors import InputError

    kinds = {column.name: column.type for column in reference.info(table).columns}
    typed: dict[str, Any] = {}
    for key, value in pairs.items():
        try:
            if kinds.get(key, "").startswith("int"):
                typed[key] = int(value)
            elif kinds.get(key, "").startswith("float"):
                typed[key] = float(value)
            elif kinds.get(key) == "bool":
                typed[key] = {"true": True, "false": False}[value.lower()]
            else:
                typed[key] = value
        except (ValueError, KeyError):
            raise InputError(
                f"{value!r} cannot be in column {key!r} of {table!r}", remedy=f"the column holds {kinds[key]}"
            ) from None
    return typed
