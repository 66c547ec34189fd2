"""The task ledger: every piece of background work is a row until its result is recorded.

    due -> published -> claimed -> gone        (or -> failed, kept with its reason, replayable)

Times are database time throughout, so workers with wrong clocks do no harm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from notify_core.kernel.ids import LedgerEntryId
from notify_core.kernel.queues import Queue
from notify_core.kernel.tasks import Json, Task
from notify_core.ports.task_queue import Publication

# A row that nobody takes out of its queue is published again, each time after as long as it has waited, but
# after this long at the latest: a queue without workers does not fill with copies.
LONGEST_LEASE = timedelta(hours=1)

# What a claim is given at first and by each heartbeat; a process that died is noticed after this long.
LEASE = timedelta(seconds=60)

# No execution outlives this; work that takes longer re-enqueues itself in batches.
LONGEST_EXECUTION = timedelta(seconds=240)


class EntryState(StrEnum):
    DUE = "due"
    PUBLISHED = "published"
    CLAIMED = "claimed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One row. ``attempt`` is how many retries it has had; ``due_at`` when it may be published;
    ``leased_until`` when a published or claimed row counts as lost; ``reason`` why the latest
    attempt failed; ``lost`` how many claims of this attempt ended with their workers."""

    id: LedgerEntryId
    task: str
    arguments: Mapping[str, Json]
    queue: Queue
    state: EntryState
    attempt: int
    due_at: datetime
    created_at: datetime
    fair: str | None = None
    limit: str | None = None
    dedupe: str | None = None
    leased_until: datetime | None = None
    worker: str | None = None
    request_id: str | None = None
    reason: str | None = None
    lost: int = 0


@dataclass(slots=True)
class Claim:
    """A worker's hold on a row. ``token`` is another for every claim of a row, so that a worker whose lease
    ran out can no longer record a result; rows claimed together may share one. ``waited`` is how long the
    row had been due."""

    entry: LedgerEntry
    token: str
    waited: timedelta
    # Set by the unit of work that committed the result together with the row's deletion.
    finished: bool = field(default=False)


@dataclass(frozen=True, slots=True)
class RelayLimits:
    """How much may be under way: unfinished published rows per queue, rows per limit key, and how
    long a row just published, or lying in a queue, is left alone before it counts as lost."""

    per_queue: int = 1000
    per_limit_key: int = 4
    lease: timedelta = timedelta(seconds=90)

    @property
    def spare(self) -> int:
        """How many places of a queue are kept for those who have few rows in it."""
        return self.per_queue // 20


class TaskLedger(Protocol):
    """What the relay, the workers and the operators do with rows. Each method is a transaction of
    its own. Rows are written, and finished, by a unit of work."""

    def publish_due(self, limits: RelayLimits, worker: str) -> Sequence[Publication]:
        """Mark due rows, and rows whose lease ran out, as published; return them to be handed over.

        Per queue, rows are taken in turn over their ``fair`` keys, oldest first within a key, until
        ``per_queue`` are published or claimed; ``spare`` places are left to keys that have few there, and of those,
        where many rows of others are under way, the rows are marked ``ahead``. No more than ``per_limit_key`` rows
        of a limit key are published or claimed at a time; those of a held key are not published at all.
        Two relays never get the same row.
        """
        ...

    def handed_over(self, entry_ids: Sequence[LedgerEntryId], worker: str, lease: timedelta) -> None:
        """The broker has these rows, published by ``worker``: those still waiting in it count as lost
        ``lease`` from now, or after as long as they have been due (:data:`LONGEST_LEASE` at most), if that is
        longer. Rows that somebody claims at this moment may keep the lease they have."""
        ...

    def put_back(self, entry_ids: Sequence[LedgerEntryId], worker: str) -> None:
        """Rows published by ``worker`` that could not be handed over are due again."""
        ...

    def next_due_in(self) -> timedelta | None:
        """How long until a row becomes due or a lease runs out (0: now); None: there is none."""
        ...

    def claim(self, entry_ids: Sequence[LedgerEntryId], worker: str, lease: timedelta) -> Sequence[Claim]:
        """Take those of the rows that are published, or whose claim's lease ran out, in any order. Rows that
        are missing in the answer are gone, not due, failed, or another worker's; their message is dropped."""
        ...

    def give_back(self, claims: Sequence[Claim]) -> None:
        """Nothing was begun of these: their rows are due again, as they were; those already lost stay lost."""
        ...

    def begin(self, task: Task, worker: str, lease: timedelta) -> Claim:
        """Write a row that is claimed from its beginning, for work that is done here and now.

        :raises AlreadyExists: an unfinished row has the task's dedupe key.
        """
        ...

    def extend(self, claims: Sequence[Claim], lease: timedelta) -> None:
        """Heartbeat: these claims last ``lease`` from now; those already lost stay lost."""
        ...

    def retry(self, claim: Claim, *, delay: timedelta, queue: Queue | None, reason: str) -> None:
        """The same row, attempt + 1, due after ``delay``, on ``queue`` (None: where it was).

        :raises ClaimLost: the row is no longer this claim's.
        """
        ...

    def put_off(self, claim: Claim, *, delay: timedelta, reason: str) -> None:
        """The same row, due after ``delay``; what was done counts neither as a retry nor as lost.

        :raises ClaimLost: the row is no longer this claim's.
        """
        ...

    def fail(self, claim: Claim, reason: str) -> None:
        """Keep the row as failed.

        :raises ClaimLost: the row is no longer this claim's.
        """
        ...

    def recover(self, worker: str) -> int:
        """The rows published or claimed by ``worker`` are due now: it has died with all it held.
        Returns how many."""
        ...

    def hold(self, limit_key: str, length: timedelta) -> None:
        """Publish no row with this limit key for ``length`` (replaces an earlier hold)."""
        ...

    def release(self, limit_key: str) -> None:
        """End a hold; nothing happens when there is none."""
        ...

    def get(self, entry_id: LedgerEntryId) -> LedgerEntry:
        """:raises NotFound: no such row (it may be done)."""
        ...

    def entries(
        self,
        *,
        queue: Queue | None = None,
        state: EntryState | None = None,
        limit_key: str | None = None,
        after: LedgerEntryId | None = None,
        limit: int = 100,
    ) -> Sequence[LedgerEntry]:
        """Up to ``limit`` rows in the order of their ids, from behind ``after``."""
        ...

    def with_dedupe(self, keys: Sequence[str]) -> Sequence[LedgerEntry]:
        """The rows with these dedupe keys, in the order of their ids: of each key the unfinished row and the
        latest failed one, where there are such. Keys without a row are missing in the answer."""
        ...

    def depth(self) -> Mapping[tuple[Queue, EntryState], int]:
        """How many rows there are, by queue and state; combinations without rows are absent. Counting
        may end early in a flood: a number of 100,000 or more means "at least"."""
        ...

    def lag(self) -> timedelta:
        """How long the oldest row that could be published has been waiting; 0 when none is."""
        ...

    def replay(self, entry_id: LedgerEntryId) -> None:
        """A failed row is due now, with its retries before it.

        :raises NotFound: no failed row has this id.
        :raises AlreadyExists: an unfinished row has its dedupe key.
        """
        ...

    def purge(self, entry_id: LedgerEntryId) -> None:
        """Delete a failed row.

        :raises NotFound: no failed row has this id.
        """
        ...
