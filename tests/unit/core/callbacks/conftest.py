"""A service with a server, on the platform in memory."""

from datetime import timedelta

import pytest

from notify_core.accounts.model import CallbackType
from notify_core.callbacks.tasks import SendDeliveryStatus, callback_key
from notify_core.notifications.states import Status
from notify_core.ports.task_ledger import EntryState
from notify_core.testing.builders import a_callback, a_notification, a_service

MINUTE = timedelta(minutes=1)


class ServiceUnderTest:
    """A service that wants to be told of ``kind``, and what its server got."""

    def __init__(self, notify, kind=CallbackType.DELIVERY_STATUS, url="https://library.example.gov.uk/callbacks"):
        self.notify = notify
        self.sender = notify.callback_sender
        self.service = a_service()
        self.id = self.service.id
        self.callback = a_callback(service_id=self.id, type=kind, url=url)
        notify.put(self.service, self.callback)

    def message(self, **changes):
        """A message that came to its end, and the task that says so."""
        one = a_notification(service_id=self.id, status=Status.DELIVERED, **changes)
        with self.notify.work() as work:
            work.notifications.add_many([one])
            work.enqueue(SendDeliveryStatus(one.id, service_id=self.id))
            work.commit()
        return one

    def answers(self, status, **more):
        self.sender.answer(self.callback.url, status, **more)

    def run(self, advance=timedelta()):
        return self.notify.run_until_idle(advance)

    @property
    def requests(self):
        return [request for request in self.sender.requests if request.url == self.callback.url]

    @property
    def attempts(self):
        """Oldest first."""
        with self.notify.work(read_only=True) as work:
            return work.callback_attempts.newest(self.id, 1000)[::-1]

    @property
    def circuit(self):
        with self.notify.work(read_only=True) as work:
            return work.circuits.find(self.id, self.callback.type)

    def rows(self, state=None):
        key = callback_key(self.id, self.callback.type)
        return self.notify.ledger.entries(limit_key=key, state=state, limit=10_000)

    @property
    def failed(self):
        return self.rows(EntryState.FAILED)


@pytest.fixture
def library(notify):
    return ServiceUnderTest(notify)


@pytest.fixture
def make_service(notify):
    return lambda **how: ServiceUnderTest(notify, **how)
