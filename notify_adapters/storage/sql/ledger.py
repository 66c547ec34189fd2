"""The task ledger in SQL. Each method is a transaction of its own."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, Executable

from notify_adapters.storage.sql import ledger_depth, ledger_survey, relay
from notify_adapters.storage.sql import ledger_statements as statements
from notify_adapters.storage.sql.ledger_listing import listing
from notify_adapters.storage.sql.ledger_rows import entry_of, insert_rows, new_row
from notify_adapters.storage.sql.ledger_survey import Survey
from notify_adapters.storage.sql.schema_ledger import lane_of
from notify_adapters.storage.sql.session import SqlSession
from notify_adapters.storage.sql.types import span
from notify_core.kernel.errors import AlreadyExists, ClaimLost, NotFound
from notify_core.kernel.ids import LedgerEntryId
from notify_core.kernel.queues import Queue
from notify_core.kernel.tasks import Task
from notify_core.ports.task_ledger import Claim, EntryState, LedgerEntry, RelayLimits
from notify_core.ports.task_queue import Publication

_BATCH = 500


class SqlTaskLedger:
    """Works on the rows that units of work write. May be used by any number of threads.

    Who has a row at the moment need not outlast a power cut, which nobody who has one does either; what became
    of it must."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def publish_due(self, limits: RelayLimits, worker: str) -> Sequence[Publication]:
        # Most polls find nothing, and should then not stand in a writer's way.
        if not self._survey().can_publish(limits):
            return ()
        with SqlSession(self._engine, lasting=False) as session:
            publications = relay.publish_due(session, limits, worker)
            session.commit()
        return publications

    def handed_over(self, entry_ids: Sequence[LedgerEntryId], worker: str, lease: timedelta) -> None:
        self._change_many(statements.HANDED_OVER, entry_ids, of_worker=worker, lease_us=span(lease))

    def put_back(self, entry_ids: Sequence[LedgerEntryId], worker: str) -> None:
        self._change_many(statements.PUT_BACK, entry_ids, of_worker=worker)

    def next_due_in(self) -> timedelta | None:
        return self._survey().next_due_in()

    def claim(self, entry_ids: Sequence[LedgerEntryId], worker: str, lease: timedelta) -> Sequence[Claim]:
        with SqlSession(self._engine, one_by_one=True, lasting=False) as session:
            return _claimed(session, statements.CLAIM, entry_ids, worker, lease)

    def give_back(self, claims: Sequence[Claim]) -> None:
        if claims:
            self._change(statements.GIVE_BACK, **_held(claims))

    def begin(self, task: Task, worker: str, lease: timedelta) -> Claim:
        row = new_row(task, delay=timedelta(), queue=None, fair=None)
        with SqlSession(self._engine) as session:
            insert_rows(session, [row])
            claims = _claimed(session, statements.CLAIM_NEW, [row["id"]], worker, lease)
            session.commit()
        if not claims:
            raise AlreadyExists(f"an unfinished task ledger row has the key {row['dedupe']}")
        return claims[0]

    def extend(self, claims: Sequence[Claim], lease: timedelta) -> None:
        if claims:
            self._change(statements.EXTEND, **_held(claims), lease_us=span(lease))

    def retry(self, claim: Claim, *, delay: timedelta, queue: Queue | None, reason: str) -> None:
        queue = queue or claim.entry.queue
        lane = lane_of(queue, claim.entry.fair, claim.entry.limit)
        self._end(claim, statements.RETRY, to_queue=queue, to_lane=lane, delay_us=span(delay), why=reason)

    def put_off(self, claim: Claim, *, delay: timedelta, reason: str) -> None:
        self._end(claim, statements.PUT_OFF, delay_us=span(delay), why=reason)

    def fail(self, claim: Claim, reason: str) -> None:
        self._end(claim, statements.FAIL, why=reason)

    def recover(self, worker: str) -> int:
        return self._change(statements.RECOVER, of_worker=worker)

    def hold(self, limit_key: str, length: timedelta) -> None:
        self._change(statements.hold(self._engine.dialect.name), of_key=limit_key, length_us=span(length))

    def release(self, limit_key: str) -> None:
        self._change(statements.RELEASE, of_key=limit_key)

    def get(self, entry_id: LedgerEntryId) -> LedgerEntry:
        with SqlSession(self._engine, read_only=True) as session:
            row = session.row(statements.GET, {"entry_id": entry_id})
        if row is None:
            raise NotFound(f"no task ledger row {entry_id}")
        return entry_of(row)

    def entries(
        self,
        *,
        queue: Queue | None = None,
        state: EntryState | None = None,
        limit_key: str | None = None,
        after: LedgerEntryId | None = None,
        limit: int = 100,
    ) -> Sequence[LedgerEntry]:
        statement = listing(self._engine.dialect.name, queue, state, limit_key, after).limit(limit)
        with SqlSession(self._engine, read_only=True) as session:
            return [entry_of(row) for row in session.rows(statement)]

    def with_dedupe(self, keys: Sequence[str]) -> Sequence[LedgerEntry]:
        found: list[LedgerEntry] = []
        with SqlSession(self._engine, read_only=True) as session:
            for start in range(0, len(keys), _BATCH):
                values = {"of_keys": keys[start : start + _BATCH]}
                found += map(entry_of, session.rows(statements.WITH_DEDUPE, values))
        found.sort(key=lambda entry: entry.id)
        latest = {(entry.dedupe, entry.state is EntryState.FAILED): entry.id for entry in found}
        return [entry for entry in found if entry.id in latest.values()]

    def depth(self) -> Mapping[tuple[Queue, EntryState], int]:
        with SqlSession(self._engine, read_only=True) as session:
            return ledger_depth.depth(session)

    def lag(self) -> timedelta:
        return self._survey().lag()

    def replay(self, entry_id: LedgerEntryId) -> None:
        try:
            met = self._change(statements.REPLAY, entry_id=entry_id)
        except AlreadyExists:
            raise AlreadyExists(f"an unfinished task ledger row has the key of {entry_id}") from None
        _must_meet(met, entry_id)

    def purge(self, entry_id: LedgerEntryId) -> None:
        _must_meet(self._change(statements.PURGE, entry_id=entry_id), entry_id)

    def _survey(self) -> Survey:
        with SqlSession(self._engine, read_only=True) as session:
            return ledger_survey.survey(session)

    def _change(self, statement: Executable, **values: Any) -> int:
        with SqlSession(self._engine, one_by_one=True) as session:
            return session.changed(statement, values)

    def _change_many(self, statement: Executable, entry_ids: Sequence[LedgerEntryId], **values: Any) -> None:
        with SqlSession(self._engine, lasting=False) as session:
            # Sorted: each statement locks in the order of the ids, and all of them together must too.
            wanted = sorted(entry_ids)
            for start in range(0, len(wanted), _BATCH):
                session.changed(statement, {**values, "entry_ids": wanted[start : start + _BATCH]})
            session.commit()

    def _end(self, claim: Claim, statement: Executable, **values: Any) -> None:
        if self._change(statement, entry_id=claim.entry.id, our_token=claim.token, **values) == 0:
            raise ClaimLost(f"task ledger row {claim.entry.id} is no longer this worker's")


def _claimed(
    session: SqlSession, statement: Executable, entry_ids: Sequence[LedgerEntryId], worker: str, lease: timedelta
) -> Sequence[Claim]:
    token = secrets.token_hex(16)
    values = {"entry_ids": entry_ids, "by_worker": worker, "new_token": token, "lease_us": span(lease)}
    return [
        Claim(entry_of(row), token, timedelta(microseconds=row["now_us"] - row["due_us"]))
        for row in session.rows(statement, values)
    ]


def _held(claims: Sequence[Claim]) -> Mapping[str, Sequence[object]]:
    return {"entry_ids": [claim.entry.id for claim in claims], "tokens": list({claim.token for claim in claims})}


def _must_meet(met: int, entry_id: LedgerEntryId) -> None:
    if met == 0:
        raise NotFound(f"no failed task ledger row {entry_id}")
