"""What does an HTML page or an official XML paper say, with every character tied to the file?

Tags and entities are cut out of the file's own text, so offsets count the file's characters. Notes of the official XML stand
inside their sentence; they are moved behind the text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from schakel.dossiers.reading.bytes import decode, parse, parser
from schakel.dossiers.reading.model import Document, Footnote, Table
from schakel.dossiers.reading.pieces import Pieces
from schakel.dossiers.text import Span, Text

_TAG = re.compile(r"</?\s{0,3}(?P<name>[A-Za-z][\w:.-]{0,60})")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_META = re.compile(
    r"""<meta\b[^>]{0,400}?\bname\s{0,2}=\s{0,2}["'](?P<name>[^"']{1,80})["'][^>]{0,400}?\bcontent\s{0,2}=\s{0,2}["'](?P<content>[^"']{0,2000})["']""",
    re.I,
)
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,500})", re.I)
# What the head of a paper says when its metadata do not.
_ELEMENTS = {
    "dossier": re.compile(r"<dossiernummer[^<>]{0,200}>(.{1,300}?)</dossiernummer>", re.S),
    "number": re.compile(r"<ondernummer[^<>]{0,200}>([^<]{1,40})<"),
    "date": re.compile(r"""<datum\b[^<>]{0,100}isodatum\s{0,2}=\s{0,2}["'](\d{4}-\d\d-\d\d)["']"""),
    "title": re.compile(r"<stuk>.{0,400}?<titel[^<>]{0,200}>(.{1,600}?)</titel>", re.S),
}
_HTML_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
_XML_INLINE = frozenset(
    [
        "nadruk",
        "extref",
        "intref",
        "inf",
        "sup",
        "sub",
        "nadruk-ondertekening",
        "kader-nr",
        "datum",
        "plaats",
        "functie",
        "voornaam",
        "achternaam",
        "naam",
        "noot.nr",
        "ovl",
    ]
)
_HIDDEN = frozenset(["script", "style", "head", "metadata", "meta-data", "noscript", "template", "svg"])
_CELLS = frozenset(["td", "th", "entry"])


def _tokens(source: str) -> Iterator[tuple[str, int, int, str]]:
    """Yield ``(kind, start, end, name)``; kind is text, open, close, empty or other. Linear in the text."""
    at = 0
    closed: dict[str, bool] = {}
    while at < len(source):
        begin = source.find("<", at)
        if begin < 0:
            yield "text", at, len(source), ""
            return
        if begin > at:
            yield "text", at, begin, ""
        special = next(
            (
                (o, c)
                for o, c in (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">"))
                if source.startswith(o, begin)
            ),
            None,
        )
        if special:
            opening, closing = special
            end = -1 if closed.get(closing) else source.find(closing, begin + len(opening))
            if end < 0:
                closed[closing] = True
                end = begin + len(opening)
                closing = ""
            if opening == "<![CDATA[":
                yield "other", begin, begin + len(opening), ""
                yield "raw", begin + len(opening), end, ""
                yield "other", end, end + len(closing), ""
            else:
                yield "other", begin, end + len(closing), ""
            at = end + len(closing)
            continue
        m = _TAG.match(source, begin)
        end = source.find(">", begin)
        if not m or end < 0:
            yield "text", begin, begin + 1, ""
            at = begin + 1
            continue
        kind = "close" if source[begin + 1] == "/" else "empty" if source[end - 1] == "/" else "open"
        yield kind, begin, end + 1, m["name"].lower()
        at = end + 1


