from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import ServiceId
from notify_core.notifications.model import Channel, UnsubscribeRequest
from notify_core.notifications.policies.unsubscribing import unsubscribe_link
from notify_core.notifications.tasks import DeliverEmail
from notify_core.notifications.use_cases.unsubscribe import (
    ListUnsubscribeRequests,
    RecordUnsubscribe,
    ShowUnsubscribe,
)
from notify_core.testing.builders import NOON, an_id
from notify_core.testing.fakes.secrets import MemorySecrets


@pytest.fixture
def email(platform):
    return platform.given(channel=Channel.EMAIL)


@pytest.fixture
def signature(platform, email):
    return unsubscribe_link("", email.id, platform.secrets).rpartition("/")[2]


@pytest.fixture
def record(platform):
    return RecordUnsubscribe(platform.work, platform.clock, platform.secrets)


@pytest.fixture
def listed(platform):
    return lambda: list(ListUnsubscribeRequests(platform.work)(platform.service.id))


def deliver(platform, notification):
    platform.run(platform.deliver_email(), DeliverEmail(notification.id))
    (message,) = platform.email.messages.values()
    return message


def test_an_email_of_such_a_template_has_a_link_of_ours(platform, email, signature):
    platform.put_template(replace(platform.mail, has_unsubscribe_link=True))
    message = deliver(platform, email)
    link = f"https://api.example/unsubscribe/{email.id}/{signature}"
    assert message.headers == {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert link in message.plain
    assert f'href="{link}"' in message.html


def test_the_senders_own_link_comes_first(platform):
    platform.put_template(replace(platform.mail, has_unsubscribe_link=True))
    own = platform.given(channel=Channel.EMAIL, one_click_unsubscribe_url="https://floods.example/stop")
    message = deliver(platform, own)
    assert message.headers["List-Unsubscribe"] == "<https://floods.example/stop>"
    assert "api.example" not in message.plain + message.html


def test_other_templates_have_none(platform, email):
    message = deliver(platform, email)
    assert message.headers == {}
    assert "nsubscribe" not in message.plain + message.html


def test_a_request_is_noted_once(platform, email, signature, record, listed):
    assert record(email.id, signature) == "Floods"
    platform.clock.advance(timedelta(hours=1))
    assert record(email.id, signature) == "Floods"
    assert listed() == [
        UnsubscribeRequest(
            email.id, platform.service.id, platform.mail.id, email.template_version, "grace@example.gov.uk", NOON
        )
    ]


def test_looking_changes_nothing(platform, email, signature, listed):
    assert ShowUnsubscribe(platform.work, platform.secrets)(email.id, signature) == "Floods"
    assert listed() == []


def test_a_link_made_before_a_rotation_works(platform, email, signature):
    rotated = MemorySecrets(("a newer key", *platform.secrets.keys))
    assert RecordUnsubscribe(platform.work, platform.clock, rotated)(email.id, signature) == "Floods"


def test_nobody_can_make_up_a_link(platform, email, signature, record, listed):
    other = platform.given(channel=Channel.EMAIL)
    for notification_id, shown in ((email.id, "made-up"), (other.id, signature), (email.id, "")):
        with pytest.raises(NotFound, match="This link does not work"):
            record(notification_id, shown)
        with pytest.raises(NotFound):
            ShowUnsubscribe(platform.work, platform.secrets)(notification_id, shown)
    assert listed() == []


def test_an_email_that_has_been_deleted_is_not_found(platform, record):
    gone = an_id()
    signature = platform.secrets.sign(str(gone), purpose="unsubscribe")
    with pytest.raises(NotFound):
        record(gone, signature)


def test_requests_of_an_unknown_service_are_not_found(platform):
    with pytest.raises(NotFound):
        ListUnsubscribeRequests(platform.work)(ServiceId(an_id()))
