"""Looking for letters that are stuck, and telling people on call how many. Which ones is in the log."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from notify_core.kernel.calendar import london_date, london_midnight
from notify_core.kernel.ids import NotificationId
from notify_core.letters.model import Bucket
from notify_core.letters.policies import day_folder, print_deadline
from notify_core.letters.policies.watching import (
    named_after,
    overdue_in_check,
    overdue_in_created,
    overdue_in_sending,
    sent_for,
    unacknowledged,
    zip_of_marker,
)
from notify_core.letters.ports import LetterStore, LettersWork
from notify_core.letters.states import LetterStatus
from notify_core.letters.tasks.checking import ScanFile
from notify_core.letters.tasks.watching import (
    CheckAcknowledgements,
    CheckPendingScans,
    CheckStillCreated,
    CheckStillSending,
)
from notify_core.letters.use_cases.telling import TellsPeople, log_letters
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)

# So many tell as much as all of them, where it is a great many.
MOST: Final = 5_000
# After the first look at pending scans: what a scanner that is there needs for all of them.
SECOND_LOOK: Final = timedelta(minutes=30)

_ZIPS_SENT: Final = "zips_sent/"
_DISPATCH: Final = "root/dispatch/"


@dataclass(frozen=True)
class _Watch(TellsPeople):
    work: UnitOfWorkFactory[LettersWork]
    clock: Clock
    most: int = MOST

    def _report(self, work: LettersWork, stuck: Sequence[NotificationId], subject: str, what: str) -> None:
        if not stuck:
            return
        log_letters(logging.ERROR, subject, stuck)
        number = len(stuck) if len(stuck) < self.most else f"{self.most} or more"
        self.tell(work, self.letter_rules.subject(subject), f"Letters that {what}: {number}. Their ids are in the log.")


@dataclass(frozen=True)
class TellOfPendingScans(_Watch):
    """The task ``check-if-letters-still-pending-virus-check``. What has waited for over 90 minutes is scanned again;
    half an hour later, what that has not helped is told."""

    def __call__(self, task: CheckPendingScans, claim: Claim) -> None:
        overdue = overdue_in_check(self.clock.now())
        with self.work() as work:
            # The second look is at those that the first one saw.
            moment = overdue - SECOND_LOOK if task.second_look else overdue
            stuck = work.letters.waiting_since(LetterStatus.PENDING_VIRUS_CHECK, moment, self.most)
            if task.second_look:
                what = "have waited for their virus scan for over 90 minutes, although they were scanned again"
                self._report(work, stuck, "Letters still pending virus check", what)
            elif stuck:
                for notification_id in stuck:
                    work.enqueue(ScanFile(notification_id, again=True))
                work.enqueue(CheckPendingScans(second_look=True), delay=SECOND_LOOK)
            work.finish(claim)
            work.commit()
        if stuck and not task.second_look:
            log_letters(logging.WARNING, "scanned again, because they waited for so long", stuck)


@dataclass(frozen=True)
class TellOfStillCreated(_Watch):
    """The task ``check-if-letters-still-in-created``: what no print run has taken that should have."""

    def __call__(self, _task: CheckStillCreated, claim: Claim) -> None:
        moment = overdue_in_created(self.clock.now())
        with self.work() as work:
            stuck = work.letters.waiting_since(LetterStatus.CREATED, moment, self.most)
            what = "were created before yesterday's 17:30 and have not been sent to the printer"
            self._report(work, stuck, "Letters still in 'created' status", what)
            work.finish(claim)
            work.commit()


@dataclass(frozen=True)
class TellOfStillSending(_Watch):
    """The task ``raise-alert-if-letter-notifications-still-sending``: what the printer has not answered for."""

    def __call__(self, _task: CheckStillSending, claim: Claim) -> None:
        moment = overdue_in_sending(self.clock.now())
        if moment is None:
            return
        with self.work() as work:
            stuck = work.letters.sent_before(moment, self.most)
            what = "were sent to the printer days ago, and of which it has not said that they are printed"
            self._report(work, stuck, "Letters still sending", what)
            work.finish(claim)
            work.commit()


@dataclass(frozen=True)
class TellOfUnacknowledged(TellsPeople):
    """The task ``raise-alert-if-no-letter-ack-file``: zips sent since yesterday's look, of whichever run, that the
    printer has not acknowledged. Letters are sent at most once, so nothing else tells of one that was lost there.

    :raises TransientError: the store is not there now.
    """

    work: UnitOfWorkFactory[LettersWork]
    clock: Clock
    letter_store: LetterStore

    def __call__(self, _task: CheckAcknowledgements, claim: Claim) -> None:
        # That of the latest run: past midnight, when this is made up for, it is still the same one.
        day = london_date(print_deadline(self.clock.now()))
        since, days = sent_for(day)
        zips = self._zips_sent(since, days)
        missing = self._unacknowledged(zips, days[0], london_midnight(day - timedelta(days=1)))
        if not missing:
            return
        _log.error("the printer has not acknowledged %s", ", ".join(missing))
        with self.work() as work:
            self.tell(work, "Letter acknowledge error", "The printer has not acknowledged these zips:", *missing)
            work.finish(claim)
            work.commit()

    def _zips_sent(self, since: datetime, days: Iterable[date]) -> Sequence[str]:
        folders = [day_folder(day) + _ZIPS_SENT for day in days]
        markers = [one for folder in folders for one in self.letter_store.listing(Bucket.PDF, folder)]
        sent = [one.key for one in markers if one.modified >= since]
        return [zip_of_marker(key) for key in sent if key.upper().endswith(".TXT")]

    def _unacknowledged(self, zips: Sequence[str], oldest: date, since: datetime) -> Sequence[str]:
        """Years of acknowledgements are not gone through where those named after the last days are enough. Nobody is
        called before they have been, as a printer may name them otherwise."""
        for behind in (_DISPATCH + named_after(oldest), ""):
            if not zips:
                break
            answers = self.letter_store.listing(Bucket.RESPONSE, _DISPATCH, behind)
            zips = unacknowledged(zips, [one.key for one in answers if one.modified >= since])
        return zips
