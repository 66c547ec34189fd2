"""The background work of received texts."""

from dataclasses import dataclass
from typing import ClassVar

from notify_core.kernel.queues import PERIODIC, Queue
from notify_core.kernel.tasks import RetryPolicy, Task, every


@dataclass(frozen=True)
class DeleteInboundTexts(Task):
    name: ClassVar[str] = "delete-inbound-sms"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(60), maximum=10)
