import base64
import hashlib
import hmac
import json
from datetime import timedelta
from uuid import uuid4

import pytest

from notify_core.accounts.model import CallbackType
from notify_core.callbacks.tasks import SendDeliveryStatus, SendInboundSms
from notify_core.callbacks.use_cases import SendDeliveryStatusToService, SendInboundSmsToService, signed_headers
from notify_core.kernel.errors import PermanentError, TransientError
from notify_core.notifications.states import Status
from notify_core.ports.task_ledger import RelayLimits
from notify_core.testing.builders import NOON, a_callback, a_notification, an_inbound_text, claim_row
from notify_core.testing.fakes.callback_sender import MemoryCallbackSender
from notify_core.testing.fakes.clock import FakeClock
from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.task_ledger import MemoryTaskLedger
from notify_core.testing.fakes.unit_of_work import MemoryStorage


@pytest.fixture
def database():
    return MemoryDatabase(NOON)


@pytest.fixture
def storage(database):
    return MemoryStorage(database)


@pytest.fixture
def sender():
    return MemoryCallbackSender()


@pytest.fixture
def clock():
    return FakeClock(NOON)


@pytest.fixture
def tell(storage, clock, sender):
    return SendDeliveryStatusToService(storage, clock, sender)


@pytest.fixture
def notification(storage):
    one = a_notification(status=Status.DELIVERED, sent_at=NOON, completed_at=NOON + timedelta(microseconds=5))
    with storage() as work:
        work.notifications.add_many([one])
        work.commit()
    return one


@pytest.fixture
def callback(storage, notification):
    return given(storage, a_callback(service_id=notification.service_id))


def given(storage, callback):
    with storage() as work:
        work.callbacks.put(callback)
        work.commit()
    return callback


@pytest.fixture
def claim(storage, database, notification):
    with storage() as work:
        work.enqueue(SendDeliveryStatus(notification.id))
        work.commit()
    ledger = MemoryTaskLedger(database)
    (row,) = ledger.publish_due(RelayLimits(), "relay")
    return claim_row(ledger, row.entry_id, "worker", timedelta(minutes=5))


def test_the_service_is_told(tell, notification, callback, claim, sender):
    tell(SendDeliveryStatus(notification.id), claim)

    (request,) = sender.requests
    assert request.url == callback.url
    assert list(json.loads(request.body).items()) == [
        ("id", str(notification.id)),
        ("reference", None),
        ("to", "07700 900123"),
        ("status", "delivered"),
        ("created_at", f"{NOON:%Y-%m-%dT%H:%M:%S}.000000Z"),
        ("completed_at", f"{NOON:%Y-%m-%dT%H:%M:%S}.000005Z"),
        ("sent_at", f"{NOON:%Y-%m-%dT%H:%M:%S}.000000Z"),
        ("notification_type", "sms"),
        ("template_id", str(notification.template_id)),
        ("template_version", 1),
    ]
    assert request.headers["Authorization"] == f"Bearer {callback.bearer_token}"
    assert request.headers["Content-Type"] == "application/json"
    assert claim.finished


def test_a_message_that_was_never_sent(tell, storage, sender, database):
    one = a_notification(status=Status.TECHNICAL_FAILURE)
    with storage() as work:
        work.notifications.add_many([one])
        work.callbacks.put(a_callback(service_id=one.service_id))
        work.enqueue(SendDeliveryStatus(one.id))
        work.commit()
    ledger = MemoryTaskLedger(database)
    (row,) = ledger.publish_due(RelayLimits(), "relay")

    tell(SendDeliveryStatus(one.id), claim_row(ledger, row.entry_id, "worker", timedelta(minutes=5)))

    body = json.loads(sender.requests[0].body)
    assert body["sent_at"] is body["completed_at"] is None


