from datetime import UTC, date, datetime, timedelta

import pytest

from notify_core.housekeeping.model import ProcessingTime
from notify_core.housekeeping.tasks import CheckFailureRates, SaveProcessingTime
from notify_core.notifications.states import Status
from notify_core.ports.task_ledger import EntryState
from notify_core.testing.builders import a_notification, a_service
from notify_core.testing.platform import InMemoryPlatform

SECOND = timedelta(seconds=1)
TV = "+447700900500"


@pytest.fixture
def notify():
    return InMemoryPlatform()


def run(notify, task):
    with notify.work() as work:
        work.enqueue(task)
        work.commit()
    notify.run_until_idle()


def give(notify, service, number, **changes):
    made = [
        a_notification(**{"service_id": service.id, "created_at": notify.clock.now()} | changes) for _ in range(number)
    ]
    with notify.work() as work:
        work.notifications.add_many(made)
        work.commit()
    return made


def kept(notify):
    with notify.work(read_only=True) as work:
        return list(work.statistics.processing_times(date(2000, 1, 1)))


def tickets(notify):
    with notify.work(read_only=True) as work:
        return list(work.tickets.newest())


class TestProcessingTime:
    def test_yesterdays_is_saved(self, notify):
        yesterday = notify.clock.now() - timedelta(days=1)
        service = a_service()
        notify.put(service)
        give(notify, service, 2, created_at=yesterday, sent_at=yesterday + 2 * SECOND)
        give(notify, service, 1, created_at=yesterday, sent_at=yesterday + 20 * SECOND)
        give(notify, service, 1)
        for _ in range(2):
            run(notify, SaveProcessingTime())
        assert kept(notify) == [ProcessingTime(yesterday.date(), 3, 2)]

    def test_a_day_may_be_named(self, notify):
        service = a_service()
        notify.put(service)
        moment = datetime(2026, 7, 1, 22, 59, 59, tzinfo=UTC)
        give(notify, service, 1, created_at=moment, sent_at=moment + SECOND)
        give(notify, service, 1, created_at=moment + SECOND)
        run(notify, SaveProcessingTime("2026-07-01"))
        assert kept(notify) == [ProcessingTime(date(2026, 7, 1), 1, 1)]

    def test_a_day_without_messages_is_one_too(self, notify):
        run(notify, SaveProcessingTime("2026-07-01"))
        assert kept(notify) == [ProcessingTime(date(2026, 7, 1), 0, 0)]

    def test_what_is_no_day_is_refused_and_kept_as_failed_with_the_reason(self, notify):
        run(notify, SaveProcessingTime("yesterday"))
        (row,) = notify.ledger.entries()
        assert row.state is EntryState.FAILED
        assert row.reason is not None
        assert kept(notify) == []


class TestServicesTexts:
    @pytest.mark.parametrize(
        ("failed", "of", "found"), [(25, 100, True), (24, 100, False), (99, 99, False), (26, 104, True)]
    )
    def test_a_quarter_of_at_least_a_hundred_texts_that_failed_for_good_is_told(self, notify, failed, of, found):
        service = a_service(name="Leaky")
        notify.put(service)
        give(notify, service, failed, status=Status.PERMANENT_FAILURE)
        give(notify, service, of - failed, status=Status.DELIVERED)
        run(notify, CheckFailureRates())
        assert [f"Leaky ({service.id}): {failed} of {of}" in ticket.body for ticket in tickets(notify)] == [
            True
        ] * found

    @pytest.mark.parametrize(("number", "found"), [(500, False), (501, True)])
    def test_more_than_500_texts_to_tv_numbers_are_told(self, notify, number, found):
        service = a_service(name="Actors")
        notify.put(service)
        give(notify, service, number, recipient=TV)
        run(notify, CheckFailureRates())
        assert [f"Actors ({service.id}): {number}" in ticket.body for ticket in tickets(notify)] == [True] * found

    def test_one_ticket_names_them_all(self, notify):
        failing, acting = a_service(name="Leaky"), a_service(name="Actors")
        notify.put(failing, acting)
        give(notify, failing, 100, status=Status.PERMANENT_FAILURE)
        give(notify, acting, 501, recipient=TV)
        run(notify, CheckFailureRates())
        (ticket,) = tickets(notify)
        assert "Leaky" in ticket.body
        assert "Actors" in ticket.body

    @pytest.mark.parametrize("change", [{"restricted": True}, {"active": False}, {"count_as_live": False}])
    def test_only_live_services_are_watched(self, notify, change):
        service = a_service(**change)
        notify.put(service)
        give(notify, service, 100, status=Status.PERMANENT_FAILURE)
        run(notify, CheckFailureRates())
        assert tickets(notify) == []

    def test_yesterdays_failures_count_for_24_hours(self, notify):
        service = a_service()
        notify.put(service)
        give(notify, service, 100, status=Status.PERMANENT_FAILURE)
        notify.advance(timedelta(hours=24, seconds=1))
        run(notify, CheckFailureRates())
        assert tickets(notify) == []
