"""Print runs and their zips. Which letters a run has found is noted with the letters (``print_run``)."""

import sqlalchemy as sa

from notify_adapters.storage.sql.metadata import metadata
from notify_adapters.storage.sql.types import UtcDateTime

print_runs = sa.Table(
    "print_runs",
    metadata,
    sa.Column("deadline", UtcDateTime(), primary_key=True),
    sa.Column("started_at", UtcDateTime(), nullable=False),
    sa.Column("volumes", sa.JSON(), nullable=False),
)

print_groups = sa.Table(
    "print_groups",
    metadata,
    sa.Column("zip_name", sa.String(), primary_key=True),
    sa.Column("deadline", UtcDateTime(), nullable=False),
    sa.Column("postage", sa.String(), nullable=False),
    sa.Column("number", sa.Integer(), nullable=False),
    sa.Column("service_id", sa.Uuid(), nullable=False),
    sa.Column("keys", sa.JSON(), nullable=False),
    sa.Column("letters", sa.Integer(), nullable=False),
    sa.Column("sheets", sa.Integer(), nullable=False),
    sa.Column("pdf_bytes", sa.BigInteger(), nullable=False),
    sa.Column("zip_bytes", sa.BigInteger()),
    sa.Column("checksum", sa.String(64)),
    sa.Column("uploaded_at", UtcDateTime()),
    sa.Column("sent_at", UtcDateTime()),
    sa.Column("sent_by", sa.String()),
    sa.UniqueConstraint("deadline", "postage", "number"),
)
