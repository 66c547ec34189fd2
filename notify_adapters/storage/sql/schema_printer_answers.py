"""Tables of what the printer and the post answer."""

import sqlalchemy as sa

from notify_adapters.storage.sql.metadata import metadata
from notify_adapters.storage.sql.types import UtcDateTime

answer_files = sa.Table(
    "answer_files",
    metadata,
    sa.Column("name", sa.String(), primary_key=True),
    sa.Column("found_at", UtcDateTime(), nullable=False),
    sa.Column("state", sa.String(), nullable=False),
    sa.Column("lines", sa.Integer(), nullable=False),
    sa.Column("printed", sa.Integer(), nullable=False),
    sa.Column("failed", sa.Integer(), nullable=False),
    sa.Column("waiting", sa.Integer(), nullable=False),
    sa.Column("unknown", sa.Integer(), nullable=False),
    sa.Column("late", sa.Integer(), nullable=False),
    sa.Column("fault", sa.Text()),
    sa.Column("read_at", UtcDateTime()),
    sa.Index(None, "found_at", "name"),
)

sorted_counts = sa.Table(
    "sorted_counts",
    metadata,
    sa.Column("file_name", sa.String(), primary_key=True),
    sa.Column("day", sa.Date(), nullable=False),
    sa.Column("sorted", sa.Integer(), nullable=False),
    sa.Column("unsorted", sa.Integer(), nullable=False),
    sa.Index(None, "day"),
)

waiting_answers = sa.Table(
    "waiting_answers",
    metadata,
    sa.Column("file_reference", sa.String(), primary_key=True),
    sa.Column("status", sa.String(), nullable=False),
    sa.Column("pages", sa.Integer(), nullable=False),
    sa.Column("cost_threshold", sa.String(), nullable=False),
)

returned_letters = sa.Table(
    "returned_letters",
    metadata,
    sa.Column("notification_id", sa.Uuid(), primary_key=True),
    sa.Column("service_id", sa.Uuid(), nullable=False),
    sa.Column("reported_at", UtcDateTime(), nullable=False),
    sa.Index(None, "service_id", "reported_at", "notification_id"),
)
