from dataclasses import dataclass
from datetime import timedelta

import pytest

from notify_core.jobs.tasks import ProcessJob
from notify_core.jobs.use_cases import GetJob, JobRequest, ProcessUploadedJob, SubmitJob
from notify_core.notifications.ports import NotificationFilter
from notify_core.testing.builders import a_service, a_template, claim_row
from notify_core.testing.platform import InMemoryPlatform

LEASE = timedelta(seconds=60)
HEADINGS = "phone number,name\n"


@pytest.fixture
def notify():
    return InMemoryPlatform()


@pytest.fixture
def service(notify):
    service = a_service(restricted=False, message_limit={})
    notify.put(service)
    return service


@pytest.fixture
def template(notify, service):
    template = a_template(service_id=service.id, content="Hello ((name))")
    notify.put(template)
    return template


@pytest.fixture
def submit(notify, service, template):
    """Upload a file under a template, the usual one if no other is named."""

    def act(content, template=template, **changes):
        raw = content if isinstance(content, bytes) else content.encode()
        return notify.use(SubmitJob)(JobRequest(template.service_id, template.id, "people.csv", raw, **changes))

    return act


@pytest.fixture
def upload(submit):
    """A file with so many good rows."""

    def act(rows, **changes):
        lines = [f"07700 900{number + 123},Person {number}" for number in range(rows)]
        return submit(HEADINGS + "\n".join(lines), **changes)

    return act


@dataclass
class Jobs:
    """What tests do to jobs, and ask of them."""

    notify: InMemoryPlatform

    def claimed(self, kind=ProcessJob, worker="worker"):
        """The claim of the only row that there is of a kind of task."""
        self.notify.relay()
        (entry,) = (entry for entry in self.notify.ledger.entries(limit=10_000) if entry.task == kind.name)
        claim = claim_row(self.notify.ledger, entry.id, worker, LEASE)
        assert claim is not None
        return claim

    def process(self, job, batch=2, longest=timedelta(seconds=20)):
        """Execute the task of a job once, in steps of ``batch`` rows."""
        notify = self.notify
        use_case = ProcessUploadedJob(notify.work, notify.clock, notify.recipient_files, batch, longest)
        use_case(ProcessJob(job.id), self.claimed())

    def view(self, job):
        return self.notify.use(GetJob)(job.service_id, job.id)

    def messages(self, job):
        """The messages of a job by their rows."""
        with self.notify.work(read_only=True) as work:
            found = work.notifications.page(job.service_id, NotificationFilter(), 10_000)
        return {one.job_row: one for one in found if one.job_id == job.id}


@pytest.fixture
def jobs(notify):
    return Jobs(notify)
