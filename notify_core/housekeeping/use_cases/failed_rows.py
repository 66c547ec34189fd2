"""What operators do with work that has failed."""

from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from notify_core.broadcasts.ports import BroadcastsWork
from notify_core.broadcasts.use_cases.auditing import note
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import BroadcastEventId, BroadcastMessageId, LedgerEntryId
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import EntryState, LedgerEntry, TaskLedger
from notify_core.ports.unit_of_work import UnitOfWorkFactory


class RowAct(StrEnum):
    """As the audit log calls it."""

    REPLAYED = "replayed"
    PURGED = "purged"


@dataclass(frozen=True)
class TendFailedRow:
    """Make a failed row due again, or delete it. Where its work is a broadcast's, the audit log says so beside all
    else that was done to that broadcast: first it is written, then done, so that nothing is done unseen.

    :raises NotFound: no failed row has this id.
    :raises AlreadyExists: it cannot be due again, because an unfinished row has its dedupe key.
    """

    work: UnitOfWorkFactory[BroadcastsWork]
    clock: Clock
    ledger: TaskLedger

    def __call__(self, entry_id: LedgerEntryId, act: RowAct, *, where: str = "cli") -> None:
        with suppress(NotFound):  # the row, or what it is about: then there is nothing to tell
            self._note(self.ledger.get(entry_id), act, where)
        if act is RowAct.REPLAYED:
            self.ledger.replay(entry_id)
        else:
            self.ledger.purge(entry_id)

    def _note(self, entry: LedgerEntry, act: RowAct, where: str) -> None:
        if entry.state is not EntryState.FAILED:
            return
        with self.work() as work:
            subject = _broadcast_of(work, entry)
            if subject is None:
                return
            provider = entry.arguments.get("provider")
            what = f"task {entry.task}{f' for {provider}' if provider else ''} ({entry.id}) {act}"
            note(work, what, about=subject, who="operator", at=self.clock.now(), where=where)
            work.commit()


def _broadcast_of(work: BroadcastsWork, entry: LedgerEntry) -> BroadcastMessageId | None:
    if message_id := entry.arguments.get("broadcast_message_id"):
        return BroadcastMessageId(UUID(f"{message_id}"))
    if event_id := entry.arguments.get("broadcast_event_id"):
        return work.broadcast_events.get(BroadcastEventId(UUID(f"{event_id}"))).broadcast_message_id
    return None
