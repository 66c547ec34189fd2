"""The background work of accounts."""

from dataclasses import dataclass
from typing import ClassVar

from notify_core.kernel.queues import PERIODIC, Queue
from notify_core.kernel.tasks import RetryPolicy, Task, every


@dataclass(frozen=True)
class ForgetAnswers(Task):
    name: ClassVar[str] = "forget-idempotency-keys"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(60), maximum=5)
