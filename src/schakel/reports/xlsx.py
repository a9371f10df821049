"""How does a report become a workbook whose cells are numbers, dates and texts, and never formulas?

Every cell is written by the writer for its type, so a text that starts with ``=``, ``+``, ``-`` or ``@`` stays a text.
Whole numbers beyond 15 digits lose their last digits in any spreadsheet. How separators look is up to the reader's
spreadsheet: it takes them from the reader's own country.
"""

from __future__ import annotations

import datetime
import io
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from schakel.errors import InputError
from schakel.plain import printable
from schakel.reports.apparatus import finding_text, licences_table, receipt_table, sources_table
from schakel.reports.model import Block, Column, Figure, Findings, Heading, Items, Paragraph, Report, Table
from schakel.reports.words import long_date, shown, word

MAX_ROWS = 1_048_575
_MAX_TEXT = 32_767
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def render(report: Report) -> bytes:
    """Return the workbook: a reading sheet where there is text, a sheet per table, then sources and licences.

    Raises
    ------
    InputError
        If a table has more rows than a sheet holds.
    """
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    book = xlsxwriter.Workbook(out, options)
    day = datetime.datetime.fromisoformat(report.date)
    properties = {"title": printable(report.title), "subject": printable(report.subtitle), "created": day}
    book.set_properties({**properties, "author": "", "comments": word("made_with", report.lang)})
    sheets = _Sheets(book, report.lang)
    tables = [block for block in report.sections if isinstance(block, Table)]
    if len(tables) < len(report.sections) or report.subtitle:
        sheets.reading(report)
    for table in tables:
        sheets.table(table, table.sheet or table.caption or word("table", report.lang))
    if report.sources:
        sheets.table(sources_table(report), word("sources", report.lang))
    if report.licences:
        sheets.table(licences_table(report), word("licences", report.lang))
    receipt = receipt_table(report)
    if receipt is not None:
        sheets.table(receipt, word("receipt", report.lang))
    book.close()
    return out.getvalue()


def sheet_name(wanted: str, taken: set[str]) -> str:
    """Return a name a spreadsheet accepts: 31 characters, none of ``[]:*?/\\``, unlike the names taken."""
    clean = _FORBIDDEN.sub(" ", printable(wanted)).strip(" '") or "-"
    clean = "History " if clean.lower() == "history" else clean  # a name spreadsheets keep for themselves
    name, turn = clean[:31].strip(" '"), 2
    while name.lower() in taken or name.lower() == "history":
        tail = f" {turn}"
        name, turn = clean[: 31 - len(tail)].strip(" '") + tail, turn + 1
    taken.add(name.lower())
    return name


class _Sheets:
    """The workbook under construction, with its formats."""

    def __init__(self, book: Any, lang: str) -> None:
        self.book, self.lang = book, lang
        self.taken: set[str] = set()
        self.formats: dict[str, Any] = {}
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.bold = book.add_format({"bold": True})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.soft = book.add_format({"font_color": "#51606F", "text_wrap": True, "valign": "top"})
        self.unknown = book.add_format({"italic": True, "font_color": "#51606F", "align": "right"})
        self.unknown_text = book.add_format({"italic": True, "font_color": "#51606F"})

    def _format(self, column: Column) -> Any:
        places = "." + "0" * column.decimals if column.decimals else ""
        code = {
            "share": f"0{places}%",
            "number": f"#,##0{places}",
            "integer": "#,##0",
            "money": f"#,##0{places}",
            "year": "0",
            "date": "yyyy-mm-dd",
        }.get(column.kind, "@" if column.kind == "code" else "General")
        if code not in self.formats:
            self.formats[code] = self.book.add_format({"num_format": code})
        return self.formats[code]

    def table(self, table: Table, name: str) -> None:
        if len(table.rows) > MAX_ROWS:
            raise InputError(
                f"{len(table.rows)} rows do not fit a sheet of {MAX_ROWS}",
                where=f"table {table.caption!r}",
                remedy="ask for parquet or csv",
            )
        sheet = self.book.add_worksheet(sheet_name(name, self.taken))
        for at, column in enumerate(table.columns):
            heading = _text(column.heading(self.lang))
            sheet.write_string(0, at, heading, self.head)
            texts = [column.show(row, self.lang) for row in table.rows[:200]]
            width = max([len(text) for text in texts] + [min(len(heading), 18)])
            sheet.set_column(at, at, min(max(width + 2, 8), 60))
        for line, row in enumerate(table.rows, 1):
            for at, column in enumerate(table.columns):
                self._cell(sheet, line, at, column, column.value(row))
        if not table.rows:
            sheet.write_string(1, 0, word("no_rows", self.lang), self.soft)
        else:
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        for turn, note in enumerate(table.notes):
            sheet.write_string(max(len(table.rows), 1) + 2 + turn, 0, _text(note), self.soft)
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def _cell(self, sheet: Any, line: int, at: int, column: Column, value: Any) -> None:
        form = self._format(column)
        if value is None or (isinstance(value, (float, Decimal)) and not math.isfinite(value)):
            text = word("unknown", self.lang) if value is None else column.show({column.key: value}, self.lang)
            sheet.write_string(line, at, text, self.unknown if column.numeric else self.unknown_text)
        elif isinstance(value, bool):
            sheet.write_boolean(line, at, value)
        elif isinstance(value, (int, float, Decimal)) and column.kind != "code":
            sheet.write_number(line, at, value, form)
        elif isinstance(value, datetime.date) or column.kind == "date":
            sheet.write_datetime(line, at, _day(value, column.key), form)
        elif isinstance(value, (Mapping, list, tuple, set, frozenset)):
            sheet.write_string(line, at, _text(shown(value, column.kind, self.lang, column.decimals)))
        else:
            sheet.write_string(line, at, _text(str(value)), form if column.kind == "code" else None)

    def reading(self, report: Report) -> None:
        sheet = self.book.add_worksheet(sheet_name(report.title, self.taken))
        sheet.set_column(0, 0, 100)
        sheet.hide_gridlines(2)
        lines = [
            (report.title, self.title),
            (report.subtitle, self.soft),
            (long_date(report.date, report.lang), self.soft),
        ]
        for block in report.sections:
            lines += [("", None), *self._lines(block)]
        for at, (text, form) in enumerate(lines):
            if text:
                sheet.write_string(at, 0, _text(text), form)

    def _lines(self, block: Block) -> list[tuple[str, Any]]:
        match block:
            case Heading():
                return [(block.text, self.title if block.level == 1 else self.bold)]
            case Paragraph():
                return [(block.text, self.wrap)]
            case Items():
                return [(f"• {item}", self.wrap) for item in block.items]
            case Findings():
                pairs = [finding_text(finding, self.lang) for finding in block.findings]
                return [line for text, small in pairs for line in ((text, self.wrap), (small, self.soft))]
            case Figure():
                return [(block.caption, self.bold), (f"{word('in_words', self.lang)}: {block.alt}", self.wrap)]
            case Table():
                return [(f"{word('table', self.lang)}: {block.caption}", self.bold)]


def _day(value: Any, key: str) -> datetime.date:
    try:
        return value if isinstance(value, datetime.date) else datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise InputError(f"{value!r} is no date", where=f"column {key}", remedy="write it as 2026-11-22") from None


def _text(text: str) -> str:
    tame = printable(text)
    return tame if len(tame) <= _MAX_TEXT else tame[: _MAX_TEXT - 1] + "…"
