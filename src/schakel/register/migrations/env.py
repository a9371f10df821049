"""On which connection do the migration scripts run? On the one handed over, inside its transaction: all or nothing."""

from __future__ import annotations

from alembic import context

from schakel.register.schema import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
with context.begin_transaction():
    context.run_migrations()
