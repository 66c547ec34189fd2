"""Messages for tasks that this release does not know: of a newer one during an upgrade, or of one that is gone."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import LedgerEntryId
from notify_core.registry.execute import ExecutionOutcome
from notify_core.registry.tasks import REGISTRY
from notify_entrypoints.celery_app.base import NotifyTask
from notify_entrypoints.celery_app.consumer import QuietConsumer
from notify_entrypoints.celery_app.process import Parts

logger = logging.getLogger(__name__)

NAME = "unknown-task"
# For so long a row is left to workers of another release. An upgrade takes no longer.
UPGRADE = timedelta(hours=1)

_KNOWN = frozenset(kind.name for kind in REGISTRY)


class OpenConsumer(QuietConsumer):
    """Celery drops a message whose task it does not know, and its row would come again for ever. Here a process
    gets it, which looks at the row: see :class:`UnknownTask`."""

    def on_unknown_task(self, body: Any, message: Any, exc: Exception) -> None:
        if "task" not in (message.headers or {}):
            # None of ours.
            super().on_unknown_task(body, message, exc)
            return
        message.headers["task"] = NAME
        self.create_task_handler()(message)


class UnknownTask(NotifyTask):
    """Leaves rows of an unknown task to workers that know it, to which the relay hands them again; those that have
    been due for longer than :data:`UPGRADE` end as failed, where operators find them."""

    abstract = True

    def carry_out(self, rows: Sequence[LedgerEntryId], parts: Parts) -> Sequence[ExecutionOutcome]:
        ours = [row for row in rows if not self._is_left(row, parts)]
        return super().carry_out(ours, parts) if ours else []

    def _is_left(self, row: LedgerEntryId, parts: Parts) -> bool:
        try:
            entry = parts.execute.ledger.get(row)
        except NotFound:
            return False
        # A worker that did not know the task, and had to give its message back, may have renamed it.
        if entry.task in _KNOWN or parts.execute.clock.now() - entry.due_at > UPGRADE:
            return False
        logger.warning("Row %s is left to a worker that has the task %s; this release does not", row, entry.task)
        return True
