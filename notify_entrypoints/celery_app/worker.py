"""What a worker's main process does besides Celery's own: look before it starts, and relay."""

import os
from collections.abc import Collection
from importlib import import_module
from typing import Any, ClassVar

from celery import bootsteps

from notify_adapters.task_queue.celery_configuration import broker_scheme, queue_prefix, relay_in_worker
from notify_core.kernel.errors import NotifyError
from notify_core.registry.tasks import arriving_by
from notify_entrypoints.celery_app.process import Process
from notify_entrypoints.containers import Container, check_schema, prepare
from notify_entrypoints.exporting import Exporter
from notify_entrypoints.plugins import missing
from notify_entrypoints.relaying import RelayThread, process_name
from notify_entrypoints.settings import Settings


class Checked(bootsteps.Step):
    """A worker whose processes could not do what comes by its queues does not start. Nothing stays open: the
    processes are forked after this."""

    settings: ClassVar[Settings]
    process: ClassVar[Process]

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        try:
            self._check(self._queues(worker.app))
        except NotifyError as error:
            raise SystemExit(f"notify: {error}") from None
        except ModuleNotFoundError as error:
            raise SystemExit(f"notify: a worker needs {missing(error)}") from None

    def _queues(self, app: Any) -> frozenset[str]:
        """Those that the worker consumes, by the names that they have in every deployment."""
        (choice,) = self.settings.adapters["task_queue"]
        prefix = queue_prefix(choice.options)
        return frozenset(name.removeprefix(prefix) for name in app.amqp.queues.consume_from)

    def _check(self, queues: Collection[str]) -> None:
        (choice,) = self.settings.adapters["task_queue"]
        if broker_scheme(choice.options) == "sqs":
            # What Celery says of it, much later, does not end the worker.
            import_module("pycurl")
        container = Container(settings=self.settings, worker=process_name())
        try:
            check_schema(container)
            self.process.kinds = arriving_by(queues)
            if relay_in_worker(choice.options):
                container.relay()
            container.execute()
            prepare(container, self.process.kinds)
        finally:
            container.engine().dispose()


class Relaying(bootsteps.StartStopStep):
    """The relay of this worker, from when its processes are there until before they end."""

    requires = ("celery.worker.components:Pool",)
    settings: ClassVar[Settings]

    def include_if(self, _worker: Any) -> bool:
        (choice,) = self.settings.adapters["task_queue"]
        return relay_in_worker(choice.options)

    def create(self, _worker: Any) -> Any:
        relay = RelayThread(Container(settings=self.settings, worker=process_name()))
        # A process that died is replaced by a fork, at any time.
        os.register_at_fork(before=relay.pause, after_in_parent=relay.resume, after_in_child=relay.resume)
        return relay


class Exporting(bootsteps.StartStopStep):
    """What all processes of this machine's data directory measure, for whoever fetches it (see :class:`Exporter`)."""

    requires = ("celery.worker.components:Pool",)
    settings: ClassVar[Settings]

    def create(self, _worker: Any) -> Any:
        return Exporter(Container(settings=self.settings, worker=process_name()).metrics())
