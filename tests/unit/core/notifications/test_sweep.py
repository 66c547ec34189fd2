from datetime import timedelta

import pytest

from notify_core.accounts.model import KeyType
from notify_core.kernel.errors import Conflict
from notify_core.kernel.queues import RESEARCH_MODE, SEND_EMAIL
from notify_core.notifications.events import NotificationEnded
from notify_core.notifications.model import Channel
from notify_core.notifications.states import Status
from notify_core.notifications.tasks import DeliverSms, GiveUpNotification, ReplayCreated, TimeOutSending
from notify_core.notifications.use_cases import ReplayCreatedNotifications, TimeOutSendingNotifications
from notify_core.testing.builders import NOON, an_early_receipt

OLD = NOON - timedelta(days=3, seconds=1)


@pytest.fixture
def time_out(platform):
    return TimeOutSendingNotifications(platform.work, platform.clock, batch=2)


@pytest.fixture
def replay(platform):
    return ReplayCreatedNotifications(platform.work, platform.clock, batch=2)


@pytest.mark.parametrize(
    ("status", "after"),
    [
        (Status.SENDING, Status.TEMPORARY_FAILURE),
        (Status.PENDING, Status.TEMPORARY_FAILURE),
        (Status.CREATED, Status.TECHNICAL_FAILURE),
    ],
)
def test_after_three_days_a_message_has_failed(platform, time_out, status, after):
    notification = platform.given(status=status, created_at=OLD)

    platform.run(time_out, TimeOutSending())

    assert platform.stored(notification).status is after
    assert platform.events == [NotificationEnded(notification.id, platform.service.id, after)]
    assert not platform.tasks()


def test_others_are_left_alone(platform, time_out):
    untouched = [
        platform.given(status=Status.SENDING, created_at=NOON - timedelta(days=3)),
        platform.given(status=Status.SENT, created_at=OLD),
        platform.given(status=Status.DELIVERED, created_at=OLD),
        platform.given(scheduled_for=NOON, created_at=OLD),
    ]

    platform.run(time_out, TimeOutSending())

    assert [platform.stored(one) for one in untouched] == untouched


def test_many_are_timed_out_batch_by_batch(platform, time_out):
    many = [platform.given(status=Status.SENDING, created_at=OLD) for _ in range(5)]

    executions = 0
    while executions == 0 or platform.tasks():
        platform.run(time_out, TimeOutSending())
        executions += 1

    assert executions == 3
    assert {platform.stored(one).status for one in many} == {Status.TEMPORARY_FAILURE}


def test_a_receipt_at_this_very_moment_is_worth_more(platform, time_out):
    notification = platform.given(status=Status.SENDING, created_at=OLD)

    class Raced:
        def __init__(self, work):
            self.work = work

        def __getattr__(self, name):
            return getattr(self.work, name)

        def change(self, was, becomes):
            raise Conflict("it moved on")

    class RacedWork(type(platform.work())):
        @property
        def notifications(self):
            return Raced(super().notifications)

    raced = TimeOutSendingNotifications(lambda: RacedWork(platform.work), platform.clock)
    platform.run(raced, TimeOutSending())

    assert platform.stored(notification).status is Status.SENDING
    assert platform.events == []


def test_early_receipts_are_kept_for_four_days(platform, time_out):
    with platform.work() as work:
        work.early_receipts.keep(an_early_receipt(NOON - timedelta(days=4, seconds=1), reference="old"))
        work.early_receipts.keep(an_early_receipt(NOON - timedelta(days=4), reference="new"))
        work.commit()

    platform.run(time_out, TimeOutSending())

    with platform.work() as work:
        assert not work.early_receipts.take("mmg", "old")
        assert work.early_receipts.take("mmg", "new")


def test_a_message_without_a_delivery_gets_one(platform, replay):
    lost = platform.given(created_at=NOON - timedelta(hours=1, seconds=1), channel=Channel.EMAIL)

    platform.run(replay, ReplayCreated())
    platform.run(replay, ReplayCreated())

    (task,) = platform.tasks()
    assert (task.task, task.queue, task.fair) == ("deliver_email", SEND_EMAIL, str(platform.service.id))
    assert task.arguments == {"notification_id": str(lost.id)}


def test_on_the_queue_it_would_have_had(platform, replay):
    platform.given(created_at=NOON - timedelta(hours=2), key_type=KeyType.TEST)

    platform.run(replay, ReplayCreated())

    assert platform.tasks()[0].queue == RESEARCH_MODE


def test_what_is_under_way_or_not_due_gets_none(platform, replay):
    old = NOON - timedelta(hours=2)
    under_way = platform.given(created_at=old)
    platform.claim(DeliverSms(under_way.id))
    platform.given(created_at=NOON - timedelta(minutes=59))
    platform.given(created_at=old, scheduled_for=NOON + timedelta(hours=1))
    platform.given(created_at=old, status=Status.SENDING)

    platform.run(replay, ReplayCreated())

    assert [task.arguments for task in platform.tasks()] == [{"notification_id": str(under_way.id)}]


def test_what_is_being_given_up_gets_none(platform, replay):
    notification = platform.given(created_at=OLD)
    with platform.work() as work:
        work.enqueue(GiveUpNotification(notification.id))
        work.commit()

    platform.run(replay, ReplayCreated())

    assert [row.task for row in platform.tasks()] == ["give-up-notification"]


def test_many_get_one_batch_by_batch(platform, replay):
    for _ in range(3):
        platform.given(created_at=NOON - timedelta(hours=2))

    platform.run(replay, ReplayCreated())
    assert sorted(task.task for task in platform.tasks()) == [
        "deliver_sms",
        "deliver_sms",
        "replay-created-notifications",
    ]
    platform.run(replay, ReplayCreated())

    assert [task.task for task in platform.tasks()] == ["deliver_sms"] * 3
