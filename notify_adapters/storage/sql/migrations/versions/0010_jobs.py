"""Jobs, the errors of their rows, and which row a message is."""

import sqlalchemy as sa
from alembic import op

from notify_adapters.storage.sql.types import UtcDateTime

revision: str = "0010"
down_revision: str | None = "0009"


def upgrade() -> None:
    op.add_column("notifications", sa.Column("job_id", sa.Uuid(), nullable=True))
    op.add_column("notifications", sa.Column("job_row", sa.Integer(), nullable=True))
    op.create_index(
        "ix_notifications_job",
        "notifications",
        ["job_id", "job_row"],
        sqlite_where=sa.text("job_id IS NOT NULL"),
        postgresql_where=sa.text("job_id IS NOT NULL"),
        if_not_exists=True,
    )
    op.create_index(
        "ix_notifications_of_no_job",
        "notifications",
        ["service_id", "created_at", "id"],
        sqlite_where=sa.text("job_id IS NULL"),
        postgresql_where=sa.text("job_id IS NULL"),
        if_not_exists=True,
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("original_file_name_cipher", sa.String(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("sender", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("notification_count", sa.Integer(), nullable=False),
        sa.Column("next_row", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("scheduled_for", UtcDateTime(), nullable=True),
        sa.Column("progressed_at", UtcDateTime(), nullable=False),
        sa.Column("processing_started", UtcDateTime(), nullable=True),
        sa.Column("processing_finished", UtcDateTime(), nullable=True),
        sa.Column("archived_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("lease_holder", sa.String(), nullable=True),
        sa.Column("leased_until_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index(op.f("ix_jobs_service_id_created_at_id"), "jobs", ["service_id", "created_at", "id"])
    op.create_index(
        "ix_jobs_kept",
        "jobs",
        ["status", "created_at", "id"],
        sqlite_where=sa.text("archived_at IS NULL"),
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_table(
        "job_errors",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("column", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("job_id", "row", "column", name=op.f("pk_job_errors")),
    )


def downgrade() -> None:
    op.drop_table("job_errors")
    op.drop_table("jobs")
    op.drop_index("ix_notifications_of_no_job", "notifications")
    op.drop_index("ix_notifications_job", "notifications")
    op.drop_column("notifications", "job_row")
    op.drop_column("notifications", "job_id")
