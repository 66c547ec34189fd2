from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.accounts.model import Permission
from notify_core.jobs.model import RowError
from notify_core.jobs.states import JobStatus
from notify_core.jobs.tasks import ProcessJob
from notify_core.jobs.use_cases import CancelJob, WriteResults
from notify_core.kernel.errors import NotAllowed
from notify_core.letters.model import Postage
from notify_core.letters.states import LetterStatus
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import a_template

HEADINGS = "address line 1,address_line_2,Address Line 3,postcode,name\n"
GOOD = "Ann Other,1 Road,,SW1A 1AA,Ann\nBo Other,2 Road,Town,SW1A 2AA,Bo\n"


@pytest.fixture
def letters(notify, service):
    with_letters = replace(service, permissions=service.permissions | {Permission.LETTER})
    template = a_template(
        service_id=service.id, type=TemplateType.LETTER, subject="Hello", content="Dear ((name))", postage="first"
    )
    notify.put(with_letters, template)
    return template


def of(notify, job):
    with notify.work(read_only=True) as work:
        return [work.letters.get(job.notification_id(one.row)) for one in work.jobs.results(job.id, -1, 100)]


def test_each_row_is_a_letter_that_gets_its_pdf(notify, letters, submit, jobs):
    job = submit(HEADINGS + GOOD, letters)
    assert job.sender is None
    notify.run_until_idle()
    first, second = of(notify, job)
    assert (first.to, first.postage, first.job_row) == ("Ann Other\n1 Road\nSW1A 1AA", Postage.FIRST, 0)
    assert (second.to, second.personalisation["name"]) == ("Bo Other\n2 Road\nTown\nSW1A 2AA", "Bo")
    assert first.pdf is not None
    assert len({first.file_reference, second.file_reference}) == 2
    assert first.file_reference.isalnum()
    assert len(first.file_reference) == 16
    assert jobs.view(job).job.status is JobStatus.FINISHED


def test_an_address_that_is_none_is_an_error_of_its_row(notify, letters, submit, jobs):
    job = submit(HEADINGS + "Ann,,,SW1A 1AA,\nAnn,1 Road,Town,nowhere,Ann\nAnn,1 Road,Town,SW1A 1AA,\n", letters)
    notify.run_until_idle()
    assert jobs.view(job).errors == [
        RowError(0, "address", "Address must be at least 3 lines"),
        RowError(0, "name", "Missing"),
        RowError(1, "address", "Must be a real UK postcode"),
        RowError(2, "name", "Missing"),
    ]
    assert of(notify, job) == []


def test_done_twice_they_are_written_once(notify, letters, submit, jobs):
    job = submit(HEADINGS + GOOD, letters)
    notify.run_until_idle()
    before = of(notify, job)
    notify.database.table("jobs")[job.id] = job
    with notify.work() as work:
        work.enqueue(ProcessJob(job.id))
        work.commit()
    notify.run_until_idle()
    assert of(notify, job) == before


def test_services_in_trial_mode_send_no_letters(notify, service, letters, submit):
    notify.put(replace(service, restricted=True, permissions=service.permissions | {Permission.LETTER}))
    with pytest.raises(NotAllowed, match="Cannot send letters when service is in trial mode"):
        submit(HEADINGS + GOOD, letters)


def test_every_letter_of_a_job_is_cancelled_before_the_cut_off(notify, letters, submit, jobs):
    job = submit(HEADINGS + GOOD, letters)
    with pytest.raises(NotAllowed, match="it is pending"):
        notify.use(CancelJob)(job.service_id, job.id)
    notify.run_until_idle()
    for _ in range(2):
        assert notify.use(CancelJob)(job.service_id, job.id).status is JobStatus.FINISHED
        assert {letter.status for letter in of(notify, job)} == {LetterStatus.CANCELLED}
    assert "cancelled" in "".join(notify.use(WriteResults)(job.service_id, job.id))


def test_no_letter_of_a_job_is_cancelled_where_one_no_longer_can_be(notify, letters, submit):
    job = submit(HEADINGS + GOOD, letters)
    notify.run_until_idle()
    _, second = of(notify, job)
    notify.database.table("letters")[second.id] = replace(second, status=LetterStatus.SENDING)
    with pytest.raises(NotAllowed, match="Notification cannot be cancelled"):
        notify.use(CancelJob)(job.service_id, job.id)
    assert {letter.status for letter in of(notify, job)} == {LetterStatus.CREATED, LetterStatus.SENDING}
    notify.advance(timedelta(days=2))
    with pytest.raises(NotAllowed, match="its print run closed"):
        notify.use(CancelJob)(job.service_id, job.id)
