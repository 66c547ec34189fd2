"""What is kept, in one unit of work."""

from collections.abc import Sequence
from typing import Protocol

from notify_core.alarms.ports import AlarmsWork
from notify_core.documents.ports import DocumentsWork
from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.notifications.model import UnsubscribeRequest
from notify_core.notifications.ports.messages import Notifications
from notify_core.notifications.ports.receipts import Complaints, EarlyReceipts
from notify_core.notifications.ports.suppliers import Balances, SmsRates
from notify_core.templates.ports import TemplatesWork


class UnsubscribeRequests(Protocol):
    def add(self, request: UnsubscribeRequest) -> None:
        """Nothing happens when one of this notification is there."""
        ...

    def page(
        self, service_id: ServiceId, older_than: NotificationId | None = None, limit: int = 250
    ) -> Sequence[UnsubscribeRequest]:
        """Newest first, from behind the one of ``older_than``; empty when there is none of it."""
        ...


class NotificationsWork(DocumentsWork, TemplatesWork, Protocol):
    @property
    def notifications(self) -> Notifications: ...
    @property
    def early_receipts(self) -> EarlyReceipts: ...
    @property
    def complaints(self) -> Complaints: ...
    @property
    def balances(self) -> Balances: ...
    @property
    def sms_rates(self) -> SmsRates: ...
    @property
    def unsubscribe_requests(self) -> UnsubscribeRequests: ...


class ReceiptsWork(NotificationsWork, AlarmsWork, Protocol):
    """What a receipt may change: its message, and whom it alarms."""
