from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.accounts.model import Caller, KeyType
from notify_core.kernel.errors import InvalidValue, NotFound
from notify_core.notifications.model import Channel
from notify_core.notifications.policies import statuses_named
from notify_core.notifications.states import FAILED, Status
from notify_core.notifications.use_cases import GetNotification, ListNotifications, ListRequest
from notify_core.testing.builders import NOON, a_service, an_api_key


@pytest.fixture
def get(platform):
    return GetNotification(platform.work)


@pytest.fixture
def listing(platform):
    def ids(**wanted):
        page = ListNotifications(platform.work)(platform.caller, ListRequest(**wanted))
        return [view.notification.id for view in page.notifications]

    return ids


def test_a_text_as_it_was_sent_without_its_prefix(platform, get):
    notification = platform.given()
    platform.put_template(replace(platform.text, version=2, content="Something else"))

    view = get(platform.caller, notification.id)

    assert view.notification == notification
    assert (view.body, view.subject) == ("Hello Grace, the river is rising", None)


def test_an_email(platform, get):
    view = get(platform.caller, platform.given(channel=Channel.EMAIL).id)

    assert (view.subject, view.body) == ("For Grace", "# Hello Grace\n\nThe river is rising.")


def test_of_a_key_of_any_type(platform, get):
    notification = platform.given(key_type=KeyType.TEST)

    assert get(platform.caller, notification.id).notification == notification


def test_another_services_is_not_there(platform, get):
    notification = platform.given()
    stranger = Caller(a_service(), an_api_key())

    with pytest.raises(NotFound):
        get(stranger, notification.id)


def test_newest_first(platform, listing):
    old = platform.given(created_at=NOON - timedelta(hours=1))
    new = platform.given(channel=Channel.EMAIL)

    assert listing() == [new.id, old.id]
    assert listing(older_than=new.id) == [old.id]


def test_keys_see_what_keys_of_their_type_sent(platform, listing):
    live, team = platform.given(), platform.given(key_type=KeyType.TEAM)

    assert listing() == [live.id]
    platform.use_key(KeyType.TEAM)
    assert listing() == [team.id]


def test_filters(platform, listing):
    text = platform.given(reference="a")
    mail = platform.given(channel=Channel.EMAIL, reference="b", status=Status.DELIVERED)

    assert listing(channels=frozenset({Channel.EMAIL})) == [mail.id]
    assert listing(reference="a") == [text.id]
    assert listing(statuses=("delivered", "sending")) == [mail.id]


def test_failed_is_every_failure(platform, listing):
    failures = {platform.given(status=status).id for status in FAILED}
    platform.given(status=Status.DELIVERED)

    assert set(listing(statuses=("failed",))) == failures


def test_words_for_letters_show_no_texts(platform, listing):
    platform.given()

    assert listing(statuses=("accepted", "received")) == []


def test_a_page_has_250(platform):
    oldest_first = [platform.given(created_at=NOON + timedelta(seconds=second)).id for second in range(251)]
    show = ListNotifications(platform.work)

    first = show(platform.caller, ListRequest())
    second = show(platform.caller, ListRequest(older_than=first.next_older_than))
    third = show(platform.caller, ListRequest(older_than=second.next_older_than))

    assert len(first.notifications) == 250
    assert [view.notification.id for view in second.notifications] == oldest_first[:1]
    assert third.next_older_than is None


def test_an_unknown_status():
    with pytest.raises(InvalidValue, match=r"status lost is not one of \[created, sending, .*failed"):
        statuses_named(["lost"])
