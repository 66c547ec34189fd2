"""Leases in memory."""

from datetime import datetime, timedelta

from notify_core.testing.fakes.database import MemoryDatabase, MemoryTable


class MemoryLeases:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._leases: MemoryTable[str, tuple[str, datetime]] = database.table("leases")

    def acquire(self, name: str, holder: str, length: timedelta) -> bool:
        with self._database.transaction():
            now = self._database.now()
            current = self._leases.get(name)
            if current is not None and current[0] != holder and current[1] > now:
                return False
            self._leases[name] = (holder, now + length)
            return True

    def release(self, name: str, holder: str) -> None:
        with self._database.transaction():
            current = self._leases.get(name)
            if current is not None and current[0] == holder:
                del self._leases[name]
