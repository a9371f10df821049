"""Which temporary folders are in use, so that a program that has to end at once leaves none behind?

Ctrl-C cannot always be raised as an exception: inside the query engine it would tear the process down. Then the command
line removes what is listed here and ends.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

_live: set[Path] = set()


def folder(prefix: str) -> Path:
    """Make a temporary folder and list it."""
    made = Path(tempfile.mkdtemp(prefix=prefix))
    _live.add(made)
    return made


def watch(path: Path) -> Path:
    """List a file or folder that somebody else made or will make."""
    _live.add(path)
    return path


def forget(path: Path) -> None:
    """Take a file or folder off the list: it is gone, or it stays."""
    _live.discard(path)


def remove(path: Path) -> None:
    """Remove a folder and take it off the list."""
    shutil.rmtree(path, ignore_errors=True)
    forget(path)


def remove_all() -> None:
    """Remove everything listed."""
    for path in list(_live):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        forget(path)
