"""What is a report made of, whatever file it ends up in?

Texts are plain text in the language of the report: no writer reads markup in them.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from schakel.errors import InputError
from schakel.evidence import Finding, Licence, Receipt, Source, licence
from schakel.reports.words import Text, language, localised, shown

Kind = Literal["text", "code", "integer", "number", "share", "money", "year", "boolean", "date"]
KINDS: tuple[str, ...] = get_args(Kind)
NUMERIC = frozenset({"integer", "number", "share", "money", "year"})
_DIGITS = {"number": 3, "share": 1}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    key
        Key in the row. ``criteria.cdi1.value`` reaches into nested mappings when the row has no such key itself.
    title
        Heading, one for all languages or ``{"en": ..., "nl": ...}``; empty means the key.
    unit
        Shown behind the title, and kept as metadata in Parquet.
    kind
        How values are typed and written: ``share`` is a fraction shown as a percentage, ``code`` and ``year`` are never
        grouped.
    digits
        Decimals shown; None means 3 for numbers, 1 for shares, 0 otherwise. Files for machines get every digit.
    detail
        Left out of tables for people (terminal, Markdown); files for machines have it.
    """

    key: str
    title: Text = ""
    unit: Text = ""
    kind: Kind = "text"
    digits: int | None = None
    detail: bool = False

    def __post_init__(self) -> None:
        """Refuse a kind that no writer knows."""
        if self.kind not in KINDS:
            raise InputError(f"unknown column kind {self.kind!r}", where=f"column {self.key}", remedy=", ".join(KINDS))

    @property
    def numeric(self) -> bool:
        """Whether values stand to the right."""
        return self.kind in NUMERIC

    @property
    def decimals(self) -> int:
        """Decimals shown to people."""
        return _DIGITS.get(self.kind, 0) if self.digits is None else self.digits

    def heading(self, lang: str) -> str:
        """Return title and unit."""
        title, unit = localised(self.title, lang) or self.key, localised(self.unit, lang)
        return f"{title} ({unit})" if unit else title

    def value(self, row: Mapping[str, Any]) -> Any:
        """Return the raw value in a row; None when it is not there."""
        if self.key in row:
            return row[self.key]
        found: Any = row
        for part in self.key.split("."):
            if not isinstance(found, Mapping) or part not in found:
                return None
            found = found[part]
        return found

    def show(self, row: Mapping[str, Any], lang: str) -> str:
        """Return the value as people read it."""
        return shown(self.value(row), self.kind, lang, self.decimals)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: 1 is a chapter (the report's title stands above it), 3 the deepest."""

    text: str
    level: int = 1

    def __post_init__(self) -> None:
        """Refuse a level outside 1 to 3."""
        if self.level not in (1, 2, 3):
            raise InputError(f"heading level {self.level} is not 1, 2 or 3", where=f"heading {self.text!r}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A bulleted list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with the words that say the same.

    Attributes
    ----------
    svg
        One ``<svg>`` element without scripts or outside references (checked when written).
    alt
        What it shows, for those who do not see it; required.
    """

    svg: str
    alt: str
    caption: str = ""

    def __post_init__(self) -> None:
        """Refuse a figure that says nothing to a screen reader."""
        if not self.alt.strip():
            raise InputError("a figure has no text alternative", where=f"figure {self.caption!r}", remedy="fill alt")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with declared columns; the first column heads each row.

    Attributes
    ----------
    sheet
        Name of the sheet in a workbook, when the caption is too long for one.
    """

    columns: tuple[Column, ...]
    rows: Sequence[Mapping[str, Any]]
    caption: str
    notes: tuple[str, ...] = ()
    sheet: str = ""

    def __post_init__(self) -> None:
        """Refuse a table without columns."""
        if not self.columns:
            raise InputError("a table has no columns", where=f"table {self.caption!r}")


@dataclass(frozen=True, slots=True)
class Findings:
    """Checkable sentences, each with its number and id."""

    findings: tuple[Finding, ...]


Block = Heading | Paragraph | Items | Figure | Table | Findings


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report.

    Attributes
    ----------
    date
        ISO date printed on it and put into the files; never taken from the clock, so equal reports give equal bytes.
    licences
        Ids of the licences of everything that went in.
    register_head
        Head hash of the decision register the judgements were read from; empty when there were none.
    """

    title: str
    subtitle: str
    lang: str
    date: str
    sections: tuple[Block, ...]
    sources: tuple[Source, ...] = ()
    licences: tuple[str, ...] = ()
    receipt: Receipt | None = None
    register_head: str = ""
    keywords: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an unknown language, a date that is none, and headings that skip a level."""
        above = 0
        for block in self.sections:
            if isinstance(block, Heading):
                if block.level > above + 1:
                    skipped = f"the heading skips from level {above} to {block.level}"
                    raise InputError(skipped, where=f"heading {block.text!r}", remedy=f"use level {above + 1}")
                above = block.level
        language(self.lang)
        try:
            datetime.date.fromisoformat(self.date)
        except ValueError:
            raise InputError(f"{self.date!r} is no date", where="report", remedy="write it as 2026-11-22") from None

    def terms(self) -> tuple[Licence, ...]:
        """Return the licences named, in full."""
        return tuple(licence(key) for key in self.licences)
