"""How many messages a service may send in a day, as accepting them counts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from notify_core.accounts.model import KeyType, Permission
from notify_core.kernel.errors import DailyLimitReached, NotAllowed, TransientError
from notify_core.notifications.use_cases import EmailRequest, SmsRequest
from notify_core.ports.daily_limits import LARGEST_PORTION, portion
from notify_core.testing.builders import NOON

GRACE = {"name": "Grace"}
TODAY = NOON.date()


@pytest.fixture
def limit(platform):
    """Gives the service limits."""

    def give(**limits):
        platform.service = replace(
            platform.service,
            message_limit=limits,
            permissions=platform.service.permissions | {Permission.INTERNATIONAL_SMS},
        )

    return give


def text(platform, number="07700 900123", **changes):
    return platform.accept_sms()(platform.caller, SmsRequest(number, platform.text.id, GRACE, **changes))


def mail(platform, address="grace@example.com"):
    return platform.accept_email()(platform.caller, EmailRequest(address, platform.mail.id, GRACE))


def used(platform, channel, day=TODAY):
    return platform.daily_limits.used.get((platform.service.id, channel, day), 0)


SENDING = {"sms": text, "email": mail}
each_channel = pytest.mark.parametrize(("channel", "send"), SENDING.items(), ids=SENDING)


@each_channel
def test_messages_beyond_the_limit_are_refused(platform, limit, channel, send):
    limit(**{channel: 2})
    assert send(platform).stored
    assert send(platform).stored
    with pytest.raises(DailyLimitReached, match=rf"^Exceeded send limits \({channel}: 2\) for today$"):
        send(platform)
    assert len(platform.tasks()) == 2


@each_channel
def test_a_limit_of_nothing(platform, limit, channel, send):
    limit(**{channel: 0})
    with pytest.raises(DailyLimitReached, match=r"0\) for today"):
        send(platform)


@each_channel
def test_a_channel_without_a_limit_is_not_counted(platform, limit, channel, send):
    limit(letter=0)
    send(platform)
    assert not platform.daily_limits.used


def test_channels_are_counted_apart(platform, limit):
    limit(sms=1, email=1)
    text(platform)
    mail(platform)
    assert (used(platform, "sms"), used(platform, "email")) == (1, 1)


def test_a_text_abroad_counts_in_both(platform, limit):
    limit(sms=5, international_sms=5)
    text(platform, "+1 202 555 0123")
    text(platform)
    assert (used(platform, "sms"), used(platform, "international_sms")) == (2, 1)


def test_the_limit_of_texts_abroad(platform, limit):
    limit(sms=5, international_sms=1)
    text(platform, "+1 202 555 0123")
    with pytest.raises(DailyLimitReached, match=r"^Exceeded send limits \(international_sms: 1\) for today$"):
        text(platform, "+1 202 555 0123")
    assert text(platform).stored
    assert used(platform, "sms") == 2


def test_the_limit_of_all_texts_holds_abroad(platform, limit):
    limit(sms=0, international_sms=5)
    with pytest.raises(DailyLimitReached, match=r"\(sms: 0\)"):
        text(platform, "+1 202 555 0123")
    assert used(platform, "international_sms") == 0


@each_channel
def test_test_keys_are_not_limited(platform, limit, channel, send):
    limit(**{channel: 0})
    platform.key = replace(platform.key, key_type=KeyType.TEST)
    assert send(platform).stored
    assert used(platform, channel) == 0


@pytest.mark.parametrize("key_type", [KeyType.NORMAL, KeyType.TEAM])
def test_team_keys_are_limited(platform, limit, key_type):
    limit(sms=0)
    platform.key = replace(platform.key, key_type=key_type)
    with platform.work() as work:
        work.guest_list.add(platform.service.id, "+447700900123")
        work.commit()
    with pytest.raises(DailyLimitReached):
        text(platform)


def test_simulated_recipients_are_not_counted(platform, limit):
    limit(sms=0, email=0)
    assert not text(platform, "07700900111").stored
    assert not mail(platform, "simulate-delivered@notifications.service.gov.uk").stored


def test_what_is_refused_for_another_reason_is_not_counted(platform, limit):
    limit(sms=5)
    platform.text = platform.put_template(replace(platform.text, archived=True))
    with pytest.raises(NotAllowed):
        text(platform)
    assert used(platform, "sms") == 0


@each_channel
def test_what_is_not_stored_is_not_counted(platform, limit, channel, send):
    limit(**{channel: 1})
    platform.work.fail_next_commit(TransientError("the database is away"))
    with pytest.raises(TransientError):
        send(platform)
    assert used(platform, channel) == 0
    assert send(platform).stored


@pytest.mark.parametrize(
    ("now", "day", "wait"),
    [
        (datetime(2026, 1, 5, 12, tzinfo=UTC), date(2026, 1, 5), timedelta(hours=12)),
        # Summer: London's day begins an hour before that of UTC.
        (datetime(2026, 7, 5, 22, 59, tzinfo=UTC), date(2026, 7, 5), timedelta(minutes=1)),
        (datetime(2026, 7, 5, 23, 0, tzinfo=UTC), date(2026, 7, 6), timedelta(hours=24)),
        # The day on which the clocks go forward has 23 hours.
        (datetime(2026, 3, 29, 0, 0, tzinfo=UTC), date(2026, 3, 29), timedelta(hours=23)),
    ],
)
def test_the_day_is_londons(platform, limit, now, day, wait):
    limit(sms=1)
    platform.clock.advance(now - platform.clock.now())
    text(platform)
    assert used(platform, "sms", day) == 1
    with pytest.raises(DailyLimitReached) as caught:
        text(platform)
    assert caught.value.retry_after == wait
    platform.clock.advance(wait)
    assert text(platform).stored


@pytest.mark.parametrize(
    ("remaining", "needed", "taken"), [(100_000, 1, LARGEST_PORTION), (100, 1, 5), (3, 1, 1), (3, 3, 3)]
)
def test_a_process_takes_fewer_at_once_as_the_end_comes_near(remaining, needed, taken):
    assert portion(remaining, needed) == taken
