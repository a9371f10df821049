"""Which table holds the events, and what in the database itself refuses to change them?"""

from __future__ import annotations

from typing import Any

from sqlalchemy import DDL, Column, Connection, Index, Integer, MetaData, Table, Text, UniqueConstraint, event

APPLICATION_ID = 0x5343484B  # "SCHK" in the header of the SQLite file, so that a foreign file is recognised
VERSION = 1

metadata = MetaData()
events = Table(
    "events",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("valid_from", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    UniqueConstraint("id", name="events_id"),
    UniqueConstraint("previous_hash", name="events_previous_hash"),  # two heads cannot both be continued
    UniqueConstraint("hash", name="events_hash"),
    Index("events_kind_subject", "kind", "subject", "seq"),
)

# The insert trigger also stops INSERT OR REPLACE, which deletes without firing a delete trigger.
_SQLITE = (
    """CREATE TRIGGER IF NOT EXISTS events_no_update BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'the register is append-only: no update'); END""",
    """CREATE TRIGGER IF NOT EXISTS events_no_delete BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'the register is append-only: no delete'); END""",
    """CREATE TRIGGER IF NOT EXISTS events_chain BEFORE INSERT ON events
    WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM events)
      OR NEW.previous_hash <> coalesce((SELECT hash FROM events ORDER BY seq DESC LIMIT 1), printf('%.64d', 0))
    BEGIN SELECT RAISE(ABORT, 'the register is append-only: an event follows the last one'); END""",
)
_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION events_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION USING MESSAGE = 'the register is append-only: no ' || lower(TG_OP); END $$""",
    """CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION events_refuse()""",
    """CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION events_refuse()""",
)
TRIGGERS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


@event.listens_for(events, "after_create")
def _guard(_table: Table, connection: Connection, **_: Any) -> None:
    for statement in TRIGGERS[connection.dialect.name]:
        connection.execute(DDL(statement.replace("%", "%%")))  # type: ignore[no-untyped-call]  # DDL() fills % itself
