"""Looking for letters that are stuck."""

from dataclasses import dataclass
from typing import ClassVar

from notify_core.kernel.queues import PERIODIC, Queue
from notify_core.kernel.tasks import RetryPolicy, Task, every

_RETRY = RetryPolicy(delay=every(60), maximum=10)


@dataclass(frozen=True)
class CheckPendingScans(Task):
    """The first look has letters scanned again; the ``second_look``, which follows it, tells of those still waiting."""

    name: ClassVar[str] = "check-if-letters-still-pending-virus-check"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = _RETRY

    second_look: bool = False


@dataclass(frozen=True)
class CheckStillCreated(Task):
    name: ClassVar[str] = "check-if-letters-still-in-created"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = _RETRY


@dataclass(frozen=True)
class CheckStillSending(Task):
    name: ClassVar[str] = "raise-alert-if-letter-notifications-still-sending"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = _RETRY


@dataclass(frozen=True)
class CheckAcknowledgements(Task):
    name: ClassVar[str] = "raise-alert-if-no-letter-ack-file"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = _RETRY
