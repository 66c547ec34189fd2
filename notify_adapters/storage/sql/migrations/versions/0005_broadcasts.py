"""Revisions and link tests, areas that wait to be simplified, what an operator assumed of a provider message.

Tables are locked in the order in which units of work come to them, those altered here by 0004 already, and indexes of
a large one are made unless they are there: see 0004.
"""

import sqlalchemy as sa
from alembic import op

from notify_adapters.storage.sql.types import UtcDateTime

revision: str = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    op.add_column("broadcast_messages", sa.Column("drawn_polygons", sa.JSON(), nullable=True))
    op.create_index(op.f("ix_broadcast_messages_created_at_id"), "broadcast_messages", ["created_at", "id"])
    op.add_column("broadcast_provider_messages", sa.Column("assumed", sa.String(), nullable=True))
    _create_broadcast_revisions()
    _create_link_tests()
    op.create_index(
        "ix_task_ledger_failed_dedupe",
        "task_ledger",
        ["dedupe"],
        sqlite_where=sa.text("state = 'failed' AND dedupe IS NOT NULL"),
        postgresql_where=sa.text("state = 'failed' AND dedupe IS NOT NULL"),
        if_not_exists=True,
    )


def downgrade() -> None:
    op.drop_index("ix_task_ledger_failed_dedupe", "task_ledger")
    op.drop_table("link_tests")
    op.drop_table("broadcast_revisions")
    op.drop_column("broadcast_provider_messages", "assumed")
    op.drop_index(op.f("ix_broadcast_messages_created_at_id"), "broadcast_messages")
    op.drop_column("broadcast_messages", "drawn_polygons")


def _create_broadcast_revisions() -> None:
    op.create_table(
        "broadcast_revisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("broadcast_message_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("simple_polygons", sa.JSON(), nullable=False),
        sa.Column("finishes_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("api_key_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("drawn_polygons", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast_revisions")),
    )
    op.create_index(
        op.f("ix_broadcast_revisions_broadcast_message_id_created_at_id"),
        "broadcast_revisions",
        ["broadcast_message_id", "created_at", "id"],
    )
    op.create_index(
        "uq_broadcast_revisions_pending",
        "broadcast_revisions",
        ["broadcast_message_id"],
        unique=True,
        sqlite_where=sa.text("status = 'pending-approval'"),
        postgresql_where=sa.text("status = 'pending-approval'"),
    )


def _create_link_tests() -> None:
    op.create_table(
        "link_tests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("route", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("message_number", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", "route", name=op.f("pk_link_tests")),
    )
    op.create_index(op.f("ix_link_tests_at_id_route"), "link_tests", ["at", "id", "route"])
