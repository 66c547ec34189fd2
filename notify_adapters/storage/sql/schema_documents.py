"""The table of files that go by email; their bytes are in the documents store."""

import sqlalchemy as sa

from notify_adapters.storage.sql.metadata import metadata
from notify_adapters.storage.sql.types import UtcDateTime

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("service_id", sa.Uuid(), nullable=False),
    sa.Column("notification_id", sa.Uuid(), index=True),
    # Of the key in the link, which is nowhere kept.
    sa.Column("key_hash", sa.String(64), nullable=False),
    sa.Column("filename_cipher", sa.String()),
    sa.Column("mime_type", sa.String(), nullable=False),
    sa.Column("size", sa.Integer(), nullable=False),
    # Whose address opens it; null where the link alone does.
    sa.Column("recipient_index", sa.String()),
    sa.Column("recipient_cipher", sa.String()),
    sa.Column("created_at", UtcDateTime(), nullable=False),
    sa.Column("expires_at", UtcDateTime(), nullable=False, index=True),
)
