"""Who wants no more emails."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.notifications.model import UnsubscribeRequest
from notify_core.notifications.ports import NotificationsWork
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.testing.builders import NOON, an_id, an_unsubscribe_request

Storage = UnitOfWorkFactory[NotificationsWork]


class UnsubscribeRequestsContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def add(self, storage: Storage, *requests: UnsubscribeRequest) -> None:
        with storage() as work:
            for request in requests:
                work.unsubscribe_requests.add(request)
            work.commit()

    def page(
        self, storage: Storage, service_id: ServiceId, older_than: NotificationId | None = None, limit: int = 250
    ) -> list[UnsubscribeRequest]:
        with storage(read_only=True) as work:
            return list(work.unsubscribe_requests.page(service_id, older_than, limit))

    def test_the_first_of_a_notification_stays(self, storage: Storage) -> None:
        request = an_unsubscribe_request(recipient="gwen.ŵyn@example.gov.uk")
        again = replace(request, requested_at=NOON + timedelta(hours=1))
        self.add(storage, request)
        self.add(storage, again)
        assert self.page(storage, request.service_id) == [request]

    def test_pages_are_newest_first_and_a_services_own(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        requests = [
            an_unsubscribe_request(service_id=service, requested_at=NOON + timedelta(seconds=second))
            for second in (0, 1, 1, 2)
        ]
        newest_first = sorted(requests, key=lambda one: (one.requested_at, one.notification_id), reverse=True)
        other = an_unsubscribe_request()
        self.add(storage, *requests, other)
        assert self.page(storage, service) == newest_first
        assert self.page(storage, service, limit=2) == newest_first[:2]
        assert self.page(storage, service, newest_first[1].notification_id) == newest_first[2:]
        assert self.page(storage, service, other.notification_id) == []
        assert self.page(storage, service, NotificationId(an_id())) == []
