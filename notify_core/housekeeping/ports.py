"""What housekeeping needs from outside."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from notify_core.housekeeping.model import ProcessingTime, TextsSent
from notify_core.kernel.ids import ServiceId
from notify_core.letters.ports import AnswersWork, LetterRatesWork
from notify_core.letters.ports.printing import PrintingWork
from notify_core.notifications.ports import NotificationsWork


class ProvisioningWork(NotificationsWork, LetterRatesWork, Protocol):
    """A file sets up accounts, templates and what messages cost."""


class Statistics(Protocol):
    """Counts over messages, past ones included."""

    def processing_time(self, day: date) -> ProcessingTime:
        """Of the texts and emails that services sent through the API on ``day`` in London, not with test keys."""
        ...

    def keep_processing_time(self, counted: ProcessingTime) -> None:
        """One per day: replaces the earlier one."""
        ...

    def processing_times(self, since: date) -> Sequence[ProcessingTime]:
        """Those kept from ``since`` on, by day."""
        ...

    def texts_sent(self, service_id: ServiceId, since: datetime, tv_numbers: Collection[str]) -> TextsSent:
        """The service's texts created at ``since`` or later, not with test keys; ``tv_numbers`` are E.164."""
        ...


class HousekeepingWork(AnswersWork, PrintingWork, Protocol):
    @property
    def statistics(self) -> Statistics: ...
