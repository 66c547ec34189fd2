"""The task ledger in memory."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

from notify_core.kernel.errors import AlreadyExists, ClaimLost, NotFound
from notify_core.kernel.ids import LedgerEntryId
from notify_core.kernel.queues import Queue
from notify_core.kernel.tasks import Task
from notify_core.kernel.trace import request_id
from notify_core.kernel.turns import Lane, Room, take_turns
from notify_core.ports.task_ledger import LONGEST_LEASE, Claim, EntryState, LedgerEntry, RelayLimits
from notify_core.ports.task_queue import Publication, marked_ahead
from notify_core.testing.fakes.database import MemoryDatabase, MemoryTable

_UNDER_WAY = (EntryState.PUBLISHED, EntryState.CLAIMED)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MemoryRow:
    entry: LedgerEntry
    token: str | None = None


class MemoryTaskLedger:
    """Its rows are in the table ``task_ledger`` of the database, by id."""

    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._rows: MemoryTable[LedgerEntryId, MemoryRow] = database.table("task_ledger")
        self._held: MemoryTable[str, datetime] = database.table("held_keys")

    def publish_due(self, limits: RelayLimits, worker: str) -> Sequence[Publication]:
        with self._database.transaction():
            again = [
                entry
                for entry in self._entries()
                if entry.state in _UNDER_WAY and _leased_until(entry) <= self._now and not self._is_held(entry)
            ]
            again.sort(key=lambda entry: (_leased_until(entry), entry.id))
            chosen = [*again, *self._choose(limits)]
            until = self._now + limits.lease
            publications = []
            for entry in map(_free, chosen):
                self._put(replace(entry, state=EntryState.PUBLISHED, worker=worker, leased_until=until))
                publications.append(Publication(entry.id, entry.task, entry.queue, entry.fair, lost=entry.lost))
            return marked_ahead(publications, self._under_way())

    def handed_over(self, entry_ids: Sequence[LedgerEntryId], worker: str, lease: timedelta) -> None:
        with self._database.transaction():
            for entry in self._published_by(worker, entry_ids):
                lasts = max(lease, min(self._now - entry.due_at, LONGEST_LEASE))
                self._put(replace(entry, leased_until=self._now + lasts))

    def put_back(self, entry_ids: Sequence[LedgerEntryId], worker: str) -> None:
        with self._database.transaction():
            for entry in self._published_by(worker, entry_ids):
                self._put(_due(entry))

    def next_due_in(self) -> timedelta | None:
        with self._database.lock:
            moments = [self._ready_at(entry) for entry in self._entries() if entry.state is not EntryState.FAILED]
            return max(timedelta(), min(moments) - self._now) if moments else None

    def claim(self, entry_ids: Sequence[LedgerEntryId], worker: str, lease: timedelta) -> Sequence[Claim]:
        with self._database.transaction():
            wanted = self._known(entry_ids)
            return [self._claim(entry, worker, lease) for entry in wanted if self._may_be_claimed(entry)]

    def give_back(self, claims: Sequence[Claim]) -> None:
        with self._database.transaction():
            for claim in filter(self.holds, claims):
                self._put(_due(self._claimed(claim)))

    def begin(self, task: Task, worker: str, lease: timedelta) -> Claim:
        with self._database.transaction():
            entry = new_entry(task, self._now)
            if self._is_taken(entry.dedupe):
                raise AlreadyExists(f"an unfinished task ledger row has the key {entry.dedupe}")
            return self._claim(entry, worker, lease)

    def extend(self, claims: Sequence[Claim], lease: timedelta) -> None:
        with self._database.transaction():
            for claim in claims:
                if self.holds(claim):
                    entry = self._rows[claim.entry.id].entry
                    self._put(replace(entry, leased_until=self._now + lease), claim.token)

    def retry(self, claim: Claim, *, delay: timedelta, queue: Queue | None, reason: str) -> None:
        with self._database.transaction():
            entry = self._claimed(claim)
            self._put(
                replace(
                    _due(entry),
                    queue=queue or entry.queue,
                    attempt=entry.attempt + 1,
                    lost=0,
                    due_at=self._now + delay,
                    reason=reason,
                )
            )

    def put_off(self, claim: Claim, *, delay: timedelta, reason: str) -> None:
        with self._database.transaction():
            entry = _due(self._claimed(claim))
            self._put(replace(entry, lost=0, due_at=self._now + delay, reason=reason))

    def fail(self, claim: Claim, reason: str) -> None:
        with self._database.transaction():
            self._put(replace(_due(self._claimed(claim)), state=EntryState.FAILED, reason=reason))

    def recover(self, worker: str) -> int:
        with self._database.transaction():
            lost = [entry for entry in self._entries() if entry.state in _UNDER_WAY and entry.worker == worker]
            for entry in lost:
                self._put(_due(_free(entry)))
            return len(lost)

    def hold(self, limit_key: str, length: timedelta) -> None:
        with self._database.transaction():
            self._held[limit_key] = self._now + length

    def release(self, limit_key: str) -> None:
        with self._database.transaction():
            self._held.pop(limit_key, None)

    def get(self, entry_id: LedgerEntryId) -> LedgerEntry:
        row = self._rows.get(entry_id)
        if row is None:
            raise NotFound(f"no task ledger row {entry_id}")
        return row.entry

    def entries(
        self,
        *,
        queue: Queue | None = None,
        state: EntryState | None = None,
        limit_key: str | None = None,
        after: LedgerEntryId | None = None,
        limit: int = 100,
    ) -> Sequence[LedgerEntry]:
        found = [
            entry
            for entry in self._entries()
            if queue in {None, entry.queue}
            and state in {None, entry.state}
            and limit_key in {None, entry.limit}
            and (after is None or entry.id > after)
        ]
        return sorted(found, key=lambda entry: entry.id)[:limit]

    def with_dedupe(self, keys: Sequence[str]) -> Sequence[LedgerEntry]:
        found = sorted((entry for entry in self._entries() if entry.dedupe in keys), key=lambda entry: entry.id)
        latest = {(entry.dedupe, entry.state is EntryState.FAILED): entry for entry in found}
        return [entry for entry in found if entry in latest.values()]

    def depth(self) -> Mapping[tuple[Queue, EntryState], int]:
        return dict(Counter((entry.queue, entry.state) for entry in self._entries()))

    def lag(self) -> timedelta:
        with self._database.lock:
            waiting = [
                _ready_since(entry)
                for entry in self._entries()
                if entry.state is not EntryState.FAILED and not self._is_held(entry)
            ]
            return max(timedelta(), self._now - min(waiting, default=self._now))

    def replay(self, entry_id: LedgerEntryId) -> None:
        with self._database.transaction():
            entry = self._failed(entry_id)
            if self._is_taken(entry.dedupe):
                raise AlreadyExists(f"an unfinished task ledger row has the key {entry.dedupe}")
            self._put(replace(entry, state=EntryState.DUE, attempt=0, lost=0, due_at=self._now))

    def purge(self, entry_id: LedgerEntryId) -> None:
        with self._database.transaction():
            del self._rows[self._failed(entry_id).id]

    # What a unit of work does with rows, inside its own transaction.

    def add(self, entry: LedgerEntry) -> None:
        """Store a new row, unless an unfinished one has its dedupe key."""
        if not self._is_taken(entry.dedupe):
            self._put(entry)

    def withdraw(self, dedupe: str | None) -> bool:
        """Whether a row with this key was there that nobody had claimed."""
        waiting = {EntryState.DUE, EntryState.PUBLISHED}
        found = [entry.id for entry in self._entries() if entry.dedupe == dedupe and entry.state in waiting]
        for entry_id in found:
            del self._rows[entry_id]
        return bool(found)

    def holds(self, claim: Claim) -> bool:
        """Whether the row is still this claim's."""
        row = self._rows.get(claim.entry.id)
        return row is not None and row.token == claim.token

    def must_be_of(self, claim: Claim) -> None:
        """:raises ClaimLost: the row is no longer this claim's."""
        self._claimed(claim)

    def remove(self, claim: Claim) -> None:
        """:raises ClaimLost: the row is no longer this claim's."""
        del self._rows[self._claimed(claim).id]

    @property
    def _now(self) -> datetime:
        return self._database.now()

    def _claim(self, entry: LedgerEntry, worker: str, lease: timedelta) -> Claim:
        token = uuid4().hex
        claimed = replace(_free(entry), state=EntryState.CLAIMED, worker=worker, leased_until=self._now + lease)
        self._put(claimed, token)
        return Claim(claimed, token, self._now - claimed.due_at)

    def _entries(self) -> list[LedgerEntry]:
        with self._database.lock:
            return [row.entry for row in self._rows.values()]

    def _known(self, entry_ids: Sequence[LedgerEntryId]) -> list[LedgerEntry]:
        """Each once, however often it is named."""
        return [self._rows[entry_id].entry for entry_id in dict.fromkeys(entry_ids) if entry_id in self._rows]

    def _published_by(self, worker: str, entry_ids: Sequence[LedgerEntryId]) -> list[LedgerEntry]:
        return [
            entry for entry in self._known(entry_ids) if entry.state is EntryState.PUBLISHED and entry.worker == worker
        ]

    def _may_be_claimed(self, entry: LedgerEntry) -> bool:
        if entry.state is EntryState.CLAIMED:
            return _leased_until(entry) <= self._now
        return entry.state is EntryState.PUBLISHED

    def _put(self, entry: LedgerEntry, token: str | None = None) -> None:
        self._rows[entry.id] = MemoryRow(entry, token)

    def _is_held(self, entry: LedgerEntry) -> bool:
        return entry.limit is not None and self._held.get(entry.limit, self._now) > self._now

    def _ready_at(self, entry: LedgerEntry) -> datetime:
        since = _ready_since(entry)
        return max(since, self._held.get(entry.limit, since)) if entry.limit is not None else since

    def _is_taken(self, dedupe: str | None) -> bool:
        return dedupe is not None and any(
            entry.dedupe == dedupe and entry.state is not EntryState.FAILED for entry in self._entries()
        )

    def _claimed(self, claim: Claim) -> LedgerEntry:
        if not self.holds(claim):
            raise ClaimLost(f"task ledger row {claim.entry.id} is no longer this worker's")
        return self._rows[claim.entry.id].entry

    def _failed(self, entry_id: LedgerEntryId) -> LedgerEntry:
        row = self._rows.get(entry_id)
        if row is None or row.entry.state is not EntryState.FAILED:
            raise NotFound(f"no failed task ledger row {entry_id}")
        return row.entry

    def _under_way(self) -> Mapping[Queue, Mapping[str | None, int]]:
        """How many rows, by queue and fair key."""
        busy: dict[Queue, Counter[str | None]] = {}
        for entry in self._entries():
            if entry.state in _UNDER_WAY:
                busy.setdefault(entry.queue, Counter())[entry.fair] += 1
        return busy

    def _choose(self, limits: RelayLimits) -> list[LedgerEntry]:
        under_way = [entry for entry in self._entries() if entry.state in _UNDER_WAY]
        room = Room(limits.per_limit_key, Counter(entry.limit for entry in under_way if entry.limit is not None))
        chosen: list[LedgerEntry] = []
        for queue, lanes in sorted(self._lanes().items()):
            busy = Counter(entry.fair for entry in under_way if entry.queue == queue)
            chosen += take_turns(lanes, limits.per_queue - busy.total(), busy, room, spare=limits.spare)
        return chosen

    def _lanes(self) -> Mapping[Queue, list[Lane[LedgerEntry]]]:
        """The rows that may be published now, each lane oldest first."""
        waiting: dict[tuple[Queue, str | None, str | None], list[LedgerEntry]] = {}
        for entry in sorted(self._entries(), key=lambda entry: (entry.due_at, entry.id)):
            if entry.state is EntryState.DUE and entry.due_at <= self._now and not self._is_held(entry):
                waiting.setdefault((entry.queue, entry.fair, entry.limit), []).append(entry)
        lanes: dict[Queue, list[Lane[LedgerEntry]]] = {}
        for (queue, fair, limit), entries in waiting.items():
            lanes.setdefault(queue, []).append(Lane(fair, limit, _age_key(entries[0]), _aged(entries)))
        return lanes


