"""The table of letters. What is looked for later, or by few, is in partial indexes: see notifications."""

import sqlalchemy as sa

from notify_adapters.storage.sql.metadata import metadata
from notify_adapters.storage.sql.references import HAS_REFERENCE, start_of
from notify_adapters.storage.sql.types import UtcDateTime

# Literal in queries as well, so that the indexes are used.
IS_UNFINISHED = sa.text("status IN ('pending-virus-check', 'created', 'sending')")
IS_FOUND = sa.text("print_run IS NOT NULL AND print_group IS NULL AND status = 'created' AND key_type = 'normal'")
IS_IN_A_GROUP = sa.text("print_group IS NOT NULL")
IS_OF_A_JOB = sa.text("job_id IS NOT NULL")
IS_OF_NO_JOB = sa.text("job_id IS NULL")

letters = sa.Table(
    "letters",
    metadata,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("service_id", sa.Uuid(), nullable=False),
    sa.Column("template_id", sa.Uuid(), nullable=False),
    sa.Column("template_version", sa.Integer(), nullable=False),
    sa.Column("file_reference", sa.String(16), nullable=False, unique=True),
    sa.Column("to_cipher", sa.Text(), nullable=False),
    sa.Column("personalisation_cipher", sa.Text()),
    sa.Column("key_type", sa.String(), nullable=False),
    sa.Column("created_at", UtcDateTime(), nullable=False),
    sa.Column("status", sa.String(), nullable=False),
    sa.Column("postage", sa.String(), nullable=False),
    sa.Column("international", sa.Boolean(), nullable=False),
    sa.Column("precompiled", sa.Boolean(), nullable=False),
    sa.Column("api_key_id", sa.Uuid()),
    sa.Column("job_id", sa.Uuid()),
    sa.Column("job_row", sa.Integer()),
    sa.Column("reference", sa.String()),
    sa.Column("upload_file_name", sa.String()),
    sa.Column("pages", sa.Integer(), nullable=False),
    sa.Column("sheets", sa.Integer(), nullable=False),
    sa.Column("pdf_bucket", sa.String()),
    sa.Column("pdf_key", sa.String()),
    sa.Column("pdf_bytes", sa.Integer()),
    sa.Column("print_group", sa.String()),
    sa.Column("cost_threshold", sa.String()),
    sa.Column("sent_by", sa.String()),
    sa.Column("sent_at", UtcDateTime()),
    sa.Column("completed_at", UtcDateTime()),
    sa.Column("updated_at", UtcDateTime()),
    # The deadline of the print run that has found its PDF.
    sa.Column("print_run", UtcDateTime()),
    sa.Index(None, "service_id", "created_at", "id"),
    sa.Index(
        "ix_letters_of_no_job",
        "service_id",
        "created_at",
        "id",
        sqlite_where=IS_OF_NO_JOB,
        postgresql_where=IS_OF_NO_JOB,
    ),
    sa.Index(
        "ix_letters_unfinished",
        "status",
        "created_at",
        "id",
        sqlite_where=IS_UNFINISHED,
        postgresql_where=IS_UNFINISHED,
    ),
    sa.Index(
        "ix_letters_found",
        "print_run",
        "postage",
        "service_id",
        "created_at",
        "id",
        sqlite_where=IS_FOUND,
        postgresql_where=IS_FOUND,
    ),
    sa.Index("ix_letters_print_group", "print_group", sqlite_where=IS_IN_A_GROUP, postgresql_where=IS_IN_A_GROUP),
    sa.Index("ix_letters_job", "job_id", "job_row", sqlite_where=IS_OF_A_JOB, postgresql_where=IS_OF_A_JOB),
)
sa.Index(
    "ix_letters_own_reference",
    letters.c.service_id,
    start_of(letters.c.reference),
    letters.c.created_at,
    letters.c.id,
    sqlite_where=HAS_REFERENCE,
    postgresql_where=HAS_REFERENCE,
)
