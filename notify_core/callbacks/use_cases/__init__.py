"""What is done about callbacks: by tasks, and by operators."""

from notify_core.callbacks.use_cases.forgetting import ForgetOldAttempts
from notify_core.callbacks.use_cases.replaying import ReplayCallbacks, Replayed
from notify_core.callbacks.use_cases.showing import CallbackView, FailedDelivery, ServiceCallbacks, ShowCallbacks
from notify_core.callbacks.use_cases.telling import (
    SendComplaintToService,
    SendDeliveryStatusToService,
    SendInboundSmsToService,
    SendReturnedLetterToService,
)

__all__ = [
    "CallbackView",
    "FailedDelivery",
    "ForgetOldAttempts",
    "ReplayCallbacks",
    "Replayed",
    "SendComplaintToService",
    "SendDeliveryStatusToService",
    "SendInboundSmsToService",
    "SendReturnedLetterToService",
    "ServiceCallbacks",
    "ShowCallbacks",
]
