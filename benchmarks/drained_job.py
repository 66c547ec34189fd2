"""Whether a job has drained: every row sent, none recorded twice, by what the supplier remembers and what the database
says. A proof for benchmarks and tests alike."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from notify_adapters.fake_supplier.store import FakeMessage, FakeSupplierStore
from notify_core.jobs.model import Job, RowError, RowResult
from notify_core.jobs.states import JobStatus
from notify_core.kernel.ids import JobId
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
    """``messages`` are the supplier's, ``results`` and ``statistics`` the database's, ``rows`` what is left to do, or
    failed."""

    job: Job
    results: Sequence[RowResult]
    statistics: Mapping[str, int]
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
        list(_results(container, job_id)),
        view.statistics,
        view.errors,
        supplier.messages(),
        container.ledger().entries(limit=_PAGE),
    )


def _results(container: HasParts, job_id: JobId) -> Iterator[RowResult]:
    after = -1
    while True:
        with container.work()(read_only=True) as work:
            page: Sequence[RowResult] = work.jobs.results(job_id, after, _PAGE)
        if not page:
            return
        yield from page
        after = page[-1].row


def violations(seen: Seen, rows: int, kills: int) -> list[str]:
    """Everything that is not as it must be, in words."""
    found = [] if seen.job.status is JobStatus.FINISHED else [f"the job is {seen.job.status}: {seen.job.reason}"]
    written = Counter(one.row for one in seen.results)
    found += [f"row {row} is recorded {written[row]} times" for row in range(rows) if written[row] != 1]
    if (total := sum(seen.statistics.values())) != rows:
        found.append(f"{total} messages are recorded for {rows} rows")
    found += [f"row {one.row} is {one.status}" for one in seen.results if one.status != Status.DELIVERED]
    found += [f"row {error.row} has the error {error.message}" for error in seen.errors]
    known = {str(seen.job.notification_id(row)) for row in range(rows)}
    sent = {message.reference for message in seen.messages}
    found += [f"{reference} was never sent" for reference in sorted(known - sent)]
    found += [f"{reference} was sent and is of no row" for reference in sorted(sent - known)]
    found += [
        f"the supplier saw {message.reference} again {message.repeats} times, after {kills} kills"
        for message in seen.messages
        if message.repeats > kills
    ]
    found += [f"left in the ledger: {row.task} {row.state} {row.arguments}: {row.reason}" for row in seen.rows]
    return found
