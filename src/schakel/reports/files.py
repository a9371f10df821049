"""How does a finished file reach its place, whole or not at all?"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
import tempfile
import zipfile
from pathlib import Path

from schakel import scratch
from schakel.errors import MachineError
from schakel.plain import printable_lines


def place(content: bytes, out: Path) -> Path:
    """Write ``content`` to ``out`` by way of a file beside it, so that a reader sees the old file or the new one.

    Raises
    ------
    MachineError
        If the disk, the folder or a permission does not allow it; nothing is left behind.
    """
    temporary: str | None = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if out.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if out.exists() and not out.is_file():  # a device or pipe (/dev/stdout) is written to, never replaced
            with out.open("wb") as device:
                device.write(content)
            return out
        handle, temporary = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
        scratch.watch(Path(temporary))
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)  # mkstemp makes private files; a report is read by others
        Path(temporary).replace(out)
        scratch.forget(Path(temporary))
    except OSError as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            scratch.forget(Path(temporary))
        raise MachineError(
            f"the file cannot be written: {error.strerror or error}",
            where=str(out),
            remedy="choose another --out, or make room and give permission there",
        ) from None
    return out


def to_stdout(content: bytes) -> None:
    """Write bytes to standard output, after whatever text stands before them: unchanged, but on a terminal without what could steer it.

    Raises
    ------
    MachineError
        If the disk behind it is full. A closed pipe is no error: its reader has seen enough.
    """
    try:
        sys.stdout.flush()
        if sys.stdout.isatty():
            with contextlib.suppress(UnicodeDecodeError):  # a table in another encoding, tame already
                content = printable_lines(content.decode()).encode()
        buffer = getattr(sys.stdout, "buffer", None)
        if buffer is None:  # a stream for text only, as in some notebooks
            sys.stdout.write(content.decode("utf-8"))
        else:
            buffer.write(content)
            buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        sys.stdout = None  # what is left in its buffer cannot be written at exit either
        raise MachineError(
            f"the answer cannot be written: {error.strerror or error}",
            where="standard output",
            remedy="free some space, or write elsewhere with --out",
        ) from None


def still_zip(content: bytes) -> bytes:
    """Return a zip with the same members and no clock in it, so that equal reports give equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return out.getvalue()
