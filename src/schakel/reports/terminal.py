"""How does a table fit on a terminal without a digit being cut?

Numbers and codes are never broken; texts and headings are, at blanks. What does not fit then is set closer, without the names that stand beside their codes,
and at last as a list of fields, row by row. Where there is no terminal, lines are as long as they need to be.
"""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence

from rich.cells import cell_len

from schakel.plain import printable
from schakel.reports.model import Column, Table
from schakel.reports.words import word

_TEXT_FLOOR = 10  # narrower, a text reads like a column of syllables
_WORD = 16
_LINES = 5  # a text that would take more lines than this asks for the list of fields


def terminal(table: Table, lang: str, *, to_terminal: bool) -> str:
    """Return the table for a terminal; columns marked as detail are left out."""
    width = shutil.get_terminal_size((100, 24)).columns if to_terminal else None
    columns = [c for c in table.columns if not c.detail]
    lines = [*_broken(printable(table.caption), width), ""] if table.caption else []
    grid = _grid(columns, table, lang, width)
    if grid is None:
        codes = {c.key for c in columns}
        fewer = [c for c in columns if not (c.key.endswith("_name") and c.key.removesuffix("_name") in codes)]
        grid = _grid(fewer, table, lang, width) if len(fewer) < len(columns) else None
        if grid is not None:
            gone = ", ".join(c.heading(lang) for c in columns if c not in fewer)
            grid += ["", *_broken(f"{word('narrow', lang)}: {printable(gone)}", width)]
    lines += _fields(columns, table, lang, width or 80) if grid is None else grid
    if not table.rows:
        lines += ["", word("no_rows", lang)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _broken(text: str, width: int | None) -> list[str]:
    return textwrap.wrap(text, width) or [""] if width else [text]


def _whole(column: Column) -> bool:
    return column.numeric or column.kind in ("code", "boolean", "date")


def _grid(columns: Sequence[Column], table: Table, lang: str, width: int | None) -> list[str] | None:
    """Return the lines of a table with columns, or None when they do not fit."""
    headings = [printable(c.heading(lang)) for c in columns]
    cells = [[printable(c.show(row, lang)) for c in columns] for row in table.rows]
    longest = [max([cell_len(r[i]) for r in cells], default=0) for i in range(len(columns))]
    if width is None:
        wide = [max(n, cell_len(h)) for n, h in zip(longest, headings, strict=True)]
        return _lines(columns, headings, cells, wide, gap=3)
    word_ = [max((len(w) for w in h.split()), default=1) for h in headings]
    floor = [
        max(word_[i], longest[i] if _whole(c) else min(longest[i], _floor([r[i] for r in cells])))
        for i, c in enumerate(columns)
    ]
    wide = [max(n, w) for n, w in zip(longest, word_, strict=True)]
    for gap in (3, 2, 1):
        room = width - gap * (len(columns) - 1)
        if sum(floor) > room:
            continue
        while sum(wide) > room:
            most = max(range(len(wide)), key=lambda i: wide[i] - floor[i])
            wide[most] -= 1
        for i, h in enumerate(headings):  # what is left goes to headings on one line
            wide[i] = min(max(wide[i], cell_len(h)), wide[i] + room - sum(wide))
        if all(len(_cell(r[i], wide[i])) <= _LINES for r in cells for i in range(len(columns))):
            return _lines(columns, headings, cells, wide, gap)
    return None


def _floor(texts: Sequence[str]) -> int:
    return max(_TEXT_FLOOR, *(min(len(w), _WORD) for t in (*texts, "") for w in (*t.split(), "")))


def _cell(text: str, width: int) -> list[str]:
    return [text] if cell_len(text) <= width else textwrap.wrap(text, width) or [""]


def _lines(
    columns: Sequence[Column], headings: Sequence[str], cells: Sequence[Sequence[str]], wide: Sequence[int], gap: int
) -> list[str]:
    def put(text: str, i: int) -> str:
        blank = " " * (wide[i] - cell_len(text))
        return blank + text if columns[i].numeric else text + blank

    def block(texts: Sequence[str], bottom: bool = False) -> list[str]:
        parts = [_cell(t, wide[i]) for i, t in enumerate(texts)]
        high = max(len(p) for p in parts)
        full = [[""] * (high - len(p)) + p if bottom else p + [""] * (high - len(p)) for p in parts]
        return [(" " * gap).join(put(full[i][k], i) for i in range(len(columns))) for k in range(high)]

    rule = "─" * (sum(wide) + gap * (len(columns) - 1))
    return [*block(headings, bottom=True), rule, *(line for row in cells for line in block(row))]


def _fields(columns: Sequence[Column], table: Table, lang: str, width: int) -> list[str]:
    """Return every row as a list of fields, a blank line between rows."""
    headings = [printable(c.heading(lang)) for c in columns]
    left = min(max(len(h) for h in headings), width // 2)
    lines: list[str] = []
    for row in table.rows:
        lines += [""] if lines else []
        for column, heading in zip(columns, headings, strict=True):
            value = _cell(printable(column.show(row, lang)), max(width - left - 2, 1))
            name = _cell(heading, left)
            for k in range(max(len(value), len(name))):
                lines.append(
                    f"{name[k] if k < len(name) else '':<{left}}  {value[k] if k < len(value) else ''}".rstrip()
                )
    return lines
