"""The evening print run. Instants are written as ISO 8601."""

from dataclasses import dataclass
from typing import ClassVar

from notify_core.kernel.queues import PERIODIC, PROCESS_FTP, SEND_EMAIL, Queue
from notify_core.kernel.tasks import FOR_EVER, RetryPolicy, Task, every


@dataclass(frozen=True)
class CollateLetters(Task):
    """Begins a run; the others do it, batch by batch. ``deadline``: of a run by hand, besides that of the evening."""

    name: ClassVar[str] = "collate-letter-pdfs-to-be-sent"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = FOR_EVER

    deadline: str | None = None

    def dedupe_key(self) -> str:
        return f"{self.name}:{self.deadline}"


@dataclass(frozen=True)
class FindLettersToPrint(Task):
    """``after``: the folders until then have been searched; ``behind``: and of the next one the files until this."""

    name: ClassVar[str] = "find-letters-to-print"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = FOR_EVER

    deadline: str
    after: str | None = None
    behind: str = ""

    def dedupe_key(self) -> str:
        # That of grouping: while letters are grouped nobody looks for more.
        return f"print-run:{self.deadline}"


@dataclass(frozen=True)
class GroupLettersToPrint(Task):
    name: ClassVar[str] = "group-letters-to-print"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = FOR_EVER

    deadline: str

    def dedupe_key(self) -> str:
        return f"print-run:{self.deadline}"


@dataclass(frozen=True)
class SendPrintVolumes(Task):
    """The email to one of the printer's addresses, the ``number``th, counted from 0."""

    name: ClassVar[str] = "send-print-volumes"
    # Its workers have what emails take.
    queue: ClassVar[Queue] = SEND_EMAIL
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(60), maximum=60)

    deadline: str
    number: int

    def dedupe_key(self) -> str:
        return f"print-volumes:{self.deadline}:{self.number}"


@dataclass(frozen=True)
class ZipAndSendLetters(Task):
    """Retried for as long as the printer is away."""

    name: ClassVar[str] = "zip-and-send-letter-pdfs"
    queue: ClassVar[Queue] = PROCESS_FTP
    retry: ClassVar[RetryPolicy] = FOR_EVER
    # A zip whose processes keep ending is still to be printed.
    most_losses: ClassVar[int | None] = None

    zip_name: str

    def dedupe_key(self) -> str:
        return f"zip:{self.zip_name}"

    def limit_key(self) -> str:
        # Printers allow few connections.
        return "letter-printer"
