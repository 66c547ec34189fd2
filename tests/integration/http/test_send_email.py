from uuid import uuid4

import pytest

from notify_core.testing.builders import a_reply_to

EMAIL = "/v2/notifications/email"


@pytest.fixture
def service(notify):
    return notify.service(name="Flood warnings", email_from="floods")


@pytest.fixture
def key(notify, service):
    return notify.key(service)


@pytest.fixture
def template(notify, service):
    return notify.email_template(service, "Dear ((name)),\n\n* rising", version=2)


@pytest.fixture
def send(notify, key, template):
    def post(**changes):
        body = {"email_address": "Grace@Example.gov.uk", "template_id": str(template.id)}
        return notify.post(EMAIL, body | {"personalisation": {"name": "Grace"}} | changes, key)

    return post


def test_what_an_email_is_answered_with(send, service, template):
    answer = send(reference="case 1", one_click_unsubscribe_url="https://example.gov.uk/stop?id=1")

    identity = answer.json["id"]
    assert answer.status_code == 201
    assert answer.json == {
        "id": identity,
        "reference": "case 1",
        "content": {
            "body": "Dear Grace,\n\n* rising",
            "subject": "About Grace",
            "from_email": "floods@notify.localhost",
            "one_click_unsubscribe_url": "https://example.gov.uk/stop?id=1",
        },
        "uri": f"http://notify.test/v2/notifications/{identity}",
        "template": {
            "id": str(template.id),
            "version": 2,
            "uri": f"http://notify.test/services/{service.id}/templates/{template.id}",
        },
        "scheduled_for": None,
        "sanitised_content": {},
    }


def test_it_reaches_the_supplier(notify, send, service):
    notify.put(a_reply_to(service_id=service.id, email_address="answers@example.gov.uk", is_default=True))
    send(one_click_unsubscribe_url="https://example.gov.uk/stop")
    assert notify.drain() == 1

    (message,) = notify.email_network.messages()
    assert message.recipient == "grace@example.gov.uk"
    assert message.content["from_address"] == '"Flood warnings" <floods@notify.localhost>'
    assert message.content["reply_to"] == "answers@example.gov.uk"
    assert message.content["headers"]["List-Unsubscribe"] == "<https://example.gov.uk/stop>"


def test_what_strangers_wrote_is_made_harmless(send):
    answer = send(personalisation={"name": "see evil.example"}, sanitise_content_for=["NAME", "other"])

    assert answer.json["sanitised_content"] == {
        "NAME": {"unsanitised": "see evil.example", "sanitised": "see evil. example"}
    }
    assert "evil. example" in answer.json["content"]["body"]


def test_an_unknown_reply_to_address(send, service, errors_of):
    unknown = uuid4()
    assert errors_of(send(email_reply_to_id=str(unknown)), 400, "BadRequestError") == [
        f"email_reply_to_id {unknown} does not exist in database for service id {service.id}"
    ]


@pytest.mark.parametrize("address", ["grace", "grace@", "a b@example.com", "grace@example", "g@\ud800.com", "\0@a.com"])
def test_what_is_no_email_address(send, errors_of, address):
    assert errors_of(send(email_address=address), 400, "ValidationError") == ["email_address Not a valid email address"]


@pytest.mark.parametrize("url", ["http://example.com", "https://", "https://[a", "https://a.b/\r\nBcc: x", "stop", ""])
def test_where_to_unsubscribe_must_be_an_https_address(send, errors_of, url):
    assert errors_of(send(one_click_unsubscribe_url=url), 400, "ValidationError") == [
        "one_click_unsubscribe_url is not a valid https url"
    ]


def test_a_long_email(send, errors_of):
    (message,) = errors_of(send(personalisation={"name": "é" * 1_000_000}), 400, "BadRequestError")
    assert message == (
        "Your message is too long. Emails cannot be longer than 2000000 bytes. Your message is 2000016 bytes."
    )


@pytest.mark.parametrize("number", ["", "-2", "-3"])
def test_simulated_recipients_are_answered_and_forgotten(notify, send, number):
    assert send(email_address=f"simulate-delivered{number}@notifications.service.gov.uk").status_code == 201
    assert notify.rows() == []
