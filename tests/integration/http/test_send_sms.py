from uuid import UUID, uuid4

import pytest

from notify_core.accounts.model import KeyType, Permission, SmsSender
from notify_core.testing.builders import an_sms_sender

SMS = "/v2/notifications/sms"


@pytest.fixture
def service(notify):
    return notify.service(name="Flood warnings")


@pytest.fixture
def key(notify, service):
    return notify.key(service)


@pytest.fixture
def template(notify, service):
    return notify.template(service, "Hello ((name))", version=3)


@pytest.fixture
def send(notify, key, template):
    def post(*, key=key, **changes):
        body = {"phone_number": "07700 900123", "template_id": str(template.id), "personalisation": {"name": "Grace"}}
        return notify.post(SMS, {k: v for k, v in (body | changes).items() if v is not ...}, key)

    return post


def test_what_a_text_message_is_answered_with(notify, send, service, template):
    answer = send(reference="case 1")

    identity = answer.json["id"]
    assert str(UUID(identity)) == identity
    assert answer.status_code == 201
    assert answer.json == {
        "id": identity,
        "reference": "case 1",
        "content": {"body": "Hello Grace", "from_number": "GOVUK"},
        "uri": f"http://notify.test/v2/notifications/{identity}",
        "template": {
            "id": str(template.id),
            "version": 3,
            "uri": f"http://notify.test/services/{service.id}/templates/{template.id}",
        },
        "scheduled_for": None,
    }


def test_it_reaches_the_supplier_with_the_services_name_before_it(notify, send):
    answer = send()
    assert notify.drain() == 1

    (message,) = notify.sms_network.messages()
    assert (message.recipient, message.reference) == ("+447700900123", answer.json["id"])
    assert message.content["content"] == "Flood warnings: Hello Grace"


def test_a_sender_of_the_service(notify, send, service):
    notify.put(an_sms_sender(service_id=service.id, sms_sender="DEFAULT", is_default=True))
    chosen: SmsSender = notify.put(an_sms_sender(service_id=service.id, sms_sender="FLOODS"))

    assert send().json["content"]["from_number"] == "DEFAULT"
    assert send(sms_sender_id=str(chosen.id)).json["content"]["from_number"] == "FLOODS"


def test_an_unknown_sender(send, service, errors_of):
    unknown = uuid4()
    assert errors_of(send(sms_sender_id=str(unknown)), 400, "BadRequestError") == [
        f"sms_sender_id {unknown} does not exist in database for service id {service.id}"
    ]


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("0770090012", "Not enough digits"),
        ("", "Not enough digits"),
        ("077009001234", "Too many digits"),
        ("07700 90012x", "Must not contain letters or symbols"),
        ("\ud800", "Must not contain letters or symbols"),
        ("020 7946 0000", "Not a UK mobile number"),
        ("+999 123 456 789", "Not a valid country prefix"),
    ],
)
def test_what_is_no_phone_number(send, errors_of, number, message):
    assert errors_of(send(phone_number=number), 400, "ValidationError") == [f"phone_number {message}"]


def test_numbers_abroad_need_a_permission(notify, errors_of):
    service = notify.service()
    abroad = notify.service(permissions=frozenset({Permission.SMS, Permission.INTERNATIONAL_SMS}))
    body = {"phone_number": "+33 6 12 34 56 78"}

    answer = notify.post(SMS, body | {"template_id": str(notify.template(service, "Hi").id)}, notify.key(service))
    assert errors_of(answer, 400, "BadRequestError") == ["Cannot send to international mobile numbers"]
    answer = notify.post(SMS, body | {"template_id": str(notify.template(abroad, "Hi").id)}, notify.key(abroad))
    assert answer.status_code == 201


