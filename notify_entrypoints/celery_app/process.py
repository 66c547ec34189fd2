"""What one worker process works with. Nothing of it is made before the fork."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock

from notify_adapters.storage.sql.wake import Wake
from notify_core.kernel.tasks import Task
from notify_core.registry.execute import Execute
from notify_entrypoints.celery_app.patience import Ending, Patience
from notify_entrypoints.containers import Container, prepare
from notify_entrypoints.loops import start_loop
from notify_entrypoints.relaying import process_name
from notify_entrypoints.settings import Settings

# A third of the lease: two may fail before the work counts as abandoned.
SECONDS_BETWEEN_HEARTBEATS = 20.0


@dataclass(frozen=True)
class Parts:
    """``worker`` names this process in the ledger."""

    pid: int
    worker: str
    execute: Execute
    tick: Callable[[], int]
    wake: Wake
    patience: Patience


@dataclass
class Process:
    """The parts of whichever process asks: a child makes its own instead of using its parent's. What the main
    process says of its ``ending`` they all see."""

    settings: Settings
    # What it is to do; told before the fork.
    kinds: Sequence[type[Task]] = field(default=(), init=False, repr=False)
    ending: Ending = field(default_factory=Ending, init=False, repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)
    _parts: Parts | None = field(default=None, init=False, repr=False)

    def parts(self) -> Parts:
        """Made when first asked for, with the heartbeat of the work under way.

        :raises SettingsError: an adapter does not start.
        """
        with self._lock:
            if self._parts is None or self._parts.pid != os.getpid():
                self._parts = self._make()
            return self._parts

    def close(self) -> None:
        """The process ends: what it announced last is still told, and nobody is listened to any more."""
        with self._lock:
            if self._parts is not None and self._parts.pid == os.getpid():
                self._parts.wake.close()

    def _make(self) -> Parts:
        worker = process_name()
        container = Container(settings=self.settings, worker=worker)
        execute, ledger, end = container.execute(), container.ledger(), Event()
        prepare(container, self.kinds)

        def heartbeat() -> None:
            if not end.wait(SECONDS_BETWEEN_HEARTBEATS):
                execute.under_way.extend(ledger)

        start_loop("notify-heartbeat", heartbeat, end)
        patience = Patience(container.clock(), self.ending)
        return Parts(os.getpid(), worker, execute, container.tick(), container.wake(), patience)
