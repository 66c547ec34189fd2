"""Two Celery applications for one comparison: bare empty tasks, and empty tasks through the ledger."""

import os
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from celery import Celery

from notify_adapters.task_queue.celery_configuration import configuration
from notify_core.kernel.queues import REPORTING, Queue
from notify_core.kernel.tasks import Task
from notify_core.ports.task_ledger import Claim
from notify_core.registry.tasks import REGISTRY


@dataclass(frozen=True)
class Nothing(Task):
    """Work that is none, so that only what surrounds it is measured."""

    name: ClassVar[str] = "benchmark-nothing"
    queue: ClassVar[Queue] = REPORTING
    # As deliveries have it; BENCH_TOGETHER=1 shows what a message for each row costs.
    together: ClassVar[int] = int(os.environ.get("BENCH_TOGETHER", "10"))

    number: int


@dataclass(frozen=True)
class DoNothing:
    def __call__(self, task: Nothing, claim: Claim) -> None:
        """The executor finishes the row."""


def bare() -> Celery:
    """The broker's own cost: the same configuration, a task without a body."""
    app = Celery("bare", set_as_current=False)
    app.conf.update(
        configuration(
            {
                "broker_url": os.environ["NOTIFY_TASK_QUEUE_BROKER_URL"],
                "prefix": os.environ["NOTIFY_TASK_QUEUE_PREFIX"],
            }
        )
    )
    app.task(name="bare-nothing", shared=False)(nothing)
    return app


def nothing() -> None:
    """A task without a body."""


def ledger() -> Any:
    """The platform's workers, with the empty task in their table."""
    cast("dict[Any, Any]", REGISTRY)[Nothing] = DoNothing
    from notify_entrypoints.celery_app.make import make_app
    from notify_entrypoints.settings import load_settings

    return make_app(load_settings())


def __getattr__(name: str) -> Any:
    # Celery asks a module for its application by name: benchmarks.celery_apps:bare_app
    makers = {"bare_app": bare, "ledger_app": ledger}
    if name in makers:
        return makers[name]()
    raise AttributeError(name)
