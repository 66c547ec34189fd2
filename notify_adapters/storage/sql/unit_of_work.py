"""Units of work in SQL."""

from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine

from notify_adapters.storage.sql import last_change
from notify_adapters.storage.sql.leases import SqlScheduleMarks
from notify_adapters.storage.sql.ledger_rows import delete_claimed, delete_waiting, insert_rows, must_be_of, new_row
from notify_adapters.storage.sql.recent import Recent
from notify_adapters.storage.sql.repositories import SqlRepositories
from notify_adapters.storage.sql.session import SqlSession
from notify_core.kernel.events import DomainEvent
from notify_core.kernel.queues import Queue
from notify_core.kernel.tasks import Task
from notify_core.ports.secrets import Secrets
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import React, UnitOfWork


class SqlUnitOfWork(SqlRepositories):
    """One transaction, begun by its first statement. Tasks are written, and finished claims checked, at the end."""

    def __init__(self, storage: "SqlStorage", *, read_only: bool = False) -> None:
        self.session = SqlSession(storage.engine, read_only=read_only)
        self.secrets = storage.secrets
        self.schedule_marks = SqlScheduleMarks(self.session)
        self._storage = storage
        self._enqueued: list[dict[str, Any]] = []
        self._required: list[Claim] = []
        self._finished: list[Claim] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self.session.close()

    def commit(self) -> None:
        self.session.must_be_open()
        if not self._ends_in_one_statement():
            self._end()
        self.session.commit()
        self._storage.recent.forget(self.session.written)
        for claim in self._finished:
            claim.finished = True
        if self._enqueued:
            self._storage.on_enqueued()

    def _ends_in_one_statement(self) -> bool:
        """Whether all there was to do was a last change that ends a claim, on a database that can do both at once;
        it is done then."""
        last = self.session.last_change
        alone = len(self._finished) == 1 and not self._required and not self._enqueued and self.session.untouched
        if last is None or not alone or self.session.dialect != "postgresql":
            return False
        last_change.make_with_claim(self.session, last, self._finished[0])
        return True

    def _end(self) -> None:
        for claim in self._required:
            must_be_of(self.session, claim)
        last_change.make(self.session)
        if len(self._finished) == 1 and not self._enqueued:
            self.session.one_statement_follows()
        # The claims' rows go first: a task that enqueues itself again has the dedupe key of its own row.
        for claim in self._finished:
            delete_claimed(self.session, claim)
        if self._enqueued:
            insert_rows(self.session, self._enqueued)

    def enqueue(
        self,
        task: Task,
        *,
        delay: timedelta = timedelta(),
        queue: Queue | None = None,
        fair: str | None = None,
    ) -> None:
        self.session.must_write()
        self._enqueued.append(new_row(task, delay=delay, queue=queue, fair=fair))

    def withdraw(self, task: Task) -> bool:
        return delete_waiting(self.session, task)

    def record(self, event: DomainEvent) -> None:
        self.session.must_write()
        self._storage.react(event, self)

    def require(self, claim: Claim) -> None:
        self.session.must_write()
        self._required.append(claim)

    def finish(self, claim: Claim) -> None:
        self.session.must_write()
        self._finished.append(claim)


def _nothing_follows(_event: DomainEvent, _work: UnitOfWork) -> None:
    """No reactions."""


def _nobody_waits() -> None:
    """No wake-up."""


class SqlStorage:
    """The factory of units of work; use cases get it as ``work``.

    ``react`` says which tasks follow from an event; ``on_enqueued`` is called after a commit that wrote
    tasks, in the thread that committed; it must not raise, since the commit has happened.
    """

    def __init__(
        self,
        engine: Engine,
        secrets: Secrets,
        react: React = _nothing_follows,
        on_enqueued: Callable[[], None] = _nobody_waits,
    ) -> None:
        self.engine = engine
        self.secrets = secrets
        self.react = react
        self.on_enqueued = on_enqueued
        self.recent = Recent()

    def __call__(self, *, read_only: bool = False) -> SqlUnitOfWork:
        return SqlUnitOfWork(self, read_only=read_only)
