"""How messages are shared out among suppliers, texts in the order of their sending, countries that send no receipts."""

import sqlalchemy as sa
from alembic import op

from notify_adapters.storage.sql.types import UtcDateTime

revision: str = "0012"
down_revision: str | None = "0011"

_SENT_TEXTS = "channel = 'sms' AND sent_at IS NOT NULL"


def upgrade() -> None:
    op.create_table(
        "supplier_balances",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("shares", sa.JSON(), nullable=False),
        sa.Column("disturbed_at", UtcDateTime()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_supplier_balances")),
    )
    op.add_column("sms_rates", sa.Column("without_receipts", sa.JSON()))
    where = sa.text(_SENT_TEXTS)
    op.create_index(
        "ix_notifications_sent_texts", "notifications", ["sent_at"], sqlite_where=where, postgresql_where=where
    )


def downgrade() -> None:
    op.drop_index("ix_notifications_sent_texts", table_name="notifications")
    op.drop_column("sms_rates", "without_receipts")
    op.drop_table("supplier_balances")
