"""Checking uploaded letters."""

from dataclasses import dataclass
from typing import ClassVar

from notify_core.kernel.ids import NotificationId
from notify_core.kernel.queues import ANTIVIRUS, RETRY, Queue
from notify_core.kernel.tasks import RetryPolicy, Task, every


@dataclass(frozen=True)
class ScanFile(Task):
    name: ClassVar[str] = "scan-file"
    queue: ClassVar[Queue] = ANTIVIRUS
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(300), maximum=15, queue=RETRY)

    notification_id: NotificationId

    def dedupe_key(self) -> str:
        return f"scan:{self.notification_id}"
