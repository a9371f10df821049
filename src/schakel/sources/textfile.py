"""What is in this file, and how does it become plain UTF-8 text without harm?

Every reader gets its text through here. A file is judged by its first bytes and its size on disk before anything is
unpacked, so an empty file, a file with holes (sparse) or a binary is refused at once; unpacking is a stream with a
ceiling, so a small archive cannot fill the disk.
"""

from __future__ import annotations

import codecs
import errno
import gzip
import os
import shlex
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from schakel.errors import InputError, MachineError, NotFoundError

HEAD_BYTES = 1 << 16
CHUNK = 1 << 20
MAX_UNPACKED = 64 << 30  # the largest single published file (COMEXT, one year) unpacks to about 5 GB
TEXT_SUFFIXES = (".csv", ".dat", ".tsv", ".tab", ".txt", ".json")
DATA_SUFFIXES = (".csv", ".dat", ".tsv", ".tab", ".json", ".gz", ".zip", ".7z", ".db", ".sqlite")

_MAGIC = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"7z\xbc\xaf\x27\x1c": "7z", b"SQLite format 3\x00": "sqlite"}
_RUIN = (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile, NotImplementedError)


@contextmanager
def _open(path: Path) -> Iterator[BinaryIO]:
    try:
        handle = path.open("rb")
    except FileNotFoundError:
        raise NotFoundError("there is no such file", where=str(path), remedy="check the path") from None
    except PermissionError:
        raise MachineError(
            "no permission to read the file",
            where=str(path),
            remedy=f"give yourself read permission: chmod u+r {shlex.quote(str(path))}",
        ) from None
    except OSError as error:
        raise InputError(f"the file cannot be opened: {error.strerror}", where=str(path), remedy="check it") from None
    with handle:
        yield handle


def first_bytes(path: Path) -> bytes:
    """Return up to 64 KB from the start of a file, after the checks that need no reading.

    Raises
    ------
    InputError
        If the file is empty, or has holes (a sparse file reads as zeros there).
    NotFoundError, MachineError
        If there is no file; if it may not be read.
    """
    with _open(path) as handle:
        size = os.fstat(handle.fileno()).st_size
        if size == 0:
            raise InputError("the file is empty", where=str(path), remedy="download or export it again")
        if hasattr(os, "SEEK_HOLE"):
            try:
                hole = os.lseek(handle.fileno(), 0, os.SEEK_HOLE)
            except OSError:
                hole = size
            if hole < size:
                raise InputError(
                    f"the file claims {size:,} bytes but has holes without content from byte {hole:,} on",
                    where=str(path),
                    remedy="it is an unfinished download or copy; fetch it again",
                )
            os.lseek(handle.fileno(), 0, os.SEEK_SET)
        return handle.read(HEAD_BYTES)


def kind_of(head: bytes) -> str:
    """Return ``gzip``, ``zip``, ``7z``, ``sqlite`` or ``text`` by the first bytes; the suffix is not trusted."""
    return next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), "text")


def damaged(path: Path, detail: str = "") -> InputError:
    """Return the error for an archive that is cut off or broken."""
    text = f"the archive is cut off or damaged{': ' + detail if detail else ''}"
    return InputError(text, where=str(path), remedy="the download did not finish; fetch it again")


