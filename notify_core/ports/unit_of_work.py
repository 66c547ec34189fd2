"""All or nothing: changes, the tasks that follow, and the end of the task that caused them."""

from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import Protocol, Self, TypeVar

from notify_core.kernel.events import DomainEvent
from notify_core.kernel.queues import Queue
from notify_core.kernel.tasks import Task
from notify_core.ports.task_ledger import Claim


class UnitOfWork(Protocol):
    """One transaction. Each sub-domain narrows this Protocol by its repositories.

    Leaving the ``with`` block without :meth:`commit` undoes everything. Nothing outside the
    database may be called while it is open.
    """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...

    def commit(self) -> None:
        """Make everything since ``__enter__`` durable, or nothing of it. At most once per unit.

        :raises Conflict: another transaction was first.
        :raises AlreadyExists: an added thing's identity is taken.
        :raises ClaimLost: a claim given to :meth:`finish` or :meth:`require` is no longer held.
        :raises TransientError: the database is not there.
        :raises PermanentError: a value cannot be stored, such as a text with characters no database keeps.

        What the database refused before, in the midst of the unit, is raised again: the unit is lost with it.
        """
        ...

    def enqueue(
        self,
        task: Task,
        *,
        delay: timedelta = timedelta(),
        queue: Queue | None = None,
        fair: str | None = None,
    ) -> None:
        """Write a ledger row for ``task``, due after ``delay``; ``queue`` and ``fair`` replace the
        task's own. Nothing is written when an unfinished row has the task's dedupe key."""
        ...

    def withdraw(self, task: Task) -> bool:
        """Delete the ledger row with the dedupe key of ``task``, if no worker has it; nobody begins it then. False:
        there is no such row, or it is somebody's already."""
        ...

    def record(self, event: DomainEvent) -> None:
        """Note what happened; the tasks that follow from it are written in this transaction."""
        ...

    def require(self, claim: Claim) -> None:
        """Commit only what the claim's worker does while it is still its worker: for what precedes a call that
        nobody else may make meanwhile."""
        ...

    def finish(self, claim: Claim) -> None:
        """With this commit the claimed work is done and its row is gone."""
        ...


W_co = TypeVar("W_co", bound=UnitOfWork, covariant=True)


class UnitOfWorkFactory(Protocol[W_co]):
    """Opens units of work; use cases hold this, never an instance."""

    def __call__(self, *, read_only: bool = False) -> W_co:
        """A new unit of work; a ``read_only`` one refuses :meth:`UnitOfWork.commit` with changes and
        makes nobody wait."""
        ...


React = Callable[[DomainEvent, UnitOfWork], None]