def test_the_signature_is_that_of_standard_webhooks(tell, notification, callback, claim, sender):
    tell(SendDeliveryStatus(notification.id), claim)

    (request,) = sender.requests
    key = base64.b64decode(callback.secret.removeprefix("whsec_"))
    webhook_id, timestamp = request.headers["webhook-id"], request.headers["webhook-timestamp"]
    signed = f"{webhook_id}.{timestamp}.{request.body.decode()}".encode()
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert request.headers["webhook-signature"] == f"v1,{expected}"
    assert timestamp == str(int(NOON.timestamp()))


def test_a_known_signature():
    # The example of the specification's reference implementations.
    headers = signed_headers(
        a_callback(secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        NOON.fromtimestamp(1614265330, NOON.tzinfo),
        b'{"test": 2432232314}',
    )

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_that_is_no_base64_signs_as_it_stands():
    headers = signed_headers(a_callback(secret="made up!"), "id", NOON, b"{}")

    expected = hmac.digest(b"made up!", f"id.{int(NOON.timestamp())}.{{}}".encode(), "sha256")
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(expected).decode()}"


def test_the_id_stays_the_same_over_retries(tell, notification, callback, claim, clock):
    sender = tell.callback_sender
    sender.answer(callback.url, 503)
    for _ in range(2):
        with pytest.raises(TransientError):
            tell(SendDeliveryStatus(notification.id), claim)
        clock.advance(timedelta(minutes=5))

    first, second = sender.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == str(claim.entry.id)
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    assert not claim.finished


@pytest.mark.usefixtures("callback")
def test_address_and_token_are_read_at_sending(tell, storage, notification, claim, sender):
    given(
        storage, a_callback(service_id=notification.service_id, url="https://new.example", bearer_token="new-token-1")
    )

    tell(SendDeliveryStatus(notification.id), claim)

    (request,) = sender.requests
    assert request.url == "https://new.example"
    assert request.headers["Authorization"] == "Bearer new-token-1"


def test_a_refusal_is_final(tell, notification, callback, claim, sender):
    sender.answer(callback.url, 404)

    with pytest.raises(PermanentError):
        tell(SendDeliveryStatus(notification.id), claim)
    assert not claim.finished


def test_a_service_that_wants_to_hear_no_more(tell, notification, claim, sender):
    tell(SendDeliveryStatus(notification.id), claim)

    assert not sender.requests
    assert claim.finished


def test_another_kind_of_callback_is_not_meant(tell, storage, notification, claim, sender):
    given(storage, a_callback(service_id=notification.service_id, type=CallbackType.COMPLAINT, id=uuid4()))

    tell(SendDeliveryStatus(notification.id), claim)

    assert not sender.requests


class TestReceivedTexts:
    @pytest.fixture
    def text(self, storage):
        one = an_inbound_text(sent_at=NOON - timedelta(seconds=2))
        with storage() as work:
            work.inbound_texts.add(one)
            work.commit()
        return one

    @pytest.fixture
    def bring(self, database, storage, clock, sender, text):
        ledger = MemoryTaskLedger(database)
        with storage() as work:
            work.enqueue(SendInboundSms(text.id))
            work.commit()
        ledger.publish_due(RelayLimits(), "relay")
        claim = claim_row(ledger, ledger.entries()[0].id, "worker", timedelta(seconds=60))

        def act():
            SendInboundSmsToService(storage, clock, sender)(SendInboundSms(text.id), claim)
            assert claim.finished

        return act

    def test_the_service_is_told(self, storage, sender, text, bring):
        callback = given(storage, a_callback(service_id=text.service_id, type=CallbackType.INBOUND_SMS))
        bring()
        (request,) = sender.requests
        assert request.url == callback.url
        assert request.headers["Authorization"] == f"Bearer {callback.bearer_token}"
        assert json.loads(request.body) == {
            "id": str(text.id),
            "source_number": "447700900123",
            "destination_number": "07700900999",
            "message": "The water is in the kitchen",
            "date_received": "2026-01-05T11:59:58.000000Z",
        }

    def test_without_a_callback_nothing_is_sent(self, sender, bring):
        bring()
        assert sender.requests == []
