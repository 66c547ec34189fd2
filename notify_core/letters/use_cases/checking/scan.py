"""Looking for viruses in an upload."""

import logging
from dataclasses import dataclass

from notify_core.letters.model import Bucket
from notify_core.letters.ports import LetterPdfNotFound, LetterStore, LettersWork
from notify_core.letters.tasks.checking import ProcessVirusScanFailed, SanitiseLetter, ScanFile
from notify_core.letters.use_cases.checking.recording import ids_of, pending, record_missing
from notify_core.letters.use_cases.checking.uploads import bring_back, prefix_of
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.ports.virus_scanner import VirusScanner

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ScanUpload:
    """The task ``scan-file``.

    :raises TransientError: the scanner or the store is not there now.
    :raises NotFound: the letter has been deleted.
    """

    work: UnitOfWorkFactory[LettersWork]
    clock: Clock
    letter_store: LetterStore
    virus_scanner: VirusScanner

    def __call__(self, task: ScanFile, claim: Claim) -> None:
        letter = pending(self.work, task.notification_id)
        if letter is None:
            return
        if task.again:
            bring_back(self.letter_store, letter)
        try:
            key = self.letter_store.find(Bucket.SCAN, prefix_of(letter)).key
            upload = self.letter_store.get(Bucket.SCAN, key)
        except LetterPdfNotFound as missing:
            record_missing(self.work, self.clock, letter, missing, claim)
            return
        found = self.virus_scanner.scan(upload)
        if found is not None:
            _log.error("A virus was found in an uploaded letter: %s", found, extra=ids_of(letter))
        follows = SanitiseLetter if found is None else ProcessVirusScanFailed
        with self.work() as work:
            work.enqueue(follows(letter.id, key), fair=str(letter.service_id))
            work.finish(claim)
            work.commit()
