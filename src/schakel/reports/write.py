"""Which writer makes which file?"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from schakel.errors import InputError
from schakel.reports.files import place
from schakel.reports.model import Report

FORMATS = ("html", "pdf", "docx", "xlsx")


def render(report: Report, format: str) -> bytes:
    """Return the report as the bytes of one file; equal reports give equal bytes.

    Raises
    ------
    InputError
        If the format is not one of ``FORMATS``.
    """
    if format not in FORMATS:
        raise InputError(f"unknown report format {format!r}", remedy="use one of: " + ", ".join(FORMATS))
    content: bytes = import_module(f"schakel.reports.{format}").render(report)
    return content


def write_report(report: Report, out: Path, format: str = "") -> Path:
    """Write the report to a file; without ``format`` the ending of the name decides.

    Raises
    ------
    InputError
        If the format is unknown.
    MachineError
        If the file cannot be written.
    """
    return place(render(report, format or out.suffix.lstrip(".").lower()), out)
