"""Bringing an email to a supplier."""

from collections.abc import Mapping
from dataclasses import dataclass

from notify_core.notifications.model import Notification
from notify_core.notifications.policies import SendingRules
from notify_core.notifications.policies.rendering import email, values_of
from notify_core.notifications.ports import EmailSupplier, NotificationsWork, OutgoingEmail, SupplierRefused
from notify_core.notifications.tasks import DeliverEmail
from notify_core.notifications.use_cases.deliver.delivery import SIMULATOR, Delivery, HandedOver, Outgoing
from notify_core.ports.clock import Clock
from notify_core.ports.metrics import Metrics
from notify_core.ports.random_source import RandomSource
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True)
class DeliverEmailNotification:
    """The task ``deliver_email``. Any supplier may get it; a message of a test key goes to none.

    :raises TransientError: not taken now.
    :raises NotFound: the notification has been deleted.
    """

    work: UnitOfWorkFactory[NotificationsWork]
    clock: Clock
    random: RandomSource
    metrics: Metrics
    email_suppliers: Mapping[str, EmailSupplier]
    sending_rules: SendingRules

    def __call__(self, task: DeliverEmail, claim: Claim) -> None:
        delivery = Delivery(self.work, self.clock, self.metrics)
        outgoing = delivery.outgoing(task.notification_id, claim)
        if outgoing is None:
            return
        if outgoing.is_test:
            delivery.handed_over(outgoing, HandedOver(SIMULATOR, outgoing.reference), claim)
            return
        suppliers = list(self.email_suppliers.values())
        supplier = self.random.choose(suppliers, [1] * len(suppliers))
        try:
            reference = supplier.send(self._message(outgoing))
        except SupplierRefused:
            delivery.refused(outgoing, supplier.name, claim)
        else:
            delivery.handed_over(outgoing, HandedOver(supplier.name, reference), claim)

    def _message(self, outgoing: Outgoing) -> OutgoingEmail:
        notification = outgoing.notification
        message = email(outgoing.template, values_of(notification), notification.one_click_unsubscribe_url)
        return OutgoingEmail(
            reference=outgoing.reference,
            recipient=notification.recipient,
            subject=message.subject,
            plain=message.plain,
            html=message.html,
            from_address=self.sending_rules.from_header_of(outgoing.service),
            reply_to=notification.reply_to,
            headers=_unsubscribe_headers(notification),
        )


def _unsubscribe_headers(notification: Notification) -> Mapping[str, str]:
    """RFC 8058: what lets a mail program offer a button."""
    url = notification.one_click_unsubscribe_url
    if url is None:
        return {}
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
