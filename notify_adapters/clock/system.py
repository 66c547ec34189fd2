"""The clock of this machine."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime

from notify_adapters.options import known
from notify_core.ports.clock import Clock

OPTIONS: Mapping[str, str] = {}


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


def build(options: Mapping[str, str]) -> Clock:
    known(options, *OPTIONS)
    return SystemClock()
