"""Making the Celery application from the settings."""

import logging
from typing import Any

from celery import Celery, signals

from notify_adapters.task_queue.celery_configuration import configuration, queue_prefix
from notify_core.kernel.queues import PERIODIC
from notify_core.kernel.tasks import Task
from notify_core.registry.tasks import REGISTRY
from notify_entrypoints.celery_app.base import NotifyTask, TickTask
from notify_entrypoints.celery_app.process import Process
from notify_entrypoints.celery_app.unknown import NAME as UNKNOWN
from notify_entrypoints.celery_app.unknown import OpenConsumer, UnknownTask
from notify_entrypoints.celery_app.worker import Checked, Exporting, Relaying
from notify_entrypoints.containers.adapters import naming_options
from notify_entrypoints.logs import configure
from notify_entrypoints.settings import Settings, SettingsError

TICK = "run-due-schedule"
SECONDS_BETWEEN_TICKS = 10.0

# What they say of each message and tick, our own lines say better.
_QUIETER = {
    "celery.app.trace": logging.WARNING,
    "celery.worker.strategy": logging.WARNING,
    "celery.beat": logging.WARNING,
}


def make_app(settings: Settings) -> Celery:
    """The application that workers and beat run.

    :raises SettingsError: the task queue is not Celery, or has wrong options.
    """
    (choice,) = settings.adapters["task_queue"]
    if choice.name != "celery":
        raise SettingsError(f"NOTIFY_TASK_QUEUE={choice.name}: Celery's workers need NOTIFY_TASK_QUEUE=celery")
    app = Celery("notify")
    with naming_options("task_queue", choice):
        app.conf.update(configuration(choice.options))
    prefix, process = queue_prefix(choice.options), Process(settings)
    app.conf.update(_schedule(prefix))
    for kind in REGISTRY:
        limited = kind.limit_key is not Task.limit_key
        app.register_task(_task(NotifyTask, kind.name, process, prefix, limited=limited))
    app.register_task(_task(UnknownTask, UNKNOWN, process, prefix))
    app.conf.worker_consumer = OpenConsumer
    app.register_task(_task(TickTask, TICK, process, prefix))
    for step in (Checked, Relaying, Exporting):
        app.steps["worker"].add(type(step.__name__, (step,), {"settings": settings, "process": process}))
    _connect_signals(settings, process)
    return app


def _task(base: type[Any], name: str, process: Process, prefix: str, **given: object) -> Any:
    """A task of this application only (Celery's decorator would share it with every application)."""
    return type(base.__name__, (base,), {"name": name, "process": process, "prefix": prefix, **given})()


def _schedule(prefix: str) -> dict[str, Any]:
    # Without an end, of which the clocks of two machines would have to know: a tick too many finds nothing due.
    tick = {"task": TICK, "schedule": SECONDS_BETWEEN_TICKS, "options": {"queue": prefix + PERIODIC}}
    # In memory: what has been run is in the database, and beat needs no directory to write to.
    return {"beat_schedule": {"tick": tick}, "beat_scheduler": "celery.beat:Scheduler"}


def _connect_signals(settings: Settings, process: Process) -> None:
    def set_up_logging(**_: object) -> None:
        configure(settings.log_format)
        for name, level in _QUIETER.items():
            logging.getLogger(name).setLevel(level)

    def begin_process(**_: object) -> None:
        # So that no message has to wait for it.
        process.parts()

    def end_process(**_: object) -> None:
        process.close()

    signals.setup_logging.connect(set_up_logging, weak=False)
    signals.worker_process_init.connect(begin_process, weak=False)
    signals.worker_process_shutdown.connect(end_process, weak=False)
    signals.worker_shutting_down.connect(process.ending.say, weak=False)
