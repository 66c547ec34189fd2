"""Tables of jobs and of what is wrong with their rows. The rows themselves are in the uploaded file, and what became
of them in ``notifications`` and ``letters``."""

import sqlalchemy as sa

from notify_adapters.storage.sql.metadata import metadata
from notify_adapters.storage.sql.types import UtcDateTime

# What sweeps look at; an archived job is only listed.
IS_KEPT = sa.text("archived_at IS NULL")

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("service_id", sa.Uuid(), nullable=False),
    sa.Column("template_id", sa.Uuid(), nullable=False),
    sa.Column("template_version", sa.Integer(), nullable=False),
    sa.Column("channel", sa.String(), nullable=False),
    # Names of files tell of people as often as not.
    sa.Column("original_file_name_cipher", sa.String(), nullable=False),
    sa.Column("created_by", sa.Uuid()),
    sa.Column("sender", sa.String()),
    sa.Column("status", sa.String(), nullable=False),
    sa.Column("notification_count", sa.Integer(), nullable=False),
    sa.Column("next_row", sa.Integer(), nullable=False),
    sa.Column("created_at", UtcDateTime(), nullable=False),
    sa.Column("scheduled_for", UtcDateTime()),
    sa.Column("progressed_at", UtcDateTime(), nullable=False),
    sa.Column("processing_started", UtcDateTime()),
    sa.Column("processing_finished", UtcDateTime()),
    sa.Column("archived_at", UtcDateTime()),
    sa.Column("reason", sa.String()),
    sa.Column("lease_holder", sa.String()),
    # Microseconds of database time.
    sa.Column("leased_until_us", sa.BigInteger()),
    sa.Index(None, "service_id", "created_at", "id"),
    sa.Index("ix_jobs_kept", "status", "created_at", "id", sqlite_where=IS_KEPT, postgresql_where=IS_KEPT),
)

job_errors = sa.Table(
    "job_errors",
    metadata,
    sa.Column("job_id", sa.Uuid(), primary_key=True),
    sa.Column("row", sa.Integer(), primary_key=True, autoincrement=False),
    # A column of the template, or empty: what is wrong is wrong with the row as a whole.
    sa.Column("column", sa.String(), primary_key=True),
    sa.Column("message", sa.String(), nullable=False),
)
