"""Ending broadcasts whose time has passed."""

import logging
from dataclasses import dataclass

from notify_core.broadcasts.ports import BroadcastsWork
from notify_core.broadcasts.states import MessageEvent
from notify_core.broadcasts.tasks import CompleteExpiredBroadcasts
from notify_core.broadcasts.use_cases.revise import lapse_pending
from notify_core.kernel.errors import Conflict
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

logger = logging.getLogger(__name__)

BATCH = 500


@dataclass(frozen=True)
class CompleteExpired:
    """The task ``complete-expired-broadcasts``: one transaction a message, so that none waits for another."""

    work: UnitOfWorkFactory[BroadcastsWork]
    clock: Clock

    def __call__(self, task: CompleteExpiredBroadcasts, claim: Claim) -> None:  # noqa: ARG002 - no arguments, and each message is its own transaction
        now = self.clock.now()
        with self.work(read_only=True) as work:
            expired = work.broadcast_messages.expired(now, BATCH)
        for message in expired:
            try:
                with self.work() as work:
                    work.broadcast_messages.change(message, message.after(MessageEvent.EXPIRED, now))
                    lapse_pending(work, message.id, now)
                    work.commit()
            except Conflict:
                # Cancelled at this very moment, then it has ended too; or it was given a later end. Whatever it
                # was, the next run takes what has expired.
                logger.info("Broadcast was changed while it expired", extra={"broadcast_message_id": str(message.id)})
