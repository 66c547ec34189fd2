"""The background work of emergency broadcasts."""

from dataclasses import dataclass
from typing import ClassVar

from notify_core.kernel.ids import BroadcastEventId, BroadcastMessageId, RevisionId
from notify_core.kernel.queues import BROADCASTS, DATABASE, PERIODIC, Queue
from notify_core.kernel.tasks import FOR_EVER, RetryPolicy, Task, doubling, every


def network_key(provider: str) -> str:
    """The limit key of all work that waits for one network."""
    return f"network:{provider}"


@dataclass(frozen=True)
class SendBroadcastEvent(Task):
    name: ClassVar[str] = "send-broadcast-event"
    queue: ClassVar[Queue] = BROADCASTS
    retry: ClassVar[RetryPolicy] = FOR_EVER
    most_losses: ClassVar[int | None] = None

    broadcast_event_id: BroadcastEventId

    def dedupe_key(self) -> str:
        return f"broadcast-event:{self.broadcast_event_id}"


@dataclass(frozen=True)
class SendBroadcastProviderMessage(Task):
    """Retried for ever: the n-th retry waits min(2**n, 240) seconds, which stays well below the
    visibility time-out of a queue (310 s)."""

    name: ClassVar[str] = "send-broadcast-provider-message"
    queue: ClassVar[Queue] = BROADCASTS
    retry: ClassVar[RetryPolicy] = FOR_EVER
    most_losses: ClassVar[int | None] = None

    broadcast_event_id: BroadcastEventId
    provider: str

    def dedupe_key(self) -> str:
        return f"broadcast-provider-message:{self.broadcast_event_id}:{self.provider}"

    def limit_key(self) -> str:
        # A dead network holds up nobody else.
        return network_key(self.provider)


@dataclass(frozen=True)
class SimplifyBroadcastAreas(Task):
    """Of a message, or of a revision of it, which cannot be approved before: so it is tried until it is done. Not
    among the broadcasts, which must wait for nothing."""

    name: ClassVar[str] = "simplify-broadcast-areas"
    queue: ClassVar[Queue] = DATABASE
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=doubling(up_to=60), maximum=None)

    broadcast_message_id: BroadcastMessageId
    revision_id: RevisionId | None = None

    def dedupe_key(self) -> str:
        return f"simplify-areas:{self.revision_id or self.broadcast_message_id}"


@dataclass(frozen=True)
class CompleteExpiredBroadcasts(Task):
    name: ClassVar[str] = "complete-expired-broadcasts"
    queue: ClassVar[Queue] = PERIODIC
    # A database that is away for a moment must leave no failed row for somebody to look at each minute.
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(10), maximum=6)


@dataclass(frozen=True)
class TriggerLinkTests(Task):
    name: ClassVar[str] = "trigger-link-tests"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(10), maximum=6)


@dataclass(frozen=True)
class TriggerLinkTest(Task):
    """A test of one network. That the network fails it is its result; retried is what keeps us from testing."""

    name: ClassVar[str] = "trigger-link-test"
    queue: ClassVar[Queue] = BROADCASTS
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(10), maximum=6)

    provider: str

    def dedupe_key(self) -> str:
        return f"link-test:{self.provider}"

    def limit_key(self) -> str:
        # A dead network keeps no more of us waiting than it does without tests.
        return network_key(self.provider)
