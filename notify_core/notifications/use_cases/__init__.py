"""What texts and emails are asked to do."""

from notify_core.notifications.use_cases.accept import Accepted, AcceptEmail, AcceptSms, EmailRequest, SmsRequest
from notify_core.notifications.use_cases.cancel import CancelNotification
from notify_core.notifications.use_cases.deliver import (
    DeliverEmailNotification,
    DeliverSmsNotification,
    GiveUpOnNotification,
)
from notify_core.notifications.use_cases.read import (
    GetNotification,
    ListNotifications,
    ListRequest,
    NotificationPage,
    NotificationView,
)
from notify_core.notifications.use_cases.receipts import (
    AcceptReceipts,
    ProcessEmailReceiptFromSupplier,
    ProcessSmsReceiptFromSupplier,
)
from notify_core.notifications.use_cases.sweep import ReplayCreatedNotifications, TimeOutSendingNotifications

__all__ = [
    "AcceptEmail",
    "AcceptReceipts",
    "AcceptSms",
    "Accepted",
    "CancelNotification",
    "DeliverEmailNotification",
    "DeliverSmsNotification",
    "EmailRequest",
    "GetNotification",
    "GiveUpOnNotification",
    "ListNotifications",
    "ListRequest",
    "NotificationPage",
    "NotificationView",
    "ProcessEmailReceiptFromSupplier",
    "ProcessSmsReceiptFromSupplier",
    "ReplayCreatedNotifications",
    "SmsRequest",
    "TimeOutSendingNotifications",
]
