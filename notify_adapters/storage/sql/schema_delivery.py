"""The table of how messages are shared out among suppliers. Rows are changed once a minute at most, and read from the
two-second cache."""

import sqlalchemy as sa

from notify_adapters.storage.sql.metadata import metadata
from notify_adapters.storage.sql.types import UtcDateTime

supplier_balances = sa.Table(
    "supplier_balances",
    metadata,
    sa.Column("channel", sa.String(), primary_key=True),
    # [[supplier, points, resting points, active], …]: they are changed together or not at all.
    sa.Column("shares", sa.JSON(), nullable=False),
    sa.Column("disturbed_at", UtcDateTime()),
    sa.Column("slowed_at", UtcDateTime()),
    sa.Column("version", sa.Integer(), nullable=False),
)
