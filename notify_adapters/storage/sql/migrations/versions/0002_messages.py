"""Templates, messages to one recipient, emergency alerts, and tickets."""

import sqlalchemy as sa
from alembic import op

from notify_adapters.storage.sql.types import UtcDateTime

revision: str = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    _create_broadcast_attempts()
    _create_broadcast_events()
    _create_broadcast_messages()
    _create_broadcast_provider_messages()
    _create_cap_submissions()
    _create_early_receipts()
    _create_message_numbers()
    _create_notifications()
    _create_template_versions()
    _create_tickets()


def downgrade() -> None:
    # Indexes go with their tables.
    op.drop_table("tickets")
    op.drop_table("template_versions")
    op.drop_table("notifications")
    op.drop_table("message_numbers")
    op.drop_table("early_receipts")
    op.drop_table("cap_submissions")
    op.drop_table("broadcast_provider_messages")
    op.drop_table("broadcast_messages")
    op.drop_table("broadcast_events")
    op.drop_table("broadcast_attempts")


def _create_broadcast_attempts() -> None:
    op.create_table(
        "broadcast_attempts",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("provider_message_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("route", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_broadcast_attempts")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_broadcast_attempts_provider_message_id"), "broadcast_attempts", ["provider_message_id"], unique=False
    )


def _create_broadcast_events() -> None:
    op.create_table(
        "broadcast_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("broadcast_message_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("simple_polygons", sa.JSON(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("headline", sa.String(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("finishes_at", UtcDateTime(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("providers", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast_events")),
        sa.UniqueConstraint(
            "broadcast_message_id", "number", name=op.f("uq_broadcast_events_broadcast_message_id_number")
        ),
    )


def _create_broadcast_messages() -> None:
    op.create_table(
        "broadcast_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("simple_polygons", sa.JSON(), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("template_id", sa.Uuid(), nullable=True),
        sa.Column("template_version", sa.Integer(), nullable=True),
        sa.Column("template_name", sa.String(), nullable=True),
        sa.Column("personalisation", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("starts_at", UtcDateTime(), nullable=True),
        sa.Column("finishes_at", UtcDateTime(), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("cancelled_by_id", sa.Uuid(), nullable=True),
        sa.Column("api_key_id", sa.Uuid(), nullable=True),
        sa.Column("edited_by", sa.JSON(), nullable=False),
        sa.Column("stubbed", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast_messages")),
    )
    op.create_index(
        op.f("ix_broadcast_messages_service_id_created_at_id"),
        "broadcast_messages",
        ["service_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_broadcast_messages_status_finishes_at_id"),
        "broadcast_messages",
        ["status", "finishes_at", "id"],
        unique=False,
    )


def _create_broadcast_provider_messages() -> None:
    op.create_table(
        "broadcast_provider_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("broadcast_event_id", sa.Uuid(), nullable=False),
        sa.Column("broadcast_message_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("message_number", sa.String(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast_provider_messages")),
        sa.UniqueConstraint(
            "broadcast_event_id", "provider", name=op.f("uq_broadcast_provider_messages_broadcast_event_id_provider")
        ),
    )
    op.create_index(
        op.f("ix_broadcast_provider_messages_broadcast_message_id"),
        "broadcast_provider_messages",
        ["broadcast_message_id"],
        unique=False,
    )


def _create_cap_submissions() -> None:
    op.create_table(
        "cap_submissions",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("identifier", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("sent", sa.String(), nullable=False),
        sa.Column("broadcast_message_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("service_id", "identifier", "sender", "sent", name=op.f("pk_cap_submissions")),
    )


def _create_early_receipts() -> None:
    op.create_table(
        "early_receipts",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("supplier", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_early_receipts")),
    )
    op.create_index(op.f("ix_early_receipts_received_at"), "early_receipts", ["received_at"], unique=False)
    op.create_index(
        op.f("ix_early_receipts_supplier_reference"), "early_receipts", ["supplier", "reference"], unique=False
    )


def _create_message_numbers() -> None:
    op.create_table(
        "message_numbers",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_message_numbers")),
        sqlite_autoincrement=True,
    )


def _create_notifications() -> None:
    op.create_table(
        "notifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("to_cipher", sa.String(), nullable=False),
        sa.Column("recipient_cipher", sa.String(), nullable=False),
        sa.Column("recipient_index", sa.String(), nullable=False),
        sa.Column("personalisation_cipher", sa.String(), nullable=True),
        sa.Column("key_type", sa.String(), nullable=False),
        sa.Column("api_key_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("sender", sa.String(), nullable=True),
        sa.Column("reply_to", sa.String(), nullable=True),
        sa.Column("international", sa.Boolean(), nullable=False),
        sa.Column("rate_multiplier", sa.Integer(), nullable=False),
        sa.Column("billable_units", sa.Integer(), nullable=False),
        sa.Column("scheduled_for", UtcDateTime(), nullable=True),
        sa.Column("one_click_unsubscribe_url_cipher", sa.String(), nullable=True),
        sa.Column("sent_by", sa.String(), nullable=True),
        sa.Column("supplier_reference", sa.String(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("completed_at", UtcDateTime(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
    )
    op.create_index(
        op.f("ix_notifications_sent_by_supplier_reference"),
        "notifications",
        ["sent_by", "supplier_reference"],
        unique=False,
    )
    op.create_index(
        op.f("ix_notifications_service_id_created_at_id"),
        "notifications",
        ["service_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_notifications_service_id_reference"), "notifications", ["service_id", "reference"], unique=False
    )
    op.create_index(
        "ix_notifications_unfinished",
        "notifications",
        ["created_at", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('created', 'pending', 'sending')"),
        postgresql_where=sa.text("status IN ('created', 'pending', 'sending')"),
    )


def _create_template_versions() -> None:
    op.create_table(
        "template_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=True),
        sa.Column("created_by", sa.String(), nullable=True),
        sa.Column("process_type", sa.String(), nullable=False),
        sa.Column("postage", sa.String(), nullable=True),
        sa.Column("letter_contact_block", sa.String(), nullable=True),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_template_versions")),
    )
    op.create_index(op.f("ix_template_versions_service_id"), "template_versions", ["service_id"], unique=False)


def _create_tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
    )
    op.create_index(op.f("ix_tickets_created_at_id"), "tickets", ["created_at", "id"], unique=False)
