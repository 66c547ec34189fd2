import csv
import io

import pytest

from notify_core.jobs.use_cases import GetJob, JobRequest, ListJobs, SubmitJob, WriteErrors, WriteResults
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import JobId, ServiceId
from notify_core.testing.builders import a_template, an_id


def lines(pieces):
    text = "".join(pieces)
    assert text.startswith("\ufeff"), "spreadsheets take other files for Windows-1252"
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_results_have_a_line_for_each_row_done(notify, submit):
    job = submit("phone number,name\n07700900123,Siân\n\nx,\n+44 7700 900000,Bo\n")
    notify.run_until_idle()
    at = "2026-01-05T12:00:00.000000Z"
    assert lines(notify.use(WriteResults)(job.service_id, job.id)) == [
        ["Row number", "Recipient", "Type", "Status", "Time", "File"],
        ["1", "07700900123", "sms", "sending", at, "people.csv"],
        [
            "3",
            "",
            "sms",
            "not sent: name: Missing; phone number: Must not contain letters or symbols",
            "",
            "people.csv",
        ],
        ["4", "+44 7700 900000", "sms", "delivered", at, "people.csv"],
    ]


def test_errors_have_a_file_that_a_person_can_open(notify, submit):
    job = submit("phone number,name\n07700900123,\n07700900123,a,b\n")
    notify.run_until_idle()
    assert lines(notify.use(WriteErrors)(job.service_id, job.id)) == [
        ["Row number", "Column", "What is wrong"],
        ["1", "name", "Missing"],
        ["2", "", "There are more cells than column headings"],
    ]


@pytest.mark.parametrize("mark", ["=", "@", "+", "-", "\uff1d", "\uff20", "\uff0b", "\uff0d"])
def test_nothing_in_a_file_is_a_formula(notify, service, mark):
    template = a_template(service_id=service.id, content="x")
    notify.put(template)
    content = b"phone number\n+447700900123\n"
    job = notify.use(SubmitJob)(JobRequest(service.id, template.id, f'{mark}HYPERLINK("x").csv', content))
    notify.run_until_idle()
    (_, (_, recipient, *_, name)) = lines(notify.use(WriteResults)(job.service_id, job.id))
    assert (recipient, name) == ("+447700900123", f'\'{mark}HYPERLINK("x").csv')


def test_jobs_are_listed_in_pages_for_their_service(notify, upload, service):
    all_jobs = [upload(1).id for _ in range(52)]
    first = [job.id for job in notify.use(ListJobs)(service.id)]
    second = [job.id for job in notify.use(ListJobs)(service.id, first[-1])]
    assert len(first) == 50
    assert sorted(first + second) == sorted(all_jobs)
    with pytest.raises(NotFound):
        notify.use(ListJobs)(ServiceId(an_id()))


@pytest.mark.parametrize("use_case", [GetJob, WriteResults, WriteErrors])
def test_a_job_is_shown_to_its_service_only(notify, upload, service, use_case):
    job = upload(1)
    for service_id, job_id in ((ServiceId(an_id()), job.id), (service.id, JobId(an_id()))):
        with pytest.raises(NotFound):
            notify.use(use_case)(service_id, job_id)
