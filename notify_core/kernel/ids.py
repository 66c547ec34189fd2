"""Typed identities: a ``ServiceId`` is never passed where a ``TemplateId`` is meant."""

from typing import NewType
from uuid import UUID

ServiceId = NewType("ServiceId", UUID)
UserId = NewType("UserId", UUID)
ApiKeyId = NewType("ApiKeyId", UUID)
SmsSenderId = NewType("SmsSenderId", UUID)
ReplyToId = NewType("ReplyToId", UUID)
CallbackId = NewType("CallbackId", UUID)
TemplateId = NewType("TemplateId", UUID)
NotificationId = NewType("NotificationId", UUID)
DocumentId = NewType("DocumentId", UUID)
JobId = NewType("JobId", UUID)
BroadcastMessageId = NewType("BroadcastMessageId", UUID)
BroadcastEventId = NewType("BroadcastEventId", UUID)
ProviderMessageId = NewType("ProviderMessageId", UUID)
RevisionId = NewType("RevisionId", UUID)
LinkTestId = NewType("LinkTestId", UUID)
TicketId = NewType("TicketId", UUID)
InboundTextId = NewType("InboundTextId", UUID)
ComplaintId = NewType("ComplaintId", UUID)
LedgerEntryId = NewType("LedgerEntryId", UUID)
