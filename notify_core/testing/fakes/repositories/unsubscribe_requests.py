"""Who wants no more emails, in memory."""

from collections.abc import MutableMapping, Sequence
from datetime import datetime

from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.notifications.model import UnsubscribeRequest
from notify_core.testing.fakes.database import MemoryDatabase


class MemoryUnsubscribeRequests:
    def __init__(self, database: MemoryDatabase) -> None:
        self._rows: MutableMapping[NotificationId, UnsubscribeRequest] = database.table("unsubscribe_requests")

    def add(self, request: UnsubscribeRequest) -> None:
        if request.notification_id not in self._rows:
            self._rows[request.notification_id] = request

    def page(
        self, service_id: ServiceId, older_than: NotificationId | None = None, limit: int = 250
    ) -> Sequence[UnsubscribeRequest]:
        own = sorted((one for one in self._rows.values() if one.service_id == service_id), key=_age, reverse=True)
        if older_than is not None:
            start = [one for one in own if one.notification_id == older_than]
            own = [one for one in own if start and _age(one) < _age(start[0])]
        return own[:limit]


def _age(request: UnsubscribeRequest) -> tuple[datetime, NotificationId]:
    return request.requested_at, request.notification_id