def test_a_text_abroad_is_sent_until_a_receipt_says_more(notify):
    abroad = notify.service(permissions=frozenset({Permission.SMS, Permission.INTERNATIONAL_SMS}))
    key, template = notify.key(abroad), notify.template(abroad, "Hi")
    for number in ("+33 6 12 34 56 78", "07700900123"):
        notify.post(SMS, {"phone_number": number, "template_id": str(template.id)}, key)
    notify.drain()

    def listed(status):
        found = notify.get(f"/v2/notifications?status={status}", key).json["notifications"]
        return [one["phone_number"] for one in found]

    assert listed("sent") == ["+33 6 12 34 56 78"]
    assert listed("sending") == ["07700900123"]
    foreign = notify.get("/v2/notifications?status=sent", key).json["notifications"][0]["id"]
    receipt = {"CID": foreign, "status": "3", "substatus": ""}
    assert notify.request("POST", "/notifications/sms/mmg", body=receipt).status_code == 200
    notify.drain()
    assert listed("sent") == []


def test_crown_dependencies_are_not_abroad(send):
    assert send(phone_number="07797 123456").status_code == 201


def test_the_limit_does_not_count_the_services_name(send, errors_of):
    assert send(personalisation={"name": "x" * (918 - len("Hello "))}).status_code == 201
    assert errors_of(send(personalisation={"name": "x" * 913}), 400, "BadRequestError") == [
        (
            "Your message is too long. Text messages cannot be longer than 918 characters. "
            "Your message is 919 characters long."
        )
    ]


def test_an_empty_text(notify, service, key, errors_of):
    template = notify.template(service, "((name))")
    body = {"phone_number": "07700900123", "template_id": str(template.id), "personalisation": {"name": " "}}

    assert errors_of(notify.post(SMS, body, key), 400, "BadRequestError") == ["Your message is empty."]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("1.10", "1.10"),
        ("10000000000000000000000.000000001", "10000000000000000000000.000000001"),
        ("1e5", "1e5"),
        ("7", "7"),
        ("-0.50", "-0.50"),
        ("true", "yes"),
        ("false", "no"),
        ('["a", 1.50, "c"]', "a, 1.50 and c"),
    ],
)
def test_numbers_are_shown_as_written_and_read_again_so(notify, key, template, written, shown):
    body = (
        f'{{"phone_number": "07700900123", "template_id": "{template.id}", "personalisation": {{"name": {written}}}}}'
    )
    answer = notify.request("POST", SMS, notify.token(key), body.encode())

    assert answer.status_code == 201
    assert answer.json["content"]["body"] == f"Hello {shown}"
    assert notify.get(f"/v2/notifications/{answer.json['id']}", key).json["body"] == f"Hello {shown}"
    notify.drain()
    assert notify.sms_network.messages()[0].content["content"] == f"Flood warnings: Hello {shown}"


@pytest.mark.parametrize("value", [{"a": "x"}, [["a"]], [{"a": 1}]])
def test_values_that_no_text_can_hold(send, errors_of, value):
    assert errors_of(send(personalisation={"name": value}), 400, "ValidationError") == [
        "personalisation name must be text, a number, true, false or a list of these"
    ]


def test_halves_of_characters_are_shown_as_what_they_are(notify, send):
    answer = send(personalisation={"name": "half \ud83d", "half \ud83d": "unused"})

    assert answer.status_code == 201
    assert "half" in answer.json["content"]["body"]


@pytest.mark.parametrize("number", ["+447700900000", "07700900111", "+44 7700 900 222"])
def test_simulated_recipients_are_answered_and_forgotten(notify, send, key, number):
    answer = send(phone_number=number)

    assert answer.status_code == 201
    assert notify.rows() == []
    assert notify.get(f"/v2/notifications/{answer.json['id']}", key).status_code == 404


def test_a_test_key_reaches_nobody_and_is_told_so(notify, send, service):
    key = notify.key(service, key_type=KeyType.TEST)
    answer = send(key=key)
    notify.drain()

    assert notify.sms_network.count() == 0
    assert notify.get(f"/v2/notifications/{answer.json['id']}", key).json["status"] == "delivered"
