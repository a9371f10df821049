"""Where does a load work until it is whole?

In a folder of its own beside the data sets, on the same file system, so that one rename makes it visible. A lock held
by the loading process tells a live stage from one that a killed process left behind; those go when the next load
starts.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schakel import scratch
from schakel.errors import MachineError
from schakel.lake import engine
from schakel.lake.lock import held
from schakel.settings import standing

STAGES = ".stage"


@contextmanager
def stage(root: Path) -> Iterator[Path]:
    """Make a stage under a lake and remove it at the end, whatever happens.

    Yields
    ------
    Path
        An empty folder.

    Raises
    ------
    MachineError
        If the disk is full, not writable or fails while the stage is in use.
    """
    with machine_faults(root):
        base = root / STAGES
        base.mkdir(parents=True, exist_ok=True)
        key = f"{os.getpid()}-{secrets.token_hex(6)}"
        with contextlib.ExitStack() as stack:
            with held(base / ".lock"):  # so that nobody sweeps between the making of the lock and of the folder
                _sweep(base)
                stack.enter_context(held(base / f"{key}.lock"))
                scratch.watch(base / key).mkdir()
            try:
                yield base / key
            finally:
                scratch.remove(base / key)
                (base / f"{key}.lock").unlink(missing_ok=True)
    engine.sweep_spill()


def _sweep(base: Path) -> None:
    """Remove the stages of processes that are no more; the caller holds the lock on all stages."""
    for lock in base.glob("*.lock"):
        if lock.name == ".lock":
            continue
        with held(lock, wait=False) as dead:
            if dead:
                shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
                lock.unlink(missing_ok=True)
    for folder in base.iterdir():  # a folder without a lock: its sweeping was itself cut short
        if folder.is_dir() and not folder.with_name(folder.name + ".lock").exists():
            shutil.rmtree(folder, ignore_errors=True)


def sync(path: Path) -> None:
    """Make a file or folder durable: after this its content survives a power cut."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Make a folder and all below it durable."""
    for base, _, files in os.walk(folder):
        for name in files:
            sync(Path(base) / name)
        sync(Path(base))


@contextmanager
def machine_faults(root: Path) -> Iterator[None]:
    """Turn faults of disk and permission into a ``MachineError`` that says what still stands."""
    with engine.machine_faults(str(root)):
        try:
            yield
        except PermissionError as error:
            raise MachineError(
                f"no permission to read or write: {error.strerror}",
                where=str(error.filename or root),
                remedy=f"give yourself permission to write in {standing(Path(error.filename or root))}, or set SCHAKEL_HOME to a folder of your own; "
                "nothing was changed",
            ) from error
        except OSError as error:
            raise MachineError(
                f"the disk refuses: {error.strerror or error}",
                where=str(error.filename or root),
                remedy="free space, or set SCHAKEL_HOME to a larger disk; what was loaded before still stands",
            ) from error
