"""The table of templates: a row a version; the highest is current."""

import sqlalchemy as sa

from notify_adapters.storage.sql.metadata import metadata
from notify_adapters.storage.sql.types import UtcDateTime

template_versions = sa.Table(
    "template_versions",
    metadata,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
    sa.Column("service_id", sa.Uuid(), nullable=False, index=True),
    sa.Column("name", sa.String(), nullable=False),
    sa.Column("type", sa.String(), nullable=False),
    sa.Column("content", sa.String(), nullable=False),
    sa.Column("created_at", UtcDateTime(), nullable=False),
    sa.Column("subject", sa.String()),
    sa.Column("updated_at", UtcDateTime()),
    sa.Column("created_by", sa.String()),
    sa.Column("process_type", sa.String(), nullable=False),
    sa.Column("postage", sa.String()),
    sa.Column("letter_contact_block", sa.String()),
    sa.Column("archived", sa.Boolean(), nullable=False),
    sa.Column("has_unsubscribe_link", sa.Boolean(), nullable=False, server_default=sa.false()),
)
