"""What the printer and the post answer."""

from dataclasses import dataclass
from typing import ClassVar

from notify_core.kernel.queues import INTERNAL, PERIODIC, Queue
from notify_core.kernel.tasks import FOR_EVER, RetryPolicy, Task, every


@dataclass(frozen=True)
class UpdateLetterStatuses(Task):
    name: ClassVar[str] = "update-letter-notifications-statuses"
    queue: ClassVar[Queue] = INTERNAL
    retry: ClassVar[RetryPolicy] = FOR_EVER

    file_name: str

    def dedupe_key(self) -> str:
        return f"letter-answers:{self.file_name}"


@dataclass(frozen=True)
class RecordSortedCounts(Task):
    name: ClassVar[str] = "record-daily-sorted-counts"
    queue: ClassVar[Queue] = INTERNAL
    retry: ClassVar[RetryPolicy] = FOR_EVER

    file_name: str

    def dedupe_key(self) -> str:
        return f"letter-sorted-counts:{self.file_name}"


@dataclass(frozen=True)
class LookForAnswers(Task):
    name: ClassVar[str] = "look-for-letter-response-files"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(60), maximum=10)


@dataclass(frozen=True)
class ApplyWaitingAnswers(Task):
    """Answers that came before our own record of sending their letters. ``after``: of letters behind this one."""

    name: ClassVar[str] = "apply-waiting-letter-responses"
    queue: ClassVar[Queue] = INTERNAL
    retry: ClassVar[RetryPolicy] = FOR_EVER

    after: str = ""

    def dedupe_key(self) -> str:
        return self.name


@dataclass(frozen=True)
class ProcessReturnedLetters(Task):
    """``references``: the names that the printer knows letters by."""

    name: ClassVar[str] = "process-returned-letters-list"
    queue: ClassVar[Queue] = INTERNAL
    retry: ClassVar[RetryPolicy] = FOR_EVER

    references: tuple[str, ...]
