"""How does a register come out into a file and back, with every hash as it was?

A backup is a SQLite file. Coming back, the events are poured into the register inside one transaction that holds the
write lock: others wait, and see all of it or nothing. Only a damaged file, which cannot be written to, is put aside and
replaced.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from schakel.errors import InputError, IntegrityError, MachineError, NotFoundError
from schakel.register.chain import AT_ONCE, extend, row
from schakel.register.check import broken, stream
from schakel.register.event import entry, stamp

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from schakel.register.store import Register

_BESIDE = ("", "-wal", "-shm", "-journal")
_FORCE = "to replace it all the same, give --force with --author and --reason; the old register is kept aside"


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did.

    Attributes
    ----------
    head
        Head hash afterwards.
    events, texts
        How many the register holds now.
    aside
        File with the register as it was; empty when there was none.
    lost
        How many events the old register held that the backup lacks; None when it could not be read.
    """

    head: str
    events: int
    texts: int
    aside: str
    lost: int | None


def backup(register: Register, out: Path) -> str:
    """Write a verified copy to a new file and return its head hash (see `Register.backup`)."""
    from schakel.register.store import Register

    if out.exists() or out.is_symlink():
        raise InputError("the backup file exists already", where=str(out), remedy="name a new file")
    engine = register.engine
    with _temporary(out) as temporary:
        if engine.is_sqlite:
            engine.vacuum_into(str(temporary))
            with Register(temporary) as copy:
                head = copy.verify()
        else:
            with engine.reading() as source, Register(temporary) as copy:
                if source is None:
                    raise InputError("there is no register to back up", where=register.where)
                broken(source, engine)
                with copy.engine.writing() as target:
                    _pour(source, target, register.where)
                head = copy.verify()
        _sync(temporary)
        try:
            os.link(temporary, out)  # unlike a rename, never replaces a file that appeared meanwhile
        except OSError as error:
            raise MachineError(f"the backup cannot be written: {error.strerror}", where=str(out)) from None
        _sync(out.parent)
    return head


def restore(register: Register, path: Path, *, head: str, force: bool, author: str, reason: str) -> Restored:
    """Make the register what a backup says (see `Register.restore`)."""
    from schakel.register.store import Register

    if not path.is_file():
        raise NotFoundError("there is no backup of that name", where=str(path), remedy="name a file of register backup")
    engine = register.engine
    if engine.path is not None and engine.path.exists() and engine.path.samefile(path):
        raise InputError("the backup is the register itself", where=str(path), remedy="name a backup")
    if force:
        entry("restore", "register", {}, author=author, reason=reason)  # refused now rather than half-way
    with _copy_of(path) as copied, Register(copied) as kept, kept.engine.reading() as source:
        if source is None:
            raise IntegrityError("the backup holds no register", where=str(path), remedy="name another backup")
        try:
            broken(source, kept.engine, head)
        except IntegrityError as error:
            where = error.where.replace(str(copied), str(path))
            raise IntegrityError(
                f"the backup cannot be used: {error.what}", where=where, remedy="use another"
            ) from None
        because = (author, reason) if force else None
        try:
            lost, aside = _replace(register, source, because)
        except IntegrityError as error:
            if not engine.is_sqlite:
                raise
            if because is None:
                raise InputError(
                    f"the register there cannot be read, so what the backup lacks cannot be told: {error.what}",
                    where=register.where,
                    remedy=_FORCE,
                ) from None
            lost, aside = None, _put_aside(register)
            _replace(register, source, because, unreadable=aside)
    found = register.verify()
    return Restored(found, *register.size(), aside, lost)


def _replace(
    register: Register, source: Connection, because: tuple[str, str] | None, unreadable: str = ""
) -> tuple[int, str]:
    """Pour the backup in place of what is there; return how many events go and where the old register stands."""
    engine = register.engine
    backed_up = _contents(source)
    with engine.writing() as target:
        present = _contents(target)
        lost, lost_texts = (len(here - there) for here, there in zip(present, backed_up, strict=True))
        if any(present) and engine.path is None:
            raise InputError(
                f"the database holds a register of {len(present[0])} events",
                where=register.where,
                remedy="make an empty database, restore there, and use its URL from then on",
            )
        if (lost or lost_texts) and because is None:
            raise InputError(
                f"the register holds {lost} events and {lost_texts} texts that the backup lacks",
                where=register.where,
                remedy=_FORCE,
            )
        aside = ""
        if any(present) and engine.path is not None:
            aside = str(_free_name(engine.path))
            engine.vacuum_into(aside)  # reads what stood before this transaction
            _sync(Path(aside))
            _empty(target)
        _pour(source, target, register.where)
        if because is not None and (lost or lost_texts or unreadable):
            payload = {"aside": Path(aside or unreadable).name, "lost_events": None if unreadable else lost}
            new = entry("restore", "register", payload, author=because[0], reason=because[1])
            extend(target, [new], stamp(register.clock()))
    return lost, aside


