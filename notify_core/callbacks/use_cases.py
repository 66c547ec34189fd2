"""Telling services what became of their messages."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from notify_core.accounts.model import Callback, CallbackType
from notify_core.callbacks.ports import CallbackRequest, CallbackSender, CallbacksWork
from notify_core.callbacks.tasks import SendDeliveryStatus, SendInboundSms
from notify_core.inbound.model import InboundText
from notify_core.kernel.calendar import format_datetime
from notify_core.notifications.model import Notification
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - what every secret begins with is no secret


@dataclass(frozen=True)
class SendDeliveryStatusToService:
    """The task ``send-delivery-status``. Address and token are read now: a service that corrected
    them gets what was waiting. A service that wants to hear no more is left in peace.

    :raises NotFound: the notification has been deleted.
    :raises TransientError: it did not answer, or asks us to come later.
    :raises PermanentError: it refuses.
    """

    work: UnitOfWorkFactory[CallbacksWork]
    clock: Clock
    callback_sender: CallbackSender

    def __call__(self, task: SendDeliveryStatus, claim: Claim) -> None:
        with self.work(read_only=True) as work:
            notification = work.notifications.get(task.notification_id)
            callback = work.callbacks.find(notification.service_id, CallbackType.DELIVERY_STATUS)
        if callback is not None:
            body = json.dumps(delivery_status(notification)).encode()
            # One row of the ledger is one delivery, however often it is tried.
            headers = signed_headers(callback, str(claim.entry.id), self.clock.now(), body)
            self.callback_sender.post(CallbackRequest(callback.url, body, headers))
        with self.work() as work:
            work.finish(claim)
            work.commit()


@dataclass(frozen=True)
class SendInboundSmsToService:
    """The task ``send-inbound-sms``: a text that somebody sent to the service's number.

    :raises NotFound: the text has been deleted.
    :raises TransientError: the service did not answer, or asks us to come later.
    :raises PermanentError: it refuses.
    """

    work: UnitOfWorkFactory[CallbacksWork]
    clock: Clock
    callback_sender: CallbackSender

    def __call__(self, task: SendInboundSms, claim: Claim) -> None:
        with self.work(read_only=True) as work:
            text = work.inbound_texts.get(task.inbound_text_id)
            callback = work.callbacks.find(text.service_id, CallbackType.INBOUND_SMS)
        if callback is not None:
            body = json.dumps(inbound_sms(text)).encode()
            headers = signed_headers(callback, str(claim.entry.id), self.clock.now(), body)
            self.callback_sender.post(CallbackRequest(callback.url, body, headers))
        with self.work() as work:
            work.finish(claim)
            work.commit()


def inbound_sms(text: InboundText) -> Mapping[str, str | None]:
    """What a service is told of a text, in the published order."""
    return {
        "id": str(text.id),
        "source_number": text.user_number,
        "destination_number": text.notify_number,
        "message": text.content,
        "date_received": format_datetime(text.sent_at or text.created_at),
    }


def delivery_status(notification: Notification) -> Mapping[str, str | int | None]:
    """What a service is told, in the published order; ``to`` as it gave the recipient."""
    return {
        "id": str(notification.id),
        "reference": notification.reference,
        "to": notification.to,
        "status": notification.status.value,
        "created_at": format_datetime(notification.created_at),
        "completed_at": format_datetime(notification.completed_at),
        "sent_at": format_datetime(notification.sent_at),
        "notification_type": notification.channel.value,
        "template_id": str(notification.template_id),
        "template_version": notification.template_version,
    }


def signed_headers(callback: Callback, webhook_id: str, now: datetime, body: bytes) -> Mapping[str, str]:
    """The headers of one attempt: the service's token, and a signature by the Standard Webhooks
    specification (https://www.standardwebhooks.com), version 1."""
    timestamp = str(int(now.timestamp()))
    signed = b".".join((webhook_id.encode(), timestamp.encode(), body))
    signature = hmac.digest(_key(callback.secret), signed, hashlib.sha256)
    return {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {callback.bearer_token}",
        "webhook-id": webhook_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        # A secret that somebody made up is used as it stands.
        return secret.encode()
