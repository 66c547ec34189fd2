"""Whom a service in trial mode may write to besides its team."""

import pytest

from notify_core.accounts.use_cases.guests import ReadGuestList, ReplaceGuestList
from notify_core.kernel.errors import InvalidValue


def test_the_list_is_replaced_as_a_whole(notify, service, actor, audited):
    put = notify.use(ReplaceGuestList)
    guests = ["+447700900123", "guest@example.com"]
    assert put(service.id, ["Guest@Example.com", "07700 900123", "+44 7700 900123"], actor) == guests
    assert put(service.id, reversed(guests), actor) == guests
    assert notify.use(ReadGuestList)(service.id) == guests
    assert put(service.id, [], actor) == [] == notify.use(ReadGuestList)(service.id)
    assert audited(service.id) == ["guest list of 2 stored for", "guest list of 0 stored for"]


def test_one_wrong_recipient_changes_nothing(notify, service, actor):
    with pytest.raises(InvalidValue):
        notify.use(ReplaceGuestList)(service.id, ["guest@example.com", "0123"], actor)
    assert notify.use(ReadGuestList)(service.id) == []
