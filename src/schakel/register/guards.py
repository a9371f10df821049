"""Are the guards still there that make the database itself refuse a change?"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

# Of each trigger and view the first digits of the sha256 of its SQL, written on one line.
_SQLITE = {
    "current_state": "de246a62172dd418",
    "events_chain": "21904125ec9e1125",
    "events_no_delete": "19dd99c76bdaf945",
    "events_no_update": "3d9bb5dca0540641",
    "texts_no_delete": "66f41ca7ec1c8bbc",
    "texts_no_update": "4dae5ddad9ef9ebb",
    "texts_once": "0db7a14568feda88",
}
_POSTGRESQL = ("events_chain", "events_no_change", "events_no_truncate", "texts_no_change", "texts_no_truncate")


def missing(connection: Connection) -> tuple[str, ...]:
    """Return the names of guards (and of the view, in SQLite) that are gone, switched off or not as they were made.

    The register must be of today's version.
    """
    if connection.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')"
        found = {name: _digest(sql) for name, sql in connection.exec_driver_sql(query)}
        return tuple(name for name, digest in _SQLITE.items() if found.get(name) != digest)
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') "
        "AND tgrelid IN ('events'::regclass, 'texts'::regclass)"
    )
    present = set(connection.exec_driver_sql(query).scalars())
    return tuple(name for name in _POSTGRESQL if name not in present)


def _digest(sql: object) -> str:
    return hashlib.sha256(" ".join(str(sql).split()).encode()).hexdigest()[:16]
