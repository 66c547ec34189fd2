from datetime import timedelta

import pytest

from notify_core.accounts.model import BroadcastChannel
from notify_core.broadcasts.policies.duration import check_duration, shortened
from notify_core.kernel.errors import NotAllowed
from notify_core.testing.builders import NOON, an_id

MINUTES = timedelta(minutes=1)
ON_AIR = [BroadcastChannel.SEVERE, BroadcastChannel.GOVERNMENT]
REHEARSALS = [BroadcastChannel.TEST, BroadcastChannel.OPERATOR]


@pytest.mark.parametrize("channel", ON_AIR)
def test_five_minutes_to_twenty_two_and_a_half_hours(channel):
    for minutes in (5, 60, 22 * 60 + 30):
        check_duration(an_id(), NOON, NOON + minutes * MINUTES, channel)
    with pytest.raises(NotAllowed, match=r"at least 5 minutes\.$"):
        check_duration(an_id(), NOON, NOON + timedelta(minutes=4, seconds=59), channel)
    with pytest.raises(NotAllowed, match="at most 22 hours 30 minutes"):
        check_duration(an_id(), NOON, NOON + timedelta(hours=22, minutes=30, seconds=1), channel)


@pytest.mark.parametrize("channel", REHEARSALS)
def test_four_hours_where_only_phones_set_up_for_it_listen(channel):
    check_duration(an_id(), NOON, NOON + timedelta(hours=4), channel)
    with pytest.raises(NotAllowed, match=f"at most 4 hours on the {channel} channel"):
        check_duration(an_id(), NOON, NOON + timedelta(hours=4, seconds=1), channel)


@pytest.mark.parametrize("ago", [timedelta(), timedelta(seconds=1), timedelta(days=9)])
def test_an_end_in_the_past_says_so(ago):
    with pytest.raises(NotAllowed, match="in the past"):
        check_duration(an_id(), NOON, NOON - ago, BroadcastChannel.SEVERE)


def test_the_limits_of_what_is_on_air_count_from_its_start():
    now = NOON + timedelta(hours=3)
    for end in (now + MINUTES, NOON + timedelta(hours=4)):
        check_duration(an_id(), NOON, end, BroadcastChannel.TEST, now=now)
    with pytest.raises(NotAllowed, match="in the past"):
        check_duration(an_id(), NOON, now, BroadcastChannel.TEST, now=now)
    with pytest.raises(NotAllowed, match="at most 4 hours on the test channel"):
        check_duration(an_id(), NOON, NOON + timedelta(hours=5), BroadcastChannel.TEST, now=now)


def test_shortened_to_the_channels_limit():
    late = NOON + timedelta(days=3)

    assert shortened(late, NOON, BroadcastChannel.GOVERNMENT) == NOON + timedelta(hours=22, minutes=30)
    assert shortened(late, NOON, BroadcastChannel.TEST) == NOON + timedelta(hours=4)
    assert shortened(NOON + MINUTES, NOON, BroadcastChannel.TEST) == NOON + MINUTES
