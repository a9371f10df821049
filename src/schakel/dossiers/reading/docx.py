"""What does a docx hold: text, footnotes with their marks, text boxes and tables?

Read straight from the XML (ECMA-376, WordprocessingML), because the usual readers lose footnotes, text boxes or tables. Marks
stand as ``[^3]`` in the original text and are gone from the cleaned one; notes follow the text.
"""

from __future__ import annotations

import re

from schakel.dossiers.reading.bytes import parse, parser, unpack
from schakel.dossiers.reading.model import Document, Footnote, Table
from schakel.dossiers.text import Span, replaced
from schakel.errors import InputError

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main "
_TOKEN = re.compile(r"\[\^(\d{1,5})\]")
# Some word processors number the parts that others leave bare.
DOCUMENTS = ("word/document.xml", "word/document2.xml", "word/document1.xml")
PARTS = (
    *DOCUMENTS,
    "word/footnotes.xml",
    "word/footnotes2.xml",
    "word/endnotes.xml",
    "word/endnotes.xml",
    "docProps/core.xml",
)


class _Body:
    """Collects the text of one part of a docx.

    Text inside a text box is put behind the paragraph it hangs on; what a fallback repeats, and deleted text, is left out.
    """

    def __init__(self, labels: dict[tuple[str, str], str] | None = None) -> None:
        self.frames: list[list[str]] = [[]]
        self.waiting: list[list[str]] = []
        self.notes: dict[tuple[str, str], str] = {}
        self.order: dict[tuple[str, str], int] = {}
        self.tables: list[tuple[int, int, list[list[str]]]] = []
        self._rows: list[list[list[str]]] = []
        self._cell: list[int] = []
        self._table_start: list[int] = []
        self._skip = 0
        self._text = False
        self._note: tuple[str, str] | None = None
        self._length = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rsplit(" ", 1)[-1]
        if self._skip or tag in ("Fallback", "del", "moveFrom"):
            self._skip += 1
            return
        if not name.startswith((_W, _STRICT)):
            return
        if tag == "t":
            self._text = True
        elif tag == "tab":
            self.put("\t")
        elif tag in ("br", "cr"):
            self.put("\n")
        elif tag == "noBreakHyphen":
            self.put("-")
        elif tag == "softHyphen":
            self.put("\u00ad")
        elif tag in ("footnoteReference", "endnoteReference"):
            key = (tag[:-9], _attribute(attributes, "id"))
            self.put(f"[^{self.order.setdefault(key, len(self.order) + 1)}]")
        elif tag in ("footnote", "endnote"):
            self._note = None if _attribute(attributes, "type") else (tag, _attribute(attributes, "id"))
            self.frames.append([])
        elif tag == "txbxContent":
            self.frames.append([])
        elif tag == "tbl":
            self._rows.append([])
            self._table_start.append(self._length)
        elif tag == "tr" and self._rows:
            self._rows[-1].append([])
        elif tag == "tc":
            self._cell.append(len(self.frames[-1]))

    def end(self, name: str) -> None:
        tag = name.rsplit(" ", 1)[-1]
        if self._skip:
            self._skip -= 1
            return
        if not name.startswith((_W, _STRICT)):
            return
        if tag == "t":
            self._text = False
        elif tag == "p":
            self.put(" " if self._cell else "\n")
            while self.waiting and len(self.frames) == 1:
                for part in self.waiting.pop(0):
                    self.put(part)
        elif tag in ("footnote", "endnote"):
            text = "".join(self.frames.pop()).strip()
            if self._note:
                self.notes[self._note] = re.sub(r"\s+", " ", text)
        elif tag == "txbxContent" and len(self.frames) > 1:
            self.waiting.append(self.frames.pop())
        elif tag == "tc" and self._cell and self._rows and self._rows[-1]:
            begin = self._cell.pop()
            self._rows[-1][-1].append("".join(self.frames[-1][begin:]).strip())
            self.put("\t")
        elif tag == "tr":
            self.put("\n")
        elif tag == "tbl" and self._rows:
            self.tables.append((self._table_start.pop(), self._length, self._rows.pop()))

    def characters(self, data: str) -> None:
        if self._text and not self._skip:
            self.put(data)

    def put(self, part: str) -> None:
        self.frames[-1].append(part)
        if len(self.frames) == 1:
            self._length += len(part)


def _attribute(attributes: dict[str, str], name: str) -> str:
    return attributes.get(_W + name) or attributes.get(_STRICT + name) or ""


def _run(data: bytes, name: str) -> _Body:
    body = _Body()
    made = parser(name)
    made.StartElementHandler = body.start
    made.EndElementHandler = body.end
    made.CharacterDataHandler = body.characters
    parse(made, data, name)
    return body


def read_docx(data: bytes, name: str, digest: str) -> Document:
    """Read a docx.

    Raises
    ------
    InputError
        When it is damaged, encrypted, a bomb, or no docx.
    """
    parts = unpack(data, name, PARTS)
    main = next((part for part in DOCUMENTS if part in parts), None)
    if main is None:
        raise InputError("The packed file is no docx.", where=name, remedy="Save the letter as docx, PDF or text.")
    body = _run(parts[main], f"{name}, {main}")
    notes: dict[tuple[str, str], str] = {}
    for part in ("word/footnotes.xml", "word/footnotes2.xml", "word/endnotes.xml"):
        if part in parts:
            notes |= _run(parts[part], f"{name}, {part}").notes
    original = "".join(body.frames[0])
    for frame in body.waiting:
        original += "".join(frame)
    markers = {m[1]: Span(m.start(), m.end()) for m in reversed(list(_TOKEN.finditer(original)))}
    edits = [(m.start(), m.end(), "") for m in _TOKEN.finditer(original)]
    footnotes = []
    if body.order:
        original = original.rstrip("\n") + "\n\n"
    for i, key in enumerate(body.order, 1):
        if key not in notes:
            footnotes.append(Footnote(str(i), markers.get(str(i)), None, ""))
            continue
        head = f"{i} "
        start = len(original)
        original += head + notes[key] + "\n"
        edits.append((start, start + len(head), "\n"))  # a note begins a paragraph of its own
        footnotes.append(Footnote(str(i), markers.get(str(i)), Span(start, len(original) - 1), notes[key]))
    tables = tuple(Table(Span(s, e), tuple(tuple(r) for r in rows)) for s, e, rows in body.tables)
    return Document(
        name,
        "docx",
        digest,
        replaced(original, edits),
        tuple(footnotes),
        tables,
        _core(parts.get("docProps/core.xml", b""), name),
    )


def _core(data: bytes, name: str) -> dict[str, str]:
    """Return title and date from the core properties."""
    found: dict[str, str] = {}
    if not data:
        return found
    current: list[str] = []
    made = parser(name)

    def start(tag: str, _: dict[str, str]) -> None:
        current.append(tag.rsplit(" ", 1)[-1])

    def end(_: str) -> None:
        current.pop()

    def characters(text: str) -> None:
        key = {"title": "title", "created": "created"}.get(current[-1]) if current else None
        if key and text.strip():
            found[key] = found.get(key, "") + text.strip()

    made.StartElementHandler, made.EndElementHandler, made.CharacterDataHandler = start, end, characters
    parse(made, data, f"{name}, docProps/core.xml")
    return found
