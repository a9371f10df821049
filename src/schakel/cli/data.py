"""What data is here, what can be had, and how does it come in and go out?"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schakel.cli.data_view import format_option, say, show

if TYPE_CHECKING:
    from schakel.lake import Dataset, Lake
    from schakel.sources.add import Added
    from schakel.sources.download import Downloaded


@click.group()
def data() -> None:
    """Load, show, check and export data sets.

    \b
    Example:
      schakel data list
      schakel data add BACI_HS22_V202501.zip
      schakel data source risk material=gallium
    """


def _lake() -> Lake:
    from schakel.lake import Lake

    return Lake()


@data.command("list")
@format_option
def list_(form: str) -> None:
    """List the data sets in the lake, the embedded tables, and what can be pulled.

    \b
    Example:
      schakel data list
      schakel data list --format json
    """
    from schakel import reference
    from schakel.sources.add import as_row
    from schakel.sources.catalogue import entries

    here = [{"where": "lake", **as_row(dataset)} for dataset in _lake().list()]
    embedded = [
        {
            "where": "embedded",
            "name": name,
            "title": reference.info(name).title,
            "licence": reference.info(name).licence,
        }
        for name in reference.names()
    ]
    known = [
        {
            "where": "to pull",
            "name": entry.name,
            "title": entry.title,
            "licence": entry.licence_id,
            "address": entry.address,
        }
        for entry in entries().values()
    ]
    short = ("where", "name", "title", "version", "years", "rows", "licence")
    rows = [{key: row.get(key) for key in short} for row in (*here, *embedded, *known)]
    for row in rows:
        if isinstance(row["years"], list):
            row["years"] = "-".join(str(year) for year in dict.fromkeys(row["years"]))
    show(rows, form, {"lake": here, "embedded": embedded, "to_pull": known})


@data.command("show")
@click.argument("name")
@click.option("--version", "version", help="Id of an older version; the current one when left out.")
@format_option
def show_(name: str, version: str | None, form: str) -> None:
    """Show what a data set is: source, licence, rows kept and left out, caveats, tables.

    \b
    Example:
      schakel data show comext
      schakel data show baci-hs22 --format json
    """
    from schakel import reference
    from schakel.sources.catalogue import entries

    lake = _lake()
    if version is None and name not in lake.names():
        if name in reference.names():
            facts = _embedded_facts(name)
        elif name in entries():
            facts = _catalogue_facts(name)
        else:
            lake.open(name)  # says what there is
            return
    else:
        facts = _lake_facts(lake.open(name, version), lake.versions(name))
    show([{"item": key, "value": value} for key, value in facts.items()], form, facts)


def _lake_facts(dataset: Dataset, versions: tuple[str, ...]) -> dict[str, Any]:
    from schakel.evidence import licence

    terms = licence(dataset.licence)
    tables = {
        table: {
            "rows": sum(file.rows for file in dataset.files if file.table == table),
            "years": "-".join(
                str(year) for year in dict.fromkeys([*dataset.years(table)[:1], *dataset.years(table)[-1:]])
            ),
        }
        for table in dataset.tables
    }
    return {
        "name": dataset.name,
        "title": dataset.title,
        "version": dataset.version,
        "id": dataset.id,
        "publisher": dataset.source.get("publisher", ""),
        "address": dataset.source.get("url", ""),
        "retrieved": dataset.retrieved,
        "licence": f"{terms.id}: {terms.name}",
        "duty": terms.duty,
        "may be passed on": terms.share,
        "coverage": dataset.coverage,
        "rows read": dataset.rows_read,
        "rows kept": dataset.rows_kept,
        "left out": dict(dataset.left_out),
        "caveats": list(dataset.caveats),
        "tables": tables,
        "inputs": [f"{entry['name']} sha256 {entry['sha256']}" for entry in dataset.inputs],
        "folder": str(dataset.folder),
        "versions": list(versions),
    }


def _embedded_facts(name: str) -> dict[str, Any]:
    from schakel import reference

    info = reference.info(name)
    used = sorted({str(row["source"]) for row in reference.rows(name)})
    return {
        "name": name,
        "title": info.title,
        "description": info.description,
        "licence": info.licence,
        "rows": len(reference.rows(name)),
        "columns": {column.name: f"{column.unit}: {column.description}" for column in info.columns},
        "sources": used,
    }


def _catalogue_facts(name: str) -> dict[str, Any]:
    from schakel.sources.catalogue import entry

    known = entry(name)
    return {
        "name": known.name,
        "title": known.title,
        "publisher": known.publisher,
        "address": known.url or "by hand",
        "address status": known.address,
        "page": known.page,
        "parameters": dict(known.parameters),
        "licence": f"{known.licence.id}: {known.licence.name}",
        "caveats": list(known.caveats),
        "next": f"schakel data pull {name}" if known.url else "download it from the page, then: schakel data add FILE",
    }


_REVISIONS = ("1992", "1996", "2002", "2007", "2012", "2017", "2022")


def _reading(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `add` and `pull` share."""
    for option in (
        click.option("--as", "name", metavar="NAME", help="Name in the lake; the source's own when left out."),
        click.option("--extend", is_flag=True, help="Keep the years and tables that only the current version has."),
        click.option("--sha256", default="", help="Expected hash of a download."),
        click.option(
            "--allow-host", "hosts", multiple=True, metavar="HOST", help="Other host a download may redirect to."
        ),
        click.option("--threads", type=click.IntRange(min=1), help="Threads of the query engine."),
    ):
        command = option(command)
    return command


