"""Tables of messages to one recipient, whatever the channel, and of receipts that came too early."""

import sqlalchemy as sa

from notify_adapters.storage.sql.metadata import metadata
from notify_adapters.storage.sql.references import HAS_REFERENCE, start_of
from notify_adapters.storage.sql.types import UtcDateTime

# What still waits for an end. Written out in queries as well: a partial index is used only where
# the query's own condition is visibly the index's, and a bound parameter is not visible.
UNFINISHED = ("created", "pending", "sending")
IS_CREATED = sa.text("status = 'created'")
# What a message has later, or never, is in no index before: its acceptance writes to as few as can be.
# Every minute those of the last ten are looked at. Of texts only: of them there are several suppliers to choose from.
IS_SENT_TEXT = sa.text("channel = 'sms' AND sent_at IS NOT NULL")
HAS_SUPPLIER_REFERENCE = sa.text("supplier_reference IS NOT NULL")
HAS_JOB = sa.text("job_id IS NOT NULL")
# The list of messages leaves those of uploads out, of which there may be a hundred thousand between two others.
HAS_NO_JOB = sa.text("job_id IS NULL")

notifications = sa.Table(
    "notifications",
    metadata,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("service_id", sa.Uuid(), nullable=False),
    sa.Column("channel", sa.String(), nullable=False),
    sa.Column("template_id", sa.Uuid(), nullable=False),
    sa.Column("template_version", sa.Integer(), nullable=False),
    sa.Column("to_cipher", sa.String(), nullable=False),
    sa.Column("recipient_cipher", sa.String(), nullable=False),
    sa.Column("recipient_index", sa.String(), nullable=False),
    sa.Column("personalisation_cipher", sa.String()),
    sa.Column("key_type", sa.String(), nullable=False),
    sa.Column("api_key_id", sa.Uuid()),
    sa.Column("created_at", UtcDateTime(), nullable=False),
    sa.Column("status", sa.String(), nullable=False),
    sa.Column("reference", sa.String()),
    sa.Column("sender", sa.String()),
    sa.Column("reply_to", sa.String()),
    sa.Column("international", sa.Boolean(), nullable=False),
    sa.Column("rate_multiplier", sa.Integer(), nullable=False),
    sa.Column("billable_units", sa.Integer(), nullable=False),
    sa.Column("scheduled_for", UtcDateTime()),
    # The address names its recipient to whoever made it.
    sa.Column("one_click_unsubscribe_url_cipher", sa.String()),
    sa.Column("sent_by", sa.String()),
    sa.Column("supplier_reference", sa.String()),
    sa.Column("sent_at", UtcDateTime()),
    sa.Column("completed_at", UtcDateTime()),
    sa.Column("updated_at", UtcDateTime()),
    sa.Column("job_id", sa.Uuid()),
    sa.Column("job_row", sa.Integer()),
    sa.Index("ix_notifications_job", "job_id", "job_row", sqlite_where=HAS_JOB, postgresql_where=HAS_JOB),
    sa.Index(None, "service_id", "created_at", "id"),
    sa.Index(
        "ix_notifications_of_no_job",
        "service_id",
        "created_at",
        "id",
        sqlite_where=HAS_NO_JOB,
        postgresql_where=HAS_NO_JOB,
    ),
    sa.Index(
        "ix_notifications_supplier_reference",
        "sent_by",
        "supplier_reference",
        sqlite_where=HAS_SUPPLIER_REFERENCE,
        postgresql_where=HAS_SUPPLIER_REFERENCE,
    ),
)
_unfinished = notifications.c.status.in_(UNFINISHED)
sa.Index(
    "ix_notifications_unfinished",
    notifications.c.created_at,
    notifications.c.id,
    sqlite_where=_unfinished,
    postgresql_where=_unfinished,
)
sa.Index(
    "ix_notifications_created",
    notifications.c.created_at,
    notifications.c.id,
    sqlite_where=IS_CREATED,
    postgresql_where=IS_CREATED,
)
sa.Index(
    "ix_notifications_sent_texts",
    notifications.c.sent_at,
    sqlite_where=IS_SENT_TEXT,
    postgresql_where=IS_SENT_TEXT,
)
sa.Index(
    "ix_notifications_own_reference",
    notifications.c.service_id,
    start_of(notifications.c.reference),
    notifications.c.created_at,
    notifications.c.id,
    sqlite_where=HAS_REFERENCE,
    postgresql_where=HAS_REFERENCE,
)

early_receipts = sa.Table(
    "early_receipts",
    metadata,
    sa.Column("number", sa.Integer(), primary_key=True, autoincrement=True),
    sa.Column("supplier", sa.String(), nullable=False),
    sa.Column("reference", sa.String(), nullable=False),
    sa.Column("outcome", sa.String(), nullable=False),
    sa.Column("detail", sa.String()),
    sa.Column("received_at", UtcDateTime(), nullable=False, index=True),
    sa.Index(None, "supplier", "reference"),
)
