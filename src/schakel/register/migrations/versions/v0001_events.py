"""Version 1: the table of events, and the guards that keep it append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# The insert trigger also stops INSERT OR REPLACE, which deletes without firing a delete trigger.
_SQLITE = (
    """CREATE TRIGGER events_no_update BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'the register is append-only: no update'); END""",
    """CREATE TRIGGER events_no_delete BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'the register is append-only: no delete'); END""",
    """CREATE TRIGGER events_chain BEFORE INSERT ON events
    WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM events)
      OR NEW.previous_hash <> coalesce((SELECT hash FROM events ORDER BY seq DESC LIMIT 1), printf('%.64d', 0))
    BEGIN SELECT RAISE(ABORT, 'the register is append-only: an event follows the last one'); END""",
)
_POSTGRESQL = (
    """CREATE FUNCTION events_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION USING MESSAGE = 'the register is append-only: no ' || lower(TG_OP); END $$""",
    """CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION events_refuse()""",
    """CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION events_refuse()""",
)


def upgrade() -> None:
    """Make the table, its index and its guards."""
    op.create_table(
        "events",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in (
                "id",
                "kind",
                "subject",
                "payload",
                "author",
                "reason",
                "valid_from",
                "recorded_at",
                "previous_hash",
                "hash",
            )
        ),
        sa.UniqueConstraint("id", name="events_id"),
        sa.UniqueConstraint("previous_hash", name="events_previous_hash"),
        sa.UniqueConstraint("hash", name="events_hash"),
    )
    op.create_index("events_kind_subject", "events", ["kind", "subject", "seq"])
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)
