"""Indexes for what is looked up, no second default, and how often a ledger row's claim ran out.

Indexes of a table that may be large are made unless they are there: who has millions of rows makes them before,
CONCURRENTLY (docs/operations.md). Tables are locked in the order in which units of work come to them, the ledger
last, since nobody gets past a lock until all is done: this revision and those that follow it.
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"

WITH_DEFAULTS = ("reply_tos", "sms_senders")


def upgrade() -> None:
    _index_notifications()
    for name in WITH_DEFAULTS:
        _end_second_defaults(name)
        op.create_index(
            f"uq_{name}_default",
            name,
            ["service_id"],
            unique=True,
            sqlite_where=sa.text("is_default"),
            postgresql_where=sa.text("is_default"),
        )
    # 0005 alters them, in the same transaction, when the ledger is locked.
    _lock("broadcast_messages", "broadcast_provider_messages")
    # A constant default: neither database rewrites the rows.
    op.add_column("task_ledger", sa.Column("lost", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("task_ledger", "lost")
    for name in WITH_DEFAULTS:
        op.drop_index(f"uq_{name}_default", name)
    op.create_index(op.f("ix_notifications_service_id_reference"), "notifications", ["service_id", "reference"])
    op.drop_index("ix_notifications_reference", "notifications")
    op.drop_index("ix_notifications_created", "notifications")


def _index_notifications() -> None:
    # Needed to drop an index. Asked for later it could wait for who waits for us.
    _lock("notifications")
    op.create_index(
        "ix_notifications_created",
        "notifications",
        ["created_at", "id"],
        sqlite_where=sa.text("status = 'created'"),
        postgresql_where=sa.text("status = 'created'"),
        if_not_exists=True,
    )
    op.create_index(
        "ix_notifications_reference",
        "notifications",
        ["service_id", sa.text("substr(reference, 1, 200)"), "created_at", "id"],
        if_not_exists=True,
    )
    op.drop_index(op.f("ix_notifications_service_id_reference"), "notifications")


def _lock(*tables: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")


def _end_second_defaults(name: str) -> None:
    table = sa.table(
        name, sa.column("id", sa.Uuid()), sa.column("service_id", sa.Uuid()), sa.column("is_default", sa.Boolean())
    )
    first = table.alias("first")
    before = sa.exists().where(first.c.service_id == table.c.service_id, first.c.is_default, first.c.id < table.c.id)
    op.execute(sa.update(table).where(table.c.is_default, before).values(is_default=False))
