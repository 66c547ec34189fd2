"""Making the PDFs of templated letters."""

from dataclasses import dataclass
from typing import ClassVar

from notify_core.kernel.ids import NotificationId
from notify_core.kernel.queues import CREATE_LETTERS_PDF, PERIODIC, RESEARCH_MODE, RETRY, Queue
from notify_core.kernel.tasks import FOR_EVER, RetryPolicy, Task, every


@dataclass(frozen=True)
class GiveUpLetter(Task):
    """Follows a letter whose PDF could not be made."""

    name: ClassVar[str] = "give-up-letter"
    queue: ClassVar[Queue] = RETRY
    # Nothing follows that would pick up what it leaves; see GiveUpNotification.
    retry: ClassVar[RetryPolicy] = FOR_EVER
    most_losses: ClassVar[int | None] = None

    notification_id: NotificationId

    def dedupe_key(self) -> str:
        # That of making the PDF: while the letter is being given up nobody may begin it anew.
        return f"letter-pdf:{self.notification_id}"


@dataclass(frozen=True)
class MakeLetterPdf(Task):
    name: ClassVar[str] = "get-pdf-for-templated-letter"
    queue: ClassVar[Queue] = CREATE_LETTERS_PDF
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(300), maximum=15, queue=RETRY)
    together: ClassVar[int] = 10
    when_exhausted: ClassVar[type[Task] | None] = GiveUpLetter

    notification_id: NotificationId

    def dedupe_key(self) -> str:
        return f"letter-pdf:{self.notification_id}"


@dataclass(frozen=True)
class SimulatePrinting(Task):
    """The answer of a printer to a letter that no printer gets."""

    name: ClassVar[str] = "simulate-letter-printing"
    queue: ClassVar[Queue] = RESEARCH_MODE
    retry: ClassVar[RetryPolicy] = FOR_EVER
    together: ClassVar[int] = 10

    notification_id: NotificationId


@dataclass(frozen=True)
class ReplayLetters(Task):
    """The part of ``replay-created-notifications`` that is about letters."""

    name: ClassVar[str] = "replay-created-letters"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(60), maximum=5)

    def dedupe_key(self) -> str:
        return self.name
