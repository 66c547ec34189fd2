"""``notify relay``: a process that does nothing but hand over due tasks."""

import logging
import signal
from threading import Event

from notify_entrypoints.logs import configure
from notify_entrypoints.settings import SettingsError, load_settings

# A signal's handler only sets a flag; between two looks at it Python may handle the signal.
_LOOK = 0.5


def relay() -> None:
    """Hand due tasks to the broker, until a signal ends it.

    Workers do the same beside their work unless NOTIFY_TASK_QUEUE_RELAY=none. Any number of relays may run.
    """
    settings = load_settings()
    if settings.adapters["task_queue"][0].name == "embedded":
        raise SettingsError("NOTIFY_TASK_QUEUE=embedded needs no relay: `notify serve` has one")
    from notify_entrypoints.containers import Container, check_schema
    from notify_entrypoints.exporting import Exporter
    from notify_entrypoints.relaying import RelayThread, process_name

    configure(settings.log_format)
    made = Container(settings=settings, worker=process_name())
    check_schema(made)
    end = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: end.set())
    thread = RelayThread(made)
    thread.start()
    exporter = Exporter(made.metrics())
    exporter.start()
    while not end.wait(_LOOK):
        pass
    exporter.stop()
    if not thread.stop():
        logging.getLogger(__name__).warning("the broker did not answer; what it was to have is handed over again")
