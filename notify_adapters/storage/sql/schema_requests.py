"""Tables of what is remembered of requests: answers that may be asked for again, and how much a service sent today."""

import sqlalchemy as sa

from notify_adapters.storage.sql.metadata import metadata
from notify_adapters.storage.sql.types import UtcDateTime

# A row a key, path and API key: begun with a lease (microseconds of database time), then with its answer.
idempotency_records = sa.Table(
    "idempotency_records",
    metadata,
    sa.Column("api_key_id", sa.Uuid(), primary_key=True),
    sa.Column("path", sa.String(), primary_key=True),
    sa.Column("key", sa.String(), primary_key=True),
    sa.Column("body_hash", sa.String(64), nullable=False),
    sa.Column("token", sa.String(32), nullable=False),
    sa.Column("created_at", UtcDateTime(), nullable=False, index=True),
    sa.Column("leased_until_us", sa.BigInteger(), nullable=False),
    sa.Column("status", sa.Integer()),
    sa.Column("answer_cipher", sa.Text()),
)

# Taken in portions, so that no row is changed by every request.
daily_usage = sa.Table(
    "daily_usage",
    metadata,
    sa.Column("service_id", sa.Uuid(), primary_key=True),
    sa.Column("channel", sa.String(), primary_key=True),
    sa.Column("day", sa.Date(), primary_key=True),
    sa.Column("used", sa.Integer(), nullable=False),
)
