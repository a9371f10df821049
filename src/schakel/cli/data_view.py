"""How are rows about data sets shown: as a table, JSON, CSV or Markdown?"""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from schakel.cli.speech import note, tell
from schakel.plain import guarded, printable

if TYPE_CHECKING:
    from schakel.lake import Dataset, Lake

_COUNTS = frozenset({"rows", "files", "bytes"})
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
    from schakel.reports.files import to_stdout

    if form == "json":
        whole = document if document is not None else {"rows": list(rows)}
        to_stdout((json.dumps(whole, ensure_ascii=False, indent=2, default=str) + "\n").encode())
        return
    columns = list(dict.fromkeys(key for row in rows for key in row))
    cells = [[text(row.get(column)) for column in columns] for row in rows]
    if form in ("csv", "md"):  # numbers stay numbers
        free = (int, float)
        cells = [
            [c if isinstance(row.get(k), free) else guarded(c) for c, k in zip(line, columns, strict=True)]
            for line, row in zip(cells, rows, strict=True)
        ]
    if form == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows([columns, *cells])
        to_stdout(out.getvalue().encode())
    elif form == "md":
        tell("| " + " | ".join(columns) + " |")
        tell("|" + "---|" * len(columns))
        for line in cells:
            tell("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |")
    else:
        _table(columns, cells)


def show_facts(facts: Mapping[str, Any], form: str) -> None:
    """Write what is known of one thing: a block a fact, or one JSON object.

    A fact without a value is not written for people. The reasons in ``why_left_out`` stand beside the counts of
    ``left_out``.
    """
    if form != "table":
        show([{"item": key.replace("_", " "), "value": value} for key, value in facts.items()], form, facts)
        return
    why = facts.get("why_left_out", {})
    told: dict[str, list[str]] = {}
    for key, value in facts.items():
        if key == "left_out":
            told["left out"] = [f"{count:>11,}  {rule}: {why[rule]}" for rule, count in _most_first(value)] or [
                "nothing"
            ]
        elif key != "why_left_out" and value not in (None, "", [], {}, ()):
            told[key.replace("_", " ")] = _blocks(value)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    margin = max((len(label) for label in told), default=0) + 2
    for label, blocks in told.items():
        lines = [line for block in blocks for line in _wrapped(block, width - margin)]
        for number, line in enumerate(lines):
            tell(f"{'' if number else label:<{margin}}{line}".rstrip())


def _most_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))


def _blocks(value: Any) -> list[str]:
    """Return a value as lines for people: one for each entry of a list or mapping."""
    if isinstance(value, Mapping):
        return [f"{key}: {_said(entry)}" for key, entry in value.items()]
    if isinstance(value, list | tuple):
        return [_said(entry) for entry in value]
    return [_said(value)]


def _said(value: Any) -> str:
    """Return one value as words: numbers with marks between thousands, a mapping as its entries."""
    if isinstance(value, Mapping):
        return ", ".join(
            f"{_said(entry)} {key}" if key == "rows" else _said(entry) for key, entry in value.items() if entry
        )
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else text(value)


def _wrapped(line: str, width: int) -> list[str]:
    """Return a line broken at blanks where a terminal is narrower; the parts that follow are indented."""
    if width < 20 or len(line) <= width:
        return [line]
    return textwrap.wrap(line, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


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
        table.add_column(column, overflow="fold", justify="right" if column in _COUNTS else "left")
    for line in cells:
        shown = (
            f"{int(cell):,}" if column in _COUNTS and cell.isdigit() else cell
            for column, cell in zip(columns, line, strict=True)
        )
        table.add_row(*(printable(cell).replace("[", "\\[") for cell in shown))
    # without a terminal there is no width to keep to, and a cut cell would be a lost one
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 240, highlight=False).print(table)


def say(message: str) -> None:
    """Write a message to stderr, so that stdout holds the answer only."""
    note(message)


def open_lake() -> Lake:
    """Return the lake of the settings."""
    from schakel.lake import Lake

    return Lake()


def table_facts(dataset: Dataset) -> dict[str, dict[str, Any]]:
    """Return rows and years of each table of a data set."""
    found = {}
    for table in dataset.tables:
        years = dataset.years(table)
        found[table] = {
            "rows": sum(file.rows for file in dataset.files if file.table == table),
            "years": "-".join(str(year) for year in dict.fromkeys([*years[:1], *years[-1:]])),
        }
    return found
