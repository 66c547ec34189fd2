"""What time it is."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time of this process. Leases and due times do not use it: they compare database time."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds from an arbitrary start that never run backwards; for measuring durations."""
        ...