def zip_names(path: Path) -> tuple[str, ...]:
    """Return the names of the files in a zip.

    Raises
    ------
    InputError
        If its directory cannot be read, or a member is encrypted.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except _RUIN as error:
        raise damaged(path, str(error)) from None
    if any(info.flag_bits & 1 for info in infos):
        raise InputError("the zip is encrypted", where=str(path), remedy="unpack it first and add the folder")
    return tuple(info.filename for info in infos)


def seven_names(path: Path) -> tuple[str, ...]:
    """Return the names of the files in a 7z archive.

    Raises
    ------
    InputError
        If it cannot be read, or a name points outside the archive.
    """
    import py7zr

    try:
        with py7zr.SevenZipFile(path) as archive:
            names = tuple(str(entry.filename) for entry in archive.list() if not entry.is_directory)
    except Exception as error:  # py7zr lets errors of many kinds out of damaged archives
        raise damaged(path, type(error).__name__) from None
    unsafe = [name for name in names if Path(name).is_absolute() or ".." in Path(name).parts]
    if unsafe:
        raise InputError(
            f"the archive holds a path outside itself: {unsafe[0]}", where=str(path), remedy="do not use it"
        )
    return names


def member_head(path: Path, kind: str, member: str = "") -> bytes:
    """Return up to 64 KB of the text inside a gzip or of one member of a zip; nothing for 7z (it must be unpacked)."""
    try:
        if kind == "gzip":
            with gzip.open(path) as packed:
                return packed.read(HEAD_BYTES)
        if kind == "zip":
            with zipfile.ZipFile(path) as archive, archive.open(member) as inner:
                return inner.read(HEAD_BYTES)
    except _RUIN as error:
        raise damaged(path, str(error)) from None
    return b""


def decode(data: bytes, path: Path) -> tuple[str, str]:
    """Return text and encoding (``utf-8-sig`` or ``cp1252``) of the start of a file.

    Raises
    ------
    InputError
        If it holds NUL bytes (binary, UTF-16, or zeros of an unfinished copy) or fits neither encoding.
    """
    if b"\x00" in data:
        raise InputError(
            "the file is no text: it holds NUL bytes",
            where=str(path),
            remedy="save it as CSV in UTF-8; zeros come from an unfinished copy or from UTF-16",
        )
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(data, False), "utf-8-sig"
    except UnicodeDecodeError:
        try:
            return data.decode("cp1252"), "cp1252"
        except UnicodeDecodeError:
            raise InputError(
                "the text is neither UTF-8 nor Windows-1252", where=str(path), remedy="save it as CSV in UTF-8"
            ) from None


def plain(path: Path, work: Path, member: str = "", limit: int = MAX_UNPACKED) -> Path:
    """Return a path to the same text as plain UTF-8: the file itself where it is that already, else a copy in ``work``.

    Parameters
    ----------
    path
        Text file, gzip, zip or 7z.
    work
        Folder for the copy; the caller removes it.
    member
        Name inside a zip or 7z.
    limit
        Most bytes that may come out of an archive.

    Raises
    ------
    InputError
        If the archive is damaged or unpacks beyond ``limit``, or the text holds NUL bytes.
    MachineError
        If the disk is full.
    """
    kind = kind_of(first_bytes(path))
    where = f"{path}, member {member}" if member else str(path)
    work.mkdir(parents=True, exist_ok=True)
    target = work / f"text-{len(list(work.iterdir()))}.csv"
    if kind == "text":
        with _open(path) as handle:
            ok, zeros = _scan(handle)
        if zeros:
            decode(b"\x00", path)
        return path if ok else _transcode(path, target)
    try:
        if kind == "gzip":
            with gzip.open(path) as packed:
                _copy(packed, target, where, limit)
        elif kind == "zip":
            with zipfile.ZipFile(path) as archive, archive.open(member) as inner:
                _copy(inner, target, where, limit)
        elif kind == "7z":
            _unpack7(path, member, target, work, limit)
        else:
            raise InputError("the file is no text", where=where, remedy="see the documentation of this source")
    except _RUIN as error:
        raise damaged(path, str(error)) from None
    except OSError as error:
        raise disk_fault(error, where) from None
    try:
        return plain(target, work, limit=limit)
    except InputError as error:  # the copy is ours; name the user's file
        raise InputError(
            error.what, where=error.where.replace(str(target), f"{where}, unpacked"), remedy=error.remedy
        ) from None


def disk_fault(error: OSError, where: str) -> MachineError:
    """Return the error for a write that the machine refused."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    what = "the disk is full" if full else f"the machine refused to read or write: {error.strerror or error}"
    return MachineError(what, where=where, remedy="free some space or set SCHAKEL_HOME to another disk")


def _scan(handle: BinaryIO) -> tuple[bool, bool]:
    """Return whether the text is UTF-8 without anything that needs a copy, and whether it holds NUL bytes."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    good = True
    while chunk := handle.read(CHUNK):
        if b"\x00" in chunk:
            return False, True
        if good and not chunk.isascii():
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                good = False
        elif good and decoder.getstate()[0]:
            good = False  # an unfinished character followed by plain ASCII
    return good and not decoder.getstate()[0], False


def _transcode(path: Path, target: Path) -> Path:
    try:
        with path.open(encoding="cp1252", newline="") as source, target.open("w", encoding="utf-8", newline="") as out:
            shutil.copyfileobj(source, out, CHUNK)
    except UnicodeDecodeError:
        raise InputError(
            "the text is neither UTF-8 nor Windows-1252", where=str(path), remedy="save it as CSV in UTF-8"
        ) from None
    return target


def _copy(source: object, target: Path, where: str, limit: int) -> None:
    total = 0
    with target.open("wb") as out:
        while chunk := source.read(CHUNK):  # type: ignore[attr-defined]
            total += len(chunk)
            if total > limit:
                raise InputError(
                    f"the archive unpacks to more than {limit:,} bytes", where=where, remedy="unpack and check it first"
                )
            out.write(chunk)


def _unpack7(path: Path, member: str, target: Path, work: Path, limit: int) -> None:
    import py7zr

    folder = work / "7z"
    folder.mkdir(exist_ok=True)
    try:
        with py7zr.SevenZipFile(path) as archive:
            size = next(entry.uncompressed for entry in archive.list() if entry.filename == member)
            if size > limit:
                raise InputError(f"the archive unpacks to {size:,} bytes", where=str(path), remedy="check it first")
            if size > shutil.disk_usage(work).free:
                raise OSError(errno.ENOSPC, "no space left")
            archive.extract(path=folder, targets=[member])
    except (InputError, OSError):
        raise
    except Exception as error:  # py7zr lets errors of many kinds out of damaged archives
        raise damaged(path, type(error).__name__) from None
    (folder / member).replace(target)
