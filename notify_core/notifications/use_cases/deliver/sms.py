"""Bringing a text message to a supplier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from notify_core.kernel.errors import TransientError
from notify_core.notifications.model import Channel
from notify_core.notifications.policies import SendingRules
from notify_core.notifications.policies.rendering import text_message, values_of
from notify_core.notifications.ports import NotificationsWork, OutgoingSms, SmsSupplier, SupplierRefused
from notify_core.notifications.tasks import DeliverSms
from notify_core.notifications.use_cases.balancing import Choice
from notify_core.notifications.use_cases.deliver.delivery import SIMULATOR, Delivery, HandedOver, Known, read_ahead
from notify_core.ports.clock import Clock
from notify_core.ports.metrics import Metrics
from notify_core.ports.random_source import RandomSource
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True)
class DeliverSmsNotification:
    """The task ``deliver_sms``. Any supplier may get it; a message of a test key goes to none.

    :raises TransientError: not taken now.
    :raises NotFound: the notification has been deleted.
    """

    work: UnitOfWorkFactory[NotificationsWork]
    recent: UnitOfWorkFactory[NotificationsWork]
    clock: Clock
    random: RandomSource
    metrics: Metrics
    sms_suppliers: Mapping[str, SmsSupplier]
    sending_rules: SendingRules
    known: Known = field(default_factory=dict)

    def ahead(self, tasks: Sequence[DeliverSms]) -> Self:
        """The same for these tasks, whose messages it has read together.

        :raises TransientError: the database is not there.
        """
        return replace(self, known=read_ahead(self.recent, [task.notification_id for task in tasks]))

    def __call__(self, task: DeliverSms, claim: Claim) -> None:
        delivery = Delivery(self.work, self.recent, self.clock, self.metrics, self.known)
        outgoing = delivery.outgoing(task.notification_id, claim)
        if outgoing is None:
            return
        notification = outgoing.notification
        message = text_message(outgoing.template, values_of(notification), outgoing.service)
        if outgoing.is_test:
            delivery.handed_over(outgoing, HandedOver(SIMULATOR, outgoing.reference, message.fragments), claim)
            return
        choice = Choice(self.work, self.recent, self.clock, self.random)
        supplier = choice.among(Channel.SMS, self.sms_suppliers)
        text = OutgoingSms(
            reference=outgoing.reference,
            recipient=notification.recipient,
            content=message.content,
            sender=notification.sender or self.sending_rules.default_sms_sender,
            international=notification.international,
        )
        try:
            with delivery.asking(supplier.name):
                reference = supplier.send(text)
        except TransientError:
            choice.failed(Channel.SMS, self.sms_suppliers, supplier.name)
            raise
        except SupplierRefused:
            delivery.refused(outgoing, supplier.name, claim)
        else:
            delivery.handed_over(outgoing, HandedOver(supplier.name, reference, message.fragments), claim)
