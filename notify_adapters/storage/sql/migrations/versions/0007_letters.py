"""Letters."""

import sqlalchemy as sa
from alembic import op

from notify_adapters.storage.sql.types import UtcDateTime

revision: str = "0007"
down_revision: str | None = "0006"


def upgrade() -> None:
    op.create_table(
        "letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("file_reference", sa.String(16), nullable=False),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("file_reference", name=op.f("uq_letters_file_reference")),
    )
    op.create_index(op.f("ix_letters_service_id_created_at_id"), "letters", ["service_id", "created_at", "id"])
    indexes: tuple[tuple[str, list[str | sa.TextClause], str], ...] = (
        (
            "ix_letters_unfinished",
            ["status", "created_at", "id"],
            "status IN ('pending-virus-check', 'created', 'sending')",
        ),
        ("ix_letters_print_group", ["print_group"], "print_group IS NOT NULL"),
        ("ix_letters_job", ["job_id", "job_row"], "job_id IS NOT NULL"),
        ("ix_letters_of_no_job", ["service_id", "created_at", "id"], "job_id IS NULL"),
        (
            "ix_letters_own_reference",
            ["service_id", sa.text("substr(reference, 1, 200)"), "created_at", "id"],
            "substr(reference, 1, 200) IS NOT NULL",
        ),
    )
    for name, columns, where in indexes:
        op.create_index(name, "letters", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    op.drop_table("letters")
