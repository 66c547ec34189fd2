"""Jobs: kept, found, leased; what became of their rows; what is counted with them."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from notify_core.jobs.model import Job, RowError, RowResult
from notify_core.jobs.ports import JobsWork
from notify_core.jobs.states import JobEvent, JobStatus
from notify_core.kernel.errors import AlreadyExists, Conflict, NotFound
from notify_core.kernel.ids import JobId, NotificationId, ServiceId, UserId
from notify_core.letters.states import LetterStatus
from notify_core.notifications.model import Channel, Notification
from notify_core.notifications.states import Status
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.testing.builders import NOON, a_job, a_letter, a_notification

Storage = UnitOfWorkFactory[JobsWork]
SECOND = timedelta(seconds=1)
DAY = date(2026, 1, 5)


def _id() -> JobId:
    return JobId(uuid4())


class JobsContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def given(self, storage: Storage, *jobs: Job) -> None:
        with storage() as work:
            for job in jobs:
                work.jobs.add(job)
            work.commit()

    def rows_of(self, storage: Storage, job: Job, *rows: int) -> list[Notification]:
        added = [a_notification(id=job.notification_id(row), job_id=job.id, job_row=row) for row in rows]
        with storage() as work:
            work.notifications.add_many(added)
            work.commit()
        return added

    def test_a_job_comes_back_as_it_was_added(self, storage: Storage) -> None:
        full = a_job(
            channel=Channel.EMAIL,
            original_file_name="pobl ŵ.csv",
            created_by=UserId(uuid4()),
            sender="GOVUK",
            status=JobStatus.ERROR,
            next_row=7,
            scheduled_for=NOON + SECOND,
            processing_started=NOON + 2 * SECOND,
            processing_finished=NOON + 3 * SECOND,
            archived_at=NOON + 4 * SECOND,
            reason="The file has no rows",
        )
        bare = a_job()
        self.given(storage, full, bare)
        with storage(read_only=True) as work:
            assert work.jobs.get(full.id) == full
            assert work.jobs.get(bare.id, bare.service_id) == bare
            for job_id, service_id in ((_id(), None), (bare.id, full.service_id)):
                with pytest.raises(NotFound):
                    work.jobs.get(job_id, service_id)

    def test_an_id_is_taken_once(self, storage: Storage) -> None:
        job = a_job()
        self.given(storage, job)
        with storage() as work:
            work.jobs.add(job)
            with pytest.raises(AlreadyExists):
                work.commit()

    def test_a_change_is_stored_where_nobody_was_faster(self, storage: Storage) -> None:
        pending = a_job()
        started = pending.after(JobEvent.STARTED, NOON + SECOND)
        further = started.progressed(5, NOON + 2 * SECOND)
        self.given(storage, pending)
        for was, becomes in ((pending, started), (started, further)):
            with storage() as work:
                work.jobs.change(was, becomes)
                work.commit()
            with storage() as work:
                assert work.jobs.get(pending.id) == becomes
                with pytest.raises(Conflict):
                    work.jobs.change(was, becomes)
        with storage() as work, pytest.raises(Conflict):
            work.jobs.change(a_job(), started)

    def test_a_lease_is_one_holders_until_it_is_given_back(self, storage: Storage) -> None:
        job = a_job()
        self.given(storage, job)
        with storage() as work:
            assert work.jobs.hold(job.id, "one", timedelta(hours=1))
            assert work.jobs.hold(job.id, "one", timedelta(hours=1))
            assert not work.jobs.hold(job.id, "two", timedelta(hours=1))
            work.jobs.let_go(job.id, "two")
            assert not work.jobs.hold(job.id, "two", timedelta(hours=1))
            work.jobs.let_go(job.id, "one")
            assert work.jobs.hold(job.id, "two", timedelta())
            work.commit()
        with storage() as work:
            assert work.jobs.hold(job.id, "three", timedelta(hours=1)), "the lease ran out"
            assert not work.jobs.hold(_id(), "three", timedelta(hours=1)), "there is no such job"

    def test_pages_are_newest_first_and_a_services_own(self, storage: Storage) -> None:
        service = ServiceId(uuid4())
        jobs = [a_job(service_id=service, created_at=NOON + second * SECOND) for second in (0, 1, 1, 2)]
        newest_first = sorted(jobs, key=lambda one: (one.created_at, one.id), reverse=True)
        other = a_job()
        self.given(storage, *jobs, other)
        with storage(read_only=True) as work:
            assert work.jobs.page(service) == newest_first
            assert work.jobs.page(service, limit=2) == newest_first[:2]
            assert work.jobs.page(service, newest_first[1].id) == newest_first[2:]
            assert work.jobs.page(service, other.id) == []
            assert work.jobs.page(service, _id()) == []

    def test_those_who_submitted_jobs_are_known(self, storage: Storage) -> None:
        person = UserId(uuid4())
        known, unknown = a_job(created_by=person), a_job()
        self.given(storage, known, unknown)
        with storage(read_only=True) as work:
            assert work.jobs.authors([known.id, unknown.id, JobId(uuid4())]) == {known.id: person}
            assert work.jobs.authors([]) == {}

    def test_those_due_are_scheduled_and_their_time_has_come(self, storage: Storage) -> None:
        scheduled = [
            a_job(status=JobStatus.SCHEDULED, scheduled_for=NOON + hours * timedelta(hours=1), created_at=NOON - SECOND)
            for hours in (-30 * 24, 0, 1)
        ]
        self.given(storage, *scheduled, a_job(scheduled_for=NOON), a_job(status=JobStatus.SCHEDULED))
        with storage(read_only=True) as work:
            assert {job.id for job in work.jobs.due(NOON, 10)} == {scheduled[0].id, scheduled[1].id}
            assert len(work.jobs.due(NOON, 1)) == 1

    def test_those_without_progress_are_open_and_not_archived(self, storage: Storage) -> None:
        old = NOON - timedelta(days=400)
        jobs = {status: a_job(status=status, progressed_at=old) for status in JobStatus}
        archived = a_job(status=JobStatus.ERROR, progressed_at=old, archived_at=NOON)
        self.given(storage, *jobs.values(), archived, a_job(status=JobStatus.IN_PROGRESS, progressed_at=NOON))
        stuck = {jobs[status].id for status in (JobStatus.PENDING, JobStatus.IN_PROGRESS, JobStatus.ERROR)}
        with storage(read_only=True) as work:
            assert {job.id for job in work.jobs.without_progress(NOON, 10)} == stuck
            assert len(work.jobs.without_progress(NOON, 2)) == 2

    def test_rows_are_accounted_for_by_messages_and_errors(self, storage: Storage) -> None:
        finished = {"status": JobStatus.FINISHED, "processing_finished": NOON, "notification_count": 3}
        whole, partly, empty = a_job(**finished), a_job(**finished), a_job(**finished)
        others = a_job(**finished | {"processing_finished": NOON - SECOND}), a_job(notification_count=3)
        self.given(storage, whole, partly, empty, *others)
        self.rows_of(storage, whole, 0, 1)
        self.rows_of(storage, partly, 1)
        with storage() as work:
            work.jobs.add_errors(whole.id, [RowError(2, "name", "Missing")])
            # Two errors are one row.
            work.jobs.add_errors(partly.id, [RowError(2, "name", "Missing"), RowError(2, "day", "Missing")])
            work.commit()
        with storage(read_only=True) as work:
            lacking = work.jobs.lacking_rows(NOON, NOON, 10)
            assert {job.id for job in lacking} == {partly.id, empty.id}
            assert len(work.jobs.lacking_rows(NOON, NOON, 1)) == 1
            assert set(work.jobs.rows(partly.id, [0, 1, 2])) == {1, 2}
            assert set(work.jobs.rows(whole.id, [1, 5])) == {1}
            assert set(work.jobs.rows(whole.id, [])) == set()

    def test_letters_account_for_rows_too(self, storage: Storage) -> None:
        job = a_job(status=JobStatus.FINISHED, processing_finished=NOON, notification_count=1, channel=Channel.LETTER)
        self.given(storage, job)
        letter = a_letter(job_id=job.id, job_row=0, to="Ann Other\n1 Road\nSW1 1AA", status=LetterStatus.CREATED)
        with storage() as work:
            work.letters.add_many([letter])
            work.commit()
        with storage(read_only=True) as work:
            assert work.jobs.lacking_rows(NOON, NOON, 10) == []
            assert work.jobs.statistics(job.id) == {"created": 1}
            assert work.jobs.results(job.id, -1, 10) == [RowResult(0, letter.to, "created", letter.created_at)]

    def test_those_to_be_archived_have_ended(self, storage: Storage) -> None:
        service = ServiceId(uuid4())
        of = {"service_id": service, "created_at": NOON - SECOND}
        jobs = {status: a_job(status=status, **of) for status in JobStatus}
        others = (
            a_job(status=JobStatus.FINISHED, **of | {"service_id": ServiceId(uuid4())}),
            a_job(status=JobStatus.FINISHED, **of | {"created_at": NOON}),
            a_job(status=JobStatus.FINISHED, **of, channel=Channel.EMAIL),
            a_job(status=JobStatus.FINISHED, **of, archived_at=NOON),
            a_job(status=JobStatus.FINISHED, **of, scheduled_for=NOON),
        )
        self.given(storage, *jobs.values(), *others)
        kept = {JobStatus.SCHEDULED, JobStatus.PENDING, JobStatus.IN_PROGRESS}
        with storage(read_only=True) as work:
            old = work.jobs.to_archive(service, Channel.SMS, NOON, 10)
            assert {job.status for job in old} == set(JobStatus) - kept
            assert len(old) == len({job.id for job in old} & {job.id for job in jobs.values()}) == 4
            assert len(work.jobs.to_archive(service, Channel.SMS, NOON, 2)) == 2

    def test_errors_are_kept_once_and_in_order(self, storage: Storage) -> None:
        job = a_job()
        first, second = RowError(2, "name", "Missing"), RowError(10, None, "There are more cells than column headings")
        for errors in ([second, first], [], [replace(first, message="again")]):
            with storage() as work:
                work.jobs.add_errors(job.id, errors)
                work.commit()
        with storage(read_only=True) as work:
            assert list(work.jobs.errors(job.id)) == [first, second]
            assert list(work.jobs.errors(job.id, 1)) == [first]
            assert list(work.jobs.errors(_id())) == []

    def test_statistics_and_results_are_those_of_the_jobs_messages(self, storage: Storage) -> None:
        job = a_job()
        first, second, third = self.rows_of(storage, job, 4, 1, 9)
        self.rows_of(storage, a_job(), 4)
        with storage() as work:
            work.notifications.change(first, replace(first, status=Status.DELIVERED, updated_at=NOON + SECOND))
            work.commit()
        with storage(read_only=True) as work:
            assert work.jobs.statistics(job.id) == {"created": 2, "delivered": 1}
            assert list(work.jobs.results(job.id, -1, 2)) == [
                RowResult(1, second.to, "created", second.created_at),
                RowResult(4, first.to, "delivered", NOON + SECOND),
            ]
            assert [one.row for one in work.jobs.results(job.id, 4, 10)] == [9]
            assert third.job_row == 9

    def test_messages_are_added_where_they_are_new(self, storage: Storage) -> None:
        job = a_job()
        (there,) = self.rows_of(storage, job, 0)
        again = replace(there, status=Status.DELIVERED)
        new = [
            a_notification(
                id=job.notification_id(row), job_id=job.id, job_row=row, personalisation={"n": row} if row else {}
            )
            for row in (1, 2, 3)
        ]
        with storage() as work:
            assert set(work.notifications.add_new([again, *new])) == {one.id for one in new}
            assert set(work.notifications.add_new([])) == set[NotificationId]()
            work.commit()
        with storage(read_only=True) as work:
            assert [work.notifications.get(one.id) for one in new] == new
            assert work.notifications.get(there.id) == there

    def test_letters_are_added_where_they_are_new(self, storage: Storage) -> None:
        job = a_job()
        there, *new = [a_letter(id=job.notification_id(row), job_id=job.id, job_row=row) for row in range(4)]
        with storage() as work:
            work.letters.add_many([there])
            work.commit()
        with storage() as work:
            assert set(work.letters.add_new([replace(there, pages=9), *new])) == {one.id for one in new}
            assert set(work.letters.add_new([])) == set[NotificationId]()
            work.commit()
        with storage(read_only=True) as work:
            assert [work.letters.get(one.id) for one in (there, *new)] == [there, *new]


class DailyUseContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def test_daily_use_is_counted_as_far_as_the_limit_allows_with_the_rest_of_the_unit(self, storage: Storage) -> None:
        service = ServiceId(uuid4())
        with storage() as work:
            assert not work.daily_use.add(service, "sms", DAY, number=11, limit=10)
            assert work.daily_use.add(service, "sms", DAY, number=6, limit=10)
            assert not work.daily_use.add(service, "sms", DAY, number=5, limit=10)
            work.commit()
        with storage() as work:
            assert work.daily_use.add(service, "sms", DAY, number=4, limit=10), "not committed"
        with storage() as work:
            assert work.daily_use.add(service, "email", DAY, number=10, limit=10)
            assert work.daily_use.add(service, "sms", DAY + timedelta(days=1), number=10, limit=10)
            assert work.daily_use.add(service, "sms", DAY, number=4, limit=10)
            assert not work.daily_use.add(service, "sms", DAY, number=1, limit=10)
            work.commit()
