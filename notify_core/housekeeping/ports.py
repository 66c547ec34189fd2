"""What housekeeping needs from outside."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from notify_core.housekeeping.model import PastMessage, ProcessingTime, TextsSent
from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.letters.model import Letter
from notify_core.letters.ports import LetterRatesWork, LettersWork
from notify_core.notifications.model import Channel
from notify_core.notifications.ports import NotificationsWork


class ProvisioningWork(NotificationsWork, LetterRatesWork, Protocol):
    """A file sets up accounts, templates and what messages cost."""


class History(Protocol):
    """What is kept of messages whose time is over. A message is either here or where it was, never in both; of those
    of test keys nothing is kept."""

    def take_in(self, service_id: ServiceId, channel: Channel, before: datetime, limit: int) -> int:
        """Move up to ``limit`` texts or emails created before ``before`` that wait for nothing any more, oldest
        first; returns how many, those of test keys included."""
        ...

    def past_letters(self, service_id: ServiceId, before: datetime, limit: int) -> Sequence[Letter]:
        """Letters created before ``before`` that wait for nothing any more, oldest first; they are not moved yet."""
        ...

    def take_in_letters(self, letters: Sequence[Letter]) -> None:
        """Move these; those that are not there any more are left out."""
        ...

    def get(self, notification_id: NotificationId) -> PastMessage:
        """:raises NotFound: there is none."""
        ...

    def by_file_references(self, references: Sequence[str]) -> Mapping[str, PastMessage]:
        """The letters of these references; what is unknown is left out."""
        ...

    def change_status(self, notification_id: NotificationId, status: str) -> None:
        """A letter that comes back after it was moved; nothing happens where there is none."""
        ...


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


class HousekeepingWork(LettersWork, Protocol):
    @property
    def history(self) -> History: ...
    @property
    def statistics(self) -> Statistics: ...
