"""The fixture `notify`, as an application's tests use it."""

from datetime import timedelta

import pytest

from notify_core.accounts.model import Caller, Permission
from notify_core.broadcasts.states import MessageStatus
from notify_core.broadcasts.tasks import SendBroadcastEvent
from notify_core.broadcasts.use_cases.change_status import ChangeBroadcastStatus, StatusChange
from notify_core.broadcasts.use_cases.create_message import CreateBroadcastMessage, NewBroadcastMessage
from notify_core.notifications.model import Channel
from notify_core.notifications.states import Status
from notify_core.notifications.use_cases import AcceptEmail, AcceptReceipts, AcceptSms, EmailRequest, SmsRequest
from notify_core.ports.heartbeats import Beat
from notify_core.registry.schedule import SCHEDULE
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import (
    SKEGNESS,
    a_callback,
    a_service,
    a_template,
    a_user,
    an_api_key,
    broadcast_settings,
)


@pytest.fixture
def service(notify):
    service = a_service()
    notify.put(service)
    return service


@pytest.fixture
def caller(notify, service):
    key = an_api_key(service_id=service.id)
    notify.put(key)
    return Caller(service, key)


@pytest.fixture
def text(notify, caller):
    """Sends a text and returns its id."""
    template = a_template(service_id=caller.service.id, content="Hello ((name))")
    notify.put(template)

    def send():
        request = SmsRequest("07700 900123", template.id, {"name": "Ada"})
        return notify.use(AcceptSms)(caller, request).id

    return send


def stored(notify, notification_id):
    with notify.work(read_only=True) as work:
        return work.notifications.get(notification_id)


def test_a_text_goes_all_the_way(notify, service, text):
    callback = a_callback(service_id=service.id)
    notify.put(callback)
    sent = text()
    assert notify.sms.texts() == []
    notify.run_until_idle()
    assert notify.sms.texts() == [("+447700900123", "GOVUK", f"{service.name}: Hello Ada")]
    assert stored(notify, sent).status is Status.SENDING

    request = notify.receipts.request((stored(notify, sent).supplier_reference, "delivered"))
    notify.use(AcceptReceipts)(Channel.SMS, "memory", request)
    notify.run_until_idle()
    assert stored(notify, sent).status is Status.DELIVERED
    assert [request.url for request in notify.callback_sender.requests] == [callback.url]


def test_an_email_goes_to_the_supplier(notify, caller):
    template = a_template(service_id=caller.service.id, type=TemplateType.EMAIL, subject="Hi", content="Hello ((name))")
    notify.put(template)
    notify.use(AcceptEmail)(caller, EmailRequest("grace@example.gov.uk", template.id, {"name": "Grace"}))
    notify.run_until_idle()
    assert [email.subject for email in notify.email.emails()] == ["Hi"]


def test_retries_wait_until_time_passes(notify, text):
    notify.sms.make_it_fail()
    sent = text()
    notify.run_until_idle()
    assert len(notify.sms.calls) == 2  # the first retry does not wait
    notify.run_until_idle(advance=timedelta(minutes=11))
    assert len(notify.sms.calls) == 4
    notify.sms.make_it_work()
    notify.advance(timedelta(minutes=5))
    assert notify.run_until_idle() == 1
    assert stored(notify, sent).status is Status.SENDING


def test_a_text_that_nobody_takes_fails_in_the_end(notify, text):
    notify.sms.make_it_fail()
    sent = text()
    assert notify.run_until_idle(advance=timedelta(hours=5)) == 50  # 49 tries, and giving up
    assert stored(notify, sent).status is Status.TECHNICAL_FAILURE
    assert notify.ledger.entries() == []


def test_an_alert_reaches_the_four_networks(notify):
    service = a_service(permissions=frozenset({Permission.BROADCAST}), restricted=False)
    author, approver = a_user(), a_user()
    notify.put(service, author, approver, broadcast_settings(service_id=service.id))
    for user in (author, approver):
        notify.join(user, service)
    message = notify.use(CreateBroadcastMessage)(
        NewBroadcastMessage(
            service.id,
            author.id,
            content="Leave now",
            reference="flood-1",
            areas=("Skegness",),
            simple_polygons=(SKEGNESS,),
        )
    )
    change = notify.use(ChangeBroadcastStatus)
    change(StatusChange(service.id, message.id, MessageStatus.PENDING_APPROVAL, author.id))
    change(StatusChange(service.id, message.id, MessageStatus.BROADCASTING, approver.id))
    assert [entry.task for entry in notify.ledger.entries() if entry.task == SendBroadcastEvent.name]
    notify.run_until_idle()
    assert {name: len(notify.networks.acknowledged(name)) for name in notify.networks.enabled()} == {
        "ee": 1,
        "o2": 1,
        "three": 1,
        "vodafone": 1,
    }


def test_the_schedule_is_run_by_ticks(notify):
    assert notify.tick() == 0
    notify.advance(timedelta(days=1))
    assert notify.tick() == len(SCHEDULE)
    notify.run_until_idle()
    assert ("complete-expired-broadcasts", Beat.COMPLETE) in notify.heartbeats.beats
    assert len(notify.heartbeats.beats) == 2 * len(SCHEDULE)


def test_what_is_not_provisioned_is_refused(notify):
    with pytest.raises(TypeError, match="a str is not provisioned"):
        notify.put("something")


def test_each_test_has_its_own(notify):
    assert notify.ledger.entries() == []
    assert notify.run_until_idle() == 0
