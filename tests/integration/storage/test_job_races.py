"""Two workers at one job, on PostgreSQL, with leases that hold nobody off."""

from threading import Event, Thread

import pytest
import sqlalchemy as sa

from notify_adapters.storage.sql.ledger import SqlTaskLedger
from notify_adapters.storage.sql.schema_jobs import jobs
from notify_adapters.storage.sql.schema_ledger import task_ledger
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.jobs.states import JobStatus
from notify_core.jobs.tasks import CheckJobStatus, ProcessJob
from notify_core.jobs.use_cases import GetJob, JobRequest, ProcessUploadedJob, SubmitJob
from notify_core.kernel.errors import ClaimLost, TransientError
from notify_core.notifications.policies import SendingRules
from notify_core.ports.task_ledger import LEASE
from notify_core.testing.builders import a_service, a_template
from notify_core.testing.fakes.clock import FakeClock
from notify_core.testing.fakes.random_source import SeededRandom
from notify_core.testing.fakes.recipient_files import MemoryRecipientFiles
from notify_core.testing.fakes.secrets import MemorySecrets

ROWS, BATCH, WORKERS = 600, 20, 3


@pytest.fixture
def storage(postgresql_engine):
    return SqlStorage(postgresql_engine, MemorySecrets())


@pytest.fixture
def files():
    return MemoryRecipientFiles()


@pytest.fixture
def job(storage, files):
    service = a_service(restricted=False, message_limit={"sms": ROWS})
    template = a_template(service_id=service.id, content="Hello")
    with storage() as work:
        work.services.put(service)
        work.templates.put(template)
        work.commit()
    content = "phone number\n" + "07700900123\n" * ROWS
    submit = SubmitJob(storage, FakeClock(), SeededRandom(), files, SendingRules("", "", ""))
    return submit(JobRequest(service.id, template.id, "people.csv", content.encode()))


def test_rows_are_written_and_counted_once_by_however_many_workers(postgresql_engine, storage, files, job):
    done = Event()

    def nobody_has_a_lease():
        while not done.is_set():
            with postgresql_engine.begin() as connection:
                connection.execute(sa.update(jobs).values(leased_until_us=0))

    def work():
        process = ProcessUploadedJob(storage, FakeClock(), files, BATCH)
        while GetJob(storage)(None, job.id).job.status is not JobStatus.FINISHED:
            # A row of another kind: those of this one are one worker's at a time.
            claim = SqlTaskLedger(postgresql_engine).begin(CheckJobStatus(), "worker", LEASE)
            try:
                process(ProcessJob(job.id), claim)
            except (TransientError, ClaimLost):
                continue

    thief, *workers = Thread(target=nobody_has_a_lease), *(Thread(target=work) for _ in range(WORKERS))
    for thread in (thief, *workers):
        thread.start()
    for thread in workers:
        thread.join(60)
    done.set()
    thief.join(10)
    view = GetJob(storage)(None, job.id)
    assert (view.job.status, view.statistics) == (JobStatus.FINISHED, {"created": ROWS})
    with postgresql_engine.connect() as connection:
        deliveries = connection.scalar(
            sa.select(sa.func.count()).select_from(task_ledger).where(task_ledger.c.task == "deliver_sms")
        )
        assert deliveries == ROWS
        assert connection.exec_driver_sql("select used from daily_usage").scalars().all() == [ROWS]