@data.command("add")
@click.argument("location", metavar="PATH-or-URL")
@_reading
@click.option("--hs", type=click.Choice(_REVISIONS), help="HS revision of a flow file of your own.")
@click.option(
    "--coverage", type=click.Choice(["world", "imports"]), default="world", help="Of a flow file of your own."
)
@click.option("--licence", default="", help="Licence id of a flow file of your own.")
@click.option("--delimiter", help="Column mark, where a spreadsheet changed it.")
@click.option("--decimal", type=click.Choice([".", ","]), default=".", help="Decimal mark.")
@click.option("--version", "version", help="Publisher's version, where the file does not state it.")
@click.option("--dimension", help="Dimension of governance, where the file does not state it.")
@format_option
def add(location: str, form: str, **given: Any) -> None:
    """Load a file: as published by a known source, or with flows of your own.

    It is recognised by its content. Any row that is neither read nor left out by a declared rule refuses the whole file.

    \b
    Example:
      schakel data add BACI_HS22_V202501.zip
      schakel data add mine.csv --as mine --hs 2017 --delimiter ';' --decimal ','
      schakel data add https://example.org/full_v2_202352.7z --extend
    """
    from schakel.evidence import licence
    from schakel.sources.add import Origin

    if given["licence"]:
        licence(given["licence"])
    origin = Origin(licence=given["licence"])
    path = Path(location)
    if "://" in location:
        got = _fetch(location, given)
        path, origin = got.path, Origin(got.url, got.retrieved, given["licence"])
    _report(_load(path, given, origin), form)


@data.command("pull")
@click.argument("name_known", metavar="NAME")
@_reading
@click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Parameter of the address, such as version or period."
)
@format_option
def pull(name_known: str, settings: tuple[str, ...], form: str, **given: Any) -> None:
    """Download a data set of the catalogue and load it.

    A broken download is taken up where it broke. The proxy is taken from HTTPS_PROXY.

    \b
    Example:
      schakel data pull baci-hs22 --set version=202601
      schakel data pull comext --set period=202352 --extend
    """
    from schakel.sources.add import Origin
    from schakel.sources.catalogue import entry

    known = entry(name_known)
    url, file_name = known.location(_pairs(settings, "--set"))
    if known.address != "verified":
        say(f"note: this address was not tried when the catalogue was made; if it fails, look at {known.page}")
    got = _fetch(url, given, file_name, known.hosts)
    _report(_load(got.path, given, Origin(got.url, got.retrieved)), form)


