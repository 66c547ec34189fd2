"""The tables of what messages cost; amounts are pounds, written out, since they are exact."""

import sqlalchemy as sa

from notify_adapters.storage.sql.metadata import metadata
from notify_adapters.storage.sql.types import UtcDateTime

sms_rates = sa.Table(
    "sms_rates",
    metadata,
    sa.Column("valid_from", UtcDateTime(), primary_key=True),
    sa.Column("rate", sa.String(), nullable=False),
    sa.Column("multipliers", sa.JSON(), nullable=False),
    sa.Column("without_receipts", sa.JSON()),
)

letter_rates = sa.Table(
    "letter_rates",
    metadata,
    sa.Column("valid_from", UtcDateTime(), primary_key=True),
    sa.Column("sheets", sa.Integer(), primary_key=True, autoincrement=False),
    sa.Column("postage", sa.String(), primary_key=True),
    sa.Column("rate", sa.String(), nullable=False),
)
