"""What is done with texts that people send."""

from notify_core.inbound.use_cases.delete import DeleteOldInboundTexts
from notify_core.inbound.use_cases.read import ListInboundTexts
from notify_core.inbound.use_cases.receive import ReceiveText

__all__ = ["DeleteOldInboundTexts", "ListInboundTexts", "ReceiveText"]
