"""How does a result leave the program: as a report (HTML, PDF, docx, xlsx) or as a table in a file?

Nothing heavy is imported here; writers load Typst, python-docx, XlsxWriter and pyarrow when they are called.
"""

from schakel.reports.model import (
    Block,
    Column,
    Figure,
    Findings,
    Heading,
    Items,
    Kind,
    Paragraph,
    Report,
    Table,
)
from schakel.reports.write import FORMATS, write_report

__all__ = [
    "FORMATS",
    "Block",
    "Column",
    "Figure",
    "Findings",
    "Heading",
    "Items",
    "Kind",
    "Paragraph",
    "Report",
    "Table",
    "write_report",
]
