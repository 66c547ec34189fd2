"""Requests that have names, in memory."""

from collections.abc import MutableMapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from notify_core.accounts.model import Answer, IdempotencyRecord, RequestKey
from notify_core.kernel.errors import Conflict
from notify_core.testing.fakes.database import MemoryDatabase


@dataclass(frozen=True)
class _Row:
    record: IdempotencyRecord
    leased_until: datetime


class MemoryIdempotencyRecords:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._rows: MutableMapping[RequestKey, _Row] = database.table("idempotency_records")

    def begin(self, record: IdempotencyRecord, lease: timedelta, *, kept_since: datetime) -> IdempotencyRecord:
        now = self._database.now()
        row = self._rows.get(record.request)
        if row is not None and row.record.created_at >= kept_since and (row.record.answer or row.leased_until > now):
            return row.record
        self._rows[record.request] = _Row(record, now + lease)
        return record

    def complete(self, record: IdempotencyRecord, answer: Answer) -> None:
        row = self._own(record)
        if row is None:
            raise Conflict("another request has taken this Idempotency-Key")
        self._rows[record.request] = replace(row, record=replace(row.record, answer=answer))

    def drop(self, record: IdempotencyRecord) -> None:
        if self._own(record) is not None:
            del self._rows[record.request]

    def forget_before(self, moment: datetime, limit: int) -> int:
        old = sorted(
            (row.record for row in self._rows.values() if row.record.created_at < moment),
            key=lambda record: record.created_at,
        )
        for record in old[:limit]:
            del self._rows[record.request]
        return len(old[:limit])

    def _own(self, record: IdempotencyRecord) -> _Row | None:
        row = self._rows.get(record.request)
        own = row is not None and row.record.token == record.token and row.record.answer is None
        return row if own else None
