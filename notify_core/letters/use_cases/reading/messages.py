"""One message, of whichever kind."""

from dataclasses import dataclass

from notify_core.accounts.model import Caller
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import NotificationId
from notify_core.letters.ports import BankHolidays, LettersWork
from notify_core.letters.use_cases.reading.letters import LetterView, letter_view_of
from notify_core.notifications.use_cases.read import NotificationView, view_of
from notify_core.ports.unit_of_work import UnitOfWorkFactory

MessageView = NotificationView | LetterView


@dataclass(frozen=True)
class GetMessage:
    """One message of the service, whichever of its keys sent it. Most are texts and emails, which are looked for first.

    :raises NotFound: it has no such message.
    """

    work: UnitOfWorkFactory[LettersWork]
    bank_holidays: BankHolidays

    def __call__(self, caller: Caller, notification_id: NotificationId) -> MessageView:
        with self.work(read_only=True) as work:
            try:
                notification = work.notifications.get(notification_id, caller.service.id)
            except NotFound:
                letter = work.letters.get(notification_id, caller.service.id)
                return letter_view_of(work, letter, self.bank_holidays)
            return view_of(work, notification, caller.service)