class _Page:
    """Collects the visible text of markup."""

    def __init__(self, source: str, inline: frozenset[str], notes_inside: bool) -> None:
        self.source, self.inline, self.notes_inside = source, inline, notes_inside
        self.body, self.aside = Pieces(), Pieces()
        self.notes: list[tuple[str, Span, Span]] = []
        self.marks: list[tuple[str, Span]] = []
        self.tables: list[Table] = []
        self._hidden: list[str] = []
        self._note = 0
        self._note_start = 0
        self._label = ""
        self._sup: int | None = None
        self._rows: list[list[str]] = []
        self._table_start = 0
        self._cell: list[str] | None = None

    @property
    def out(self) -> Pieces:
        return self.aside if self._note else self.body

    def run(self) -> None:
        for kind, start, end, name in _tokens(self.source):
            if self._hidden:
                if kind == "close" and name == self._hidden[-1]:
                    self._hidden.pop()
                continue
            if kind in ("text", "raw"):
                self._text(start, end, kind == "raw")
            elif kind == "open" and name in _HIDDEN:
                self._hidden.append(name)
            elif kind != "other":
                self._tag(kind, start, end, name)

    def _tag(self, kind: str, start: int, end: int, name: str) -> None:
        if self.notes_inside and name == "noot" and kind != "empty":
            if kind == "open":
                self._note_start, self._label = start, ""
            self._note += 1 if kind == "open" else -1
            if kind == "close" and self._note <= 0:
                self._note = 0
                self.notes.append(
                    (
                        self._label or str(len(self.notes) + 1),
                        Span(self._note_start, self._note_start + 1),
                        Span(self._note_start, end),
                    )
                )
                self.aside.end_line(start)
            return
        if name == "sup":
            if kind == "open":
                self._sup = end
            elif self._sup is not None:
                inside = re.sub(r"<[^<>]{0,400}>|[\[\]\s]", "", self.source[self._sup : start])
                if inside.isdigit() and len(inside) <= 3 and not self.notes_inside:
                    self.marks.append((inside, Span(self._sup, start)))
                self._sup = None
            return
        if name == "table" and kind != "empty":
            if kind == "open":
                self._rows, self._table_start = [], start
            else:
                self.tables.append(Table(Span(self._table_start, end), tuple(tuple(r) for r in self._rows if r)))
        elif name in ("tr", "row") and kind == "open":
            self._rows.append([])
        elif name in _CELLS:
            self._cells(kind, start)
            return
        if name not in self.inline:
            self.out.end_line(start)

    def _cells(self, kind: str, start: int) -> None:
        if kind == "open":
            self._cell = []
        elif self._cell is not None:
            if self._rows:
                self._rows[-1].append(_SPACE.sub(" ", "".join(self._cell)).strip())
            self._cell = None
            self.out.add("\t", start)

    def _text(self, start: int, end: int, raw: bool) -> None:
        source = self.source
        if self._note and re.search(r"<noot\.nr[^<>]{0,100}>\s*$", source[max(0, start - 120) : start]):
            self._label = source[start:end].strip()
            return
        if self._sup is not None and source[start:end].strip(" []\n").isdigit() and not self.notes_inside:
            return
        at = start
        for m in re.finditer(r"[ \t\r\n\f]+|&[#\w]{1,32};", source[start:end]):
            a, b = start + m.start(), start + m.end()
            self._put(source[at:a], at)
            if m.group()[0] == "&" and not raw:
                known = _ENTITY.fullmatch(m.group())
                self._put(html.unescape(m.group()) if known else m.group(), a)
            elif m.group()[0] == "&":
                self._put(m.group(), a)
            elif not self.out.at_space:
                self._put(" ", a)
            at = b
        self._put(source[at:end], at)

    def _put(self, part: str, origin: int) -> None:
        self.out.add(part, origin)
        if self._cell is not None:
            self._cell.append(part)


def seen(source: str, form: str) -> Text:
    """Return what a reader sees of markup (``html`` or ``xml``), every character tied to the source; notes are left out."""
    xml = form == "xml"
    page = _Page(source, _XML_INLINE if xml else _HTML_INLINE, notes_inside=xml)
    page.run()
    return page.body.text(source)


def read_html(data: bytes, name: str, digest: str) -> Document:
    """Read an HTML page; a number in ``<sup>`` is taken for the mark of a note."""
    source, findings = decode(data, name)
    page = _Page(source, _HTML_INLINE, notes_inside=False)
    page.run()
    title = _TITLE.search(source)
    meta = {"title": html.unescape(title[1]).strip()} if title else {}
    notes = tuple(Footnote(label, span, None, "") for label, span in page.marks)
    return Document(name, "html", digest, page.body.text(source), notes, tuple(page.tables), meta, tuple(findings))


def read_xml(data: bytes, name: str, digest: str) -> Document:
    """Read an official publication (``officiele-publicatie``) or other XML.

    Raises
    ------
    InputError
        When it is not well-formed or declares entities.
    """
    parse(parser(name), data, name)
    source, findings = decode(data, name)
    page = _Page(source, _XML_INLINE, notes_inside=True)
    page.run()
    body = page.body
    body.end_line(len(source))
    notes = []
    body.join(page.aside)
    text = body.text(source)
    for label, marker, place in page.notes:
        plain = re.sub(
            r"\s+",
            " ",
            html.unescape(
                re.sub(
                    r"<noot\.nr[^<>]{0,100}>[^<]{0,20}</noot\.nr>|<[^<>]{0,400}>", " ", source[place.start : place.end]
                )
            ),
        ).strip()
        notes.append(Footnote(label, marker, place, plain))
    return Document(name, "xml", digest, text, tuple(notes), tuple(page.tables), _official(source), tuple(findings))


def _official(source: str) -> dict[str, str]:
    names = {
        "DC.identifier": "id",
        "OVERHEIDop.dossiernummer": "dossier",
        "OVERHEIDop.ondernummer": "number",
        "DCTERMS.issued": "date",
        "OVERHEIDop.documenttitel": "title",
        "OVERHEIDop.dossiertitel": "dossier_title",
        "OVERHEIDop.indiener": "submitter",
        "OVERHEIDop.vergaderjaar": "session",
    }
    found: dict[str, str] = {}
    for m in _META.finditer(source[:20_000]):
        key = names.get(m["name"])
        if key and m["content"] and key not in found:
            found[key] = html.unescape(m["content"])
    for key, pattern in _ELEMENTS.items():
        said = pattern.search(source, 0, 20_000)
        if said and key not in found:
            found[key] = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^<>]{0,200}>", "", said[1]))).strip()
    found["dossier"] = found.get("dossier", "").split(";")[0].replace(" ", "")
    if "id" not in found and found["dossier"] and "number" in found:
        found["id"] = f"kst-{found['dossier']}-{found['number']}"
    return {k: v for k, v in found.items() if v}
