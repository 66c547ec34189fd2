"""What is known of letters, and what they cost."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from notify_core.accounts.model import KeyType
from notify_core.alarms.ports import AlarmsWork
from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.letters.model import Letter, LetterRate
from notify_core.letters.states import LetterStatus
from notify_core.notifications.model import Place
from notify_core.notifications.ports import NotificationsWork
from notify_core.ports.unit_of_work import UnitOfWork


class LetterRates(Protocol):
    def put(self, rate: LetterRate) -> None:
        """One per moment, number of sheets and postage: replaces the earlier one."""
        ...

    def all(self) -> Sequence[LetterRate]:
        """By moment, sheets and postage."""
        ...


class LetterRatesWork(UnitOfWork, Protocol):
    @property
    def letter_rates(self) -> LetterRates: ...


@dataclass(frozen=True, slots=True)
class LetterFilter:
    """What a listing shows, as :class:`~notify_core.notifications.ports.NotificationFilter`."""

    key_types: frozenset[KeyType] = frozenset(KeyType)
    statuses: frozenset[LetterStatus] = frozenset()
    reference: str | None = None
    behind: Place | None = None
    with_jobs: bool = True


class Letters(Protocol):
    def add_many(self, letters: Sequence[Letter]) -> None:
        """:raises AlreadyExists: at commit, when an id or a file reference is taken."""
        ...

    def add_new(self, letters: Sequence[Letter]) -> Collection[NotificationId]:
        """Add those whose ids and file references are not taken, and say which they were. For many letters of one
        batch."""
        ...

    def get(self, notification_id: NotificationId, service_id: ServiceId | None = None) -> Letter:
        """:raises NotFound: no such letter (of this service, when given)."""
        ...

    def by_file_references(self, references: Sequence[str]) -> Mapping[str, Letter]:
        """The letters of these references; what is unknown is left out."""
        ...

    def change(self, was: Letter, becomes: Letter) -> None:
        """Store ``becomes`` if the stored status is still that of ``was``.

        :raises Conflict: it is another by now.
        """
        ...

    def waiting_since(self, status: LetterStatus, moment: datetime, limit: int) -> Sequence[NotificationId]:
        """Those of an unfinished status that were created before ``moment``, oldest first."""
        ...

    def sent_before(self, moment: datetime, limit: int) -> Sequence[NotificationId]:
        """Those still sending that were sent before ``moment``, in the order of their creation."""
        ...

    def page(self, service_id: ServiceId, wanted: LetterFilter, limit: int = 250) -> Sequence[Letter]:
        """Newest first."""
        ...

    def place_of(self, service_id: ServiceId, notification_id: NotificationId) -> Place | None:
        """Where one of the service's letters stands; None: it has none with this id."""
        ...

    def created_without_pdf(self, before: datetime, limit: int) -> Sequence[Letter]:
        """Oldest first, letters made of templates before this moment that are still created and have no PDF, and
        for which no unfinished row of the task ledger has the key of making it (``letter-pdf:{id}``)."""
        ...


class LettersWork(NotificationsWork, LetterRatesWork, AlarmsWork, Protocol):
    @property
    def letters(self) -> Letters: ...
