"""What does a letter say, whatever file it came in?"""

from __future__ import annotations

import hashlib
from pathlib import Path

from schakel.dossiers.reading.model import Document, Footnote, Table
from schakel.errors import InputError, MachineError, NotFoundError

__all__ = ["Document", "Footnote", "Table", "read", "read_bytes"]


def read(path: Path) -> Document:
    """Read a letter: docx, PDF, official XML, HTML or text, told apart by content.

    Raises
    ------
    NotFoundError
        When there is no such file.
    InputError
        When it is empty, too large, damaged, encrypted, a bomb, or a scan without text.
    MachineError
        When it cannot be read from disk.
    """
    from schakel.dossiers.reading.bytes import FILE_MAX

    try:
        if not path.exists():
            raise NotFoundError("There is no such file.", where=str(path), remedy="Check the name.")
        if not path.is_file():
            raise InputError("This is not a file.", where=str(path), remedy="Name one letter.")
        if path.stat().st_size > FILE_MAX:
            raise InputError(f"The file is larger than {FILE_MAX // 1024**2} MB.", where=str(path), remedy="Split it.")
        data = path.read_bytes()
    except OSError as error:
        raise MachineError(
            f"The file cannot be read: {error.strerror}.", where=str(path), remedy="Check its permissions."
        ) from error
    return read_bytes(data, path.name)


def read_bytes(data: bytes, name: str) -> Document:
    """Read a letter from its bytes; ``name`` is used in messages only.

    Raises
    ------
    InputError
        As `read`.
    """
    digest = hashlib.sha256(data).hexdigest()
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not data.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise InputError("The file is empty.", where=name, remedy="Hand in a letter with text.")
    if data.startswith(b"PK"):
        from schakel.dossiers.reading.docx import read_docx

        return read_docx(data, name, digest)
    if b"%PDF-" in data[:1024]:
        from schakel.dossiers.reading.pdf import read_pdf

        return read_pdf(data, name, digest)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(
            "This is an encrypted docx or an old doc file.",
            where=name,
            remedy="Open it in a word processor and save it as docx without a password.",
        )
    if data.startswith(b"{\\rtf"):
        raise InputError("This is an RTF file.", where=name, remedy="Open it in a word processor and save it as docx.")
    lower = head.lower()
    if lower.startswith((b"<!doctype html", b"<html")) or (lower.startswith((b"<", b"<?xml")) and b"<html" in lower):
        from schakel.dossiers.reading.markup import read_html

        return read_html(data, name, digest)
    if lower.startswith((b"<?xml", b"<officiele-publicatie", b"<!doctype")):
        from schakel.dossiers.reading.markup import read_xml

        return read_xml(data, name, digest)
    from schakel.dossiers.reading.plain import read_text

    return read_text(data, name, digest)
