"""How does data come in: from a file, an address, or the catalogue?"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schakel.cli.data_view import format_option, open_lake, pairs, say, show_facts, table_facts

if TYPE_CHECKING:
    from schakel.sources.add import Added
    from schakel.sources.download import Downloaded

_REVISIONS = ("1992", "1996", "2002", "2007", "2012", "2017", "2022")


def _reading(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `add` and `pull` share."""
    for option in (
        click.option("--as", "name", metavar="NAME", help="Name in the lake; the source's own when left out."),
        click.option("--extend", is_flag=True, help="Keep the years and tables that only the current version has."),
        click.option("--sha256", default="", help="Expected hash of a download."),
        click.option("--allow-host", "hosts", multiple=True, help="Other host it may redirect to."),
        click.option("--threads", type=click.IntRange(min=1), help="Threads of the query engine."),
    ):
        command = option(command)
    return command


@click.command("add")
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

    It is recognised by its content. A row that is neither read nor left out by a declared rule refuses the whole file.

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


@click.command("pull")
@click.argument("name_known", metavar="NAME")
@_reading
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Parameter of the address.")
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
    url, file_name = known.location(pairs(settings, "--set"))
    if known.address != "verified":
        say(f"note: this address was not tried when the catalogue was made; if it fails, look at {known.page}")
    got = _fetch(url, given, file_name, known.hosts)
    _report(_load(got.path, given, Origin(got.url, got.retrieved)), form)


def _fetch(url: str, given: dict[str, Any], file_name: str = "", hosts: frozenset[str] = frozenset()) -> Downloaded:
    from schakel import settings
    from schakel.lake import progress
    from schakel.sources.answer import Wanted
    from schakel.sources.download import download

    def bar(total: float | None) -> AbstractContextManager[Callable[[float], None]]:
        return progress.bar("downloading", total, bytes_=True)

    wanted = Wanted(url, sha256=given["sha256"], hosts=hosts | frozenset(given["hosts"]))
    got = download(wanted, settings.load().downloads, name=file_name, progress=bar)
    again = ", taken up where the line broke" if got.resumed else ""
    say(f"downloaded {got.bytes:,} bytes to {got.path}{again} (sha256 {got.sha256})")
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
            open_lake(),
            name=given["name"],
            options=options,
            hs=int(given["hs"]) if given.get("hs") else None,
            coverage=given.get("coverage") or "world",
            extend=given["extend"],
            origin=origin,
        )


def _report(added: Added, form: str) -> None:
    from schakel.sources.reasons import explained

    facts = {
        "taken_for": added.reader,
        "files_read": list(added.files),
        "files_not_read": list(added.load.not_read),
        "data_set": added.dataset.name,
        "version": added.dataset.version,
        "id": added.dataset.id,
        "rows_read": added.load.rows_read,
        "rows_kept": added.load.rows_kept,
        "left_out": dict(added.load.left_out),
        "why_left_out": explained(added.load.left_out, added.dataset.tables),
        "tables": table_facts(added.dataset),
        "coverage": added.dataset.coverage,
        "licence": added.dataset.licence,
        "caveats": list(added.dataset.caveats),
        "notes": list(added.notes),
    }
    show_facts(facts, form)
