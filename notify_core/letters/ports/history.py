"""Where messages are whose time is over."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.letters.model import Letter, PastMessage
from notify_core.letters.ports.storage import LettersWork
from notify_core.notifications.model import Channel


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
        """Move these; those that are not there any more, or wait for something again, are left out."""
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


class HistoryWork(LettersWork, Protocol):
    @property
    def history(self) -> History: ...
