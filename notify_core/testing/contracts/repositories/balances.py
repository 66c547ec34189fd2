"""How messages are shared out among suppliers, and how fast they deliver."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.accounts.model import KeyType
from notify_core.kernel.errors import Conflict
from notify_core.notifications.model import Balance, Channel, DeliverySpeed, Notification, Share
from notify_core.notifications.ports import NotificationsWork
from notify_core.notifications.states import Status
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.testing.builders import NOON, a_notification

Storage = UnitOfWorkFactory[NotificationsWork]
MINUTE = timedelta(minutes=1)
FIRST = Balance(Channel.SMS, (Share("firetext", 60, 50), Share("mmg", 40, 50, active=False)), NOON, NOON - 5 * MINUTE)


class BalancesContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def change(self, storage: Storage, was: Balance | None, becomes: Balance) -> None:
        with storage() as work:
            work.balances.change(was, becomes)
            work.commit()

    def kept(self, storage: Storage, channel: Channel = Channel.SMS) -> Balance | None:
        with storage(read_only=True) as work:
            return work.balances.get(channel)

    def test_there_is_none_until_something_changes(self, storage: Storage) -> None:
        assert self.kept(storage) is None

    def test_changes_are_counted(self, storage: Storage) -> None:
        self.change(storage, None, FIRST)
        kept = self.kept(storage)
        assert kept == replace(FIRST, version=1)
        later = replace(FIRST, shares=(Share("firetext", 100, 100),), disturbed_at=None)
        self.change(storage, kept, later)
        assert self.kept(storage) == replace(later, version=2)

    def test_each_channel_has_its_own(self, storage: Storage) -> None:
        self.change(storage, None, FIRST)
        assert self.kept(storage, Channel.EMAIL) is None
        self.change(storage, None, replace(FIRST, channel=Channel.EMAIL))
        assert self.kept(storage) == replace(FIRST, version=1)

    def test_who_is_too_late_changes_nothing(self, storage: Storage) -> None:
        self.change(storage, None, FIRST)
        with pytest.raises(Conflict):
            self.change(storage, None, replace(FIRST, disturbed_at=NOON + MINUTE))
        kept = self.kept(storage)
        self.change(storage, kept, FIRST)
        with pytest.raises(Conflict):
            self.change(storage, kept, replace(FIRST, disturbed_at=NOON + MINUTE))
        assert self.kept(storage) == replace(FIRST, version=2)

    def test_slow_are_those_that_took_long_and_those_that_still_take(self, storage: Storage) -> None:
        def sent(minutes: int, **changes: object) -> Notification:
            return a_notification(
                **{"sent_by": "mmg", "status": Status.SENDING, "sent_at": NOON - minutes * MINUTE} | changes
            )

        quick = {"status": Status.DELIVERED, "completed_at": NOON}
        counted = (sent(2), sent(3, status=Status.PENDING), sent(3, **quick))
        slow = (sent(5), sent(9, **quick), sent(10, status=Status.PENDING))
        of_firetext = sent(8, sent_by="firetext", status=Status.DELIVERED, completed_at=NOON - 5 * MINUTE)
        others = (
            sent(11),
            sent(5, key_type=KeyType.TEST),
            sent(5, channel=Channel.EMAIL),
            sent(5, status=Status.PERMANENT_FAILURE, completed_at=NOON),
            sent(5, status=Status.SENT),
            a_notification(),
        )
        with storage() as work:
            work.notifications.add_many([*counted, *slow, of_firetext, *others])
            work.commit()
        with storage(read_only=True) as work:
            speeds = list(work.notifications.sms_speeds(NOON - 10 * MINUTE, 4 * MINUTE, NOON))
        assert speeds == [DeliverySpeed("firetext", 1, 0), DeliverySpeed("mmg", 6, 3)]

    def test_where_nothing_is_sent_there_is_no_speed(self, storage: Storage) -> None:
        with storage(read_only=True) as work:
            assert list(work.notifications.sms_speeds(NOON, MINUTE, NOON)) == []
