"""What sending text messages and emails needs from outside."""

from notify_core.notifications.ports.messages import (
    NotificationFilter,
    Notifications,
)
from notify_core.notifications.ports.receipts import (
    Complaints,
    EarlyReceipts,
    ReceiptForged,
    ReceiptRequest,
    ReceiptTranslator,
    ReceiptUnreadable,
)
from notify_core.notifications.ports.storage import (
    NotificationsWork,
    ReceiptsWork,
    UnsubscribeRequests,
)
from notify_core.notifications.ports.suppliers import (
    Balances,
    EmailSupplier,
    OutgoingEmail,
    OutgoingSms,
    SmsRates,
    SmsSupplier,
    SupplierRefused,
)

__all__ = [
    "Balances",
    "Complaints",
    "EarlyReceipts",
    "EmailSupplier",
    "NotificationFilter",
    "Notifications",
    "NotificationsWork",
    "OutgoingEmail",
    "OutgoingSms",
    "ReceiptForged",
    "ReceiptRequest",
    "ReceiptTranslator",
    "ReceiptUnreadable",
    "ReceiptsWork",
    "SmsRates",
    "SmsSupplier",
    "SupplierRefused",
    "UnsubscribeRequests",
]
