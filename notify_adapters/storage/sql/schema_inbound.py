"""Tables of what recipients send: texts, and their wish to get no more emails."""

import sqlalchemy as sa

from notify_adapters.storage.sql.metadata import metadata
from notify_adapters.storage.sql.types import UtcDateTime

inbound_texts = sa.Table(
    "inbound_texts",
    metadata,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("service_id", sa.Uuid(), nullable=False),
    sa.Column("notify_number", sa.String(), nullable=False),
    sa.Column("user_number_cipher", sa.String(), nullable=False),
    sa.Column("content_cipher", sa.Text(), nullable=False),
    sa.Column("supplier", sa.String(), nullable=False),
    sa.Column("supplier_reference", sa.String(), nullable=False),
    sa.Column("sent_at", UtcDateTime()),
    sa.Column("created_at", UtcDateTime(), nullable=False),
    sa.Index(None, "service_id", "created_at", "id"),
    sa.UniqueConstraint("supplier", "supplier_reference"),
)

unsubscribe_requests = sa.Table(
    "unsubscribe_requests",
    metadata,
    sa.Column("notification_id", sa.Uuid(), primary_key=True),
    sa.Column("service_id", sa.Uuid(), nullable=False),
    sa.Column("template_id", sa.Uuid(), nullable=False),
    sa.Column("template_version", sa.Integer(), nullable=False),
    sa.Column("recipient_cipher", sa.String(), nullable=False),
    sa.Column("requested_at", UtcDateTime(), nullable=False),
    sa.Index(None, "service_id", "requested_at", "notification_id"),
)
