"""Checking uploaded letters.

A letter is at one step at a time: they share a key, so that nobody begins anew what is under way. ``key`` is the
upload's name in the scan bucket, found by the first step and told to the others, which need not look for it.
"""

from dataclasses import dataclass
from typing import ClassVar

from notify_core.kernel.ids import NotificationId
from notify_core.kernel.queues import ANTIVIRUS, LETTERS, RETRY, SANITISE_LETTER, Queue
from notify_core.kernel.tasks import FOR_EVER, RetryPolicy, Task, every

_AS_OFTEN = RetryPolicy(delay=every(300), maximum=15, queue=RETRY)


@dataclass(frozen=True)
class _OneUpload:
    """Whose upload it is."""

    notification_id: NotificationId

    def dedupe_key(self) -> str:
        return f"scan:{self.notification_id}"


@dataclass(frozen=True)
class ProcessVirusScanError(_OneUpload, Task):
    """Follows an upload that no scanner could look at."""

    name: ClassVar[str] = "process-virus-scan-error"
    queue: ClassVar[Queue] = LETTERS
    retry: ClassVar[RetryPolicy] = FOR_EVER
    most_losses: ClassVar[int | None] = None


@dataclass(frozen=True)
class GiveUpCheck(_OneUpload, Task):
    """Follows an upload that was scanned and could then be neither passed nor refused."""

    name: ClassVar[str] = "give-up-letter-check"
    queue: ClassVar[Queue] = LETTERS
    retry: ClassVar[RetryPolicy] = FOR_EVER
    most_losses: ClassVar[int | None] = None


@dataclass(frozen=True)
class ScanFile(_OneUpload, Task):
    """``again``: the upload may have been set aside after an earlier error."""

    name: ClassVar[str] = "scan-file"
    queue: ClassVar[Queue] = ANTIVIRUS
    retry: ClassVar[RetryPolicy] = _AS_OFTEN
    when_exhausted: ClassVar[type[Task] | None] = ProcessVirusScanError

    again: bool = False


@dataclass(frozen=True)
class ProcessVirusScanFailed(_OneUpload, Task):
    """A virus was found."""

    name: ClassVar[str] = "process-virus-scan-failed"
    queue: ClassVar[Queue] = LETTERS
    retry: ClassVar[RetryPolicy] = FOR_EVER
    most_losses: ClassVar[int | None] = None

    key: str


@dataclass(frozen=True)
class SanitiseLetter(_OneUpload, Task):
    name: ClassVar[str] = "sanitise-letter"
    queue: ClassVar[Queue] = SANITISE_LETTER
    retry: ClassVar[RetryPolicy] = _AS_OFTEN
    when_exhausted: ClassVar[type[Task] | None] = GiveUpCheck

    key: str


@dataclass(frozen=True)
class ProcessSanitisedLetter(_OneUpload, Task):
    """What was recorded of the letter is true; its file is on the way to its place."""

    name: ClassVar[str] = "process-sanitised-letter"
    queue: ClassVar[Queue] = LETTERS
    retry: ClassVar[RetryPolicy] = _AS_OFTEN
    when_exhausted: ClassVar[type[Task] | None] = GiveUpCheck

    key: str
