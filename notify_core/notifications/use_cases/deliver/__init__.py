"""Bringing accepted messages to suppliers."""

from notify_core.notifications.use_cases.deliver.email import DeliverEmailNotification
from notify_core.notifications.use_cases.deliver.give_up import GiveUpOnNotification
from notify_core.notifications.use_cases.deliver.sms import DeliverSmsNotification

__all__ = ["DeliverEmailNotification", "DeliverSmsNotification", "GiveUpOnNotification"]
