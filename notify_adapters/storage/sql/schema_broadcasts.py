"""Tables of emergency alerts. What is broadcast is public, so nothing here is encrypted."""

import sqlalchemy as sa

from notify_adapters.storage.sql.metadata import metadata
from notify_adapters.storage.sql.types import UtcDateTime

broadcast_messages = sa.Table(
    "broadcast_messages",
    metadata,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("service_id", sa.Uuid(), nullable=False),
    sa.Column("content", sa.String(), nullable=False),
    sa.Column("status", sa.String(), nullable=False),
    sa.Column("created_at", UtcDateTime(), nullable=False),
    sa.Column("areas", sa.JSON(), nullable=False),
    sa.Column("simple_polygons", sa.JSON(), nullable=False),
    sa.Column("reference", sa.String()),
    sa.Column("template_id", sa.Uuid()),
    sa.Column("template_version", sa.Integer()),
    sa.Column("template_name", sa.String()),
    sa.Column("personalisation", sa.JSON(none_as_null=True)),
    sa.Column("starts_at", UtcDateTime()),
    sa.Column("finishes_at", UtcDateTime()),
    sa.Column("approved_at", UtcDateTime()),
    sa.Column("cancelled_at", UtcDateTime()),
    sa.Column("updated_at", UtcDateTime()),
    sa.Column("created_by_id", sa.Uuid()),
    sa.Column("approved_by_id", sa.Uuid()),
    sa.Column("cancelled_by_id", sa.Uuid()),
    sa.Column("api_key_id", sa.Uuid()),
    sa.Column("edited_by", sa.JSON(), nullable=False),
    sa.Column("stubbed", sa.String()),
    sa.Column("drawn_polygons", sa.JSON(none_as_null=True)),
    sa.Index(None, "service_id", "created_at", "id"),
    sa.Index(None, "created_at", "id"),
    sa.Index(None, "status", "finishes_at", "id"),
)

broadcast_events = sa.Table(
    "broadcast_events",
    metadata,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("service_id", sa.Uuid(), nullable=False),
    sa.Column("broadcast_message_id", sa.Uuid(), nullable=False),
    sa.Column("number", sa.Integer(), nullable=False),
    sa.Column("type", sa.String(), nullable=False),
    sa.Column("sent_at", UtcDateTime(), nullable=False),
    sa.Column("content", sa.String(), nullable=False),
    sa.Column("areas", sa.JSON(), nullable=False),
    sa.Column("simple_polygons", sa.JSON(), nullable=False),
    sa.Column("sender", sa.String(), nullable=False),
    sa.Column("headline", sa.String(), nullable=False),
    sa.Column("starts_at", UtcDateTime(), nullable=False),
    sa.Column("finishes_at", UtcDateTime(), nullable=False),
    sa.Column("channel", sa.String(), nullable=False),
    sa.Column("providers", sa.JSON(), nullable=False),
    sa.UniqueConstraint("broadcast_message_id", "number"),
)

broadcast_provider_messages = sa.Table(
    "broadcast_provider_messages",
    metadata,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("broadcast_event_id", sa.Uuid(), nullable=False),
    sa.Column("broadcast_message_id", sa.Uuid(), nullable=False, index=True),
    sa.Column("provider", sa.String(), nullable=False),
    sa.Column("created_at", UtcDateTime(), nullable=False),
    sa.Column("status", sa.String(), nullable=False),
    sa.Column("message_number", sa.String()),
    sa.Column("updated_at", UtcDateTime()),
    sa.Column("assumed", sa.String()),
    sa.UniqueConstraint("broadcast_event_id", "provider"),
)

broadcast_attempts = sa.Table(
    "broadcast_attempts",
    metadata,
    sa.Column("number", sa.Integer(), primary_key=True, autoincrement=True),
    sa.Column("provider_message_id", sa.Uuid(), nullable=False, index=True),
    sa.Column("at", UtcDateTime(), nullable=False),
    sa.Column("route", sa.Integer(), nullable=False),
    sa.Column("outcome", sa.String(), nullable=False),
    sa.Column("detail", sa.String()),
    sqlite_autoincrement=True,
)

# One sequence for all networks, the same way on every database: a row for each number given out.
message_numbers = sa.Table(
    "message_numbers",
    metadata,
    sa.Column("number", sa.Integer(), primary_key=True, autoincrement=True),
    sqlite_autoincrement=True,
)

IS_PENDING = sa.text("status = 'pending-approval'")

broadcast_revisions = sa.Table(
    "broadcast_revisions",
    metadata,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("service_id", sa.Uuid(), nullable=False),
    sa.Column("broadcast_message_id", sa.Uuid(), nullable=False),
    sa.Column("content", sa.String(), nullable=False),
    sa.Column("areas", sa.JSON(), nullable=False),
    sa.Column("simple_polygons", sa.JSON(), nullable=False),
    sa.Column("finishes_at", UtcDateTime(), nullable=False),
    sa.Column("created_at", UtcDateTime(), nullable=False),
    sa.Column("status", sa.String(), nullable=False),
    sa.Column("created_by_id", sa.Uuid()),
    sa.Column("api_key_id", sa.Uuid()),
    sa.Column("decided_at", UtcDateTime()),
    sa.Column("decided_by_id", sa.Uuid()),
    sa.Column("drawn_polygons", sa.JSON(none_as_null=True)),
    sa.Index(None, "broadcast_message_id", "created_at", "id"),
    # At most one of a message waits for a second person.
    sa.Index(
        "uq_broadcast_revisions_pending",
        "broadcast_message_id",
        unique=True,
        sqlite_where=IS_PENDING,
        postgresql_where=IS_PENDING,
    ),
)

link_tests = sa.Table(
    "link_tests",
    metadata,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("route", sa.Integer(), primary_key=True, autoincrement=False),
    sa.Column("provider", sa.String(), nullable=False),
    sa.Column("message_number", sa.String()),
    sa.Column("at", UtcDateTime(), nullable=False),
    sa.Column("outcome", sa.String(), nullable=False),
    sa.Column("detail", sa.String()),
    sa.Column("seconds", sa.Float(), nullable=False),
    sa.Index(None, "at", "id", "route"),
)

cap_submissions = sa.Table(
    "cap_submissions",
    metadata,
    sa.Column("service_id", sa.Uuid(), primary_key=True),
    sa.Column("identifier", sa.String(), primary_key=True),
    sa.Column("sender", sa.String(), primary_key=True),
    sa.Column("sent", sa.String(), primary_key=True),
    sa.Column("broadcast_message_id", sa.Uuid(), nullable=False),
    sa.Column("received_at", UtcDateTime(), nullable=False),
)
