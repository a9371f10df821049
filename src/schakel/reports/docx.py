"""How does a report become a Word document that people go on writing in?"""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping
from typing import Any

from schakel.charts.stylesheet import resolved
from schakel.errors import MachineError
from schakel.plain import printable
from schakel.reports.apparatus import apparatus, finding_text
from schakel.reports.files import still_zip
from schakel.reports.model import Block, Column, Figure, Findings, Heading, Items, Paragraph, Report, Table
from schakel.reports.pdf import spelled, wide
from schakel.reports.svg import checked
from schakel.reports.words import long_date, word

_LOCALE = {"nl": "nl-NL", "en": "en-GB"}
_DRAWING = b"""#set page(width: auto, height: auto, margin: 0pt, fill: white)
#set text(font: "Libertinus Serif")
#image(bytes(sys.inputs.svg), format: "svg")
"""
_PIXELS_PER_INCH = 160
_MAX_TEXT = 32_000


def render(report: Report) -> bytes:
    """Return the document.

    Raises
    ------
    MachineError
        If a figure cannot be drawn.
    """
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    document = docx.Document()
    _properties(document, report)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    if wide(report):
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    document.add_heading(printable(report.title), level=0)
    if report.subtitle:
        document.add_paragraph(printable(report.subtitle), style="Subtitle")
    document.add_paragraph(long_date(report.date, report.lang))
    writer = _Writer(document, report.lang)
    for block in (*report.sections, *apparatus(report)):
        writer.block(block)
    out = io.BytesIO()
    document.save(out)
    return still_zip(out.getvalue())


def _properties(document: Any, report: Report) -> None:
    day = datetime.datetime.fromisoformat(report.date)
    core = document.core_properties
    core.title, core.subject = printable(report.title)[:255], printable(report.subtitle)[:255]
    core.keywords = printable(", ".join(report.keywords))[:255]
    core.author = core.last_modified_by = ""
    core.comments = word("made_with", report.lang)
    core.language = _LOCALE[report.lang]
    core.created = core.modified = day
    core.revision = 1
    from docx.oxml.ns import qn

    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), _LOCALE[report.lang])


class _Writer:
    """Adds blocks to the document."""

    def __init__(self, document: Any, lang: str) -> None:
        self.document, self.lang = document, lang

    def block(self, block: Block) -> None:
        match block:
            case Heading():
                self.document.add_heading(printable(block.text), level=block.level)
            case Paragraph():
                self.document.add_paragraph(printable(block.text))
            case Items():
                for item in block.items:
                    self.document.add_paragraph(printable(item), style="List Bullet")
            case Findings():
                for finding in block.findings:
                    text, small = finding_text(finding, self.lang)
                    self.document.add_paragraph(printable(text), style="Intense Quote")
                    self.document.add_paragraph(printable(small)).runs[0].italic = True
            case Figure():
                self._figure(block)
            case Table():
                self._table(block)

    def _figure(self, block: Figure) -> None:
        from docx.shared import Emu

        section = self.document.sections[0]
        width = Emu(section.page_width - section.left_margin - section.right_margin)
        picture = self.document.add_picture(io.BytesIO(drawn(block.svg)))
        shape = picture._inline
        scale = min(1.0, width / picture.width, section.page_height * 0.55 / picture.height)
        picture.width, picture.height = Emu(int(picture.width * scale)), Emu(int(picture.height * scale))
        shape.docPr.set("descr", printable(block.alt))
        shape.docPr.set("title", printable(block.caption))
        self.document.add_paragraph(printable(block.caption or block.alt), style="Caption")

    def _table(self, table: Table) -> None:
        """Add the table as XML, cell by cell: the library's own look-ups of cells take squared time."""
        from docx.oxml import OxmlElement

        self.document.add_paragraph(
            printable(table.caption or word("table", self.lang)), style="Caption"
        ).paragraph_format.keep_with_next = True
        grid = self.document.add_table(rows=0, cols=len(table.columns), style="Light List Accent 1")
        grid.autofit = True
        _describe(grid, table.caption)
        element = grid._tbl
        head = self._row([(c.heading(self.lang), c, True) for c in table.columns])
        element.append(head)
        properties = head.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        properties.append(OxmlElement("w:tblHeader"))
        for row in table.rows:
            element.append(self._row([(self._shown(c, row), c, False) for c in table.columns]))
        if not table.rows:
            self.document.add_paragraph(word("no_rows", self.lang))
        for note in table.notes:
            self.document.add_paragraph(printable(note)).runs[0].italic = True
        self.document.add_paragraph()

    def _shown(self, column: Column, row: Mapping[str, Any]) -> str:
        return column.show(row, self.lang)[:_MAX_TEXT]

    @staticmethod
    def _row(cells: list[tuple[str, Column, bool]]) -> Any:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        row = OxmlElement("w:tr")
        for text, column, head in cells:
            cell, paragraph, run, content = (OxmlElement(f"w:{tag}") for tag in ("tc", "p", "r", "t"))
            if column.numeric:
                properties, align = OxmlElement("w:pPr"), OxmlElement("w:jc")
                align.set(qn("w:val"), "right")
                properties.append(align)
                paragraph.append(properties)
            look = OxmlElement("w:rPr")
            if head:
                look.append(OxmlElement("w:b"))
            size = OxmlElement("w:sz")
            size.set(qn("w:val"), "16")
            look.append(size)
            run.append(look)
            content.text = printable(text)
            content.set(qn("xml:space"), "preserve")
            run.append(content)
            paragraph.append(run)
            cell.append(paragraph)
            row.append(cell)
        return row


def _describe(grid: Any, caption: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    title = OxmlElement("w:tblCaption")
    title.set(qn("w:val"), printable(caption))
    grid._tbl.tblPr.append(title)


def drawn(svg: str) -> bytes:
    """Return the drawing as PNG, on white.

    Raises
    ------
    MachineError
        If Typst cannot draw it.
    """
    import typst

    text = checked(svg, style=resolved())
    for attempt in (str, spelled):
        try:
            made = typst.compile(
                _DRAWING,
                format="png",
                ppi=_PIXELS_PER_INCH,
                ignore_system_fonts=True,
                sys_inputs={"svg": attempt(text)},
            )
        except typst.TypstError as error:
            problem = error.message
            continue
        if isinstance(made, bytes):
            return made
        problem = "more than one page"
    raise MachineError(f"the figure cannot be drawn: {problem}", remedy="write the report as html")
