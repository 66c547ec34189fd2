"""What services are told of, from the request or the receipt to their own servers, which verify all of it."""

import json
from base64 import b64encode
from urllib.parse import quote_plus

import pytest

from notify_adapters.email.fake import FakeEmailNetwork
from notify_adapters.email.fake_certificate import FakeCertificate
from notify_core.accounts.model import KeyType, Permission
from notify_core.letters.events import LetterReturned
from notify_core.letters.states import LetterStatus
from notify_core.testing.builders import a_letter, an_sms_sender
from tests.integration.callback_server import SECRET, TOKEN, CallbackServer

TYPES = ["delivery_status", "complaint", "inbound_sms", "returned_letter"]


@pytest.fixture
def server():
    made = CallbackServer()
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def notify(request, make_notify):
    variables = {
        "NOTIFY_CALLBACKS_ALLOW_PRIVATE_ADDRESSES": "true",
        "NOTIFY_SMS_MMG_INBOUND_USERNAME": "mmg",
        "NOTIFY_SMS_MMG_INBOUND_PASSWORD": "word",
    }
    if request.param == "sqlite":
        yield make_notify(**variables)
        return
    server, template = (request.getfixturevalue(f"postgresql_{name}") for name in ("server", "template"))
    with server.database(template) as url:
        notify = make_notify(NOTIFY_DATABASE_URL=url, **variables)
        yield notify
        notify.container.wake().close()
        notify.container.engine().dispose()


@pytest.fixture
def service(notify, server):
    """It asks to be told of everything."""
    service = notify.service(permissions=frozenset({Permission.SMS, Permission.EMAIL, Permission.INBOUND_SMS}))
    for kind in TYPES:
        body = {"url": server.url, "bearer_token": TOKEN, "secret": SECRET}
        answer = notify.admin("PUT", f"/service/{service.id}/callbacks/{kind}", body)
        assert answer.status_code == 200, answer.data
    return service


def test_what_became_of_a_text(notify, service, server):
    template = notify.template(service, "Hi")
    body = {"phone_number": "07700 900 123", "template_id": str(template.id), "reference": "book-7"}
    sent = notify.post("/v2/notifications/sms", body, notify.key(service, key_type=KeyType.TEST)).json["id"]
    notify.drain()
    (told,) = server.told
    assert (told["id"], told["status"], told["to"], told["reference"]) == (sent, "delivered", "07700 900 123", "book-7")
    assert (told["template_id"], told["template_version"]) == (str(template.id), 1)


def test_a_complaint_of_amazons(notify, service, server):
    notify.email_network.rescript(outcomes={"@example.com": "complaint"})
    template = notify.email_template(service, "Hi", "Hi")
    body = {"email_address": "Grace@example.com", "template_id": str(template.id), "reference": "r-1"}
    sent = notify.post("/v2/notifications/email", body, notify.key(service)).json["id"]
    notify.drain()
    network = FakeEmailNetwork(notify.email_network, FakeCertificate(notify.data_dir), "http://unused")
    receipt = network._write(notify.email_network.receipts()[-1])
    for _ in range(2):
        answer = notify.request("POST", receipt.path, body=receipt.body, headers=receipt.headers)
        assert answer.status_code == 200
        notify.drain()
    (told,) = server.told
    assert (told["notification_id"], told["reference"], told["to"]) == (sent, "r-1", "Grace@example.com")
    assert told["complaint_date"]


def test_a_received_text(notify, service, server):
    notify.put(an_sms_sender(service_id=service.id, sms_sender="07700900999", inbound=True))
    text = {
        "MSISDN": "447700900123",
        "Number": "447700900999",
        "Message": quote_plus("Help, the water!"),
        "ID": "1",
        "DateRecieved": "2026-01-05+12%3A00%3A00",
    }
    headers = {"Authorization": f"Basic {b64encode(b'mmg:word').decode()}", "Content-Type": "application/json"}
    answer = notify.request("POST", "/notifications/sms/receive/mmg", body=json.dumps(text).encode(), headers=headers)
    assert answer.status_code == 200
    notify.drain()
    (told,) = server.told
    assert (told["source_number"], told["destination_number"]) == ("447700900123", "07700900999")
    assert (told["message"], told["date_received"]) == ("Help, the water!", "2026-01-05T12:00:00.000000Z")


def test_a_returned_letter(notify, service, server):
    letter = a_letter(service_id=service.id, status=LetterStatus.RETURNED, reference="reader-1")
    with notify.container.work()() as work:
        work.letters.add_many([letter])
        work.record(LetterReturned(letter.id, service.id))
        work.commit()
    notify.drain()
    (told,) = server.told
    assert (told["notification_id"], told["reference"]) == (str(letter.id), "reader-1")
    assert (told["template_id"], told["template_name"]) == (str(letter.template_id), None)


def test_nothing_personal_is_recorded_of_telling(notify, service, server):
    server.status = 500
    template = notify.template(service, "Hi ((name))")
    body = {
        "phone_number": "07700 900 123",
        "template_id": str(template.id),
        "personalisation": {"name": "Grace Hopper"},
    }
    notify.post("/v2/notifications/sms", body, notify.key(service, key_type=KeyType.TEST))
    notify.drain()
    with notify.container.engine().connect() as connection:
        kept = [
            str(row)
            for table in ("callback_attempts", "callback_circuits", "task_ledger")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")  # noqa: S608 - names of ours
        ]
    assert len(kept) == 3
    assert not any(word in row for row in kept for word in ("Grace", "900123", "900 123", TOKEN, SECRET))
