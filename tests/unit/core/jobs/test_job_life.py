"""Jobs whose workers die, whose tasks get lost and whose scheduler is away, in any order: in the end every row of
every job has been sent once, or has its error."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from notify_core.jobs.states import JobStatus
from notify_core.jobs.tasks import ProcessJob
from notify_core.jobs.use_cases import CancelJob, GetJob, JobRequest, ProcessUploadedJob, SubmitJob
from notify_core.kernel.errors import NotAllowed
from notify_core.testing.builders import a_service, a_template
from notify_core.testing.platform import InMemoryPlatform
from tests.unit.core.jobs.dying import Died, DyingWork

ROWS = st.lists(st.sampled_from(["07700900123,Ann", "07700900124,Bo", "x,Bad", "07700900125,", "", "1"]), max_size=6)
MINUTE = timedelta(minutes=1)


class JobLife(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.notify = InMemoryPlatform()
        service = a_service(restricted=False, message_limit={})
        self.template = a_template(service_id=service.id, content="Hello ((name))")
        self.notify.put(service, self.template)
        self.notify.tick()
        self.jobs, self.cancelled = {}, set()
        self.batch, self.longest = 2, timedelta(seconds=20)

    @rule(rows=ROWS, hours=st.none() | st.integers(0, 30))
    def upload(self, rows, hours):
        lines = ["07700900199,First", *rows]
        content = ("phone number,name\n" + "\n".join(lines)).encode()
        at = None if hours is None else self.notify.clock.now() + timedelta(hours=hours)
        request = JobRequest(self.template.service_id, self.template.id, "a.csv", content, scheduled_for=at)
        self.jobs[self.notify.use(SubmitJob)(request).id] = {
            row: line.startswith("07") and not line.endswith(",") for row, line in enumerate(lines) if line
        }

    @rule(commits=st.integers(0, 12), batch=st.integers(1, 4), step=st.booleans())
    def work_until_the_worker_dies(self, commits, batch, step):
        whole = self.notify.work
        self.batch, self.longest = batch, timedelta() if step else timedelta(seconds=20)
        self.notify.work = DyingWork(whole, commits)
        try:
            self._run()
        except Died:
            pass
        finally:
            self.notify.work = whole

    def _run(self):
        """As the platform does, with batches of the size wanted."""
        while (message := self.notify._next_message()) is not None:
            claims = self.notify.ledger.claim([message.entry_id], "mortal", timedelta(seconds=60))
            for claim in claims:
                if claim.entry.task != ProcessJob.name:
                    self.notify.ledger.give_back([claim])
                    return
                process = ProcessUploadedJob(
                    self.notify.work, self.notify.clock, self.notify.recipient_files, self.batch, self.longest
                )
                process(ProcessJob.from_arguments(claim.entry.arguments), claim)

    @rule(minutes=st.sampled_from([1, 2, 16, 31, 600]), scheduler=st.booleans())
    def time_passes(self, minutes, scheduler):
        self.notify.advance(minutes * MINUTE)
        if scheduler:
            self.notify.tick()

    @rule()
    def everything_waiting_is_done(self):
        self.notify.run_until_idle()

    @precondition(lambda self: self.jobs)
    @rule(data=st.data())
    def a_task_gets_lost(self, data):
        job_id = data.draw(st.sampled_from(sorted(self.jobs)))
        with self.notify.work() as work:
            work.withdraw(ProcessJob(job_id))
            work.commit()

    @precondition(lambda self: self.jobs)
    @rule(data=st.data())
    def somebody_cancels(self, data):
        job_id = data.draw(st.sampled_from(sorted(self.jobs)))
        try:
            self.notify.use(CancelJob)(self.template.service_id, job_id)
        except NotAllowed:
            return
        self.cancelled.add(job_id)

    @invariant()
    def no_row_goes_out_twice(self):
        assert len(self.notify.sms.calls) == len(set(self.notify.sms.calls))

    def teardown(self):
        for _ in range(4):
            self.notify.advance(timedelta(hours=10, minutes=1))
            self.notify.tick()
            self.notify.run_until_idle(advance=timedelta(hours=1))
        sent = 0
        for job_id, rows in self.jobs.items():
            view = self.notify.use(GetJob)(self.template.service_id, job_id)
            if job_id in self.cancelled:
                assert view.job.status is JobStatus.CANCELLED
                assert not view.statistics
                continue
            assert view.job.status is JobStatus.FINISHED, view
            good = {row for row, is_good in rows.items() if is_good}
            assert sum(view.statistics.values()) == len(good)
            assert {error.row for error in view.errors} == rows.keys() - good
            sent += len(good)
        assert len(self.notify.sms.calls) == sent


TestJobLife = JobLife.TestCase
TestJobLife.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
