"""How often is too often."""

from datetime import timedelta
from typing import Protocol


class RateLimiter(Protocol):
    """Counts requests in a sliding window."""

    def allow(self, key: str, *, limit: int, window: timedelta) -> timedelta | None:
        """Count one request; None: it is within the limit. Else it was not counted, and this is how
        long until there is room."""
        ...
