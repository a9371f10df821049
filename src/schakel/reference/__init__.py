"""What does the embedded data set say, and where was each figure read?"""

from schakel.reference.schema import Column, TableInfo
from schakel.reference.store import check, flows, info, names, origin, rows, sha256, source, sources, table

__all__ = [
    "Column",
    "TableInfo",
    "check",
    "flows",
    "info",
    "names",
    "origin",
    "rows",
    "sha256",
    "source",
    "sources",
    "table",
]