def _contents(connection: Connection) -> tuple[set[str], set[str]]:
    """Return the hashes of the events and of the texts."""
    from sqlalchemy import select

    from schakel.register.schema import events, texts

    found = set(connection.execute(select(events.c.hash)).scalars())
    return found, set(connection.execute(select(texts.c.sha256)).scalars()) if _has_texts(connection) else set()


def _has_texts(connection: Connection) -> bool:
    from sqlalchemy import inspect

    from schakel.register.schema import texts

    return inspect(connection).has_table(texts.name)


def _empty(target: Connection) -> None:
    """Take away the tables of a SQLite register, guards included, and make them anew: a row cannot be deleted."""
    from schakel.register.schema import VERSION_TABLE, current_state, events, texts
    from schakel.register.upgrade import upgrade

    target.exec_driver_sql(f"DROP VIEW IF EXISTS {current_state.name}")
    for name in (events.name, texts.name, VERSION_TABLE):
        target.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
    upgrade(target, 0)


def _pour(source: Connection, target: Connection, where: str) -> None:
    """Copy texts and events as they are; the target's guards check that each event follows."""
    from sqlalchemy import insert, select

    from schakel.register.schema import events, texts

    if _has_texts(source):
        for digest in source.execute(select(texts.c.sha256).order_by(texts.c.sha256)).scalars().all():
            content = source.execute(select(texts.c.text).where(texts.c.sha256 == digest)).scalar_one()
            target.execute(insert(texts).values(sha256=digest, text=content))
    rows = (row(event) for event in stream(source, where))
    while chunk := list(islice(rows, AT_ONCE)):
        target.execute(insert(events), chunk)


def _put_aside(register: Register) -> str:
    """Rename a damaged register, with the files SQLite keeps beside it."""
    path = register.engine.path
    assert path is not None  # noqa: S101  (only a file can be damaged so)
    register.close()
    aside = _free_name(path)
    try:
        for suffix in _BESIDE[::-1]:  # the register itself last: until then it stands where it stood
            beside = path.with_name(path.name + suffix)
            if beside.exists():
                beside.rename(aside.with_name(aside.name + suffix))
    except OSError as error:
        raise MachineError(f"the damaged register cannot be put aside: {error.strerror}", where=str(path)) from None
    return str(aside)


def _free_name(path: Path) -> Path:
    day = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    for turn in range(1, 1000):
        name = path.with_name(f"{path.name}.before-restore-{day}{'' if turn == 1 else f'-{turn}'}")
        if not name.exists():
            return name
    raise MachineError("there is no free name to keep the old register under", where=str(path))


@contextlib.contextmanager
def _copy_of(path: Path) -> Iterator[Path]:
    """Give a copy of a backup to read: opening the backup itself could leave files beside it."""
    import shutil

    from schakel import scratch

    folder = scratch.folder("schakel-restore-")
    try:
        copy = folder / "backup.sqlite"
        try:
            for suffix in ("", "-wal"):
                beside = path.with_name(path.name + suffix)
                if beside.is_file():
                    shutil.copyfile(beside, copy.with_name(copy.name + suffix))
        except OSError as error:
            raise MachineError(f"the backup cannot be read: {error.strerror}", where=str(path)) from None
        yield copy
    finally:
        scratch.remove(folder)


@contextlib.contextmanager
def _temporary(out: Path) -> Iterator[Path]:
    """Give a name beside ``out`` to write under; nothing of it stays."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
        os.close(handle)
        Path(name).unlink()
    except OSError as error:
        raise MachineError(f"the backup cannot be written: {error.strerror}", where=str(out)) from None
    try:
        yield Path(name)
    finally:
        for suffix in _BESIDE:
            Path(name + suffix).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Have a file, or a folder's list of names, on disk."""
    with contextlib.suppress(OSError):  # some file systems cannot, for a folder
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
