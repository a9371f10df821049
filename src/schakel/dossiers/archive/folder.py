"""Which files of a folder are letters to read?"""

from __future__ import annotations

import hashlib
from pathlib import Path

from schakel.errors import InputError, MachineError, NotFoundError

LETTERS = frozenset({".txt", ".md", ".docx", ".pdf", ".xml", ".html", ".htm"})
DATA = frozenset({".json", ".jsonl", ".gz"})
"""Endings of official data, which are no letters."""


def files(path: Path, endings: frozenset[str] = LETTERS) -> list[Path]:
    """Return a file itself, or the files of a folder and the folders in it with one of the endings, by name.

    Hidden files and those with another ending are left out; links to elsewhere are not followed.

    Raises
    ------
    NotFoundError
        When there is no such file or folder.
    InputError
        When the folder holds nothing to read, or what is given is a device or a pipe.
    MachineError
        When the folder may not be entered.
    """
    if not path.exists():
        raise NotFoundError("there is no such file or folder", where=str(path), remedy="check the name")
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise InputError("this is no file but a device or a pipe", where=str(path), remedy="save it to a file first")
    try:
        found = sorted(
            p
            for p in path.rglob("*")
            if p.is_file()
            and not p.is_symlink()
            and p.suffix.lower() in endings
            and not any(part.startswith(".") for part in p.relative_to(path).parts)
        )
    except OSError as error:
        raise MachineError(f"the folder cannot be read: {error.strerror}", where=str(path)) from None
    if not found:
        raise InputError(
            "the folder holds no letters", where=str(path), remedy="put docx, PDF, XML, HTML or text in it"
        )
    return found


def digest(path: Path) -> str:
    """Return the sha256 of the bytes of a file; empty when it cannot be read, which reading it will say."""
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError:
        return ""
