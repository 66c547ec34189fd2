"""The table of tickets."""

import sqlalchemy as sa

from notify_adapters.storage.sql.metadata import metadata
from notify_adapters.storage.sql.types import UtcDateTime

tickets = sa.Table(
    "tickets",
    metadata,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("subject", sa.String(), nullable=False),
    sa.Column("body", sa.String(), nullable=False),
    sa.Column("priority", sa.String(), nullable=False),
    sa.Column("created_at", UtcDateTime(), nullable=False),
    sa.Column("raised_at", UtcDateTime()),
    sa.Index(None, "created_at", "id"),
)
