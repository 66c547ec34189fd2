"""How deliveries go: tried, tried again, given up, replayed; and what is recorded of it."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from notify_core.accounts.model import CallbackType
from notify_core.callbacks.model import Problem
from notify_core.callbacks.tasks import SendDeliveryStatus
from notify_core.callbacks.use_cases import ReplayCallbacks
from notify_core.kernel.errors import TransientError
from notify_core.testing.builders import a_callback, a_notification

from .conftest import MINUTE


def test_what_was_delivered_is_done_and_recorded(notify, library):
    begun = notify.clock.now()
    library.message()
    library.run()
    assert library.rows() == []
    (attempt,) = library.attempts
    assert (attempt.service_id, attempt.type, attempt.at) == (library.id, CallbackType.DELIVERY_STATUS, begun)
    assert (attempt.status, attempt.problem) == (200, None)
    assert str(attempt.delivery_id) == library.requests[0].headers["webhook-id"]


def test_how_long_the_service_took_is_recorded(notify, library):
    post = notify.callback_sender.post

    def slowly(request):
        notify.clock.advance(timedelta(seconds=3))
        return post(request)

    notify.callback_sender.post = slowly
    library.answers(503)
    library.message()
    library.run()
    library.answers(200)
    library.run(5 * MINUTE)
    assert [(one.status, one.duration) for one in library.attempts] == [
        (503, timedelta(seconds=3)),
        (200, timedelta(seconds=3)),
    ]


@pytest.mark.parametrize("status", [None, 429, 500, 503])
def test_what_may_work_later_is_tried_five_times_more_and_then_kept(library, status):
    library.answers(status)
    library.message()
    library.run()
    (row,) = library.rows()
    assert (row.attempt, row.queue) == (1, "service-callbacks-retry")
    library.run(4 * MINUTE)
    assert len(library.attempts) == 1
    library.run(60 * MINUTE)
    assert [attempt.status for attempt in library.attempts] == [status] * 6
    problem = Problem.NO_CONNECTION if status is None else None
    assert {attempt.problem for attempt in library.attempts} == {problem}
    begun = library.attempts[0].at
    assert [attempt.at - begun for attempt in library.attempts] == [5 * MINUTE * number for number in range(6)]
    (row,) = library.failed
    assert row.reason.startswith("CallbackFailed: ")


def test_the_service_may_ask_for_more_time_within_reason(library):
    library.answers(429, retry_after=timedelta(minutes=20))
    library.message()
    library.run()
    library.answers(429, retry_after=timedelta(days=9))
    library.run(20 * MINUTE)
    library.run(60 * MINUTE)
    begun = library.attempts[0].at
    assert [attempt.at - begun for attempt in library.attempts] == [0 * MINUTE, 20 * MINUTE, 80 * MINUTE]


@pytest.mark.parametrize("status", [301, 400, 401, 404, 410])
def test_a_refusal_is_final_and_kept(library, status):
    library.answers(status)
    library.message()
    library.run(60 * MINUTE)
    assert [attempt.status for attempt in library.attempts] == [status]
    assert len(library.failed) == 1


def test_an_address_that_must_not_be_called_is_final_and_kept(notify, make_service):
    service = make_service(url="https://10.0.0.1/callbacks")
    service.message()
    service.run(60 * MINUTE)
    assert [(one.status, one.problem) for one in service.attempts] == [(None, Problem.ADDRESS)]
    assert len(service.failed) == 1


def test_the_id_stays_over_retries_and_the_time_of_the_signature_does_not(library):
    library.answers(503)
    library.message()
    library.run(5 * MINUTE)
    first, second = library.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]


def test_address_and_token_are_read_at_sending(notify, library):
    library.message()
    notify.put(replace(library.callback, url="https://new.example", bearer_token="new-token-1"))
    library.run()
    (request,) = notify.callback_sender.requests
    assert (request.url, request.headers["Authorization"]) == ("https://new.example", "Bearer new-token-1")


def test_a_service_that_wants_to_hear_no_more_is_left_in_peace(notify, library):
    library.message()
    with notify.work() as work:
        work.callbacks.remove(library.id, CallbackType.DELIVERY_STATUS)
        work.commit()
    notify.put(a_callback(service_id=library.id, type=CallbackType.COMPLAINT))
    library.run()
    assert notify.callback_sender.requests == []
    assert library.rows() == []
    assert library.attempts == []


def test_what_is_not_kept_any_more_cannot_be_told(notify, library):
    with notify.work() as work:
        work.enqueue(SendDeliveryStatus(uuid4(), service_id=library.id))
        work.commit()
    library.run()
    (row,) = library.failed
    assert row.reason.startswith("PermanentError: what the service should be told of is not kept any more")


def test_what_moved_to_the_history_is_told_without_its_recipient(notify, library):
    library.answers(404)
    one = library.message(reference="ours", completed_at=notify.clock.now(), sent_at=notify.clock.now())
    library.run()
    first = json.loads(library.requests[0].body)
    with notify.work() as work:
        work.history.take_in(library.id, one.channel, notify.clock.now() + MINUTE, 10)
        work.commit()
    library.answers(200)
    notify.use(ReplayCallbacks)(library.id)
    library.run()
    assert json.loads(library.requests[1].body) == {**first, "to": None}
    assert library.rows() == []


def test_a_row_of_an_earlier_release_is_delivered_too(notify, library):
    one = a_notification(service_id=library.id)
    with notify.work() as work:
        work.notifications.add_many([one])
        work.enqueue(SendDeliveryStatus(one.id))
        work.commit()
    library.run()
    assert len(library.requests) == 1


def test_after_a_death_before_our_record_the_same_delivery_comes_once_more(notify, library):
    library.message()
    notify.work.fail_next_commit(TransientError("the process is killed here"))
    library.run()
    (row,) = library.rows()
    assert row.attempt == 1
    library.run(5 * MINUTE)
    first, second = library.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert len(library.attempts) == 1
    assert library.rows() == []


def test_a_second_worker_with_the_same_delivery_calls_nobody(notify, library):
    library.message()
    notify.relay()
    (message,) = [notify.queue.take()]
    notify.queue.publish([message, message])
    library.run()
    assert len(library.requests) == 1
