"""The relay as a thread: what is due is handed to the broker, at once where something wakes it."""

import logging
import os
import socket
from dataclasses import dataclass, field
from threading import Event, Lock, Thread

from notify_entrypoints.containers import Container
from notify_entrypoints.loops import start_loop

logger = logging.getLogger(__name__)

# A relay that nobody wakes looks again after this many seconds.
SAFETY_NET = 1.0

# As long as the queues are full we look this often. Where rows with one limit key wait for each other, one that is
# done announces its room; we look then, but not more often than after the shorter pause.
PAUSE_WHEN_FULL = 0.1
SHORTEST_PAUSE_WHEN_FULL = 0.01


def process_name() -> str:
    """What the ledger calls this process: ``host:pid``."""
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass
class RelayThread:
    """``container`` is this process's own; nobody else in the process uses it."""

    container: Container
    _end: Event = field(default_factory=Event, init=False, repr=False)
    _passing: Lock = field(default_factory=Lock, init=False, repr=False)
    _thread: Thread | None = field(default=None, init=False, repr=False)

    def start(self) -> None:
        """Begin.

        :raises SettingsError: the broker's adapter does not start.
        """
        # Made here and not in the thread: a wrong option stops the start.
        self.container.relay()
        self._thread = start_loop("notify-relay", self._step, self._end)
        logger.info("the relay hands over due tasks")

    def stop(self, timeout: float = 15.0) -> bool:
        """Finish the pass under way and close what is open; false: it was not finished after ``timeout`` seconds."""
        self._end.set()
        self.container.wake().set()
        if self._thread is not None:
            self._thread.join(timeout)
            if self._thread.is_alive():
                return False
        self.container.wake().close()
        self.container.engine().dispose()
        return True

    def pause(self) -> None:
        """Wait for the end of the pass under way, begin no other, and have no database file open: SQLite's
        locks do not survive a fork."""
        self._passing.acquire()
        self.container.engine().dispose()

    def resume(self) -> None:
        """Go on after :meth:`pause`."""
        self._passing.release()

    def _step(self) -> None:
        wake = self.container.wake()
        # Cleared before looking: what is committed while we look wakes us once more.
        wake.clear()
        seconds = self._pass()
        if not self._end.is_set():
            wake.wait(seconds)

    def _pass(self) -> float:
        with self._passing:
            self.container.relay()()
            due_in = self.container.ledger().next_due_in()
        if due_in is None:
            return SAFETY_NET
        if due_in.total_seconds() > 0:
            return min(due_in.total_seconds(), SAFETY_NET)
        # As much as may be is under way. Room comes row by row; a pass for each would keep the process from
        # the work itself.
        self._end.wait(SHORTEST_PAUSE_WHEN_FULL)
        return PAUSE_WHEN_FULL
