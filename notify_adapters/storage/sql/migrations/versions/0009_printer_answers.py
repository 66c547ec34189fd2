"""What the printer and the post answer: files, sorted counts, returned letters."""

import sqlalchemy as sa
from alembic import op

from notify_adapters.storage.sql.types import UtcDateTime

revision: str = "0009"
down_revision: str | None = "0008"


def upgrade() -> None:
    op.create_table(
        "answer_files",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("printed", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("fault", sa.Text()),
        sa.Column("read_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_answer_files")),
    )
    op.create_index(op.f("ix_answer_files_found_at_name"), "answer_files", ["found_at", "name"])
    op.create_table(
        "sorted_counts",
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sorted", sa.Integer(), nullable=False),
        sa.Column("unsorted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("file_name", name=op.f("pk_sorted_counts")),
    )
    op.create_index(op.f("ix_sorted_counts_day"), "sorted_counts", ["day"])
    op.create_table(
        "waiting_answers",
        sa.Column("file_reference", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("cost_threshold", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("file_reference", name=op.f("pk_waiting_answers")),
    )
    op.create_table(
        "returned_letters",
        sa.Column("notification_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("reported_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("notification_id", name=op.f("pk_returned_letters")),
    )
    op.create_index(
        op.f("ix_returned_letters_service_id_reported_at_notification_id"),
        "returned_letters",
        ["service_id", "reported_at", "notification_id"],
    )


def downgrade() -> None:
    for name in ("returned_letters", "waiting_answers", "sorted_counts", "answer_files"):
        op.drop_table(name)
