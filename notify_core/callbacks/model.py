"""Attempts to tell services, and the circuits that leave silent addresses alone."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from notify_core.accounts.model import CallbackType
from notify_core.callbacks.states import CIRCUIT, CircuitEvent, CircuitState
from notify_core.kernel.ids import LedgerEntryId, ServiceId


class Problem(StrEnum):
    """Why an attempt got no answer."""

    NO_CONNECTION = "no connection"
    TIME_OUT = "time-out"
    CERTIFICATE = "certificate not trusted"
    ADDRESS = "address not allowed"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request to a service, and how it ended: by an answer (``status``, as HTTP numbers them) or by a ``problem``.

    ``delivery_id`` is the row of the task ledger, and what the service sees as ``webhook-id``.
    """

    delivery_id: LedgerEntryId
    service_id: ServiceId
    type: CallbackType
    at: datetime
    duration: timedelta
    status: int | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Circuit:
    """Of one service's callback of one type. ``failures`` in a row open it; while it is not closed, one delivery at a
    time is tried, as a probe, and the next not before ``probe_at``."""

    service_id: ServiceId
    type: CallbackType
    state: CircuitState = CircuitState.CLOSED
    failures: int = 0
    probe_at: datetime | None = None

    @property
    def is_sound(self) -> bool:
        """Whether there is nothing to be said about it."""
        return self.state is CircuitState.CLOSED and self.failures == 0

    def wait(self, now: datetime) -> timedelta | None:
        """How long until a delivery may be tried as a probe; None: it is tried as usual."""
        if self.state is CircuitState.CLOSED:
            return None
        return max(timedelta(), (self.probe_at or now) - now)

    def probing(self, until: datetime) -> Self:
        """With a probe under way; one that has not ended by ``until`` counts as lost."""
        return replace(self, state=CIRCUIT.after(self.state, CircuitEvent.PROBE_BEGUN), probe_at=until)

    def answered(self) -> Self:
        """After an answer."""
        state = CIRCUIT.after(self.state, CircuitEvent.ANSWERED)
        return replace(self, state=state, failures=0, probe_at=None)

    def failed(self, *, most: int, probe_at: datetime) -> Self:
        """After a failure, of which ``most`` in a row open it; then the first probe is at ``probe_at``."""
        counted = replace(self, failures=self.failures + 1)
        if counted.failures < most:
            return counted
        state = CIRCUIT.after(self.state, CircuitEvent.FAILED_TOO_OFTEN)
        opens = state is not self.state
        return replace(counted, state=state, probe_at=probe_at if opens else self.probe_at)

    def probe_failed(self) -> Self:
        """After a probe without an answer; the next one keeps its time."""
        state = CIRCUIT.after(self.state, CircuitEvent.PROBE_FAILED)
        return replace(self, state=state, failures=self.failures + 1)
