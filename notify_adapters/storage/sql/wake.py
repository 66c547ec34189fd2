"""Waking the relay when a unit of work has enqueued something, in this process and in others.

Nothing depends on it: who is not woken finds the work at the next poll.
"""

import logging
from collections.abc import Callable
from contextlib import closing
from threading import Event, Lock, Thread
from typing import Any, Protocol

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

logger = logging.getLogger(__name__)

CHANNEL = "notify_ledger"

# Announcements within this many seconds are one: under load 50 a second, whatever is committed. Each costs as much as
# a quarter of a request.
PAUSE_BETWEEN_ANNOUNCEMENTS = 0.02
# Seconds until a lost connection is tried again.
PAUSE_AFTER_FAILURE = 1.0
# Seconds after which a listener looks whether it should end.
LISTEN_FOR = 0.5


class Wake(Protocol):
    """A :class:`threading.Event` that may be set from other processes. None of its methods raises."""

    def announce(self) -> None:
        """Something is due, whoever may look after it: called after a commit. Returns at once."""
        ...

    def set(self) -> None:
        """Wake who waits in this process."""
        ...

    def clear(self) -> None:
        """What was announced so far is seen."""
        ...

    def wait(self, timeout: float) -> None:
        """Until something is announced, or ``timeout`` seconds are over."""
        ...

    def close(self) -> None:
        """Announce and hear no more."""
        ...


def make_wake(engine: Engine) -> Wake:
    """As far as ``engine`` reaches: on SQLite one process does the work, on PostgreSQL any number. Starts
    nothing before it is used, hence may be made before a fork."""
    return PostgresqlWake(engine) if engine.dialect.name == "postgresql" else LocalWake()


class LocalWake:
    """Wakes those of this process."""

    def __init__(self) -> None:
        self._event = Event()

    def announce(self) -> None:
        self.set()

    def set(self) -> None:
        self._event.set()

    def clear(self) -> None:
        self._event.clear()

    def wait(self, timeout: float) -> None:
        self._event.wait(timeout)

    def close(self) -> None:
        self.set()


class PostgresqlWake(LocalWake):
    """``NOTIFY`` on a connection and in a thread of its own, never in the transaction that enqueued: there it
    would make commits queue up for one lock of the whole server. ``LISTEN`` likewise, if anybody waits here."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine
        self._pending = Event()
        self._closed = Event()
        self._threads: dict[str, Thread] = {}
        self._starting = Lock()
        self._announcer_pid: int | None = None

    def announce(self) -> None:
        self.set()
        self._pending.set()
        self._start("notify-announcer", self._announce)

    def wait(self, timeout: float) -> None:
        self._start("notify-listener", self._listen)
        super().wait(timeout)

    def close(self) -> None:
        with self._starting:
            self._closed.set()
        self._pending.set()
        super().close()
        for thread in self._threads.values():
            thread.join(2 * LISTEN_FOR)

    def _start(self, name: str, work: Callable[[Any], None]) -> None:
        if name in self._threads:
            return
        with self._starting:
            if name not in self._threads and not self._closed.is_set():
                self._threads[name] = Thread(target=self._keep_on, args=(work,), name=name, daemon=True)
                self._threads[name].start()

    def _keep_on(self, work: Callable[[Any], None]) -> None:
        # At least once: what was announced just before the end is told too.
        while True:
            try:
                pooled = self._engine.raw_connection()
                # It lasts as long as the thread, beside those of the pool.
                pooled.detach()
                own: Any = pooled.dbapi_connection
                with closing(own) as connection:
                    work(connection)
            except (SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error) as error:
                logger.warning("without wake-up between processes for a moment: %s", type(error).__name__)
                self._closed.wait(PAUSE_AFTER_FAILURE)
            if self._closed.is_set():
                return

    def _announce(self, connection: Any) -> None:
        self._announcer_pid = connection.info.backend_pid
        while True:
            self._pending.wait()
            # Before sending: what is announced meanwhile is sent once more.
            self._pending.clear()
            connection.execute(f"NOTIFY {CHANNEL}")
            if self._closed.wait(PAUSE_BETWEEN_ANNOUNCEMENTS):
                return

    def _listen(self, connection: Any) -> None:
        connection.execute(f"LISTEN {CHANNEL}")
        # Something may have been announced while nobody listened.
        self.set()
        while not self._closed.is_set():
            for heard in connection.notifies(timeout=LISTEN_FOR, stop_after=1):
                if heard.pid != self._announcer_pid:
                    self.set()
