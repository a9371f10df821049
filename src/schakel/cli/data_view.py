"""How are rows about data sets shown: as a table, JSON, CSV or Markdown?"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from schakel.lake import Lake

FORMATS = ("table", "json", "csv", "md")
format_option = click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="How to show the answer."
)


def show(rows: Sequence[Mapping[str, Any]], form: str, document: Mapping[str, Any] | None = None) -> None:
    """Write rows to stdout.

    Parameters
    ----------
    document
        What is written for JSON in the place of the bare rows.
    """
    if form == "json":
        click.echo(
            json.dumps(
                document if document is not None else {"rows": list(rows)}, ensure_ascii=False, indent=2, default=str
            )
        )
        return
    columns = list(dict.fromkeys(key for row in rows for key in row))
    cells = [[text(row.get(column)) for column in columns] for row in rows]
    if form == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows([columns, *cells])
        click.echo(out.getvalue(), nl=False)
    elif form == "md":
        click.echo("| " + " | ".join(columns) + " |")
        click.echo("|" + "---|" * len(columns))
        for line in cells:
            click.echo("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |")
    else:
        _table(columns, cells)


def show_facts(facts: Mapping[str, Any], form: str) -> None:
    """Write what is known of one thing: one line a fact, or one JSON object."""
    show([{"item": key.replace("_", " "), "value": value} for key, value in facts.items()], form, facts)


def pairs(given: Sequence[str], where: str) -> dict[str, str]:
    """Return ``key=value`` texts as a mapping; anything else is wrong use of the command line."""
    found = {}
    for pair in given:
        key, mark, value = pair.partition("=")
        if not mark or not key:
            raise click.UsageError(f"{where} {pair!r} is not of the form key=value")
        found[key] = value
    return found


def text(value: Any) -> str:
    """Return a value as one cell; an unknown value is an empty one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {text(entry)}" for key, entry in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(text(entry) for entry in value)
    return str(value)


def _table(columns: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for line in cells:
        table.add_row(*(cell.replace("[", "\\[") for cell in line))
    # without a terminal there is no width to keep to, and a cut cell would be a lost one
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 240, highlight=False).print(table)


def say(message: str) -> None:
    """Write a message to stderr, so that stdout holds the answer only."""
    click.echo(message, err=True)


def open_lake() -> Lake:
    """Return the lake of the settings."""
    from schakel.lake import Lake

    return Lake()
