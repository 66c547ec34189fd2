"""SMS senders and reply-to addresses, in memory."""

from collections.abc import Collection, MutableMapping, Sequence
from dataclasses import replace

from notify_core.accounts.model import ReplyTo, SmsSender
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import ReplyToId, ServiceId, SmsSenderId
from notify_core.testing.fakes.database import MemoryDatabase


class MemorySenders:
    def __init__(self, database: MemoryDatabase) -> None:
        self._senders: MutableMapping[SmsSenderId, SmsSender] = database.table("sms_senders")
        self._reply_tos: MutableMapping[ReplyToId, ReplyTo] = database.table("reply_tos")

    def put_sms_sender(self, sender: SmsSender) -> None:
        if sender.is_default:
            for other in list(self._senders.values()):
                if other.service_id == sender.service_id and other.is_default:
                    self._senders[other.id] = replace(other, is_default=False)
        self._senders[sender.id] = sender

    def sms_sender(self, service_id: ServiceId, sender_id: SmsSenderId) -> SmsSender:
        sender = self._senders.get(sender_id)
        if sender is None or sender.service_id != service_id:
            raise NotFound(f"service {service_id} has no SMS sender {sender_id}")
        return sender

    def default_sms_sender(self, service_id: ServiceId) -> SmsSender | None:
        own = (sender for sender in self._senders.values() if sender.service_id == service_id)
        return next((sender for sender in own if sender.is_default), None)

    def sms_senders(self, service_id: ServiceId) -> Sequence[SmsSender]:
        own = (sender for sender in self._senders.values() if sender.service_id == service_id)
        return sorted(own, key=lambda sender: (not sender.is_default, sender.sms_sender.casefold(), sender.id))

    def remove_sms_sender(self, service_id: ServiceId, sender_id: SmsSenderId) -> None:
        if any(sender.id == sender_id for sender in self.sms_senders(service_id)):
            del self._senders[sender_id]

    def receiving(self, numbers: Collection[str]) -> Sequence[SmsSender]:
        found = (sender for sender in self._senders.values() if sender.inbound and sender.sms_sender in numbers)
        return sorted(found, key=lambda sender: sender.id)

    def put_reply_to(self, reply_to: ReplyTo) -> None:
        if reply_to.is_default:
            for other in list(self._reply_tos.values()):
                if other.service_id == reply_to.service_id and other.is_default:
                    self._reply_tos[other.id] = replace(other, is_default=False)
        self._reply_tos[reply_to.id] = reply_to

    def reply_to(self, service_id: ServiceId, reply_to_id: ReplyToId) -> ReplyTo:
        reply_to = self._reply_tos.get(reply_to_id)
        if reply_to is None or reply_to.service_id != service_id:
            raise NotFound(f"service {service_id} has no reply-to address {reply_to_id}")
        return reply_to

    def default_reply_to(self, service_id: ServiceId) -> ReplyTo | None:
        own = (reply_to for reply_to in self._reply_tos.values() if reply_to.service_id == service_id)
        return next((reply_to for reply_to in own if reply_to.is_default), None)

    def reply_tos(self, service_id: ServiceId) -> Sequence[ReplyTo]:
        own = (reply_to for reply_to in self._reply_tos.values() if reply_to.service_id == service_id)
        return sorted(own, key=lambda one: (not one.is_default, one.email_address.casefold(), one.id))

    def remove_reply_to(self, service_id: ServiceId, reply_to_id: ReplyToId) -> None:
        if any(reply_to.id == reply_to_id for reply_to in self.reply_tos(service_id)):
            del self._reply_tos[reply_to_id]
