"""Who a message goes to: value objects that exist only when they are right."""

from notify_core.recipients.model.countries import Zone
from notify_core.recipients.model.email_address import EmailAddress
from notify_core.recipients.model.phone_number import PhoneNumber
from notify_core.recipients.model.postal_address import PostalAddress

__all__ = ["EmailAddress", "PhoneNumber", "PostalAddress", "Zone"]
