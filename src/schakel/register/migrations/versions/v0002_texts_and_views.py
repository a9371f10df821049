"""Version 2: texts kept by their hash, tighter guards, and the current state as a view."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_FOLLOWS = "the register is append-only: an event follows the last one"
# An id or hash that is there already would let INSERT OR REPLACE take the older event away.
_SQLITE = (
    "DROP TRIGGER IF EXISTS events_chain",
    f"""CREATE TRIGGER events_chain BEFORE INSERT ON events
    WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM events)
      OR NEW.previous_hash <> coalesce((SELECT hash FROM events ORDER BY seq DESC LIMIT 1), printf('%.64d', 0))
      OR EXISTS (SELECT 1 FROM events WHERE id = NEW.id)
      OR EXISTS (SELECT 1 FROM events WHERE hash = NEW.hash)
    BEGIN SELECT RAISE(ABORT, '{_FOLLOWS}'); END""",
    """CREATE TRIGGER texts_no_update BEFORE UPDATE ON texts
    BEGIN SELECT RAISE(ABORT, 'the register is append-only: no update'); END""",
    """CREATE TRIGGER texts_no_delete BEFORE DELETE ON texts
    BEGIN SELECT RAISE(ABORT, 'the register is append-only: no delete'); END""",
    """CREATE TRIGGER texts_once BEFORE INSERT ON texts
    WHEN EXISTS (SELECT 1 FROM texts WHERE sha256 = NEW.sha256)
    BEGIN SELECT RAISE(ABORT, 'the register is append-only: the text is there already'); END""",
)
_POSTGRESQL = (
    f"""CREATE FUNCTION events_follow() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM events)
        OR NEW.previous_hash <> coalesce((SELECT hash FROM events ORDER BY seq DESC LIMIT 1), repeat('0', 64))
      THEN RAISE EXCEPTION USING MESSAGE = '{_FOLLOWS}';
      END IF;
      RETURN NEW;
    END $$""",
    "CREATE TRIGGER events_chain BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION events_follow()",
    """CREATE TRIGGER texts_no_change BEFORE UPDATE OR DELETE ON texts
    FOR EACH ROW EXECUTE FUNCTION events_refuse()""",
    """CREATE TRIGGER texts_no_truncate BEFORE TRUNCATE ON texts
    FOR EACH STATEMENT EXECUTE FUNCTION events_refuse()""",
)
_TODAY = {"sqlite": "date('now')", "postgresql": "to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD')"}
_FIELDS = "seq, id, kind, subject, payload, author, reason, valid_from, recorded_at, previous_hash, hash"
# A judgement's subject carries two questions, which stand apart.
_QUESTION = (
    """CASE WHEN kind = 'judgement' AND payload LIKE '%"question":"short_term_replaceable"%' THEN 1 ELSE 0 END"""
)
# Of what holds by today, per subject that which began last; of two that began on one day, the one recorded last.
_CURRENT = f"""CREATE VIEW current_state AS
    SELECT {_FIELDS} FROM (
      SELECT {_FIELDS},
        row_number() OVER (PARTITION BY kind, subject, {_QUESTION} ORDER BY valid_from DESC, seq DESC) AS turn
      FROM events WHERE valid_from <= {{today}}
    ) AS held WHERE turn = 1"""


def upgrade() -> None:
    """Add the table of texts with its guards, replace the guard of the chain, add the view."""
    op.create_table(
        "texts",
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("text", sa.LargeBinary, nullable=False),
    )
    dialect = op.get_bind().dialect.name
    for statement in _SQLITE if dialect == "sqlite" else _POSTGRESQL:
        op.execute(statement)
    op.execute(_CURRENT.format(today=_TODAY[dialect]))
