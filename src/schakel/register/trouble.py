"""What does an error of the database mean to the person at the keyboard?"""

from __future__ import annotations

from pathlib import Path

from schakel.errors import InputError, IntegrityError, MachineError, SchakelError
from schakel.settings import standing

BUSY_SECONDS = 30.0
_AWAY = ("connection", "could not translate host", "failed to resolve", "server closed", "timeout expired")


def explain(error: Exception, where: str, text: str | None = None) -> SchakelError:
    """Return the error to raise in its place; ``text`` replaces the database's own words."""
    cause = getattr(error, "orig", None) or error
    if text is None:
        text = cause.strerror or str(cause) if isinstance(cause, OSError) else str(cause)
    text = " ".join(text.split())
    low = text.lower()
    if "not a database" in low:
        return IntegrityError("the file is no register: it is not a database", where=where, remedy="name another file")
    if any(
        word in low
        for word in ("malformed", "corrupt", "disk image", "could not decode", "can't decode", "invalid page")
    ):
        return IntegrityError(
            f"the register's file is damaged: {text.partition(' CONTEXT:')[0]}",
            where=where,
            remedy="restore a backup; keep the damaged file",
        )
    if "append-only" in low:
        return IntegrityError(f"the database refused: {text.partition(' CONTEXT:')[0]}", where=where)
    if "locked" in low or "busy" in low or "lock timeout" in low:
        return MachineError(
            f"another process has held the register for {BUSY_SECONDS:.0f} seconds", where=where, remedy="try again"
        )
    if "is full" in low or "no space" in low:
        return MachineError("the disk is full; nothing was recorded", where=where, remedy="make room and try again")
    if "://" in where and not where.startswith("sqlite"):
        return _server(low, text, where)
    if "readonly" in low or "read-only" in low or "unable to open" in low or isinstance(cause, OSError):
        return MachineError(
            f"the register cannot be opened there: {text}",
            where=where,
            remedy=f"{_folder(where)}set SCHAKEL_HOME to a folder of your own, or name another file with --register",
        )
    return MachineError(f"the register's database refused: {text}", where=where)


def _server(low: str, text: str, where: str) -> SchakelError:
    if "password" in low or "authentication" in low or ("role" in low and "does not exist" in low):
        return MachineError(
            f"the database server does not let you in: {text}",
            where=where,
            remedy="check user and password (PGPASSWORD or a password file)",
        )
    if "database" in low and "does not exist" in low:
        return InputError(
            "the database server has no database of that name", where=where, remedy="make it first, with createdb"
        )
    if "permission denied" in low or "read-only" in low:
        return MachineError(
            f"the database does not allow you that: {text}", where=where, remedy="ask its owner for the right"
        )
    if any(word in low for word in _AWAY):
        return MachineError(
            f"the database server does not answer: {text}", where=where, remedy="check host and port, and that it runs"
        )
    return MachineError(
        f"the register's database refused: {text}", where=where, remedy="try again, or name another with --register"
    )


def _folder(where: str) -> str:
    return "" if "://" in where else f"give yourself permission to write in {standing(Path(where).parent)}, "
