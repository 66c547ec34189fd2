"""What texts and emails are asked to do."""

from notify_core.notifications.use_cases.accept import Accepted, AcceptEmail, AcceptSms, EmailRequest, SmsRequest
from notify_core.notifications.use_cases.balancing import (
    ShareOutSms,
    ShowSmsSuppliers,
    SwitchOnSlowness,
    TendSuppliersBackToRest,
)
from notify_core.notifications.use_cases.cancel import CancelNotification
from notify_core.notifications.use_cases.complaints import ProcessComplaintFromSupplier
from notify_core.notifications.use_cases.deliver import (
    DeliverEmailNotification,
    DeliverSmsNotification,
    GiveUpOnNotification,
)
from notify_core.notifications.use_cases.read import NotificationView
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
    "GiveUpOnNotification",
    "NotificationView",
    "ProcessComplaintFromSupplier",
    "ProcessEmailReceiptFromSupplier",
    "ProcessSmsReceiptFromSupplier",
    "ReplayCreatedNotifications",
    "ShareOutSms",
    "ShowSmsSuppliers",
    "SmsRequest",
    "SwitchOnSlowness",
    "TendSuppliersBackToRest",
    "TimeOutSendingNotifications",
]
