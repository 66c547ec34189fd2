"""Answers to be repeated, daily use, texts received, unsubscribe requests, files by email, rates; and messages are in
those indexes only that look for what they have.

Tables are locked in the order of 0004, and indexes of a large one are made unless they are there: see there.
"""

import sqlalchemy as sa
from alembic import op

from notify_adapters.storage.sql.types import UtcDateTime

revision: str = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    _index_what_messages_have()
    op.add_column(
        "template_versions",
        sa.Column("has_unsubscribe_link", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    _create_requests()
    _create_inbound()
    _create_documents()
    _create_rates()


def downgrade() -> None:
    for table in (
        "letter_rates",
        "sms_rates",
        "documents",
        "unsubscribe_requests",
        "inbound_texts",
        "daily_usage",
        "idempotency_records",
    ):
        op.drop_table(table)
    op.drop_column("template_versions", "has_unsubscribe_link")
    op.create_index(
        op.f("ix_notifications_sent_by_supplier_reference"), "notifications", ["sent_by", "supplier_reference"]
    )
    op.create_index(
        "ix_notifications_reference",
        "notifications",
        ["service_id", sa.text("substr(reference, 1, 200)"), "created_at", "id"],
    )
    op.drop_index("ix_notifications_supplier_reference", "notifications")
    op.drop_index("ix_notifications_own_reference", "notifications")


def _index_what_messages_have() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("LOCK TABLE notifications IN ACCESS EXCLUSIVE MODE")
    op.create_index(
        "ix_notifications_supplier_reference",
        "notifications",
        ["sent_by", "supplier_reference"],
        sqlite_where=sa.text("supplier_reference IS NOT NULL"),
        postgresql_where=sa.text("supplier_reference IS NOT NULL"),
        if_not_exists=True,
    )
    op.create_index(
        "ix_notifications_own_reference",
        "notifications",
        ["service_id", sa.text("substr(reference, 1, 200)"), "created_at", "id"],
        sqlite_where=sa.text("substr(reference, 1, 200) IS NOT NULL"),
        postgresql_where=sa.text("substr(reference, 1, 200) IS NOT NULL"),
        if_not_exists=True,
    )
    op.drop_index(op.f("ix_notifications_sent_by_supplier_reference"), "notifications")
    op.drop_index("ix_notifications_reference", "notifications")


def _create_requests() -> None:
    op.create_table(
        "idempotency_records",
        sa.Column("api_key_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("leased_until_us", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer_cipher", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("api_key_id", "path", "key", name=op.f("pk_idempotency_records")),
    )
    op.create_index(op.f("ix_idempotency_records_created_at"), "idempotency_records", ["created_at"])
    op.create_table(
        "daily_usage",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("service_id", "channel", "day", name=op.f("pk_daily_usage")),
    )


def _create_inbound() -> None:
    op.create_table(
        "inbound_texts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("notify_number", sa.String(), nullable=False),
        sa.Column("user_number_cipher", sa.String(), nullable=False),
        sa.Column("content_cipher", sa.Text(), nullable=False),
        sa.Column("supplier", sa.String(), nullable=False),
        sa.Column("supplier_reference", sa.String(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_texts")),
        sa.UniqueConstraint(
            "supplier", "supplier_reference", name=op.f("uq_inbound_texts_supplier_supplier_reference")
        ),
    )
    op.create_index(
        op.f("ix_inbound_texts_service_id_created_at_id"), "inbound_texts", ["service_id", "created_at", "id"]
    )
    op.create_table(
        "unsubscribe_requests",
        sa.Column("notification_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("recipient_cipher", sa.String(), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("notification_id", name=op.f("pk_unsubscribe_requests")),
    )
    op.create_index(
        op.f("ix_unsubscribe_requests_service_id_requested_at_notification_id"),
        "unsubscribe_requests",
        ["service_id", "requested_at", "notification_id"],
    )


def _create_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("notification_id", sa.Uuid(), nullable=True),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("filename_cipher", sa.String(), nullable=True),
        sa.Column("mime_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("recipient_index", sa.String(), nullable=True),
        sa.Column("recipient_cipher", sa.String(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index(op.f("ix_documents_notification_id"), "documents", ["notification_id"])
    op.create_index(op.f("ix_documents_expires_at"), "documents", ["expires_at"])


def _create_rates() -> None:
    op.create_table(
        "sms_rates",
        sa.Column("valid_from", UtcDateTime(), nullable=False),
        sa.Column("rate", sa.String(), nullable=False),
        sa.Column("multipliers", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("valid_from", name=op.f("pk_sms_rates")),
    )
    op.create_table(
        "letter_rates",
        sa.Column("valid_from", UtcDateTime(), nullable=False),
        sa.Column("sheets", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("postage", sa.String(), nullable=False),
        sa.Column("rate", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("valid_from", "sheets", "postage", name=op.f("pk_letter_rates")),
    )