_numbers = count(1)


def next_entry_id() -> LedgerEntryId:
    """Ids in memory grow, as those of the real ledger do."""
    return LedgerEntryId(UUID(int=next(_numbers), version=4))


def new_entry(
    task: Task,
    now: datetime,
    *,
    delay: timedelta = timedelta(),
    queue: Queue | None = None,
    fair: str | None = None,
) -> LedgerEntry:
    """The row of a task that somebody just enqueued."""
    return LedgerEntry(
        id=next_entry_id(),
        task=task.name,
        arguments=task.arguments(),
        queue=task.queue_for(queue),
        state=EntryState.DUE,
        attempt=0,
        due_at=now + delay,
        created_at=now,
        fair=fair or task.fair_key(),
        limit=task.limit_key(),
        dedupe=task.dedupe_key(),
        request_id=request_id.get(),
    )


def _free(entry: LedgerEntry) -> LedgerEntry:
    """The row without its worker; a claim ends as lost by that."""
    return replace(entry, lost=entry.lost + (entry.state is EntryState.CLAIMED))


def _due(entry: LedgerEntry) -> LedgerEntry:
    return replace(entry, state=EntryState.DUE, worker=None, leased_until=None)


def _leased_until(entry: LedgerEntry) -> datetime:
    return entry.leased_until or entry.due_at


def _ready_since(entry: LedgerEntry) -> datetime:
    return entry.due_at if entry.state is EntryState.DUE else _leased_until(entry)


def _age_key(entry: LedgerEntry) -> int:
    return (entry.due_at - _EPOCH) // timedelta(microseconds=1)


def _aged(entries: Sequence[LedgerEntry]) -> Iterator[tuple[int, LedgerEntry]]:
    return ((_age_key(entry), entry) for entry in entries)
