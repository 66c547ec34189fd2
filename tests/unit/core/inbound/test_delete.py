from datetime import timedelta

import pytest

from notify_core.inbound.tasks import DeleteInboundTexts
from notify_core.inbound.use_cases import DeleteOldInboundTexts, ListInboundTexts
from notify_core.testing.builders import a_retention, a_service, an_inbound_text, claim_row
from notify_core.testing.platform import InMemoryPlatform

DAY = timedelta(days=1)


@pytest.fixture
def notify():
    return InMemoryPlatform()


@pytest.fixture
def service_with(notify):
    def make(*ages, retention=None):
        """A service with texts of so many days."""
        service = a_service()
        notify.put(service)
        with notify.work() as work:
            for age in ages:
                work.inbound_texts.add(
                    an_inbound_text(service_id=service.id, created_at=notify.clock.now() - age * DAY)
                )
            if retention is not None:
                work.settings.put_retention(a_retention(service_id=service.id, type="email", days=90))
                work.settings.put_retention(a_retention(service_id=service.id, type="sms", days=retention))
            work.commit()
        return service

    return make


@pytest.fixture
def delete(notify):
    def act(batch=1000):
        executions = 0
        with notify.work() as work:
            work.enqueue(DeleteInboundTexts())
            work.commit()
        while entries := notify.ledger.entries():
            notify.relay()
            claim = claim_row(notify.ledger, entries[0].id, "worker", timedelta(seconds=60))
            DeleteOldInboundTexts(notify.work, notify.clock, batch)(DeleteInboundTexts(), claim)
            assert claim.finished
            executions += 1
        return executions

    return act


def kept(notify, service):
    now = notify.clock.now()
    return [round((now - text.created_at) / DAY, 2) for text in notify.use(ListInboundTexts)(service.id)]


def test_after_seven_days_counted_to_midnight_they_go(notify, service_with, delete):
    # It is noon: seven days and a half ago a day began.
    service = service_with(0, 7.49, 7.51, 30)
    assert delete() == 1
    assert kept(notify, service) == [0, 7.49]


def test_a_service_may_say_how_long(notify, service_with, delete):
    usual, longer, shorter = service_with(2, 20), service_with(2, 20, retention=30), service_with(2, 20, retention=1)
    delete()
    assert [kept(notify, service) for service in (usual, longer, shorter)] == [[2], [2, 20], []]


def test_in_batches(notify, service_with, delete):
    services = [service_with(0, 10, 11, 12), service_with(0, 10, 11)]
    assert delete(batch=2) == 3
    assert [kept(notify, service) for service in services] == [[0], [0]]
