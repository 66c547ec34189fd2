"""Bringing an email to a supplier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from notify_core.notifications.policies import SendingRules
from notify_core.notifications.policies.rendering import email, values_of
from notify_core.notifications.policies.unsubscribing import unsubscribe_link
from notify_core.notifications.ports import EmailSupplier, NotificationsWork, OutgoingEmail, SupplierRefused
from notify_core.notifications.tasks import DeliverEmail
from notify_core.notifications.use_cases.deliver.delivery import (
    SIMULATOR,
    Delivery,
    HandedOver,
    Known,
    Outgoing,
    read_ahead,
)
from notify_core.ports.clock import Clock
from notify_core.ports.metrics import Metrics
from notify_core.ports.random_source import RandomSource
from notify_core.ports.secrets import Secrets
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True)
class DeliverEmailNotification:
    """The task ``deliver_email``. Any supplier may get it; a message of a test key goes to none.

    :raises TransientError: not taken now.
    :raises NotFound: the notification has been deleted.
    """

    work: UnitOfWorkFactory[NotificationsWork]
    recent: UnitOfWorkFactory[NotificationsWork]
    clock: Clock
    random: RandomSource
    metrics: Metrics
    email_suppliers: Mapping[str, EmailSupplier]
    sending_rules: SendingRules
    secrets: Secrets
    known: Known = field(default_factory=dict)

    def ahead(self, tasks: Sequence[DeliverEmail]) -> Self:
        """The same for these tasks, whose messages it has read together.

        :raises TransientError: the database is not there.
        """
        return replace(self, known=read_ahead(self.recent, [task.notification_id for task in tasks]))

    def __call__(self, task: DeliverEmail, claim: Claim) -> None:
        delivery = Delivery(self.work, self.recent, self.clock, self.metrics, self.known)
        outgoing = delivery.outgoing(task.notification_id, claim)
        if outgoing is None:
            return
        if outgoing.is_test:
            delivery.handed_over(outgoing, HandedOver(SIMULATOR, outgoing.reference), claim)
            return
        suppliers = list(self.email_suppliers.values())
        supplier = self.random.choose(suppliers, [1] * len(suppliers))
        message = self._message(outgoing)
        try:
            with delivery.asking(supplier.name):
                reference = supplier.send(message)
        except SupplierRefused:
            delivery.refused(outgoing, supplier.name, claim)
        else:
            taken = HandedOver(supplier.name, reference, receipts=supplier.sends_receipts)
            delivery.handed_over(outgoing, taken, claim)

    def _message(self, outgoing: Outgoing) -> OutgoingEmail:
        notification = outgoing.notification
        unsubscribe_url = self._unsubscribe_url(outgoing)
        message = email(outgoing.template, values_of(notification), unsubscribe_url)
        return OutgoingEmail(
            reference=outgoing.reference,
            recipient=notification.recipient,
            subject=message.subject,
            plain=message.plain,
            html=message.html,
            from_address=self.sending_rules.from_header_of(outgoing.service),
            reply_to=notification.reply_to,
            headers=_unsubscribe_headers(unsubscribe_url),
        )

    def _unsubscribe_url(self, outgoing: Outgoing) -> str | None:
        """The sender's own, or ours where the template wants one."""
        if outgoing.notification.one_click_unsubscribe_url or not outgoing.template.has_unsubscribe_link:
            return outgoing.notification.one_click_unsubscribe_url
        return unsubscribe_link(self.sending_rules.api_base_url, outgoing.notification.id, self.secrets)


def _unsubscribe_headers(url: str | None) -> Mapping[str, str]:
    """RFC 8058: what lets a mail program offer a button."""
    if url is None:
        return {}
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
