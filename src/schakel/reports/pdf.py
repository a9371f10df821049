"""How does a report become a PDF that archives may keep (PDF/A-2a) and everyone can read (PDF/UA-1)?

Typst sets the page from a fixed layout; all texts reach it as JSON, so none of them is read as markup. Only the fonts
in the Typst wheel are used and no clock is read: equal reports give equal bytes on every machine. A character those
fonts lack is printed by its number, ``[U+4E2D]``, never dropped.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any, Literal

from schakel.charts.stylesheet import resolved
from schakel.errors import MachineError
from schakel.plain import printable
from schakel.reports.apparatus import apparatus, finding_text
from schakel.reports.model import Block, Column, Figure, Findings, Heading, Items, Paragraph, Report, Table
from schakel.reports.svg import checked, size
from schakel.reports.words import long_date, word

STANDARDS: tuple[Literal["a-2a"], Literal["ua-1"]] = ("a-2a", "ua-1")
_FLIP_FROM = 9  # columns from which the page lies on its side
_SMALL_FROM = 7
_KEY = 30  # characters of a code that stand on one line
_ROOM = {False: (170.0, 185.0), True: (257.0, 110.0)}  # mm for a figure, page upright or on its side
_MM_PER_PIXEL = 25.4 / 96
_LATIN_1_END = 0x100
_PROBE = b"""#set document(title: "probe", date: datetime(year: 2026, month: 1, day: 1))
#set text(font: "Libertinus Serif")
#sys.inputs.text
"""


def render(report: Report) -> bytes:
    """Return the PDF.

    Raises
    ------
    MachineError
        If Typst cannot set the report.
    """
    import typst

    source = resources.files("schakel.reports").joinpath("report.typ").read_bytes()
    text = json.dumps(content(report), ensure_ascii=False)
    try:
        return _compile(source, text)
    except typst.TypstError:
        text = spelled(text)  # most likely a character that no font has; what else is wrong will show again
    try:
        return _compile(source, text)
    except typst.TypstError as error:
        raise MachineError(
            f"the PDF cannot be made: {error.message}",
            where=f"report {report.title!r}",
            remedy="; ".join(error.hints) or "write it as html or docx",
        ) from None


def _compile(source: bytes, text: str) -> bytes:
    import typst

    made: object = typst.compile(
        source,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"report": text},
        pdf_standards=[*STANDARDS],
    )
    if not isinstance(made, bytes):
        raise MachineError("Typst gave no PDF", where="report.typ")
    return made


def spelled(text: str) -> str:
    """Return ``text`` with every character that the fonts lack written as ``[U+XXXX]``."""
    import typst

    compiler = typst.Compiler(ignore_system_fonts=True)
    table: dict[int, str] = {}
    for char in sorted({c for c in text if ord(c) >= _LATIN_1_END}):
        try:
            compiler.compile(_PROBE, format="pdf", sys_inputs={"text": char}, pdf_standards=[*STANDARDS])
        except typst.TypstError:
            table[ord(char)] = f"[U+{ord(char):04X}]"
    return text.translate(table)


def content(report: Report) -> dict[str, Any]:
    """Return the report as the layout reads it: strings, finished."""
    day = datetime.date.fromisoformat(report.date)
    flipped = wide(report)
    blocks = (*report.sections, *apparatus(report))
    return {
        "title": printable(report.title) or "-",
        "subtitle": printable(report.subtitle),
        "keywords": [printable(key) for key in report.keywords],
        "lang": report.lang,
        "region": {"nl": "nl", "en": "gb"}[report.lang],
        "date": long_date(report.date, report.lang),
        "year": day.year,
        "month": day.month,
        "day": day.day,
        "page": word("page", report.lang),
        "footer": printable(report.title),
        "flipped": flipped,
        "blocks": [piece for block in blocks for piece in _pieces(block, report.lang, _ROOM[flipped])],
    }


def wide(report: Report) -> bool:
    """Tell whether a table needs the page on its side."""
    return any(len(block.columns) >= _FLIP_FROM for block in report.sections if isinstance(block, Table))


def _pieces(block: Block, lang: str, room: tuple[float, float]) -> list[dict[str, Any]]:
    match block:
        case Heading():
            return [{"type": "heading", "level": block.level, "text": printable(block.text)}]
        case Paragraph():
            return [{"type": "paragraph", "text": printable(block.text)}]
        case Items():
            return [{"type": "items", "items": [printable(item) for item in block.items]}]
        case Findings():
            pairs = [finding_text(finding, lang) for finding in block.findings]
            return [{"type": "finding", "text": printable(text), "small": printable(small)} for text, small in pairs]
        case Figure():
            svg = checked(block.svg, style=resolved())
            caption = printable(block.caption) or word("figure", lang)
            width, height = size(block.svg)
            scale = min(_MM_PER_PIXEL, room[0] / width, room[1] / height)
            named = {"alt": printable(block.alt), "caption": caption}
            return [{"type": "figure", "svg": svg, "width": round(width * scale, 1), **named}]
        case Table():
            return [_table(block, lang)]


def _table(table: Table, lang: str) -> dict[str, Any]:
    shown = [[_cell(column, row, lang) for column in table.columns] for row in table.rows]
    lengths = [max([len(row[at]["text"]) for row in shown], default=0) for at in range(len(table.columns))]
    columns = [
        {
            "heading": printable(column.heading(lang)),
            "numeric": column.numeric,
            "code": column.kind == "code",
            "fr": 0 if column.numeric or length <= (_KEY if column.kind == "code" else 14) else min(length, 60),
            "long": column.kind == "code" or column.key == "url",
        }
        for column, length in zip(table.columns, lengths, strict=True)
    ]
    return {
        "type": "table",
        "caption": printable(table.caption) or word("table", lang),
        "columns": columns,
        "rows": shown,
        "notes": [printable(note) for note in table.notes],
        "empty": word("no_rows", lang),
        "size": 8.5 if len(columns) < _SMALL_FROM else 7.5,
    }


def _cell(column: Column, row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    return {"text": column.show(row, lang), "unknown": column.value(row) is None}
