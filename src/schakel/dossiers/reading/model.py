"""What does a reader hand back?"""

from __future__ import annotations

from dataclasses import dataclass, field

from schakel.dossiers.finding import DossierFinding
from schakel.dossiers.text import Span, Text


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote: its mark in the text tied to its definition.

    Attributes
    ----------
    label
        Number as printed.
    marker
        Where the mark stands in the original; None when it was lost.
    definition
        Where the note stands in the original; None when it was lost.
    text
        The note.
    """

    label: str
    marker: Span | None
    definition: Span | None
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table as rows of cells; ``place`` is where it stands in the original."""

    place: Span
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Document:
    """A letter as read.

    Attributes
    ----------
    name, format, sha256
        File name; ``docx``, ``pdf``, ``xml``, ``html`` or ``text``; digest of the bytes.
    text
        Original and cleaned text. The original of docx and PDF is the text taken out of the file, of the others the file.
    footnotes, tables
        In the order of the text.
    meta
        What the file says about itself: ``title``, ``date``, ``dossier``, ``number``, ``id``.
    findings
        Doubts that came up while reading.
    """

    name: str
    format: str
    sha256: str
    text: Text
    footnotes: tuple[Footnote, ...] = ()
    tables: tuple[Table, ...] = ()
    meta: dict[str, str] = field(default_factory=dict)
    findings: tuple[DossierFinding, ...] = ()
    pages: int | None = None
