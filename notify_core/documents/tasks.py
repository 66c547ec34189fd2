"""The background work of files by email."""

from dataclasses import dataclass
from typing import ClassVar

from notify_core.kernel.queues import PERIODIC, Queue
from notify_core.kernel.tasks import RetryPolicy, Task, every


@dataclass(frozen=True)
class DeleteExpiredDocuments(Task):
    name: ClassVar[str] = "delete-expired-documents"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(60), maximum=10)
