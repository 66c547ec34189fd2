"""Messages of the Amazon Simple Notification Service: read, and believed only where they are Amazon's."""

from notify_adapters.sns.envelope import NOTIFICATION, is_certificate, is_of_amazon, signed_text
from notify_adapters.sns.inbox import OPTIONS, SnsInbox, amazon_inbox

__all__ = ["NOTIFICATION", "OPTIONS", "SnsInbox", "amazon_inbox", "is_certificate", "is_of_amazon", "signed_text"]
