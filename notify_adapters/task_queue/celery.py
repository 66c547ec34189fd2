"""Celery as the broker: its messages hold the ids of due rows and nothing personal. Where a crowd of rows waits
one message names several, since a message costs Celery more than a row costs the database."""

import logging
import os
from collections.abc import Mapping, Sequence
from threading import get_ident
from typing import Any

from celery import Celery
from kombu.exceptions import KombuError

from notify_adapters.task_queue.bundles import bundles
from notify_adapters.task_queue.celery_configuration import (
    ANSWER_TIMEOUT,
    CONNECT_TIMEOUT,
    OPTIONS,
    broker_scheme,
    configuration,
    queue_prefix,
)
from notify_core.kernel.errors import TransientError
from notify_core.ports.task_queue import Publication, TaskQueue

__all__ = ["OPTIONS", "CeleryQueue", "build"]

logger = logging.getLogger(__name__)

# How many messages travel together, where the broker can do that.
BATCH = 100


class CeleryQueue:
    """Each thread has a connection of its own, made when first needed. Safe after a fork: the child makes
    its own and leaves the parent's alone."""

    def __init__(self, app: Celery, prefix: str, failures: tuple[type[Exception], ...] = ()) -> None:
        self._app = app
        self._prefix = prefix
        self._failures = failures
        # By process and thread. A child keeps what it inherited: closing a connection, or letting it be
        # collected, would end it for the parent too.
        self._producers: dict[tuple[int, int], Any] = {}

    def publish(self, publications: Sequence[Publication]) -> None:
        if not publications:
            return
        try:
            producer = self._producer()
            with producer.batch(max_size=BATCH):
                for rows in bundles(publications):
                    self._send(producer, rows)
        except self._failures_of_broker() as error:
            # Also when it only refused one queue: RabbitMQ has closed the channel, which others need.
            self.close()
            queues = ", ".join(sorted({publication.queue for publication in publications}))
            # kombu wraps some errors, and not always with their text.
            reason = error.__cause__ or error
            raise TransientError(f"the broker took no tasks for {queues}: {type(reason).__name__}: {reason}") from error

    def check_ready(self) -> None:
        """:raises TransientError: the broker does not answer."""
        try:
            with self._app.connection_for_write() as connection:
                connection.ensure_connection(max_retries=1, interval_start=0, timeout=CONNECT_TIMEOUT)
        except self._failures_of_broker() as error:
            raise TransientError(f"the broker does not answer: {type(error).__name__}") from error

    def close(self) -> None:
        """Close this thread's connection; it opens again when needed."""
        producer = self._producers.pop((os.getpid(), get_ident()), None)
        if producer is not None:
            # Without good-byes: a broker that does not answer must not hold us up.
            producer.connection.collect(socket_timeout=1)

    def _send(self, producer: Any, rows: Sequence[Publication]) -> None:
        publication = rows[0]
        queue = self._prefix + publication.queue
        if queue not in self._app.amqp.queues:
            # Of another release. Its row stays published and comes again, perhaps to a relay of that release.
            logger.error("There is no queue %s for task %s", publication.queue, publication.task)
            return
        row_ids = [str(row.entry_id) for row in rows]
        self._app.send_task(
            publication.task,
            args=row_ids,
            task_id=row_ids[0],
            queue=queue,
            producer=producer,
            # The ledger tries again, and knows better when.
            retry=False,
            ignore_result=True,
            add_to_parent=False,
            timeout=ANSWER_TIMEOUT,
            confirm_timeout=ANSWER_TIMEOUT,
        )

    def _producer(self) -> Any:
        here = (os.getpid(), get_ident())
        if here not in self._producers:
            self._producers[here] = self._connect()
        return self._producers[here]

    def _connect(self) -> Any:
        connection = self._app.connection_for_write()
        connection.ensure_connection(max_retries=1, interval_start=0, timeout=CONNECT_TIMEOUT)
        return self._app.amqp.Producer(connection.channel(), auto_declare=False)

    def _failures_of_broker(self) -> tuple[type[Exception], ...]:
        """What it raises when it is away, or does not want to."""
        transport: Any = self._app.connection_for_write().transport
        return (KombuError, OSError, *self._failures, *transport.connection_errors, *transport.channel_errors)


def build(options: Mapping[str, str]) -> TaskQueue:
    """Connects when it first publishes.

    :raises BadOption: an option is missing, unknown or not what it must be.
    """
    app = Celery("notify", set_as_current=False)
    app.conf.update(configuration(options))
    return CeleryQueue(app, queue_prefix(options), _failures_of_sqs(options))


def _failures_of_sqs(options: Mapping[str, str]) -> tuple[type[Exception], ...]:
    if broker_scheme(options) != "sqs":
        return ()
    # kombu names the errors of the connection only; a refusal is one of these.
    from botocore.exceptions import ClientError

    return (ClientError,)
