"""What telling services needs from outside."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from notify_core.inbound.ports import InboundWork
from notify_core.notifications.ports import NotificationsWork


class CallbacksWork(NotificationsWork, InboundWork, Protocol):
    """What services are told of."""


@dataclass(frozen=True, slots=True)
class CallbackRequest:
    url: str
    body: bytes
    headers: Mapping[str, str]


class CallbackSender(Protocol):
    """Posts to addresses that services gave us. Never reaches a private, loopback, link-local or
    metadata address, follows no redirect, and speaks https only, unless the deployer allowed it."""

    def post(self, request: CallbackRequest) -> None:
        """Deliver one callback; returns when the service answered with a 2xx.

        :raises TransientError: connection error, time-out, 5xx or 429 (with its Retry-After).
        :raises PermanentError: another answer, or an address that must not be reached.
        """
        ...
