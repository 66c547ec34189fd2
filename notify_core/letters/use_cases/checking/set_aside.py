"""The ends of uploads that are not passed on: put where operators find them, with an alarm."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from notify_core.alarms.use_cases import RaiseTicket
from notify_core.letters.model import Bucket, Letter
from notify_core.letters.policies import LetterRules
from notify_core.letters.policies.files import INFECTED, UNREADABLE
from notify_core.letters.ports import LetterPdfNotFound, LetterStore, LettersWork
from notify_core.letters.states import LetterEvent
from notify_core.letters.tasks.checking import GiveUpCheck, ProcessVirusScanError, ProcessVirusScanFailed
from notify_core.letters.use_cases.checking.recording import ids_of, pending, record, record_missing
from notify_core.letters.use_cases.checking.uploads import prefix_of, set_aside
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.tickets import TicketPriority
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)

# An outage meets every upload; people need not be told of each.
QUIET_FOR: Final = timedelta(hours=1)
_REPLAY: Final = f"The files are in {UNREADABLE} of the scan bucket: `notify letters replay-errors` checks them again."


@dataclass(frozen=True)
class _End:
    work: UnitOfWorkFactory[LettersWork]
    clock: Clock
    letter_store: LetterStore
    letter_rules: LetterRules
    raise_ticket: RaiseTicket

    def _record(self, letter: Letter, event: LetterEvent, claim: Claim, *words: str) -> None:
        """The end, and an alarm whose subject is the first of ``words``."""
        _log.error("%s", words[0], extra=ids_of(letter))
        with self.work() as work:
            if record(work, letter.id, event, self.clock.now(), sheets=0):
                self._alarm(work, *words)
            work.finish(claim)
            work.commit()

    def _alarm(self, work: LettersWork, what: str, *text: str) -> None:
        subject, since = self.letter_rules.subject(what), self.clock.now() - QUIET_FOR
        if any(ticket.subject == subject and ticket.created_at > since for ticket in work.tickets.newest()):
            return
        text = (*text, "There may be more by now; their ids are in the log.")
        body = self.letter_rules.body(*text)
        self.raise_ticket(work, subject=subject, body=body, priority=TicketPriority.NORMAL)

    def _aside(self, letter: Letter) -> None:
        """Put it into ``ERROR/``, if it is not there yet.

        :raises LetterPdfNotFound: it is nowhere.
        """
        try:
            key = self.letter_store.find(Bucket.SCAN, prefix_of(letter)).key
        except LetterPdfNotFound:
            self.letter_store.find(Bucket.SCAN, UNREADABLE + prefix_of(letter))
        else:
            set_aside(self.letter_store, key, UNREADABLE)

    def _technical_failure(self, task: ProcessVirusScanError | GiveUpCheck, claim: Claim, *words: str) -> None:
        letter = pending(self.work, task.notification_id)
        if letter is None:
            return
        try:
            self._aside(letter)
        except LetterPdfNotFound as missing:
            record_missing(self.work, self.clock, letter, missing, claim)
        else:
            self._record(letter, LetterEvent.SCAN_ERROR, claim, *words)


class SetAsideInfected(_End):
    """The task ``process-virus-scan-failed``.

    :raises TransientError: the store is not there now.
    :raises NotFound: the letter has been deleted.
    """

    def __call__(self, task: ProcessVirusScanFailed, claim: Claim) -> None:
        letter = pending(self.work, task.notification_id)
        if letter is None:
            return
        try:
            set_aside(self.letter_store, task.key, INFECTED)
        except LetterPdfNotFound as missing:
            record_missing(self.work, self.clock, letter, missing, claim)
        else:
            where = f"It is in {INFECTED} of the scan bucket; its sender sees the status virus-scan-failed."
            self._record(letter, LetterEvent.INFECTED, claim, "Virus found in an uploaded letter", where)


class SetAsideUnscanned(_End):
    """The task ``process-virus-scan-error``; errors as :class:`SetAsideInfected`."""

    def __call__(self, task: ProcessVirusScanError, claim: Claim) -> None:
        self._technical_failure(task, claim, "Uploaded letters could not be scanned for viruses", _REPLAY)


class GiveUpOnCheck(_End):
    """The task ``give-up-letter-check``; errors as :class:`SetAsideInfected`."""

    def __call__(self, task: GiveUpCheck, claim: Claim) -> None:
        self._technical_failure(task, claim, "Uploaded letters could not be checked", _REPLAY)
