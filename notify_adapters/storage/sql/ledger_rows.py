"""Task ledger rows: how they are written, and read back as entries."""

import json
import secrets
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from notify_adapters.storage.sql import ledger_statements as statements
from notify_adapters.storage.sql.bulk import columns_apart
from notify_adapters.storage.sql.schema_ledger import lane_of
from notify_adapters.storage.sql.session import SqlSession
from notify_adapters.storage.sql.types import from_microseconds, span
from notify_core.kernel.errors import ClaimLost
from notify_core.kernel.ids import LedgerEntryId
from notify_core.kernel.queues import Queue
from notify_core.kernel.tasks import Task
from notify_core.kernel.trace import request_id
from notify_core.ports.task_ledger import Claim, EntryState, LedgerEntry

# From so many rows on, sending them as arrays is quicker than one by one.
_MANY = 50

# Made once: json.dumps makes one for every call that wants something else than its defaults.
_written = json.JSONEncoder(separators=(",", ":")).encode


def new_row(task: Task, *, delay: timedelta, queue: Queue | None, fair: str | None) -> dict[str, Any]:
    """The columns of a new row, but for its id and times, which :func:`insert_rows` adds."""
    queue = task.queue_for(queue)
    fair = fair or task.fair_key()
    limit = task.limit_key()
    return {
        "task": task.name,
        "arguments": _written(task.arguments()),
        "queue": queue,
        "state": EntryState.DUE.value,
        "attempt": 0,
        "lost": 0,
        "fair": fair,
        "limit_key": limit,
        "dedupe": task.dedupe_key(),
        "lane": lane_of(queue, fair, limit),
        "request_id": request_id.get(),
        "delay_us": span(delay),
    }


def insert_rows(session: SqlSession, rows: Sequence[dict[str, Any]]) -> None:
    """Add the rows, except where an unfinished one has the dedupe key."""
    for row, entry_id in zip(rows, sorted(_new_id() for _ in rows), strict=True):
        row["id"] = entry_id
    if session.dialect == "postgresql":
        # Transactions wait for each other at dedupe keys: sorted by them, no two wait for one another. Rows due
        # at the same time are published in the order they were enqueued in, each a microsecond behind the last.
        for number, row in enumerate(rows):
            row["delay_us"] += number
        rows = sorted(rows, key=lambda row: row["dedupe"] or "")
        if len(rows) >= _MANY:
            same, differing = columns_apart(rows)
            session.changed(statements.add_many(tuple(same), tuple(differing)), {**same, **differing})
            return
    session.insert_by(statements.add(session.dialect), rows)


def must_be_of(session: SqlSession, claim: Claim) -> None:
    """Nobody else gets the row before the end of this transaction.

    :raises ClaimLost: the row is no longer this claim's.
    """
    if session.row(statements.CLAIMED_BY, {"entry_id": claim.entry.id, "our_token": claim.token}) is None:
        raise _lost(claim)


def delete_claimed(session: SqlSession, claim: Claim) -> None:
    """:raises ClaimLost: the row is no longer this claim's."""
    if session.changed(statements.FINISH, {"entry_id": claim.entry.id, "our_token": claim.token}) == 0:
        raise _lost(claim)


def delete_waiting(session: SqlSession, task: Task) -> bool:
    """Whether a row with the task's dedupe key was there, and nobody had claimed it."""
    return session.changed(statements.WITHDRAW, {"of_dedupe": task.dedupe_key()}) > 0


def entry_of(row: RowMapping) -> LedgerEntry:
    leased_until = row["leased_until_us"]
    return LedgerEntry(
        id=LedgerEntryId(row["id"]),
        task=row["task"],
        arguments=json.loads(row["arguments"]),
        queue=Queue(row["queue"]),
        state=EntryState(row["state"]),
        attempt=row["attempt"],
        due_at=from_microseconds(row["due_us"]),
        created_at=from_microseconds(row["created_us"]),
        fair=row["fair"],
        limit=row["limit_key"],
        dedupe=row["dedupe"],
        leased_until=None if leased_until is None else from_microseconds(leased_until),
        worker=row["worker"],
        request_id=row["request_id"],
        reason=row["reason"],
        lost=row["lost"],
    )


def _lost(claim: Claim) -> ClaimLost:
    return ClaimLost(f"task ledger row {claim.entry.id} is no longer this worker's")


def _new_id() -> UUID:
    """A version 7 UUID (RFC 9562, section 6.2, method 3): new rows lie together at the end of the index,
    and a listing is in the order of writing. Nothing compares the time in it with any other time."""
    seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    number = (seconds * 1000 + milliseconds) << 80 | 7 << 76 | (rest * 4096 // 1_000_000) << 64
    return UUID(int=number | 0b10 << 62 | secrets.randbits(62))
