"""Texts that people send: from their supplier to the service that reads them."""

import json
from base64 import b64encode
from urllib.parse import quote_plus, urlencode

import pytest

from notify_core.accounts.model import Permission
from notify_core.testing.builders import an_sms_sender

RECEIVE = "/notifications/sms/receive"


@pytest.fixture
def notify(make_notify):
    return make_notify(
        NOTIFY_SMS_MMG_INBOUND_USERNAME="mmg",
        NOTIFY_SMS_MMG_INBOUND_PASSWORD="new word,old word",
        NOTIFY_SMS_FIRETEXT_INBOUND_PASSWORD="word",
        NOTIFY_SMS_INBOUND="mmg,firetext,fake",
        NOTIFY_SMS_FAKE_INBOUND_PASSWORD="word",
    )


@pytest.fixture
def service(notify):
    service = notify.service(permissions=frozenset({Permission.SMS, Permission.INBOUND_SMS}))
    notify.put(an_sms_sender(service_id=service.id, sms_sender="07700900999", inbound=True))
    return service


@pytest.fixture
def key(notify, service):
    return notify.key(service)


def bring(notify, supplier, shown, body, content_type="application/json"):
    headers = {"Content-Type": content_type}
    if shown is not None:
        headers["Authorization"] = f"Basic {b64encode(shown.encode()).decode()}"
    return notify.request("POST", f"{RECEIVE}/{supplier}", None, body, headers=headers)


def by_mmg(notify, content="Help", shown="mmg:old word", **changes):
    text = {
        "MSISDN": "447700900123",
        "Number": "447700900999",
        "Message": quote_plus(content),
        "ID": "1",
        "DateRecieved": "2026-01-05+12%3A00%3A00",
    }
    return bring(notify, "mmg", shown, json.dumps(text | changes).encode())


def by_firetext(notify, content="Help", shown="notify:word"):
    form = {"source": "7700900123", "destination": "07700900999", "message": content, "time": "2026-01-05 12:00:00"}
    body = urlencode(form | {"source": "447700900123"}).encode()
    return bring(notify, "firetext", shown, body, "application/x-www-form-urlencoded")


def received(notify, key, **query):
    answer = notify.get("/v2/received-text-messages", key, query_string=query)
    assert answer.status_code == 200
    return answer.json


@pytest.mark.parametrize("field", ["ID", "Number", "MSISDN"])
def test_a_text_with_what_no_database_keeps_is_acknowledged(notify, service, field):
    assert by_mmg(notify, **{field: "7\ud800"}).status_code == 200


def test_a_text_from_mmg(notify, service, key):
    answer = by_mmg(notify, "Water + mud ŵ & 50%")
    assert (answer.status_code, answer.text) == (200, "RECEIVED")
    (text,) = received(notify, key)["received_text_messages"]
    assert {name: text[name] for name in ("user_number", "notify_number", "content", "service_id")} == {
        "user_number": "447700900123",
        "notify_number": "07700900999",
        "content": "Water + mud ŵ & 50%",
        "service_id": str(service.id),
    }
    assert set(text) == {"id", "user_number", "created_at", "service_id", "notify_number", "content"}


def test_a_text_from_firetext(notify, key):
    answer = by_firetext(notify, "Water + mud ŵ & 50%")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    (text,) = received(notify, key)["received_text_messages"]
    assert (text["user_number"], text["content"]) == ("447700900123", "Water + mud ŵ & 50%")


def test_a_text_from_the_fake(notify, key):
    text = {"source": "447700900123", "destination": "447700900999", "content": "Help", "reference": "7"}
    assert bring(notify, "fake", "fake:word", json.dumps(text).encode()).status_code == 200
    assert len(received(notify, key)["received_text_messages"]) == 1


@pytest.mark.parametrize("brought_by", [by_mmg, by_firetext])
def test_a_repeated_text_is_kept_once(notify, key, brought_by):
    assert [brought_by(notify).status_code for _ in range(2)] == [200, 200]
    assert len(received(notify, key)["received_text_messages"]) == 1


def test_a_number_that_no_service_has(notify, key):
    answer = by_mmg(notify, Number="447700900998")
    assert (answer.status_code, answer.text) == (200, "RECEIVED")
    assert received(notify, key)["received_text_messages"] == []


@pytest.mark.parametrize("brought_by", [by_mmg, by_firetext])
def test_strangers_are_not_let_in(notify, key, brought_by):
    unnamed = brought_by(notify, shown=None)
    assert unnamed.status_code == 401
    assert unnamed.headers["WWW-Authenticate"].startswith("Basic ")
    assert brought_by(notify, shown="notify:wrong").status_code == 403
    assert received(notify, key)["received_text_messages"] == []


def test_without_a_password_nobody_is_let_in(make_notify):
    notify = make_notify("closed")
    assert by_mmg(notify, shown="mmg:").status_code == 403
    assert by_firetext(notify, shown="notify:").status_code == 403


def test_nonsense_and_strange_suppliers(notify):
    assert bring(notify, "mmg", "mmg:new word", b"[]").status_code == 400
    assert bring(notify, "pigeon", "mmg:new word", b"[]").status_code == 404


def test_neither_the_sender_nor_the_words_are_readable_in_the_database(notify, key):
    by_mmg(notify, "the water is in the kitchen")
    content = b"".join(file.read_bytes() for file in notify.data_dir.glob("notify.db*"))
    assert b"kitchen" not in content
    assert b"447700900123" not in content


def test_pages(notify, service, key):
    by_mmg(notify, "first")
    by_mmg(notify, "second", ID="2")
    first = received(notify, key)
    newest, oldest = first["received_text_messages"]
    assert [newest["content"], oldest["content"]] == ["second", "first"]
    assert first["links"] == {
        "current": "http://notify.test/v2/received-text-messages",
        "next": f"http://notify.test/v2/received-text-messages?older_than={oldest['id']}",
    }
    second = received(notify, key, older_than=newest["id"])
    assert [text["content"] for text in second["received_text_messages"]] == ["first"]
    last = received(notify, key, older_than=oldest["id"])
    assert (last["received_text_messages"], set(last["links"])) == ([], {"current"})


def test_services_see_their_own(notify, service, errors_of):
    by_mmg(notify)
    other = notify.key(notify.service())
    assert received(notify, other)["received_text_messages"] == []
    answer = notify.get("/v2/received-text-messages", other, query_string={"older_than": "7"})
    assert errors_of(answer) == ["older_than is not a valid UUID"]
