from dataclasses import replace
from decimal import Decimal

import pytest

from notify_core.accounts.model import KeyType, Permission
from notify_core.jobs.model import RowError
from notify_core.jobs.policies.columns import MISSING
from notify_core.jobs.use_cases import GetJob, JobRequest, SubmitJob
from notify_core.notifications.model import SmsRate
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import NOON, a_reply_to, a_service, a_template, a_user

HEADINGS = "phone number,name\n"


@pytest.fixture
def errors(notify, submit, jobs):
    def of(content, **changes):
        job = submit(content, **changes)
        notify.run_until_idle()
        return [(one.column, one.message) for one in jobs.view(job).errors]

    return of


def test_a_row_is_what_the_api_would_have_made(notify, submit, jobs, service, template):
    job = submit(HEADINGS + "07700 900 123,Siân\n")
    notify.run_until_idle()
    (one,) = jobs.messages(job).values()
    assert (one.to, one.recipient, one.personalisation) == ("07700 900 123", "+447700900123", {"name": "Siân"})
    assert (one.key_type, one.api_key_id, one.sender) == (KeyType.NORMAL, None, "GOVUK")
    assert (one.id, one.job_row, one.template_version) == (job.notification_id(0), 0, template.version)
    assert [content for _, _, content in notify.sms.texts()] == [f"{service.name}: Hello Siân"]


def test_every_problem_of_a_row_is_named_and_stops_no_other(notify, submit, jobs):
    job = submit(HEADINGS + "x,\n,Ann\n07700900123,Bo\n07700900124,\n")
    notify.run_until_idle()
    assert jobs.view(job).errors == [
        RowError(0, "name", MISSING),
        RowError(0, "phone number", "Must not contain letters or symbols"),
        RowError(1, "phone number", MISSING),
        RowError(3, "name", MISSING),
    ]
    assert sum(jobs.view(job).statistics.values()) == 1


def test_numbers_abroad_need_the_permission(notify, submit, errors, jobs, service):
    assert errors(HEADINGS + "+33612345678,Ann\n") == [("phone number", "Cannot send to international mobile numbers")]
    with notify.work() as work:
        work.sms_rates.put(SmsRate(NOON, Decimal("0.02"), {"33": 3}))
        work.commit()
    notify.put(replace(service, permissions=service.permissions | {Permission.INTERNATIONAL_SMS}))
    job = submit(HEADINGS + "+33612345678,Ann\n")
    notify.run_until_idle()
    (one,) = jobs.messages(job).values()
    assert one.international
    assert one.rate_multiplier == 3


def test_in_trial_mode_only_the_team_and_guests_are_written_to(notify):
    service, member = a_service(restricted=True, message_limit={}), a_user(mobile_number="07700900123")
    template = a_template(service_id=service.id, content="Hello")
    notify.put(service, member, template)
    notify.join(member, service)
    content = b"phone number\n+44 7700 900123\n07700900199\n"
    job = notify.use(SubmitJob)(JobRequest(service.id, template.id, "a.csv", content))
    notify.run_until_idle()
    view = notify.use(GetJob)(service.id, job.id)
    assert sum(view.statistics.values()) == 1
    ((error),) = view.errors
    assert (error.row, error.column) == (1, "phone number")
    assert "trial mode" in error.message


def test_a_message_that_is_too_long_or_empty_is_an_error_of_its_row(errors):
    too_long = (
        "Your message is too long. Text messages cannot be longer than 918 characters. "
        "Your message is 1006 characters long."
    )
    assert errors(HEADINGS + "07700900123," + "x" * 1000) == [(None, too_long)]


def test_a_row_to_a_simulated_number_ends_as_delivered_and_no_supplier_is_asked(notify, submit, jobs):
    job = submit(HEADINGS + "07700 900000,Ann\n")
    notify.run_until_idle()
    assert jobs.view(job).statistics == {"delivered": 1}
    assert jobs.messages(job)[0].key_type is KeyType.TEST
    assert notify.sms.calls == []


def test_emails_go_to_addresses_with_the_reply_to_of_the_job(notify, service, submit, jobs):
    reply_to = a_reply_to(service_id=service.id, email_address="help@team.example", is_default=True)
    email = a_template(service_id=service.id, type=TemplateType.EMAIL, subject="((name))", content="Hello ((name))")
    notify.put(reply_to, email)
    job = submit("email address,name\nAnn@Example.com,Ann\nnobody,Bo\nbo@example.com,\n", email)
    notify.run_until_idle()
    (one,) = jobs.messages(job).values()
    assert (one.to, one.recipient, one.reply_to, one.sender) == (
        "Ann@Example.com",
        "ann@example.com",
        "help@team.example",
        None,
    )
    assert jobs.view(job).errors == [
        RowError(1, "email address", "Not a valid email address"),
        RowError(2, "name", MISSING),
    ]
