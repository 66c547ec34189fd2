"""What services are told, to the letter."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from notify_core.accounts.model import CallbackType
from notify_core.callbacks.tasks import SendComplaint, SendInboundSms, SendReturnedLetter
from notify_core.letters.states import LetterStatus
from notify_core.notifications.states import Status
from notify_core.testing.builders import (
    NOON,
    a_complaint,
    a_job,
    a_letter,
    a_notification,
    a_template,
    an_inbound_text,
)

DAY = f"{NOON:%Y-%m-%d}"


def told(service):
    (request,) = service.requests
    assert request.headers["Content-Type"] == "application/json"
    return list(json.loads(request.body).items())


def test_what_became_of_a_message(library):
    one = library.message(reference="book-7", sent_at=NOON, completed_at=NOON + timedelta(microseconds=5))
    library.run()
    assert told(library) == [
        ("id", str(one.id)),
        ("reference", "book-7"),
        ("to", "07700 900123"),
        ("status", "delivered"),
        ("created_at", f"{DAY}T12:00:00.000000Z"),
        ("completed_at", f"{DAY}T12:00:00.000005Z"),
        ("sent_at", f"{DAY}T12:00:00.000000Z"),
        ("notification_type", "sms"),
        ("template_id", str(one.template_id)),
        ("template_version", 1),
    ]


def test_a_message_that_was_never_sent(library):
    library.message(sent_at=None, completed_at=None)
    library.run()
    body = dict(told(library))
    assert body["sent_at"] is body["completed_at"] is body["reference"] is None


def test_a_complaint(notify, make_service):
    service = make_service(kind=CallbackType.COMPLAINT)
    one = a_notification(service_id=service.id, status=Status.DELIVERED, to="Grace@Example.gov.uk", reference="r-1")
    complaint = a_complaint(notification_id=one.id, service_id=service.id)
    with notify.work() as work:
        work.notifications.add_many([one])
        work.complaints.add(complaint)
        work.enqueue(SendComplaint(complaint.id, service_id=service.id))
        work.commit()
    service.run()
    assert told(service) == [
        ("notification_id", str(one.id)),
        ("complaint_id", str(complaint.id)),
        ("reference", "r-1"),
        ("to", "Grace@Example.gov.uk"),
        ("complaint_date", f"{DAY}T12:00:00.000000Z"),
    ]


def bring_text(notify, make_service, **changes):
    service = make_service(kind=CallbackType.INBOUND_SMS)
    text = an_inbound_text(service_id=service.id, **changes)
    with notify.work() as work:
        work.inbound_texts.add(text)
        work.enqueue(SendInboundSms(text.id, service_id=service.id))
        work.commit()
    service.run()
    return text, told(service)


def test_a_received_text(notify, make_service):
    text, body = bring_text(notify, make_service, sent_at=NOON - timedelta(seconds=2))
    assert body == [
        ("id", str(text.id)),
        ("source_number", "447700900123"),
        ("destination_number", "07700900999"),
        ("message", "The water is in the kitchen"),
        ("date_received", f"{DAY}T11:59:58.000000Z"),
    ]


def test_a_received_text_of_which_nobody_says_when_it_was_sent(notify, make_service):
    _, body = bring_text(notify, make_service, sent_at=None, created_at=NOON)
    assert dict(body)["date_received"] == f"{DAY}T12:00:00.000000Z"


def bring_back(notify, make_service, *, template=None, job=None, **changes):
    service = make_service(kind=CallbackType.RETURNED_LETTER)
    letter = a_letter(service_id=service.id, status=LetterStatus.RETURNED, **changes)
    with notify.work() as work:
        work.letters.add_many([letter])
        if template is not None:
            work.templates.put(a_template(service_id=service.id, id=letter.template_id, name=template))
        if job is not None:
            work.jobs.add(a_job(id=letter.job_id, service_id=service.id, original_file_name=job))
        work.enqueue(SendReturnedLetter(letter.id, service_id=service.id))
        work.commit()
    service.run()
    return letter, told(service)


def test_a_returned_letter_that_was_a_row_of_a_list(notify, make_service):
    letter, body = bring_back(
        notify,
        make_service,
        template="Overdue",
        job="readers.csv",
        job_id=uuid4(),
        job_row=0,
        reference="reader-1",
        sent_by="dvla",
        sent_at=NOON,
    )
    assert body == [
        ("notification_id", str(letter.id)),
        ("reference", "reader-1"),
        ("date_sent", f"{DAY}T12:00:00.000000Z"),
        ("sent_by", "dvla"),
        ("template_name", "Overdue"),
        ("template_id", str(letter.template_id)),
        ("template_version", 1),
        ("spreadsheet_file_name", "readers.csv"),
        ("spreadsheet_row_number", 2),
        ("upload_letter_file_name", None),
    ]


@pytest.mark.parametrize("job_id", [None, uuid4()])
def test_a_returned_letter_of_which_little_is_known(notify, make_service, job_id):
    letter, body = bring_back(notify, make_service, upload_file_name="letter.pdf", job_id=job_id)
    assert dict(body) == {
        "notification_id": str(letter.id),
        "reference": None,
        "date_sent": None,
        "sent_by": None,
        "template_name": None,
        "template_id": str(letter.template_id),
        "template_version": 1,
        "spreadsheet_file_name": None,
        "spreadsheet_row_number": None,
        "upload_letter_file_name": "letter.pdf",
    }


def test_a_letter_that_came_back_when_it_was_kept_no_longer(notify, make_service):
    service = make_service(kind=CallbackType.RETURNED_LETTER)
    letter = a_letter(service_id=service.id, status=LetterStatus.DELIVERED, reference="reader-1", sent_at=NOON)
    with notify.work() as work:
        work.letters.add_many([letter])
        work.history.take_in_letters([letter])
        work.enqueue(SendReturnedLetter(letter.id, service_id=service.id))
        work.commit()
    service.run()
    body = dict(told(service))
    assert (body["notification_id"], body["reference"]) == (str(letter.id), "reader-1")
    assert body["date_sent"] == f"{DAY}T12:00:00.000000Z"


def test_a_returned_letter_that_is_only_in_the_history(notify, make_service):
    service = make_service(kind=CallbackType.RETURNED_LETTER)
    letter = a_letter(service_id=service.id, status=LetterStatus.DELIVERED, reference="reader-1", sent_at=NOON)
    with notify.work() as work:
        work.letters.add_many([letter])
        work.history.take_in_letters([letter])
        work.enqueue(SendReturnedLetter(letter.id, service_id=service.id))
        work.commit()
    service.run()
    body = dict(told(service))
    assert (body["notification_id"], body["reference"]) == (str(letter.id), "reader-1")
    assert body["date_sent"] == f"{DAY}T12:00:00.000000Z"
