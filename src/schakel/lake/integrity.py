"""Is a version still what was loaded, to the byte?

The name of a version ends in a hash of what its descriptor states, and the descriptor has the hash of every file; the
pointer has the hash of the descriptor as it was written. All are taken from the bytes on disk, so a later release of
this program, which may describe columns in other words, finds old versions as sound as they were.
"""

from __future__ import annotations

from pathlib import Path

from schakel.errors import IntegrityError
from schakel.evidence import sha256_file
from schakel.lake.dataset import DESCRIPTOR, Dataset, read

REMEDY = "add the data set again from its published file"


def check(dataset: Dataset, descriptor_sha256: str = "") -> None:
    """Compute every hash of a version again.

    Parameters
    ----------
    descriptor_sha256
        Hash of the descriptor that the pointer states; empty where no pointer names this version.

    Raises
    ------
    IntegrityError
        Naming the first file that is absent, altered, or that no descriptor vouches for.
    """
    descriptor = dataset.folder / DESCRIPTOR
    if descriptor_sha256 and sha256_file(descriptor) != descriptor_sha256:
        raise IntegrityError("the descriptor was altered", where=str(descriptor), remedy=REMEDY)
    for file in dataset.files:
        path = dataset.folder / file.path
        if not path.is_file():
            raise IntegrityError("a file of this version is absent", where=str(path), remedy=REMEDY)
        if path.stat().st_size != file.bytes or sha256_file(path) != file.sha256:
            raise IntegrityError("a file of this version was altered", where=str(path), remedy=REMEDY)
    known = {dataset.folder / file.path for file in dataset.files} | {descriptor}
    for path in sorted(dataset.folder.rglob("*")):
        if path.is_file() and path not in known:
            raise IntegrityError(
                "no descriptor vouches for this file", where=str(path), remedy="remove it, or add the data set again"
            )


def sound(folder: Path) -> bool:
    """Say whether the version in a folder is what it was."""
    try:
        check(read(folder))
    except IntegrityError:
        return False
    return True
