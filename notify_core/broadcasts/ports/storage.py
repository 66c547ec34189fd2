"""Where emergency broadcasts are kept."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from notify_core.accounts.ports import AccountsWork
from notify_core.alarms.ports import AlarmsWork
from notify_core.broadcasts.model import (
    Attempt,
    BroadcastEvent,
    BroadcastMessage,
    CapSubmission,
    LinkState,
    LinkTest,
    ProviderMessage,
    Revision,
)
from notify_core.broadcasts.states import MessageStatus
from notify_core.kernel.ids import BroadcastEventId, BroadcastMessageId, ProviderMessageId, RevisionId, ServiceId
from notify_core.templates.ports import TemplatesWork


class BroadcastMessages(Protocol):
    def add(self, message: BroadcastMessage) -> None:
        """:raises AlreadyExists: at commit, when the id is taken."""
        ...

    def get(self, message_id: BroadcastMessageId, service_id: ServiceId | None = None) -> BroadcastMessage:
        """:raises NotFound: no such message (of this service, when given)."""
        ...

    def change(self, was: BroadcastMessage, becomes: BroadcastMessage) -> None:
        """Store ``becomes`` if the stored status and updated_at are still those of ``was``.

        :raises Conflict: they are others by now.
        """
        ...

    def page(
        self, service_id: ServiceId, older_than: BroadcastMessageId | None = None, limit: int = 250
    ) -> Sequence[BroadcastMessage]:
        """Newest first, from behind ``older_than``; empty when that id is unknown."""
        ...

    def recent(
        self,
        *,
        status: MessageStatus | None = None,
        service_id: ServiceId | None = None,
        older_than: BroadcastMessageId | None = None,
        limit: int = 50,
    ) -> Sequence[BroadcastMessage]:
        """Those of all services, or of one, newest first, from behind ``older_than``; empty when that id
        is unknown or another service's. Its status need not be ``status``."""
        ...

    def expired(self, now: datetime, limit: int) -> Sequence[BroadcastMessage]:
        """Messages still broadcasting whose finishes_at is ``now`` or earlier, the earliest first."""
        ...


class BroadcastEvents(Protocol):
    def add(self, event: BroadcastEvent) -> None:
        """:raises AlreadyExists: at commit, when its id or its number within the message is taken."""
        ...

    def get(self, event_id: BroadcastEventId) -> BroadcastEvent:
        """:raises NotFound: no such event."""
        ...

    def of_message(self, message_id: BroadcastMessageId) -> Sequence[BroadcastEvent]:
        """In the order of their numbers."""
        ...

    def of_messages(
        self, message_ids: Collection[BroadcastMessageId]
    ) -> Mapping[BroadcastMessageId, Sequence[BroadcastEvent]]:
        """Those of each message, as of :meth:`of_message`; an empty sequence where there are none."""
        ...


class ProviderMessages(Protocol):
    def add(self, message: ProviderMessage) -> None:
        """:raises AlreadyExists: at commit, when the event has one for this network already."""
        ...

    def find(self, event_id: BroadcastEventId, provider: str) -> ProviderMessage | None: ...

    def of_message(self, message_id: BroadcastMessageId, provider: str | None = None) -> Sequence[ProviderMessage]:
        """Those of all events of a message, oldest first."""
        ...

    def of_messages(
        self, message_ids: Collection[BroadcastMessageId]
    ) -> Mapping[BroadcastMessageId, Sequence[ProviderMessage]]:
        """Those of each message, as of :meth:`of_message`; an empty sequence where there are none."""
        ...

    def change(self, was: ProviderMessage, becomes: ProviderMessage) -> None:
        """Store ``becomes`` if the stored status, and what an operator assumed, are still those of ``was``.

        :raises Conflict: they are others by now.
        """
        ...

    def add_attempts(self, attempts: Sequence[Attempt]) -> None:
        """Append to the history."""
        ...

    def attempts(self, message_id: ProviderMessageId) -> Sequence[Attempt]:
        """The history, in the order it was written."""
        ...

    def attempts_of(self, message_ids: Collection[ProviderMessageId]) -> Mapping[ProviderMessageId, Sequence[Attempt]]:
        """The history of each, as of :meth:`attempts`; an empty sequence where there is none."""
        ...

    def next_number(self) -> int:
        """The next message number, from one sequence for all networks; gaps are possible."""
        ...


class BroadcastRevisions(Protocol):
    def add(self, revision: Revision) -> None:
        """:raises AlreadyExists: at commit, when its id is taken, or it is pending and so is another of
        the message."""
        ...

    def get(self, revision_id: RevisionId, message_id: BroadcastMessageId) -> Revision:
        """:raises NotFound: that message has no such revision."""
        ...

    def change(self, was: Revision, becomes: Revision) -> None:
        """Store ``becomes`` if the stored status is still that of ``was``.

        :raises Conflict: it is another by now.
        """
        ...

    def pending(self, message_id: BroadcastMessageId) -> Revision | None:
        """The one that awaits approval."""
        ...

    def of_message(self, message_id: BroadcastMessageId) -> Sequence[Revision]:
        """Oldest first."""
        ...


class LinkTests(Protocol):
    def add(self, test: LinkTest) -> None:
        """:raises AlreadyExists: at commit, when this id was tested on this route already."""
        ...

    def latest(self, since: datetime | None = None) -> Sequence[LinkState]:
        """One for each network and route ever tested, by name and route. Counted are the tests at ``since``
        or later, all that are kept without it; the latest test may be older."""
        ...

    def remove_before(self, at: datetime, limit: int) -> int:
        """Remove tests older than ``at``, the oldest first, at most ``limit``; how many there were."""
        ...


class CapSubmissions(Protocol):
    def add(self, submission: CapSubmission) -> None:
        """:raises AlreadyExists: at commit, when this document was posted before."""
        ...

    def find(self, service_id: ServiceId, identifier: str, sender: str, sent: str) -> CapSubmission | None: ...


class BroadcastsWork(AccountsWork, TemplatesWork, AlarmsWork, Protocol):
    @property
    def broadcast_messages(self) -> BroadcastMessages: ...
    @property
    def broadcast_events(self) -> BroadcastEvents: ...
    @property
    def provider_messages(self) -> ProviderMessages: ...
    @property
    def cap_submissions(self) -> CapSubmissions: ...
    @property
    def broadcast_revisions(self) -> BroadcastRevisions: ...
    @property
    def link_tests(self) -> LinkTests: ...
