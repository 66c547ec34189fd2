"""Tables of what services are told about, and of what became of telling them."""

import sqlalchemy as sa

from notify_adapters.storage.sql.metadata import metadata
from notify_adapters.storage.sql.types import UtcDateTime

complaints = sa.Table(
    "complaints",
    metadata,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("notification_id", sa.Uuid(), nullable=False),
    sa.Column("service_id", sa.Uuid(), nullable=False),
    sa.Column("supplier", sa.String(), nullable=False),
    sa.Column("supplier_reference", sa.String(), nullable=False),
    sa.Column("complained_at", UtcDateTime(), nullable=False),
    sa.Column("received_at", UtcDateTime(), nullable=False),
    sa.Column("detail", sa.String()),
    sa.UniqueConstraint("supplier", "supplier_reference"),
    sa.Index(None, "service_id", "received_at", "id"),
)

callback_attempts = sa.Table(
    "callback_attempts",
    metadata,
    # In the order of their writing, where clocks of several processes say the same time.
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("delivery_id", sa.Uuid(), nullable=False, index=True),
    sa.Column("service_id", sa.Uuid(), nullable=False),
    sa.Column("type", sa.String(), nullable=False),
    sa.Column("at", UtcDateTime(), nullable=False),
    sa.Column("duration_us", sa.BigInteger(), nullable=False),
    sa.Column("status", sa.Integer()),
    sa.Column("problem", sa.String()),
    sa.Index(None, "service_id", "at", "number"),
)

callback_circuits = sa.Table(
    "callback_circuits",
    metadata,
    sa.Column("service_id", sa.Uuid(), primary_key=True),
    sa.Column("type", sa.String(), primary_key=True),
    sa.Column("state", sa.String(), nullable=False),
    sa.Column("failures", sa.Integer(), nullable=False),
    sa.Column("probe_at", UtcDateTime()),
)
