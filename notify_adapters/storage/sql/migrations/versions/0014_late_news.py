"""By what suppliers call the emails in the history, of which people still complain; how complaints end; when a supplier
was last slow."""

import sqlalchemy as sa
from alembic import op

from notify_adapters.storage.sql.types import UtcDateTime

revision: str = "0014"
down_revision: str | None = "0013"

_NAME = "ix_history_supplier_reference"
_HAS_REFERENCE = sa.text("supplier_reference IS NOT NULL")


def upgrade() -> None:
    op.add_column("supplier_balances", sa.Column("slowed_at", UtcDateTime(), nullable=True))
    op.create_index(op.f("ix_complaints_service_id_received_at_id"), "complaints", ["service_id", "received_at", "id"])
    op.add_column("history", sa.Column("supplier_reference", sa.String(), nullable=True))
    op.create_index(
        _NAME,
        "history",
        ["sent_by", "supplier_reference"],
        sqlite_where=_HAS_REFERENCE,
        postgresql_where=_HAS_REFERENCE,
    )


def downgrade() -> None:
    op.drop_index(_NAME, "history")
    with op.batch_alter_table("history") as table:
        table.drop_column("supplier_reference")
    op.drop_index(op.f("ix_complaints_service_id_received_at_id"), "complaints")
    with op.batch_alter_table("supplier_balances") as table:
        table.drop_column("slowed_at")
