"""Who a message goes to: value objects that exist only when they are right."""

from notify_core.recipients.model.email_address import EmailAddress
from notify_core.recipients.model.phone_number import PhoneNumber

__all__ = ["EmailAddress", "PhoneNumber"]
