"""What telling services needs from outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from notify_core.accounts.model import CallbackType
from notify_core.callbacks.model import Attempt, Circuit, Problem
from notify_core.inbound.ports import InboundWork
from notify_core.jobs.ports import JobsWork
from notify_core.kernel.errors import PermanentError, TransientError
from notify_core.kernel.ids import LedgerEntryId, ServiceId
from notify_core.letters.ports import HistoryWork


class CallbackAttempts(Protocol):
    """Every request to a service that was made, without what it said."""

    def add(self, attempt: Attempt) -> None: ...

    def of_delivery(self, delivery_id: LedgerEntryId) -> Sequence[Attempt]:
        """Oldest first."""
        ...

    def newest(self, service_id: ServiceId, limit: int = 100) -> Sequence[Attempt]:
        """Newest first."""
        ...

    def delete_before(self, service_id: ServiceId, moment: datetime, limit: int) -> int:
        """Delete up to ``limit`` of the service's from before ``moment``; returns how many."""
        ...


class Circuits(Protocol):
    """One for each service and type that has ever failed."""

    def find(self, service_id: ServiceId, kind: CallbackType) -> Circuit | None: ...

    def take(self, service_id: ServiceId, kind: CallbackType) -> Circuit:
        """As it is, or a closed one, for whoever puts it changed: until this unit of work is over nobody else does."""
        ...

    def put(self, circuit: Circuit) -> None:
        """Only what this unit of work has taken."""
        ...


class CallbacksWork(HistoryWork, JobsWork, InboundWork, Protocol):
    """What services are told of, and what became of telling them."""

    @property
    def callback_attempts(self) -> CallbackAttempts: ...
    @property
    def circuits(self) -> Circuits: ...


@dataclass(frozen=True, slots=True)
class CallbackRequest:
    url: str
    body: bytes
    headers: Mapping[str, str]


class CallbackFailed(TransientError):
    """It may work later: an answer that says so (``status``), or none because of a ``problem``."""

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        problem: Problem | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message, retry_after=retry_after)
        self.status = status
        self.problem = problem


class CallbackRefused(PermanentError):
    """It will not work later either: the service answered so (``status``), or it must not be asked (``problem``)."""

    def __init__(self, message: str, *, status: int | None = None, problem: Problem | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.problem = problem


class CallbackSender(Protocol):
    """Posts to addresses that services gave us. Never reaches a private, loopback, link-local or
    metadata address, follows no redirect, and speaks https only, unless the deployer allowed it.

    However slowly the other side looks up, listens or speaks, it returns after a time that the deployer chose.
    """

    def post(self, request: CallbackRequest) -> int:
        """Deliver one callback; returns the status of the service's answer, a 2xx.

        :raises CallbackFailed: connection error, time-out, 5xx or 429 (with its Retry-After).
        :raises CallbackRefused: another answer, or an address that must not be reached.
        """
        ...
