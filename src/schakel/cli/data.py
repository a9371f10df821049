"""What data is here, what can be had, and how does it come in and go out?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from schakel.cli.data_load import add, pull
from schakel.cli.data_out import export, source
from schakel.cli.data_view import format_option, open_lake, say, show, show_facts, table_facts

if TYPE_CHECKING:
    from schakel.lake import Dataset


@click.group()
def data() -> None:
    """Load, show, check and export data sets.

    \b
    Example:
      schakel data list
      schakel data add BACI_HS22_V202501.zip
      schakel data source risk material=gallium
    """


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

    here = [{"where": "lake", **as_row(dataset)} for dataset in open_lake().list()]
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

    lake = open_lake()
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
    show_facts(facts, form)


def _lake_facts(dataset: Dataset, versions: tuple[str, ...]) -> dict[str, Any]:
    from schakel.evidence import licence
    from schakel.sources.reasons import explained

    terms = licence(dataset.licence)
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
        "may_be_passed_on": terms.share,
        "coverage": dataset.coverage,
        "rows_read": dataset.rows_read,
        "rows_kept": dataset.rows_kept,
        "left_out": dict(dataset.left_out),
        "why_left_out": explained(dataset.left_out, dataset.tables),
        "caveats": list(dataset.caveats),
        "tables": table_facts(dataset),
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
        "columns": {
            column.name: column.description + (f" ({column.unit})" if column.unit else "") for column in info.columns
        },
        "sources": used,
    }


def _catalogue_facts(name: str) -> dict[str, Any]:
    from schakel.sources.catalogue import entry

    known = entry(name)
    return {
        "name": known.name,
        "title": known.title,
        "publisher": known.publisher,
        "address": known.url,
        "address_status": known.address,
        "page": known.page,
        "parameters": dict(known.parameters),
        "licence": f"{known.licence.id}: {known.licence.name}",
        "duty": known.licence.duty,
        "may_be_passed_on": known.licence.share,
        "caveats": list(known.caveats),
        "next": f"schakel data pull {name}" if known.url else "download it from the page, then: schakel data add FILE",
    }


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
        found = open_lake().verify(name)
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


for _command in (add, pull, export, source):
    data.add_command(_command)
