"""How many messages a service may send in a day, and whom a service in trial mode may send to besides its team."""

from dataclasses import replace

import pytest

from notify_core.accounts.model import KeyType, Permission

RECIPIENTS = {"sms": ("phone_number", "07700900123"), "email": ("email_address", "grace@example.gov.uk")}
SIMULATED = {
    "sms": ("07700900000", "+44 7700 900111", "07700900222"),
    "email": tuple(f"simulate-delivered{n}@notifications.service.gov.uk" for n in ("", "-2", "-3")),
}


class Sender:
    def __init__(self, notify, name):
        self.notify, self.name = notify, name
        self.field, self.recipient = RECIPIENTS[name]
        self.service = notify.service(permissions=frozenset(Permission))
        self.key = notify.key(self.service)
        make = notify.template if name == "sms" else notify.email_template
        self.template = make(self.service, "Hello", **({} if name == "sms" else {"subject": "Hello"}))

    def give(self, **changes):
        self.service = self.notify.put(replace(self.service, **changes))

    def send(self, recipient=None, key=None):
        body = {self.field: recipient or self.recipient, "template_id": str(self.template.id)}
        return self.notify.post(f"/v2/notifications/{self.name}", body, key or self.key)


@pytest.fixture(params=list(RECIPIENTS))
def sender(request, notify):
    return Sender(notify, request.param)


def test_messages_beyond_the_limit(sender, errors_of):
    sender.give(message_limit={sender.name: 2})
    assert [sender.send().status_code for _ in range(2)] == [201, 201]
    refused = sender.send()
    assert errors_of(refused, 429, "TooManyRequestsError") == [f"Exceeded send limits ({sender.name}: 2) for today"]
    assert 1 <= int(refused.headers["Retry-After"]) <= 25 * 60 * 60


def test_keys_of_a_team_are_limited_those_for_tests_are_not(sender):
    sender.give(message_limit={sender.name: 0})
    member = {"mobile_number": "07700900123", "email_address": "grace@example.gov.uk"}
    sender.notify.member(sender.service, **member)
    keys = [sender.notify.key(sender.service, key_type=kind) for kind in (KeyType.NORMAL, KeyType.TEAM, KeyType.TEST)]
    assert [sender.send(key=key).status_code for key in keys] == [429, 429, 201]


def test_simulated_recipients_are_not_counted(sender):
    sender.give(message_limit={sender.name: 0})
    for recipient in SIMULATED[sender.name]:
        assert sender.send(recipient).status_code == 201
    assert not sender.notify.rows()


def test_a_limit_that_is_raised_lets_more_through(sender):
    sender.give(message_limit={sender.name: 1})
    assert [sender.send().status_code for _ in range(2)] == [201, 429]
    sender.give(message_limit={sender.name: 2})
    assert [sender.send().status_code for _ in range(2)] == [201, 429]


def test_texts_abroad_have_a_limit_of_their_own(notify, errors_of):
    sender = Sender(notify, "sms")
    sender.give(message_limit={"sms": 10, "international_sms": 1})
    abroad = "+1 202 555 0123"
    assert sender.send(abroad).status_code == 201
    refused = sender.send(abroad)
    assert errors_of(refused, 429, "TooManyRequestsError") == ["Exceeded send limits (international_sms: 1) for today"]
    assert sender.send().status_code == 201


def test_a_service_in_trial_mode_reaches_its_guests(sender, errors_of):
    sender.give(restricted=True)
    assert errors_of(sender.send(), 400, "BadRequestError")[0].startswith("Can\u2019t send to this recipient when")
    with sender.notify.container.work()() as work:
        for guest in ("+447700900123", "grace@example.gov.uk"):
            work.guest_list.add(sender.service.id, guest)
        work.commit()
    assert sender.send().status_code == 201
    assert sender.send(key=sender.notify.key(sender.service, key_type=KeyType.TEAM)).status_code == 201
