"""With what engine are tables queried, and with how much of the machine?

The one place that opens a connection, so that every run has the same engine settings: no extension is ever fetched or
loaded, and spill files go to a folder of their own instead of the folder the user happens to stand in.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schakel import scratch
from schakel.errors import InputError, MachineError

if TYPE_CHECKING:
    import duckdb

SPILL_PREFIX = "schakel-spill-"
# Gives wrong rows, without an error, where two arms of a UNION share a join (duckdb issue 25819; seen on 1.5.6 and 2.0.0).
UNSOUND_OPTIMIZERS = ("common_subplan",)


def _spill_folder() -> Path:
    """Return a folder that the engine makes when it needs one; its parent exists.

    One folder a connection: two that spill into the same folder would use the same file names. The random part keeps
    others on a shared temporary folder from laying something in wait.
    """
    from schakel import settings

    home = settings.load().home
    parent = home if os.access(home, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())
    return scratch.watch(parent / f"{SPILL_PREFIX}{os.getpid()}-{secrets.token_hex(6)}")


def connect(
    threads: int | None = None, memory_limit: str | None = None, temp_directory: str | Path | None = None
) -> duckdb.DuckDBPyConnection:
    """Open a connection to an empty in-memory database.

    Parameters
    ----------
    threads
        Number of threads; None takes the setting ``threads``, else all cores.
    memory_limit
        For example ``"2GB"``; None takes the setting ``memory_limit``, else the engine's own rule.
    temp_directory
        Folder for what does not fit in memory, made when first needed; None takes a fresh name in the data
        folder, or in the system's temporary folder while there is no data folder.

    Returns
    -------
    duckdb.DuckDBPyConnection
        Usable with ``execute(...).fetchall()`` and ``sql(...).to_arrow_table()`` on DuckDB 1.5 and 2.0 alike.

    Raises
    ------
    InputError
        If ``threads`` is below one or ``memory_limit`` is not a size.
    """
    import duckdb

    from schakel import settings

    chosen = settings.load(threads=threads, memory_limit=memory_limit)
    config: dict[str, Any] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "temp_directory": str(temp_directory if temp_directory is not None else _spill_folder()),
    }
    if chosen.threads is not None:
        config["threads"] = str(chosen.threads)
    if chosen.memory_limit is not None:
        config["memory_limit"] = chosen.memory_limit
    try:
        connection = duckdb.connect(":memory:", config=config)
        connection.execute("SET enable_progress_bar = false")  # our own bar knows about terminals and stderr
        _disable(connection, UNSOUND_OPTIMIZERS)
    except duckdb.Error as error:
        raise InputError(
            f"the query engine refuses its settings: {error}", remedy="check threads and memory_limit"
        ) from None
    return connection


def _disable(connection: duckdb.DuckDBPyConnection, names: tuple[str, ...]) -> None:
    """Switch off optimizers, as far as this version of the engine has them."""
    have = {row[0] for row in connection.execute("SELECT name FROM duckdb_optimizers()").fetchall()}
    present = ",".join(name for name in names if name in have)
    if present:
        connection.execute(f"SET disabled_optimizers = {quote(present)}")


def version() -> str:
    """Return name and version of the engine, as a run receipt states it."""
    import duckdb

    return f"DuckDB {duckdb.__version__}"


def quote(text: str | Path) -> str:
    """Return a text as an SQL literal, for the places where SQL takes no bound parameter (``COPY ... TO``)."""
    return "'" + str(text).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return a column or table name quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def machine_faults(where: str = "") -> Iterator[None]:
    """Turn what the machine does to a query (disk, permission, memory) into a ``MachineError``; others pass."""
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise MachineError(
            f"the query engine ran out of memory: {_first_line(error)}",
            where=where,
            remedy="give it more with SCHAKEL_MEMORY_LIMIT, free disk space for spilling, or load fewer years at once",
        ) from error
    except duckdb.IOException as error:
        raise MachineError(
            f"the query engine could not read or write: {_first_line(error)}",
            where=where,
            remedy="check free disk space and permissions; nothing was changed",
        ) from error


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def sweep_spill() -> None:
    """Remove spill folders that killed processes left in the data folder."""
    from schakel import settings

    if os.name != "posix":  # elsewhere there is no harmless way to ask whether a process lives
        return
    for folder in settings.load().home.glob(f"{SPILL_PREFIX}*-*"):
        owner = folder.name.removeprefix(SPILL_PREFIX).split("-")[0]
        if owner.isdigit() and not _alive(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
