"""Stopping a letter before it is printed."""

from dataclasses import dataclass
from datetime import datetime

from notify_core.accounts.model import Caller
from notify_core.accounts.use_cases.idempotency import KeepAnswer, keep_no_answer
from notify_core.kernel.errors import Conflict, NotFound
from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.letters.model import Letter
from notify_core.letters.policies.cancelling import check_letter_cancellable
from notify_core.letters.ports import BankHolidays, LettersWork
from notify_core.letters.states import LetterEvent
from notify_core.letters.tasks.checking import ScanFile
from notify_core.letters.tasks.rendering import MakeLetterPdf
from notify_core.letters.use_cases.reading.letters import LetterView, letter_view_of
from notify_core.letters.use_cases.reading.messages import MessageView
from notify_core.notifications.use_cases.cancel import CancelNotification
from notify_core.ports.clock import Clock
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True)
class CancelLetter:
    """A letter that no print run has taken, cancelled; what is yet to be done for it is taken back in the same
    transaction, and what somebody is doing for it leads to nothing. ``keep`` is called in that transaction. The service
    is not called back: it has just said so itself.

    :raises NotFound: the service has no such letter.
    :raises NotAllowed: it can no longer be cancelled.
    :raises Conflict: another request took this one's name.
    """

    work: UnitOfWorkFactory[LettersWork]
    clock: Clock
    bank_holidays: BankHolidays

    def __call__(
        self, service_id: ServiceId, notification_id: NotificationId, keep: KeepAnswer[LetterView] = keep_no_answer
    ) -> LetterView:
        try:
            return self._cancel(service_id, notification_id, keep)
        except Conflict:
            # It moved on at this very moment; read again, it says what to.
            return self._cancel(service_id, notification_id, keep)

    def _cancel(
        self, service_id: ServiceId, notification_id: NotificationId, keep: KeepAnswer[LetterView]
    ) -> LetterView:
        with self.work() as work:
            becomes = cancel(work, work.letters.get(notification_id, service_id), self.clock.now())
            view = letter_view_of(work, becomes, self.bank_holidays)
            keep(work, view)
            work.commit()
        return view


def cancel(work: LettersWork, was: Letter, now: datetime) -> Letter:
    """Store that it is cancelled, and take back what is yet to be done for it.

    :raises NotAllowed: it can no longer be cancelled.
    :raises Conflict: it moved on at this very moment.
    """
    check_letter_cancellable(was, now)
    becomes = was.after(LetterEvent.CANCELLED, now)
    work.letters.change(was, becomes)
    # The steps of a check have one key, so that this takes back whichever is waiting.
    work.withdraw(ScanFile(was.id) if was.precompiled else MakeLetterPdf(was.id))
    return becomes


@dataclass(frozen=True)
class CancelMessage:
    """A message of whichever kind. Errors as :class:`CancelLetter`, and those of
    :class:`~notify_core.notifications.use_cases.CancelNotification`."""

    work: UnitOfWorkFactory[LettersWork]
    clock: Clock
    bank_holidays: BankHolidays

    def __call__(
        self, caller: Caller, notification_id: NotificationId, keep: KeepAnswer[MessageView] = keep_no_answer
    ) -> MessageView:
        try:
            return CancelLetter(self.work, self.clock, self.bank_holidays)(caller.service.id, notification_id, keep)
        except NotFound:
            return CancelNotification(self.work, self.clock)(caller, notification_id, keep)
