"""Being the only one who does something for a while."""

from datetime import timedelta
from typing import Protocol


class Leases(Protocol):
    """Named leases by database time, for work that is not a ledger row."""

    def acquire(self, name: str, holder: str, length: timedelta) -> bool:
        """Take or renew the lease; false when another holder's has not run out yet."""
        ...

    def release(self, name: str, holder: str) -> None:
        """Give the lease back; nothing happens when ``holder`` does not have it."""
        ...
