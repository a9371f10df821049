"""Which tables hold events and texts, as this program asks them? (How they come to be stands in `migrations`.)"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint

APPLICATION_ID = 0x5343484B  # "SCHK" in the header of the SQLite file, so that a foreign file is recognised
REVISIONS = ("0001", "0002")  # a register of version n has gone through the first n
VERSION = len(REVISIONS)
VERSION_TABLE = "register_version"

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
texts = Table(  # UTF-8 as bytes: the hash is over exactly these, and PostgreSQL's text would refuse U+0000
    "texts",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("text", LargeBinary, nullable=False),
)
views = MetaData()  # apart: not made by create_all
current_state = Table("current_state", views, *(Column(column.name, column.type) for column in events.columns))
