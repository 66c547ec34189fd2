"""How many messages a service may send in a day."""

from datetime import date
from typing import Final, Protocol

from notify_core.kernel.ids import ServiceId

# Taking is asked for by every message; counting each where all processes see it would make one row of a database that
# every request changes. So implementations take portions of this size at most.
LARGEST_PORTION: Final = 50


def portion(remaining: int, number: int = 1) -> int:
    """How many to take at once for a process that needs ``number`` now: fewer as the end of the limit comes near, so
    that one process does not keep what the others need."""
    return max(number, min(LARGEST_PORTION, remaining // 20))


class DailyLimits(Protocol):
    """Counts, for all processes together, what services send on a day (of London), channel by channel.

    A process that dies takes with it what it held and had not used: less than :data:`LARGEST_PORTION` of each.
    """

    def take(self, service_id: ServiceId, channel: str, day: date, *, limit: int, number: int = 1) -> bool:
        """Count ``number`` messages if the limit allows all of them; else none is counted.

        Never more than ``limit`` are counted in a day, by any number of processes. A process may be refused while
        others hold some that they have not used.

        :raises TransientError: the database is not there.
        """
        ...

    def give_back(self, service_id: ServiceId, channel: str, day: date, *, number: int = 1) -> None:
        """What this process took and did not send after all."""
        ...

    def forget_before(self, day: date) -> int:
        """Drop what was counted on days before ``day``; returns how many counts.

        :raises TransientError: the database is not there.
        """
        ...
