"""Waiting for a database that is away, in a process that has a message in its hand."""

import logging
import mmap
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from notify_core.kernel.errors import TransientError
from notify_core.ports.clock import Clock
from notify_core.registry.redact import reason_of

logger = logging.getLogger(__name__)

_Result = TypeVar("_Result")

# Brokers count how often a message is given back: RabbitMQ from version 4 on drops it at the twentieth time. So few
# and long waits; with the longest execution after one, still within the hard limit of a process.
SECONDS = 25.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0
# How soon a waiting process notices that its worker ends.
GLANCE = 0.2


class Ending:
    """Whether the worker is ending: said in its main process, seen in those it forked. Memory that they share, and no
    lock, which a killed process would take with it."""

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, 1)

    def say(self, **_: object) -> None:
        """Callable from a signal handler."""
        self._shared[0] = 1

    def __call__(self) -> bool:
        return bool(self._shared[0])


@dataclass(frozen=True)
class Patience:
    """Tries again, with growing pauses, for :data:`SECONDS`; not once the worker is ``ending``."""

    clock: Clock
    ending: Callable[[], bool]
    sleep: Callable[[float], None] = field(default=time.sleep)

    def __call__(self, attempt: Callable[[], _Result]) -> _Result:
        """What ``attempt`` returned.

        :raises TransientError: it failed for that long, or the worker ends.
        """
        give_up_at, pause = self.clock.monotonic() + SECONDS, FIRST_PAUSE
        while True:
            try:
                return attempt()
            except TransientError as error:
                if self.ending() or self.clock.monotonic() + pause > give_up_at:
                    raise
                logger.warning("A message waits %.1f s for the database: %s", pause, reason_of(error))
            self._rest(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _rest(self, seconds: float) -> None:
        while seconds > 0 and not self.ending():
            self.sleep(min(seconds, GLANCE))
            seconds -= GLANCE
