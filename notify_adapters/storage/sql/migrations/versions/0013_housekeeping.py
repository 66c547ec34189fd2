"""History, and processing time per day."""

import sqlalchemy as sa
from alembic import op

from notify_adapters.storage.sql.types import UtcDateTime

revision: str = "0013"
down_revision: str | None = "0012"


def upgrade() -> None:
    op.create_table(
        "history",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("key_type", sa.String(), nullable=False),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
    )
    op.create_index(op.f("ix_history_service_id_created_at_id"), "history", ["service_id", "created_at", "id"])
    is_a_letter = sa.text("file_reference IS NOT NULL")
    op.create_index(
        "ix_history_file_reference",
        "history",
        ["file_reference"],
        sqlite_where=is_a_letter,
        postgresql_where=is_a_letter,
    )
    op.create_table(
        "processing_times",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("within_ten_seconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_processing_times")),
    )


def downgrade() -> None:
    op.drop_table("processing_times")
    op.drop_table("history")
