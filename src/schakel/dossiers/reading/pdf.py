"""What does a PDF say, with its superscripts taken for marks of notes and its split words joined?

Text is taken out with PDFium (pypdfium2, BSD-3 and Apache-2). A digit that stands clearly above the letters before it is a
mark; at the beginning of a line it begins a note.
"""

from __future__ import annotations

import ctypes
import re
from typing import Any

from schakel.dossiers.reading.model import Document, Footnote
from schakel.dossiers.reading.plain import clean
from schakel.dossiers.text import Span
from schakel.errors import InputError
from schakel.lake.progress import bar

_DIGITS = re.compile(r"\d{1,3}(?!\d)")
_DESCENDING = frozenset("gjpqyçQJ34579")
_UNIT = re.compile(r"(?<![^\W\d_])[kcdm]?m$")
RAISED = 0.12  # of the size, above the foot of the letters beside it
_Raised = tuple[str, Span, bool]  # label, place, whether it begins a line
LEAST_LETTERS = 15  # a page with fewer is a picture, on average
PAGES_MAX = 5_000


def read_pdf(data: bytes, name: str, digest: str) -> Document:
    """Read a PDF.

    Raises
    ------
    InputError
        When it is damaged, encrypted, or a scan without text.
    """
    import pypdfium2 as pdfium  # type: ignore[import-untyped,unused-ignore]

    try:
        document = pdfium.PdfDocument(data)
        count = len(document)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise InputError(
                "The PDF is encrypted.", where=name, remedy="Remove the password (print to PDF) and hand it in again."
            ) from error
        raise InputError("The PDF is damaged.", where=name, remedy="Fetch or save the file again.") from error
    try:
        if not 0 < count <= PAGES_MAX:
            raise InputError(f"The PDF has {count} pages.", where=name, remedy=f"At most {PAGES_MAX} pages are read.")
        pages: list[str] = []
        raised: list[_Raised] = []
        length = 0
        with bar(name, total=count) as step:
            for number in range(count):
                text, small = _page(document, number, pdfium)
                raised += [(label, Span(s.start + length, s.end + length), first) for label, s, first in small]
                pages.append(text)
                length += len(text) + 2
                step(1)
    finally:
        document.close()
    original = "\n\n".join(pages)
    if sum(c.isalpha() for c in original) < LEAST_LETTERS * count:
        raise InputError(
            "The PDF holds pictures of pages and no text.",
            where=name,
            remedy="Run text recognition (OCR) first, for example: ocrmypdf --language nld in.pdf out.pdf",
        )
    marks = [(label, span) for label, span, first in raised if not first]
    heads = [(label, span) for label, span, first in raised if first]
    notes = _notes(original, marks, heads) if marks else None
    text_, found = clean(original, notes, [span for _, span in heads])
    return Document(name, "pdf", digest, text_, tuple(found), pages=count)


def _page(document: Any, number: int, pdfium: Any) -> tuple[str, list[_Raised]]:
    """Return the text of a page with plain line ends, and its raised digits."""
    page = document[number]
    sheet = page.get_textpage()
    try:
        raw = sheet.get_text_range()
        small: list[_Raised] = []
        if sheet.count_chars() == len(raw):
            feet = _Feet(sheet, pdfium)
            for m in _DIGITS.finditer(raw):
                before = raw[max(0, m.start() - 3) : m.start()].rstrip(" ")[-1:]
                first = before in ("", "\r", "\n")
                if _UNIT.search(raw, max(0, m.start() - 3), m.start()):
                    continue  # m², not note 2
                if feet.raised(raw, m.start(), m.end(), first):
                    small.append((m.group(), Span(m.start(), m.end()), first))
    finally:
        sheet.close()
        page.close()
    return _unix(raw, small)


class _Feet:
    """Knows on what height the characters of a page stand."""

    def __init__(self, sheet: Any, pdfium: Any) -> None:
        self._box, self._size, self._sheet = pdfium.raw.FPDFText_GetCharBox, pdfium.raw.FPDFText_GetFontSize, sheet.raw
        self._sides = [ctypes.c_double() for _ in range(4)]

    def bottom(self, at: int) -> float:
        self._box(self._sheet, at, *self._sides)
        return self._sides[2].value

    def raised(self, raw: str, start: int, end: int, first: bool) -> bool:
        """Tell whether digits stand clearly above the foot of the letters beside them."""
        line = range(end, min(len(raw), end + 20)) if first else range(start - 1, max(-1, start - 20), -1)
        for at in line:
            if raw[at] in "\r\n":
                break
            if raw[at].isalnum() and raw[at] not in _DESCENDING:
                size = max(self._size(self._sheet, at), self._size(self._sheet, start))
                if not first and raw[at].isdigit() and at == start - 1:
                    continue
                above = self.bottom(start) - self.bottom(at)
                return bool(RAISED * size < above < size)
        return False


def _unix(raw: str, small: list[_Raised]) -> tuple[str, list[_Raised]]:
    """Turn CR LF into LF and move places along."""
    if "\r" not in raw:
        return raw, small
    moved = []
    gone, last = 0, 0
    for label, span, first in small:
        gone += raw.count("\r\n", last, span.start)
        last = span.start
        moved.append((label, Span(span.start - gone, span.end - gone), first))
    return raw.replace("\r\n", "\n").replace("\r", "\n"), moved


def _notes(text: str, marks: list[tuple[str, Span]], heads: list[tuple[str, Span]]) -> list[Footnote]:
    """Tie small digits to the notes that begin with one, or with the plain number at the beginning of a line."""
    definitions: dict[str, Span] = {}
    for i, (label, span) in enumerate(heads):
        stop = heads[i + 1][1].start if i + 1 < len(heads) else len(text)
        blank = text.find("\n\n", span.end, stop)
        definitions.setdefault(label, Span(span.start, blank if blank >= 0 else stop))
    found = []
    for label, span in marks:
        place = definitions.get(label)
        if place is None:
            m = re.compile(rf"^[ \t]{{0,3}}{label}[ \t]{{1,3}}(?=\S)[^\n]*", re.M).search(text, span.end)
            place = Span(m.start(), m.end()) if m else None
        note = " ".join(text[place.start + len(label) : place.end].split()) if place else ""
        found.append(Footnote(label, span, place, note))
    known = {n.label for n in found}
    return found + [
        Footnote(label, None, span, " ".join(text[span.start + len(label) : span.end].split()))
        for label, span in definitions.items()
        if label not in known
    ]
