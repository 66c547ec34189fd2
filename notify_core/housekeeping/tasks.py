"""Background work that spans the kinds of message."""

from dataclasses import dataclass
from typing import ClassVar

from notify_core.kernel.ids import ServiceId
from notify_core.kernel.queues import PERIODIC, Queue
from notify_core.kernel.tasks import RetryPolicy, Task, every


@dataclass(frozen=True)
class DeleteOldMessages(Task):
    """``from_service``: where the services, in the order of their ids, are gone on with."""

    name: ClassVar[str] = "delete-notifications-older-than-retention"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(60), maximum=10)

    from_service: ServiceId | None = None


@dataclass(frozen=True)
class DeleteOldLetters(Task):
    """Follows :class:`DeleteOldMessages`; letters are deleted with their files."""

    name: ClassVar[str] = "delete-letters-older-than-retention"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(60), maximum=10)

    from_service: ServiceId | None = None


@dataclass(frozen=True)
class SaveProcessingTime(Task):
    """``date``: the day in London, ``2026-01-05``; yesterday when None."""

    name: ClassVar[str] = "save-daily-notification-processing-time"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(60), maximum=10)

    date: str | None = None


@dataclass(frozen=True)
class CheckFailureRates(Task):
    name: ClassVar[str] = "check-for-services-with-high-failure-rates-or-sending-to-tv-numbers"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(60), maximum=10)
