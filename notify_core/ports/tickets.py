"""The ticketing system that people on call look at."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from notify_core.kernel.ids import TicketId


class TicketPriority(StrEnum):
    P1 = "p1"
    NORMAL = "normal"


@dataclass(frozen=True, slots=True)
class TicketText:
    """What people on call are to read. ``id`` makes a repeated request the same ticket."""

    id: TicketId
    subject: str
    body: str
    priority: TicketPriority


class Tickets(Protocol):
    """Creates incident tickets."""

    def create(self, ticket: TicketText) -> None:
        """Create the ticket; creating the same ``id`` again creates no second one.

        :raises TransientError: the system is down, slow or asks to wait.
        :raises PermanentError: it refuses this ticket or our credentials.
        """
        ...
