"""Checking those uploads again that an error kept from being checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from notify_core.kernel.errors import IllegalTransition, NotFound
from notify_core.kernel.ids import NotificationId
from notify_core.letters.model import Bucket, Letter
from notify_core.letters.policies import reference_in
from notify_core.letters.policies.files import UNREADABLE
from notify_core.letters.ports import LetterStore, LettersWork
from notify_core.letters.states import LetterEvent
from notify_core.letters.tasks.checking import ScanFile
from notify_core.ports.clock import Clock
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_AGAIN: Final = "is checked again"
_UNKNOWN: Final = "left: its name is no letter's"


@dataclass(frozen=True, slots=True)
class FileReplayed:
    """What becomes of a file in ``ERROR/``."""

    file: str
    notification_id: NotificationId | None
    outcome: str


@dataclass(frozen=True)
class ReplayScanErrors:
    """All files in ``ERROR/`` of the scan bucket, or one of them (with or without the folder in its name). Each
    letter waits for its check again, and the task that scans it first moves the file back: so nothing is lost
    wherever this ends, and it may be called again.

    :raises NotFound: there is no such file.
    :raises TransientError: the store is not there now, or a letter was changed at this very moment.
    """

    work: UnitOfWorkFactory[LettersWork]
    clock: Clock
    letter_store: LetterStore

    def __call__(self, file: str | None = None) -> Sequence[FileReplayed]:
        wanted = (file or "").removeprefix(UNREADABLE)
        keys = [found.key for found in self.letter_store.listing(Bucket.SCAN, UNREADABLE + wanted)]
        if wanted and not keys:
            raise NotFound(f"there is no file {wanted} in {UNREADABLE} of the scan bucket")
        letters = self._letters(keys)
        return [self._replay(key, letters.get(reference_in(key) or "")) for key in keys]

    def _letters(self, keys: Sequence[str]) -> Mapping[str, Letter]:
        with self.work(read_only=True) as work:
            return work.letters.by_file_references([found for key in keys if (found := reference_in(key))])

    def _replay(self, key: str, letter: Letter | None) -> FileReplayed:
        if letter is None:
            return FileReplayed(key, None, _UNKNOWN)
        with self.work() as work:
            was = work.letters.get(letter.id)
            try:
                becomes = was.after(LetterEvent.SCANNED_AGAIN, self.clock.now())
            except IllegalTransition:
                return FileReplayed(key, was.id, f"left: the letter is {was.status}")
            work.letters.change(was, becomes)
            work.enqueue(ScanFile(was.id, again=True), fair=str(was.service_id))
            work.commit()
        return FileReplayed(key, was.id, _AGAIN)