def _pairs(given: tuple[str, ...], where: str) -> dict[str, str]:
    pairs = {}
    for pair in given:
        key, mark, value = pair.partition("=")
        if not mark or not key:
            raise click.UsageError(f"{where} {pair!r} is not of the form key=value")
        pairs[key] = value
    return pairs


def _fetch(url: str, given: dict[str, Any], file_name: str = "", hosts: frozenset[str] = frozenset()) -> Downloaded:
    from schakel import settings
    from schakel.lake import progress
    from schakel.sources.download import Wanted, download

    def bar(total: float | None) -> AbstractContextManager[Callable[[float], None]]:
        return progress.bar("downloading", total, bytes_=True)

    wanted = Wanted(url, sha256=given["sha256"], hosts=hosts | frozenset(given["hosts"]))
    got = download(wanted, settings.load().downloads, name=file_name, progress=bar)
    say(f"downloaded {got.bytes:,} bytes to {got.path} (sha256 {got.sha256})")
    for warning in got.warnings:
        say(f"note: {warning}")
    return got


def _load(path: Path, given: dict[str, Any], origin: Any) -> Added:
    from schakel.lake import progress
    from schakel.sources.add import add as load
    from schakel.sources.reader import ReadOptions

    options = ReadOptions(
        delimiter=given.get("delimiter"),
        decimal=given.get("decimal") or ".",
        version=given.get("version"),
        dimension=given.get("dimension"),
        threads=given.get("threads"),
    )
    with progress.bar(f"reading {path.name}"):
        return load(
            path,
            _lake(),
            name=given["name"],
            options=options,
            hs=int(given["hs"]) if given.get("hs") else None,
            coverage=given.get("coverage") or "world",
            extend=given["extend"],
            origin=origin,
        )


def _report(added: Added, form: str) -> None:
    facts = {
        "taken for": added.reader,
        "data set": added.dataset.name,
        "version": added.dataset.version,
        "id": added.dataset.id,
        "rows read": added.load.rows_read,
        "rows kept": added.load.rows_kept,
        "left out": dict(added.load.left_out),
        "tables": list(added.dataset.tables),
        "coverage": added.dataset.coverage,
        "licence": added.dataset.licence,
        "caveats": list(added.dataset.caveats),
        "notes": list(added.notes),
    }
    show([{"item": key, "value": value} for key, value in facts.items()], form, facts)


@data.command("verify")
@click.argument("name", required=False)
@format_option
def verify(name: str | None, form: str) -> None:
    """Compute every hash again, of one data set or of all; exit 6 names the first file that was altered.

    \b
    Example:
      schakel data verify
      schakel data verify baci-hs22
    """
    from schakel.lake import progress

    with progress.bar("checking"):
        found = _lake().verify(name)
    rows = [
        {
            "name": dataset.name,
            "id": dataset.id,
            "files": len(dataset.files),
            "bytes": dataset.bytes,
            "verdict": "sound",
        }
        for dataset in found
    ]
    show(rows, form, {"verified": rows})
    if not rows:
        say("the lake holds no data set yet")


@data.command("export")
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

    lake = _lake()
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


@data.command("source")
@click.argument("table")
@click.argument("match", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Most rows shown.")
@format_option
def source(table: str, match: tuple[str, ...], limit: int, form: str) -> None:
    """Show figures of an embedded table, each with its source and the place in it.

    \b
    Example:
      schakel data source risk material=gallium year=2023
      schakel data source imports importer=NLD product_cn8=28053010 --format json
    """
    from schakel import reference

    found = reference.origin(table, **_typed(table, _pairs(match, "argument")))
    rows = [
        {
            **entry["row"],
            "source": f"{entry['source']['publisher']}: {entry['source']['title']} {entry['source']['url']}".strip(),
        }
        for entry in found[:limit]
    ]
    show(rows, form, {"table": table, "count": len(found), "rows": found[:limit]})
    if len(found) > limit:
        say(f"{len(found) - limit:,} more rows; give more key=value pairs or a higher --limit")
    if not found:
        say("no row matches")


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
