from datetime import timedelta

import pytest

from notify_core.accounts.model import Caller
from notify_core.kernel.errors import Conflict, NotAllowed, NotFound
from notify_core.notifications.model import Channel
from notify_core.notifications.states import Event, Status
from notify_core.notifications.tasks import DeliverEmail, DeliverSms
from notify_core.notifications.use_cases import CancelNotification
from notify_core.testing.builders import NOON, a_service, an_api_key

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def cancel(platform):
    use_case = CancelNotification(platform.work, platform.clock)

    def call(notification, **how):
        return use_case(platform.caller, notification.id, **how)

    return call


@pytest.fixture
def scheduled(platform):
    def make(channel=Channel.SMS, **changes):
        notification = platform.given(channel=channel, **({"scheduled_for": LATER} | changes))
        with platform.work() as work:
            work.enqueue((DeliverSms if channel is Channel.SMS else DeliverEmail)(notification.id))
            work.commit()
        return notification

    return make


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.EMAIL])
def test_a_scheduled_message_is_cancelled_with_its_delivery(platform, scheduled, cancel, channel):
    notification = scheduled(channel)

    view = cancel(notification)

    assert view.notification.status is Status.CANCELLED
    assert view.notification.completed_at == NOON
    assert "Grace" in view.body
    assert platform.stored(notification) == view.notification
    assert platform.tasks() == []
    # Whoever cancels it knows: nobody is called back.
    assert platform.events == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"scheduled_for": None}, "it was not scheduled"),
        ({"scheduled_for": NOON}, r"it was due at 2026-\d\d-\d\dT12:00:00.000000Z"),
        *(({"status": status}, f"it is {status}") for status in Status if status is not Status.CREATED),
    ],
)
def test_what_cannot_be_cancelled(platform, scheduled, cancel, changes, fault):
    notification = scheduled(**changes)
    with pytest.raises(NotAllowed, match=f"Notification cannot be cancelled: {fault}"):
        cancel(notification)
    assert platform.stored(notification) == notification
    assert len(platform.tasks()) == 1


def test_a_worker_that_has_begun_wins(platform, scheduled, cancel):
    notification = scheduled()
    platform.claim(DeliverSms(notification.id))
    with pytest.raises(NotAllowed, match="it is being sent"):
        cancel(notification)
    assert platform.stored(notification).status is Status.CREATED


def test_another_services_message_is_not_found(platform, scheduled):
    stranger = Caller(a_service(), an_api_key())
    with pytest.raises(NotFound):
        CancelNotification(platform.work, platform.clock)(stranger, scheduled().id)


def test_the_answer_is_kept_in_the_same_transaction(platform, scheduled, cancel):
    notification, kept = scheduled(), []

    view = cancel(notification, keep=lambda work, view: kept.append((work.notifications.get(notification.id), view)))

    assert kept == [(view.notification, view)]


def test_without_its_name_a_request_changes_nothing(platform, scheduled, cancel):
    def taken(_work, _view):
        raise Conflict("another request has taken it")

    notification = scheduled()
    with pytest.raises(Conflict):
        cancel(notification, keep=taken)
    assert platform.stored(notification).status is Status.CREATED


def test_what_moves_on_at_the_same_moment_is_looked_at_again(platform, scheduled, cancel):
    notification = scheduled()

    def moved_on(work, _view):
        # As if somebody else's change had been committed first.
        raise Conflict("it moved on")

    tries = []

    def first_only(work, view):
        tries.append(view)
        if len(tries) == 1:
            moved_on(work, view)

    assert cancel(notification, keep=first_only).notification.status is Status.CANCELLED
    assert len(tries) == 2
    assert notification.after(Event.CANCELLED, NOON) == platform.stored(notification)
