"""Tables of services, their people, keys, senders and settings."""

import sqlalchemy as sa

from notify_adapters.storage.sql.metadata import metadata
from notify_adapters.storage.sql.types import UtcDateTime

_IS_DEFAULT = sa.text("is_default")

services = sa.Table(
    "services",
    metadata,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("name", sa.String(), nullable=False),
    sa.Column("created_at", UtcDateTime(), nullable=False),
    sa.Column("active", sa.Boolean(), nullable=False),
    sa.Column("restricted", sa.Boolean(), nullable=False),
    sa.Column("permissions", sa.JSON(), nullable=False),
    sa.Column("message_limit", sa.JSON(), nullable=False),
    sa.Column("rate_limit", sa.Integer(), nullable=False),
    sa.Column("email_from", sa.String()),
    sa.Column("prefix_sms", sa.Boolean(), nullable=False),
    sa.Column("count_as_live", sa.Boolean(), nullable=False),
    sa.Column("contact_link", sa.String()),
    sa.Column("go_live_at", UtcDateTime()),
)

users = sa.Table(
    "users",
    metadata,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("name", sa.String(), nullable=False),
    sa.Column("email_address", sa.String(), nullable=False),
    sa.Column("mobile_number_cipher", sa.String()),
    sa.Column("platform_admin", sa.Boolean(), nullable=False),
)

service_users = sa.Table(
    "service_users",
    metadata,
    sa.Column("service_id", sa.Uuid(), primary_key=True),
    sa.Column("user_id", sa.Uuid(), primary_key=True),
)

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("service_id", sa.Uuid(), nullable=False, index=True),
    sa.Column("name", sa.String(), nullable=False),
    sa.Column("secret_cipher", sa.String(), nullable=False),
    sa.Column("key_type", sa.String(), nullable=False),
    sa.Column("created_at", UtcDateTime(), nullable=False),
    sa.Column("revoked_at", UtcDateTime()),
)

sms_senders = sa.Table(
    "sms_senders",
    metadata,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("service_id", sa.Uuid(), nullable=False, index=True),
    sa.Column("sms_sender", sa.String(), nullable=False),
    sa.Column("is_default", sa.Boolean(), nullable=False),
    sa.Column("inbound", sa.Boolean(), nullable=False),
    sa.Index(
        "uq_sms_senders_default", "service_id", unique=True, sqlite_where=_IS_DEFAULT, postgresql_where=_IS_DEFAULT
    ),
)

reply_tos = sa.Table(
    "reply_tos",
    metadata,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("service_id", sa.Uuid(), nullable=False, index=True),
    sa.Column("email_address", sa.String(), nullable=False),
    sa.Column("is_default", sa.Boolean(), nullable=False),
    sa.Index("uq_reply_tos_default", "service_id", unique=True, sqlite_where=_IS_DEFAULT, postgresql_where=_IS_DEFAULT),
)

service_callbacks = sa.Table(
    "service_callbacks",
    metadata,
    sa.Column("service_id", sa.Uuid(), primary_key=True),
    sa.Column("type", sa.String(), primary_key=True),
    sa.Column("id", sa.Uuid(), nullable=False),
    sa.Column("url", sa.String(), nullable=False),
    sa.Column("bearer_token_cipher", sa.String(), nullable=False),
    sa.Column("secret_cipher", sa.String(), nullable=False),
)

guest_list = sa.Table(
    "guest_list",
    metadata,
    sa.Column("service_id", sa.Uuid(), primary_key=True),
    sa.Column("recipient_index", sa.String(), primary_key=True),
    sa.Column("recipient_cipher", sa.String(), nullable=False),
)

broadcast_settings = sa.Table(
    "broadcast_settings",
    metadata,
    sa.Column("service_id", sa.Uuid(), primary_key=True),
    sa.Column("channel", sa.String(), nullable=False),
    sa.Column("provider", sa.String()),
)

data_retention = sa.Table(
    "data_retention",
    metadata,
    sa.Column("service_id", sa.Uuid(), primary_key=True),
    sa.Column("type", sa.String(), primary_key=True),
    sa.Column("days", sa.Integer(), nullable=False),
)

audit_log = sa.Table(
    "audit_log",
    metadata,
    sa.Column("number", sa.Integer(), primary_key=True, autoincrement=True),
    sa.Column("at", UtcDateTime(), nullable=False),
    sa.Column("who", sa.String(), nullable=False),
    sa.Column("what", sa.String(), nullable=False),
    sa.Column("subject", sa.String(), nullable=False),
    sa.Column("way_in", sa.String(), nullable=False),
    sa.Index(None, "subject", "at", "number"),
    # A number is never given twice, so that a removed entry leaves a gap to be seen.
    sqlite_autoincrement=True,
)
