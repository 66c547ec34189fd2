"""Whether a job has drained: every row sent, none recorded twice, by what the supplier remembers and what the database
says. A proof for benchmarks and tests alike."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from notify_adapters.fake_supplier.store import FakeMessage, FakeSupplierStore
from notify_core.jobs.model import Job, RowError
from notify_core.jobs.states import JobStatus
from notify_core.kernel.ids import JobId
from notify_core.notifications.model import Notification
from notify_core.notifications.ports import NotificationFilter
from notify_core.notifications.states import Status
from notify_core.ports.task_ledger import LedgerEntry

_PAGE = 1000


class HasParts(Protocol):
    """The parts of a container that are needed here."""

    work: Any
    ledger: Any
    get_job: Any


@dataclass(frozen=True)
class Seen:
    """``messages`` are the supplier's, ``notifications`` the database's, ``rows`` what is left to do, or failed."""

    job: Job
    notifications: Sequence[Notification]
    errors: Sequence[RowError]
    messages: Sequence[FakeMessage]
    rows: Sequence[LedgerEntry]


def at_rest(container: HasParts, job_id: JobId, rows: int) -> bool:
    """Whether every row is delivered and nothing of it waits."""
    view = container.get_job()(None, job_id)
    statistics: Mapping[str, int] = view.statistics
    done = view.job.status is JobStatus.FINISHED and statistics == {Status.DELIVERED.value: rows}
    return done and not container.ledger().entries(limit=1)


def look(container: HasParts, supplier: FakeSupplierStore, job_id: JobId) -> Seen:
    view = container.get_job()(None, job_id)
    return Seen(
        view.job,
        list(_notifications(container, view.job)),
        view.errors,
        supplier.messages(),
        container.ledger().entries(limit=_PAGE),
    )


def _notifications(container: HasParts, job: Job) -> Iterator[Notification]:
    wanted = NotificationFilter()
    while True:
        with container.work()(read_only=True) as work:
            page = work.notifications.page(job.service_id, wanted, _PAGE)
        if not page:
            return
        yield from (one for one in page if one.job_id == job.id)
        wanted = NotificationFilter(older_than=page[-1].id)


def violations(seen: Seen, rows: int, kills: int) -> list[str]:
    """Everything that is not as it must be, in words."""
    found = [] if seen.job.status is JobStatus.FINISHED else [f"the job is {seen.job.status}: {seen.job.reason}"]
    written = Counter(one.job_row for one in seen.notifications)
    found += [f"row {row} is recorded {written[row]} times" for row in range(rows) if written[row] != 1]
    found += [f"row {one.job_row} is {one.status}" for one in seen.notifications if one.status is not Status.DELIVERED]
    found += [f"row {error.row} has the error {error.message}" for error in seen.errors]
    sent, known = {message.reference for message in seen.messages}, {str(one.id) for one in seen.notifications}
    found += [f"{reference} was never sent" for reference in sorted(known - sent)]
    found += [f"{reference} was sent and is not known" for reference in sorted(sent - known)]
    found += [
        f"the supplier saw {message.reference} again {message.repeats} times, after {kills} kills"
        for message in seen.messages
        if message.repeats > kills
    ]
    found += [f"left in the ledger: {row.task} {row.state} {row.arguments}: {row.reason}" for row in seen.rows]
    return found
