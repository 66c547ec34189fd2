"""Services, their people, keys, senders and settings."""

import sqlalchemy as sa
from alembic import op

from notify_adapters.storage.sql.types import UtcDateTime

revision: str = "0001"
down_revision: str | None = None


def upgrade() -> None:
    _create_api_keys()
    _create_audit_log()
    _create_broadcast_settings()
    _create_data_retention()
    _create_guest_list()
    _create_reply_tos()
    _create_service_callbacks()
    _create_service_users()
    _create_services()
    _create_sms_senders()
    _create_users()


def downgrade() -> None:
    # Indexes go with their tables.
    op.drop_table("users")
    op.drop_table("sms_senders")
    op.drop_table("services")
    op.drop_table("service_users")
    op.drop_table("service_callbacks")
    op.drop_table("reply_tos")
    op.drop_table("guest_list")
    op.drop_table("data_retention")
    op.drop_table("broadcast_settings")
    op.drop_table("audit_log")
    op.drop_table("api_keys")


def _create_api_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("secret_cipher", sa.String(), nullable=False),
        sa.Column("key_type", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
    )
    op.create_index(op.f("ix_api_keys_service_id"), "api_keys", ["service_id"], unique=False)


def _create_audit_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("way_in", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_log")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_audit_log_subject_at_number"), "audit_log", ["subject", "at", "number"], unique=False)


def _create_broadcast_settings() -> None:
    op.create_table(
        "broadcast_settings",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_broadcast_settings")),
    )


def _create_data_retention() -> None:
    op.create_table(
        "data_retention",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("service_id", "type", name=op.f("pk_data_retention")),
    )


def _create_guest_list() -> None:
    op.create_table(
        "guest_list",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_index", sa.String(), nullable=False),
        sa.Column("recipient_cipher", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("service_id", "recipient_index", name=op.f("pk_guest_list")),
    )


def _create_reply_tos() -> None:
    op.create_table(
        "reply_tos",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("email_address", sa.String(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_tos")),
    )
    op.create_index(op.f("ix_reply_tos_service_id"), "reply_tos", ["service_id"], unique=False)


def _create_service_callbacks() -> None:
    op.create_table(
        "service_callbacks",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("bearer_token_cipher", sa.String(), nullable=False),
        sa.Column("secret_cipher", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("service_id", "type", name=op.f("pk_service_callbacks")),
    )


def _create_service_users() -> None:
    op.create_table(
        "service_users",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("service_id", "user_id", name=op.f("pk_service_users")),
    )


def _create_services() -> None:
    op.create_table(
        "services",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("permissions", sa.JSON(), nullable=False),
        sa.Column("message_limit", sa.JSON(), nullable=False),
        sa.Column("rate_limit", sa.Integer(), nullable=False),
        sa.Column("email_from", sa.String(), nullable=True),
        sa.Column("prefix_sms", sa.Boolean(), nullable=False),
        sa.Column("count_as_live", sa.Boolean(), nullable=False),
        sa.Column("contact_link", sa.String(), nullable=True),
        sa.Column("go_live_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
    )


def _create_sms_senders() -> None:
    op.create_table(
        "sms_senders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("sms_sender", sa.String(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("inbound", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_senders")),
    )
    op.create_index(op.f("ix_sms_senders_service_id"), "sms_senders", ["service_id"], unique=False)


def _create_users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email_address", sa.String(), nullable=False),
        sa.Column("mobile_number_cipher", sa.String(), nullable=True),
        sa.Column("platform_admin", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
