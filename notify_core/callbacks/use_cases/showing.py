"""How it is with the callbacks of a service."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from notify_core.accounts.model import Callback, CallbackType
from notify_core.callbacks.model import Attempt, Circuit
from notify_core.callbacks.ports import CallbacksWork
from notify_core.callbacks.tasks import callback_key
from notify_core.kernel.ids import ServiceId
from notify_core.ports.task_ledger import EntryState, LedgerEntry, TaskLedger
from notify_core.ports.unit_of_work import UnitOfWorkFactory

# More rows than these nobody reads; they are counted as "at least".
MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class FailedDelivery:
    """One that was refused, or whose retries are used up. ``attempts`` are those still recorded, oldest first."""

    entry: LedgerEntry
    type: CallbackType
    attempts: Sequence[Attempt]


@dataclass(frozen=True, slots=True)
class CallbackView:
    """``callback`` is None where the service wants to hear no more; ``waiting`` and ``failed`` count its deliveries, up
    to :data:`MOST_COUNTED`."""

    type: CallbackType
    callback: Callback | None
    circuit: Circuit
    waiting: int
    failed: int


@dataclass(frozen=True, slots=True)
class ServiceCallbacks:
    """``attempts`` are the newest ones, newest first."""

    callbacks: Sequence[CallbackView]
    failed: Sequence[FailedDelivery]
    attempts: Sequence[Attempt]


@dataclass(frozen=True)
class ShowCallbacks:
    """Those of a service, by type; a type that was never used is left out.

    :raises NotFound: no such service.
    """

    work: UnitOfWorkFactory[CallbacksWork]
    ledger: TaskLedger

    def __call__(self, service_id: ServiceId, kind: CallbackType | None = None, *, limit: int = 20) -> ServiceCallbacks:
        kinds = [one for one in CallbackType if kind in {None, one}]
        failed = {one: self._rows(service_id, one, EntryState.FAILED) for one in kinds}
        waiting = {one: len(self._rows(service_id, one, EntryState.DUE)) for one in kinds}
        with self.work(read_only=True) as work:
            work.services.get(service_id)
            views = [self._view(work, service_id, one, waiting[one], len(failed[one])) for one in kinds]
            rows = [(entry, one) for one in kinds for entry in failed[one]]
            rows.sort(key=lambda row: row[0].id, reverse=True)
            return ServiceCallbacks(
                callbacks=[view for view in views if view.callback or view.waiting or view.failed],
                failed=[
                    FailedDelivery(entry, one, work.callback_attempts.of_delivery(entry.id))
                    for entry, one in rows[:limit]
                ],
                attempts=[one for one in work.callback_attempts.newest(service_id) if one.type in kinds][:limit],
            )

    def _view(
        self, work: CallbacksWork, service_id: ServiceId, kind: CallbackType, waiting: int, failed: int
    ) -> CallbackView:
        circuit = work.circuits.find(service_id, kind) or Circuit(service_id, kind)
        return CallbackView(kind, work.callbacks.find(service_id, kind), circuit, waiting, failed)

    def _rows(self, service_id: ServiceId, kind: CallbackType, state: EntryState) -> Sequence[LedgerEntry]:
        return self.ledger.entries(state=state, limit_key=callback_key(service_id, kind), limit=MOST_COUNTED)


def failed_rows(ledger: TaskLedger, service_id: ServiceId, kind: CallbackType) -> Iterator[LedgerEntry]:
    """All of them, read as far as they are asked for; a row may be made due while they are walked through."""
    after = None
    while page := ledger.entries(
        state=EntryState.FAILED, limit_key=callback_key(service_id, kind), after=after, limit=MOST_COUNTED
    ):
        yield from page
        after = page[-1].id
