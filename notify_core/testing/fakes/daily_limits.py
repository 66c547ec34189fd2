"""Daily limits that are counted in memory, message by message."""

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from datetime import date
from threading import Lock

from notify_core.kernel.ids import ServiceId


@dataclass
class MemoryDailyLimits:
    """``used`` is what was sent, by service, channel and day."""

    used: MutableMapping[tuple[ServiceId, str, date], int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, service_id: ServiceId, channel: str, day: date, *, limit: int, number: int = 1) -> bool:
        with self._lock:
            used = self.used.get((service_id, channel, day), 0)
            if used + number > limit:
                return False
            self.used[service_id, channel, day] = used + number
            return True

    def give_back(self, service_id: ServiceId, channel: str, day: date, *, number: int = 1) -> None:
        with self._lock:
            self.used[service_id, channel, day] -= number

    def forget_before(self, day: date) -> int:
        with self._lock:
            old = [counted for counted in self.used if counted[2] < day]
            for counted in old:
                del self.used[counted]
            return len(old)
