"""The relay, the workers, the scheduler and the heartbeat as threads of one process."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event, Thread

from notify_adapters.storage.sql.wake import Wake
from notify_adapters.task_queue.embedded import EmbeddedQueue
from notify_core.kernel.errors import TransientError
from notify_core.ports.task_ledger import TaskLedger
from notify_core.registry.execute import Execute, ExecutionOutcome
from notify_core.registry.relay import Relay
from notify_entrypoints.loops import PAUSE_AFTER_FAILURE, start_loop

logger = logging.getLogger(__name__)

# How many threads work for each group of queues (see notify_adapters.task_queue.embedded.GROUPS).
THREADS: Mapping[str, int] = {"deliveries": 8, "callbacks": 4, "callback-retries": 2, "rest": 2}

# Threads for instructions on their way to becoming one task a network.
BEFORE_NETWORKS = 2

# Every wait that something else should end comes to its end by itself after this many seconds.
SAFETY_NET = 1.0

# A relay that may publish no more than is under way looks again after each piece of finished work,
# but not more often than this.
PAUSE_WHEN_FULL = 0.01

# … and after this many seconds in any case.
LONGEST_PAUSE_WHEN_FULL = 0.1


def threads_for(networks: int, sends_of_each: int) -> Mapping[str, int]:
    """So many for the broadcasts that networks which hang, be it all but one, take none from another's sends."""
    return {"broadcasts": networks * sends_of_each + BEFORE_NETWORKS, **THREADS}


@dataclass
class EmbeddedRunner:
    """``wake`` is set by whoever commits new work; the relay then reacts at once. ``worker`` names
    this installation's process, the same after each start: that is how the next start knows which
    rows the last one left behind."""

    execute: Execute
    relay: Relay
    tick: Callable[[], int]
    ledger: TaskLedger
    queue: EmbeddedQueue
    wake: Wake
    worker: str
    threads: Mapping[str, int] = field(default_factory=lambda: threads_for(networks=4, sends_of_each=4))
    seconds_between_heartbeats: float = 20.0
    _stopping: Event = field(default_factory=Event, init=False, repr=False)
    _stopped: Event = field(default_factory=Event, init=False, repr=False)
    _full: bool = field(default=False, init=False, repr=False)
    _relaying: list[Thread] = field(default_factory=list, init=False, repr=False)
    _working: list[Thread] = field(default_factory=list, init=False, repr=False)

    def start(self) -> None:
        """Begin, with what a former process of this name left behind.

        :raises TransientError: the database is not there.
        """
        if left := self.ledger.recover(self.worker):
            logger.info("%d tasks were under way when the last process ended; they are due again", left)
        start_loop("notify-heartbeat", self._heartbeat, self._stopped)
        for group, count in self.threads.items():
            for number in range(1, count + 1):
                step = self._step_of(group)
                self._working.append(start_loop(f"notify-{group}-{number}", step, self._stopping))
        self._relaying.append(start_loop("notify-relay", self._relay, self._stopping))
        self._working.append(start_loop("notify-scheduler", self._schedule, self._stopping))

    def stop(self, timeout: float = 30.0) -> bool:
        """Take nothing new, finish what has begun, give back what has not; false: after ``timeout``
        seconds something was still under way. Its lease runs out, or the next start recovers it."""
        end = time.monotonic() + timeout
        self._stopping.set()
        self.wake.set()
        self.queue.wake_all()
        # The relay first: it could still publish what would then be left lying.
        ended = _join(self._relaying, end)
        self._give_back()
        ended = _join(self._working, end) and ended
        self._stopped.set()
        return ended

    def _step_of(self, group: str) -> Callable[[], None]:
        return lambda: self._work(group)

    def _work(self, group: str) -> None:
        message = self.queue.take(group, SAFETY_NET)
        if message is None:
            return
        if self._stopping.is_set():
            self.ledger.put_back([message.entry_id], self.worker)
            return
        try:
            outcome = self.execute(message.entry_id, self.worker, task=message.task, queue=message.queue)
        except TransientError:
            # Nothing was claimed. The row would come again when its lease as a published one has run
            # out; this is sooner.
            self._stopping.wait(PAUSE_AFTER_FAILURE)
            self.queue.publish([message])
            raise
        # New rows announce themselves at their commit. A retry is an old row, and room is no row at all.
        if outcome in {ExecutionOutcome.RETRIED, ExecutionOutcome.PUT_OFF} or self._full:
            self.wake.set()

    def _relay(self) -> None:
        # Cleared before looking: what is committed while we look wakes us once more.
        self.wake.clear()
        self.relay()
        due_in = self.ledger.next_due_in()
        seconds = SAFETY_NET if due_in is None else min(due_in.total_seconds(), SAFETY_NET)
        # Something is due, and was not published: as much as may be is under way. Room comes row by row;
        # a pass for each would keep the process from the work itself.
        self._full = seconds <= 0
        if self._full:
            self._stopping.wait(PAUSE_WHEN_FULL)
            seconds = LONGEST_PAUSE_WHEN_FULL
        self.wake.wait(seconds)

    def _schedule(self) -> None:
        self.tick()
        self._stopping.wait(SAFETY_NET)

    def _heartbeat(self) -> None:
        if not self._stopped.wait(self.seconds_between_heartbeats):
            self.execute.under_way.extend(self.ledger)

    def _give_back(self) -> None:
        left = [message.entry_id for message in self.queue.drain()]
        try:
            self.ledger.put_back(left, self.worker)
        except TransientError:
            logger.warning("%d tasks were not given back; the next start recovers them", len(left))


def _join(threads: list[Thread], end: float) -> bool:
    for thread in threads:
        thread.join(max(end - time.monotonic(), 0))
    return not any(thread.is_alive() for thread in threads)
