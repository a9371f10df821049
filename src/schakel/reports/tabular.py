"""How does one table of results become a terminal table, JSON, CSV, Markdown, Parquet, Arrow or a workbook?

Formats for people (``table``, ``md``) write numbers by language and None as a word. Formats for machines keep every
digit and the keys as headings, the same in both languages. In CSV and Markdown a text that a spreadsheet would take for a
formula gets an apostrophe in front (OWASP, CSV injection); numbers stay numbers, and the other formats hold every text
as it is. In CSV an unknown is an empty field, an empty text is ``""``.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from schakel.errors import InputError
from schakel.evidence import Source
from schakel.plain import guarded, printable
from schakel.reports.files import place, to_stdout
from schakel.reports.model import Column, Kind, Report, Table
from schakel.reports.terminal import terminal
from schakel.reports.words import language, word

if TYPE_CHECKING:
    import pyarrow as pa

Format = Literal["table", "json", "csv", "parquet", "arrow", "xlsx", "md"]
ROW_FORMATS: tuple[str, ...] = get_args(Format)
Rows = Sequence[Mapping[str, Any]]
__all__ = ["ROW_FORMATS", "arrow_table", "as_csv", "as_json", "as_markdown", "declared", "terminal", "write_rows"]


def write_rows(
    rows: Rows,
    columns: Sequence[Column | str] | None = None,
    format: str = "table",
    out: Path | None = None,
    lang: str = "en",
    *,
    title: str = "",
    envelope: Mapping[str, Any] | None = None,
    delimiter: str = ",",
    decimal: str = ".",
    null: str = "",
    sources: Sequence[Source] = (),
    licences: Sequence[str] = (),
    date: str = "1970-01-01",
) -> None:
    """Write rows to a file or to standard output.

    Parameters
    ----------
    rows
        Result rows, JSON-ready, possibly nested (``columns`` reach in with dots).
    columns
        Declared columns or bare keys; None takes the keys of the rows in order of appearance, nested ones with dots.
    format
        One of ``ROW_FORMATS``.
    out
        File to write; None is standard output (Parquet, Arrow and xlsx refuse a terminal).
    envelope
        For JSON: the whole answer of the command, written as given. Without it JSON is the list of ``rows``.
    delimiter, decimal, null
        CSV dialect; a Dutch spreadsheet reads ``;`` and ``,``.
    sources, licences, date
        Put into the workbook and the Parquet metadata.

    Raises
    ------
    InputError
        If the format or dialect cannot be, or a number is not finite.
    MachineError
        If the file cannot be written.
    """
    language(lang)
    table = Table(declared(rows, columns), rows, caption=title)
    if format == "table":
        text = terminal(table, lang, to_terminal=out is None and sys.stdout.isatty())
        content = text.encode("utf-8" if out else sys.stdout.encoding or "utf-8", "replace")
    elif format == "json":
        content = as_json(list(rows) if envelope is None else envelope).encode()
    elif format == "csv":
        content = as_csv(table, delimiter=delimiter, decimal=decimal, null=null).encode()
    elif format == "md":
        content = as_markdown(table, lang).encode()
    elif format in ("parquet", "arrow", "xlsx"):
        if out is None and sys.stdout.isatty():
            raise InputError(f"{format} is not for reading on a terminal", remedy="name a file with --out")
        if format == "xlsx":
            from schakel.reports import xlsx

            content = xlsx.render(Report(title, "", lang, date, (table,), tuple(sources), tuple(licences)))
        else:
            content = as_arrow_file(table, format, lang, sources, licences)
    else:
        raise InputError(f"unknown format {format!r}", remedy="use one of: " + ", ".join(ROW_FORMATS))
    if out is None:
        to_stdout(content)
    else:
        place(content, out)


def declared(rows: Rows, columns: Sequence[Column | str] | None) -> tuple[Column, ...]:
    """Return the columns as declared, or found in the rows; kinds of bare keys are read from the values."""
    if columns is None:
        found: dict[str, None] = {}
        for row in rows:
            found.update(dict.fromkeys(_paths(row)))
        columns = tuple(found) or ("-",)
    return tuple(c if isinstance(c, Column) else Column(c, kind=_kind(rows, c)) for c in columns)


def _paths(row: Mapping[str, Any], before: str = "") -> list[str]:
    paths: list[str] = []
    for key, value in row.items():
        nested = isinstance(value, Mapping) and value
        paths += _paths(value, f"{before}{key}.") if nested else [f"{before}{key}"]
    return paths


def _kind(rows: Rows, key: str) -> Kind:
    probe = Column(key)
    types = {type(value) for row in rows if (value := probe.value(row)) is not None}
    if types == {bool}:
        return "boolean"
    if types == {int}:
        return "year" if key.rsplit(".", 1)[-1] == "year" else "integer"
    if types and types <= {int, float, Decimal}:
        return "number"
    return "date" if types == {date} else "text"


def as_json(answer: Any) -> str:
    """Return JSON with a line break at the end; text beyond ASCII stays readable.

    Raises
    ------
    InputError
        If a number is not finite, which JSON cannot hold.
    """
    try:
        text = json.dumps(answer, ensure_ascii=False, allow_nan=False, indent=1, default=_plain)
        text.encode()
    except ValueError as error:
        raise InputError(f"the result cannot be written as JSON: {error}", remedy="use null for unknown") from None
    return text + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise ValueError(f"a value of type {type(value).__name__}")


def as_csv(table: Table, *, delimiter: str = ",", decimal: str = ".", null: str = "") -> str:
    """Return CSV (RFC 4180 with LF) with keys as headings; an apostrophe stands before texts that look like formulas.

    Raises
    ------
    InputError
        If delimiter and decimal mark are not single and different, or a number is not finite.
    """
    if len(delimiter) != 1 or delimiter in '"\r\n' or delimiter.isalnum() or decimal not in (".", ","):
        raise InputError(f"CSV with delimiter {delimiter!r} and decimal {decimal!r} cannot be", remedy="use , . or ; ,")
    if delimiter == decimal:
        raise InputError("delimiter and decimal mark are the same", remedy="use --delimiter ';' --decimal ','")

    def quoted(text: str) -> str:
        risky = not text or text == null or text != text.strip() or any(c in text for c in (delimiter, '"', "\n", "\r"))
        return '"' + text.replace('"', '""') + '"' if risky else text

    def cell(value: Any, where: str) -> str:
        if value is None:
            return null
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, (int, float, Decimal)):
            return str(_finite(value, where)).replace(".", decimal)
        if isinstance(value, (Mapping, list, tuple, set, frozenset)):
            value = as_json(sorted(value) if isinstance(value, (set, frozenset)) else value).strip().replace("\n", "")
        return quoted(guarded(str(value)))

    lines = [delimiter.join(quoted(guarded(c.key)) for c in table.columns)]
    for place_, row in enumerate(table.rows, 1):
        cells = [cell(c.value(row), f"row {place_}, column {c.key}") for c in table.columns]
        lines.append(delimiter.join(cells) or '""')  # a line of nothing would be skipped by readers
    return "\n".join(lines) + "\n"


def _finite(value: float | Decimal, where: str) -> float | Decimal:
    if isinstance(value, int) or math.isfinite(value):
        return value
    raise InputError(f"the number {value} is not finite", where=where, remedy="use None for unknown")


_MARKDOWN = str.maketrans({c: "\\" + c for c in "\\`*_[]|~#"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"})


def as_markdown(table: Table, lang: str) -> str:
    """Return a Markdown table in which no text is read as markup; columns marked as detail are left out."""
    columns = [c for c in table.columns if not c.detail]

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cells) + " |"

    def safe(text: str) -> str:
        return printable(text).translate(_MARKDOWN).strip()

    lines = [f"**{safe(table.caption)}**", ""] if table.caption else []
    lines.append(line([safe(c.heading(lang)) for c in columns]))
    lines.append(line(["---:" if c.numeric else ":---" for c in columns]))
    lines += [line([safe(_guarded(c, row, lang)) for c in columns]) for row in table.rows]
    if not table.rows:
        lines += ["", word("no_rows", lang)]
    return "\n".join(lines) + "\n"


def _guarded(column: Column, row: Mapping[str, Any], lang: str) -> str:
    shown = column.show(row, lang)
    return guarded(shown) if isinstance(column.value(row), str) else shown


def arrow_table(rows: Rows, columns: Sequence[Column | str] | None = None) -> pa.Table:
    """Return rows as an Arrow table typed by the kinds of the columns; units stand in the field metadata.

    Raises
    ------
    InputError
        If a value is not of its column's kind.
    """
    import pyarrow as pa

    types = {
        "integer": pa.int64(),
        "money": pa.int64(),
        "year": pa.int16(),
        "number": pa.float64(),
        "share": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
    }
    found = declared(rows, columns)
    arrays, fields = [], []
    for column in found:
        values = [column.value(row) for row in rows]
        kind = types.get(column.kind, pa.string())
        if column.kind == "money" and any(isinstance(v, (float, Decimal)) and v != int(v) for v in values):
            kind = pa.float64()
        try:
            arrays.append(pa.array([_cell(v, kind) for v in values], kind))
        except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
            raise InputError(f"a value is not of kind {column.kind}: {error}", where=f"column {column.key}") from None
        unit = column.unit if isinstance(column.unit, str) else column.unit["en"]
        fields.append(pa.field(column.key, kind, metadata={"unit": unit} if unit else None))
    return pa.table(arrays, schema=pa.schema(fields))


def _cell(value: Any, kind: pa.DataType) -> Any:
    import pyarrow.types as is_

    if value is None:
        return None
    if is_.is_string(kind):
        return (
            value
            if isinstance(value, str)
            else as_json(value).strip()
            if isinstance(value, (Mapping, list))
            else str(value)
        )
    if isinstance(value, bool) and not is_.is_boolean(kind):
        raise ValueError(f"{value} is no number")
    if is_.is_floating(kind):
        return float(value)
    if is_.is_integer(kind):
        whole = int(value)
        if whole != value:
            raise ValueError(f"{value} is not whole")
        return whole
    return date.fromisoformat(value) if is_.is_date(kind) and isinstance(value, str) else value


def as_arrow_file(
    table: Table, format: str, lang: str, sources: Sequence[Source] = (), licences: Sequence[str] = ()
) -> bytes:
    """Return a Parquet file or an Arrow stream, with title, sources and licences in the schema metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrow = arrow_table(table.rows, table.columns)
    notes = {
        "title": table.caption,
        "licences": json.dumps(list(licences)),
        "sources": json.dumps([s.as_dict() for s in sources], ensure_ascii=False),
    }
    arrow = arrow.replace_schema_metadata({f"schakel.{key}": text for key, text in notes.items()})
    sink = pa.BufferOutputStream()
    if format == "parquet":
        pq.write_table(arrow, sink, compression="zstd")
    else:
        with pa.ipc.new_stream(sink, arrow.schema) as stream:
            stream.write_table(arrow)
    return bytes(sink.getvalue().to_pybytes())
