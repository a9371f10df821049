"""Which version has a register, and how does an older or new one become one of today?"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from schakel.errors import InputError

if TYPE_CHECKING:
    from sqlalchemy import Connection

_ONE_AT_A_TIME = threading.Lock()  # the migration library keeps its context in a module


def version(connection: Connection, where: str) -> int:
    """Return the version of the register in a database; 0 when the database is empty.

    Raises
    ------
    InputError
        If it is the database of another program, or a register of a later version.
    """
    from sqlalchemy import inspect

    from schakel.register.schema import APPLICATION_ID, REVISIONS, VERSION, VERSION_TABLE, events

    if connection.dialect.name == "sqlite":
        mark = connection.exec_driver_sql("PRAGMA application_id").scalar()
        found = int(connection.exec_driver_sql("PRAGMA user_version").scalar() or 0)
        tables = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
        if not tables and mark == 0:
            return 0
        ours = mark == APPLICATION_ID and events.name in tables
        if ours and found > VERSION:
            raise _later(str(found), where)
    else:
        inspector = inspect(connection)
        tables = set(inspector.get_table_names())
        if not tables:
            encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
            if encoding != "UTF8":
                raise InputError(
                    f"the database keeps its text as {encoding}, which does not hold every letter",
                    where=where,
                    remedy="make one with createdb --encoding=UTF8 --template=template0",
                )
            return 0
        ours = events.name in tables and {c["name"] for c in inspector.get_columns(events.name)} == set(
            events.columns.keys()
        )
        found = 1
        if ours and VERSION_TABLE in tables:
            name = str(connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar())
            if name not in REVISIONS:
                raise _later(name, where)
            found = REVISIONS.index(name) + 1
    if not ours or found < 1:
        raise InputError(
            "this is a database of another program, not a register",
            where=where,
            remedy="name another file or an empty database with --register",
        )
    return found


def upgrade(connection: Connection, found: int) -> None:
    """Bring a register of version ``found`` (0 is an empty database) to today's, inside the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    from schakel.register.schema import APPLICATION_ID, REVISIONS, VERSION

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "schakel.register:migrations")
    config.set_main_option("path_separator", "os")
    with _ONE_AT_A_TIME:
        if found == 1:  # made before versions were kept in a table
            command.stamp(config, REVISIONS[0])
        command.upgrade(config, "head")
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")


def _later(found: str, where: str) -> InputError:
    from schakel.register.schema import VERSION

    return InputError(
        f"the register has version {found}, this program knows {VERSION}",
        where=where,
        remedy="use the version of Schakel that wrote it",
    )
