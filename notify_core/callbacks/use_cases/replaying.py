"""Telling services once more what they were not told."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from notify_core.accounts.model import AuditEntry, CallbackType
from notify_core.callbacks.ports import CallbacksWork
from notify_core.callbacks.tasks import callback_key
from notify_core.callbacks.use_cases.showing import failed_rows
from notify_core.kernel.errors import AlreadyExists, NotFound
from notify_core.kernel.ids import LedgerEntryId, ServiceId
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import EntryState, LedgerEntry, TaskLedger
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class Replayed:
    """``skipped`` is how many were not failed any more when it was their turn."""

    deliveries: tuple[LedgerEntryId, ...]
    skipped: int


@dataclass(frozen=True)
class ReplayCallbacks:
    """Make the failed deliveries of a service due again, all of them, those of one type, or one. Their ``webhook-id``
    stays: a service that did get one of them, and was not heard, knows it by that. To replay twice, or what has been
    delivered or waits already, changes nothing.

    :raises NotFound: no such service.
    """

    work: UnitOfWorkFactory[CallbacksWork]
    clock: Clock
    ledger: TaskLedger

    def __call__(
        self,
        service_id: ServiceId,
        kind: CallbackType | None = None,
        delivery: UUID | None = None,
        *,
        where: str = "cli",
    ) -> Replayed:
        with self.work() as work:
            work.services.get(service_id)
            what = f"failed {kind or 'callback'} deliveries replayed{f' ({delivery})' if delivery else ''}"
            work.audit.add(AuditEntry(self.clock.now(), "operator", what, str(service_id), where))
            work.commit()
        done: list[LedgerEntryId] = []
        skipped = 0
        for entry in self._wanted(service_id, kind, delivery):
            try:
                self.ledger.replay(entry.id)
            except (NotFound, AlreadyExists):
                skipped += 1
            else:
                done.append(entry.id)
        return Replayed(tuple(done), skipped)

    def _wanted(self, service_id: ServiceId, kind: CallbackType | None, delivery: UUID | None) -> Iterator[LedgerEntry]:
        kinds = [one for one in CallbackType if kind in {None, one}]
        if delivery is not None:
            yield from self._this(LedgerEntryId(delivery), {callback_key(service_id, one) for one in kinds})
            return
        for one in kinds:
            yield from failed_rows(self.ledger, service_id, one)

    def _this(self, delivery: LedgerEntryId, keys: Collection[str]) -> Iterator[LedgerEntry]:
        """Nothing, where it is done, somebody else's, or of another type."""
        with suppress(NotFound):
            entry = self.ledger.get(delivery)
            if entry.state is EntryState.FAILED and entry.limit in keys:
                yield entry
