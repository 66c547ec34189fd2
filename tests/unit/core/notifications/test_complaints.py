"""A recipient tells the supplier that an email of ours is spam: it is kept, and the service told."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from notify_core.accounts.model import CallbackType
from notify_core.kernel.errors import NotFound
from notify_core.notifications.model import Channel, ComplaintReport
from notify_core.notifications.policies import check_receipt
from notify_core.notifications.ports import ReceiptUnreadable
from notify_core.notifications.states import Status
from notify_core.notifications.tasks import ProcessComplaint
from notify_core.notifications.use_cases import AcceptReceipts
from notify_core.testing.builders import a_callback, a_notification, a_service

LONG = timedelta(hours=2)


@pytest.fixture
def service(notify):
    service = a_service()
    notify.put(service, a_callback(service_id=service.id, type=CallbackType.COMPLAINT))
    return service


@pytest.fixture
def email(notify, service):
    one = a_notification(
        service_id=service.id,
        channel=Channel.EMAIL,
        status=Status.DELIVERED,
        sent_by=notify.receipts.supplier,
        supplier_reference="m-1",
        reference="ours",
    )
    with notify.work() as work:
        work.notifications.add_many([one])
        work.commit()
    return one


def complain(notify, reference="m-1"):
    request = notify.receipts.request((reference, "complaint"))
    assert notify.use(AcceptReceipts)(Channel.EMAIL, notify.receipts.supplier, request) == 1


def told(notify):
    return [json.loads(request.body) for request in notify.callback_sender.requests]


def test_the_service_is_told_and_the_message_stays_as_it_is(notify, email):
    complain(notify)
    notify.run_until_idle()
    (body,) = told(notify)
    assert (body["notification_id"], body["reference"], body["to"]) == (str(email.id), "ours", email.to)
    with notify.work(read_only=True) as work:
        assert work.notifications.get(email.id) == email
    assert notify.metrics.counts["complaint.memory"] == 1


def test_one_that_the_supplier_repeats_is_kept_and_told_once(notify, email):
    for _ in range(3):
        complain(notify)
        notify.run_until_idle()
    assert len(told(notify)) == 1


def test_when_somebody_complained_is_the_suppliers_word(notify, email):
    with notify.work() as work:
        work.enqueue(ProcessComplaint("memory", "m-1", "f-1", datetime(2026, 1, 4, 8, tzinfo=UTC).isoformat(), "abuse"))
        work.commit()
    notify.run_until_idle()
    (body,) = told(notify)
    assert body["complaint_date"] == "2026-01-04T08:00:00.000000Z"
    with notify.work(read_only=True) as work:
        assert work.complaints.get(UUID(body["complaint_id"])).detail == "abuse"


def test_one_that_overtakes_our_record_waits_for_it(notify, service, email):
    with notify.work() as work:
        work.enqueue(ProcessComplaint("memory", "m-2", "f-2", "2026-01-04T08:00:00+00:00"))
        work.commit()
    notify.run_until_idle()
    late = a_notification(service_id=service.id, sent_by="memory", supplier_reference="m-2")
    with notify.work() as work:
        work.notifications.add_many([late])
        work.commit()
    notify.run_until_idle(LONG)
    assert [body["notification_id"] for body in told(notify)] == [str(late.id)]


def test_the_service_is_told_of_a_message_that_is_in_the_history(notify, email):
    with notify.work() as work:
        work.history.take_in(email.service_id, Channel.EMAIL, notify.clock.now() + LONG, 10)
        work.commit()
    for _ in range(2):
        complain(notify)
        notify.run_until_idle()
    (body,) = told(notify)
    assert (body["notification_id"], body["reference"], body["to"]) == (str(email.id), "ours", None)
    assert notify.metrics.counts["complaint.memory"] == 2


@pytest.mark.usefixtures("email")
def test_one_about_a_message_that_nobody_knows_is_counted(notify):
    complain(notify, "long-gone")
    notify.run_until_idle(LONG)
    assert told(notify) == []
    assert list(notify.ledger.entries()) == []
    assert notify.metrics.counts["complaint.memory.unknown-message"] == 1


def test_a_service_that_does_not_want_to_know_is_not_told_but_it_is_kept(notify, service, email):
    with notify.work() as work:
        work.callbacks.remove(service.id, CallbackType.COMPLAINT)
        work.commit()
    complain(notify)
    notify.run_until_idle()
    assert told(notify) == []
    assert len(notify.database.table("complaints")) == 1


@pytest.mark.parametrize("reference", ["x" * 256, "\x00"])
def test_what_cannot_be_kept_is_refused(notify, reference):
    with pytest.raises(ValueError, match="complaint"):
        check_receipt(ComplaintReport("ses", "m", reference))
    with pytest.raises(ReceiptUnreadable):
        complain(notify, reference)


def test_an_unknown_one_is_not_found(notify):
    with notify.work(read_only=True) as work, pytest.raises(NotFound):
        work.complaints.get(UUID("5f1e7c0a-0000-4000-8000-000000000000"))
