"""POST /v2/notifications/{id}/cancel"""

from datetime import timedelta
from uuid import uuid4

import pytest

from notify_core.kernel.calendar import format_datetime


@pytest.fixture
def key(notify):
    return notify.key(notify.service())


@pytest.fixture
def send(notify, key):
    def post(hours=None):
        with notify.container.work()(read_only=True) as work:
            service = work.services.get(key.service_id)
        body = {"phone_number": "07700900123", "template_id": str(notify.template(service, "Hello").id)}
        if hours is not None:
            body["scheduled_for"] = format_datetime(notify.container.clock().now() + timedelta(hours=hours))
        return notify.post("/v2/notifications/sms", body, key).json["id"]

    return post


@pytest.fixture
def cancel(notify, key):
    def post(notification_id, **headers):
        return notify.post(f"/v2/notifications/{notification_id}/cancel", {}, key, headers=headers)

    return post


def test_a_scheduled_message_is_cancelled_and_never_sent(notify, key, send, cancel):
    sent = send(hours=2)
    answer = cancel(sent)
    assert answer.status_code == 200
    assert (answer.json["id"], answer.json["status"]) == (sent, "cancelled")
    assert notify.get(f"/v2/notifications/{sent}", key).json == answer.json
    assert list(notify.rows()) == []
    notify.make_due()
    assert notify.drain() == 0


def test_what_is_on_its_way_cannot_be_cancelled(notify, send, cancel, errors_of):
    sent = send()
    assert errors_of(cancel(sent), 400, "BadRequestError") == ["Notification cannot be cancelled: it was not scheduled"]
    notify.drain()
    assert errors_of(cancel(sent)) == ["Notification cannot be cancelled: it is sending"]


def test_a_second_time_it_is_too_late(send, cancel, errors_of):
    sent = send(hours=2)
    cancel(sent)
    assert errors_of(cancel(sent)) == ["Notification cannot be cancelled: it is cancelled"]


def test_with_a_key_the_same_answer_comes_again(send, cancel):
    sent = send(hours=2)
    first = cancel(sent, **{"Idempotency-Key": "c"})
    again = cancel(sent, **{"Idempotency-Key": "c"})
    assert (again.status_code, again.data) == (200, first.data)
    assert again.headers["Idempotent-Replayed"] == "true"


def test_an_unknown_message_is_not_found(cancel, errors_of):
    assert errors_of(cancel(uuid4()), 404) == ["No result found"]
    assert errors_of(cancel("7"), 400) == ["notification_id is not a valid UUID"]
