"""Print runs and their zips."""

import sqlalchemy as sa
from alembic import op

from notify_adapters.storage.sql.types import UtcDateTime

revision: str = "0008"
down_revision: str | None = "0007"

_FOUND = sa.text("print_run IS NOT NULL AND print_group IS NULL AND status = 'created' AND key_type = 'normal'")


def upgrade() -> None:
    op.create_table(
        "print_runs",
        sa.Column("deadline", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("volumes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("deadline", name=op.f("pk_print_runs")),
    )
    op.create_table(
        "print_groups",
        sa.Column("zip_name", sa.String(), nullable=False),
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
        sa.PrimaryKeyConstraint("zip_name", name=op.f("pk_print_groups")),
        sa.UniqueConstraint("deadline", "postage", "number", name=op.f("uq_print_groups_deadline_postage_number")),
    )
    op.add_column("letters", sa.Column("print_run", UtcDateTime()))
    columns = ["print_run", "postage", "service_id", "created_at", "id"]
    op.create_index("ix_letters_found", "letters", columns, sqlite_where=_FOUND, postgresql_where=_FOUND)


def downgrade() -> None:
    op.drop_index("ix_letters_found", "letters")
    op.drop_column("letters", "print_run")
    op.drop_table("print_groups")
    op.drop_table("print_runs")
