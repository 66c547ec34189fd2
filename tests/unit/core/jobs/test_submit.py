from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from notify_core.jobs.states import JobStatus
from notify_core.jobs.use_cases import JobRequest, SubmitJob
from notify_core.kernel.errors import InvalidValue, NotAllowed, NotFound, TransientError
from notify_core.kernel.ids import ServiceId, TemplateId
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import a_reply_to, a_template, an_sms_sender

FILE = "phone number,name\n07700900123,Ann\n"
EMAILS = "email address\nann@example.com\n"


def test_a_job_is_kept_with_its_file_and_begins_at_once(notify, submit, template):
    job = submit(FILE)
    assert (job.status, job.notification_count, job.template_version) == (JobStatus.PENDING, 1, template.version)
    assert notify.recipient_files.get(job.service_id, job.id) == FILE.encode()
    assert [entry.task for entry in notify.ledger.entries()] == ["process-job"]
    assert notify.ledger.entries()[0].fair == str(job.service_id)


def test_a_scheduled_job_waits(notify, submit):
    job = submit(FILE, scheduled_for=notify.clock.now() + timedelta(days=7))
    assert job.status is JobStatus.SCHEDULED
    assert notify.ledger.entries() == []


@pytest.mark.parametrize(
    ("by", "message"),
    [
        (-timedelta(seconds=1), "scheduled_for datetime can not be in the past"),
        (timedelta(days=7, seconds=1), "scheduled_for datetime can only be 7 days in the future"),
    ],
)
def test_jobs_are_scheduled_for_the_next_seven_days(notify, submit, by, message):
    with pytest.raises(InvalidValue, match=message):
        submit(FILE, scheduled_for=notify.clock.now() + by)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no rows"),
        ("phone number,name\n", "no rows"),
        ("name\nAnn", "no column phone number"),
        ("phone number\n1", "no column name"),
        ('phone number,name\n1,"Ann', "never closed"),
    ],
)
def test_a_file_that_is_no_list_of_recipients_is_refused_and_not_kept(notify, submit, content, message):
    with pytest.raises(InvalidValue, match=message):
        submit(content)
    assert notify.recipient_files.files == {}


@pytest.mark.parametrize(("name", "message"), [(" \x00"[:1], "is empty"), ("x" * 256, "longer than 255 characters")])
def test_a_file_has_a_name(notify, service, template, name, message):
    with pytest.raises(InvalidValue, match=message):
        notify.use(SubmitJob)(JobRequest(service.id, template.id, name, FILE.encode()))


def test_the_sender_is_settled_when_the_job_is_submitted(notify, service, submit):
    assert submit(FILE).sender == "GOVUK"
    default = an_sms_sender(service_id=service.id, sms_sender="DEFAULT", is_default=True)
    other = an_sms_sender(service_id=service.id, sms_sender="OTHER")
    notify.put(default, other)
    assert submit(FILE).sender == "DEFAULT"
    assert submit(FILE, sender_id=other.id).sender == "OTHER"
    with pytest.raises(NotAllowed, match="does not exist in database for service id"):
        submit(FILE, sender_id=uuid4())


def test_an_email_has_the_reply_to_address_that_was_chosen(notify, service, submit):
    email = a_template(service_id=service.id, type=TemplateType.EMAIL, subject="s", content="c")
    notify.put(email)
    assert submit(EMAILS, email).sender is None
    default = a_reply_to(service_id=service.id, email_address="a@b.example", is_default=True)
    other = a_reply_to(service_id=service.id, email_address="c@d.example")
    notify.put(default, other)
    assert submit(EMAILS, email).sender == "a@b.example"
    assert submit(EMAILS, email, sender_id=other.id).sender == "c@d.example"
    with pytest.raises(NotAllowed, match="sender_id"):
        submit(EMAILS, email, sender_id=uuid4())


def test_only_templates_of_channels_that_the_service_has_are_taken(notify, service, submit, template):
    broadcast = a_template(service_id=service.id, type=TemplateType.BROADCAST, content="c")
    archived = a_template(service_id=service.id, archived=True)
    notify.put(broadcast, archived)
    for wanted, message in (
        (broadcast, "broadcast template is not suitable for a job"),
        (archived, "Template has been deleted"),
        (replace(template, id=TemplateId(uuid4())), "Template not found"),
    ):
        with pytest.raises(NotAllowed, match=message):
            submit(FILE, wanted)
    notify.put(replace(service, permissions=frozenset()))
    with pytest.raises(NotAllowed, match="Service is not allowed to send text messages"):
        submit(FILE)
    notify.put(replace(service, active=False))
    with pytest.raises(NotAllowed, match="not active"):
        submit(FILE)
    with pytest.raises(NotFound):
        submit(FILE, replace(template, service_id=ServiceId(uuid4())))


def test_a_job_that_cannot_be_stored_leaves_no_file_behind(notify, submit):
    notify.work.fail_next_commit(TransientError("the database is away"))
    with pytest.raises(TransientError):
        submit(FILE)
    assert notify.recipient_files.files == {}
    assert notify.ledger.entries() == []
