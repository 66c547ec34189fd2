"""What services are told, how it is signed, and what a deployment decides about it."""

from notify_core.callbacks.policies.bodies import complaint, delivery_status, inbound_sms, returned_letter
from notify_core.callbacks.policies.rules import CallbackRules
from notify_core.callbacks.policies.signing import signed_headers

__all__ = ["CallbackRules", "complaint", "delivery_status", "inbound_sms", "returned_letter", "signed_headers"]
