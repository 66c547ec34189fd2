"""Threads that do one thing again and again and survive whatever goes wrong in it."""

import logging
from collections.abc import Callable
from threading import Event, Thread

from notify_core.kernel.errors import TransientError
from notify_core.registry.redact import loggable, reason_of

logger = logging.getLogger(__name__)

# Long enough not to fill the log while a database is away, short enough to be back with it.
PAUSE_AFTER_FAILURE = 0.5


def start_loop(name: str, step: Callable[[], None], end: Event) -> Thread:
    """A started thread that calls ``step`` until ``end`` is set; ``step`` does its own waiting."""

    def loop() -> None:
        while not end.is_set():
            try:
                step()
            except TransientError as error:
                logger.warning("%s goes on after: %s", name, reason_of(error))
                end.wait(PAUSE_AFTER_FAILURE)
            # The last resort: a thread that dies silently stops a part of the platform.
            except Exception as error:
                logger.error("%s goes on after an unexpected error", name, exc_info=loggable(error))  # noqa: TRY400 - exception() would log what redaction removes
                end.wait(PAUSE_AFTER_FAILURE)

    # Daemon: a hung supplier must not keep the process from ending once the limit of stop() is over.
    thread = Thread(target=loop, name=name, daemon=True)
    thread.start()
    return thread
