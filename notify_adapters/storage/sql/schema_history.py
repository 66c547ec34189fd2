"""The tables of what is kept of messages for good, and of what was counted."""

import sqlalchemy as sa

from notify_adapters.storage.sql.metadata import metadata
from notify_adapters.storage.sql.types import UtcDateTime

IS_A_LETTER = sa.text("file_reference IS NOT NULL")
HAS_REFERENCE = sa.text("supplier_reference IS NOT NULL")

history = sa.Table(
    "history",
    metadata,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("service_id", sa.Uuid(), nullable=False),
    sa.Column("channel", sa.String(), nullable=False),
    sa.Column("template_id", sa.Uuid(), nullable=False),
    sa.Column("template_version", sa.Integer(), nullable=False),
    sa.Column("key_type", sa.String(), nullable=False),
    # Whether it came through the API: no key is kept.
    sa.Column("by_api", sa.Boolean(), nullable=False),
    sa.Column("created_at", UtcDateTime(), nullable=False),
    sa.Column("status", sa.String(), nullable=False),
    sa.Column("international", sa.Boolean(), nullable=False),
    sa.Column("units", sa.Integer(), nullable=False),
    sa.Column("rate_multiplier", sa.Integer(), nullable=False),
    sa.Column("job_id", sa.Uuid()),
    sa.Column("job_row", sa.Integer()),
    sa.Column("reference", sa.String()),
    sa.Column("sent_by", sa.String()),
    sa.Column("sent_at", UtcDateTime()),
    sa.Column("completed_at", UtcDateTime()),
    sa.Column("postage", sa.String()),
    sa.Column("file_reference", sa.String(16)),
    sa.Column("upload_file_name", sa.String()),
    # Of emails: complaints of them come late.
    sa.Column("supplier_reference", sa.String()),
    sa.Index(None, "service_id", "created_at", "id"),
    sa.Index("ix_history_file_reference", "file_reference", sqlite_where=IS_A_LETTER, postgresql_where=IS_A_LETTER),
    sa.Index(
        "ix_history_supplier_reference",
        "sent_by",
        "supplier_reference",
        sqlite_where=HAS_REFERENCE,
        postgresql_where=HAS_REFERENCE,
    ),
)

processing_times = sa.Table(
    "processing_times",
    metadata,
    sa.Column("day", sa.Date(), primary_key=True),
    sa.Column("total", sa.Integer(), nullable=False),
    sa.Column("within_ten_seconds", sa.Integer(), nullable=False),
)
