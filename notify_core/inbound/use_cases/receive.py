"""Taking a text from a supplier."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from notify_core.accounts.model import Permission, Service
from notify_core.inbound.events import InboundTextReceived
from notify_core.inbound.model import InboundText, ReceivedText
from notify_core.inbound.policies import keepable, national, sender_of, spellings
from notify_core.inbound.ports import Acknowledgement, InboundRequest, InboundTranslator, InboundWork
from notify_core.kernel.errors import AlreadyExists, NotFound
from notify_core.kernel.ids import InboundTextId
from notify_core.ports.clock import Clock
from notify_core.ports.metrics import Metrics
from notify_core.ports.random_source import RandomSource
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReceiveText:
    """What an endpoint of received texts calls; returns what the supplier is to be answered. A repeated text is kept
    once. One for a number that no service has is counted and acknowledged: repeating it would help nobody.

    :raises NotFound: there is no such supplier.
    :raises InboundUnauthenticated: the request does not say from whom it is.
    :raises InboundForbidden: it is not from the supplier.
    :raises InboundUnreadable: it is not understood.
    """

    work: UnitOfWorkFactory[InboundWork]
    clock: Clock
    random: RandomSource
    metrics: Metrics
    inbound_translators: Mapping[str, InboundTranslator]

    def __call__(self, supplier: str, request: InboundRequest) -> Acknowledgement:
        if supplier not in self.inbound_translators:
            raise NotFound(f"no SMS supplier {supplier} brings texts")
        translator = self.inbound_translators[supplier]
        received = keepable(translator.translate(request))
        try:
            outcome = self._keep(received)
        except AlreadyExists:
            # Brought twice at the same moment.
            outcome = "repeated"
        self.metrics.count(f"inbound.{supplier}.{outcome}")
        return translator.acknowledgement

    def _keep(self, received: ReceivedText) -> str:
        with self.work() as work:
            service = _receiver(work, received.destination)
            if service is None:
                # The number is not logged: it may be a person's.
                _log.warning("%s brought a text for a number that no service has", received.supplier)
                return "unknown-number"
            if work.inbound_texts.is_known(received.supplier, received.reference):
                return "repeated"
            text = InboundText(
                id=InboundTextId(self.random.uuid()),
                service_id=service.id,
                notify_number=national(received.destination),
                user_number=sender_of(received.source),
                content=received.content,
                supplier=received.supplier,
                supplier_reference=received.reference,
                created_at=self.clock.now(),
                sent_at=received.sent_at,
            )
            work.inbound_texts.add(text)
            work.record(InboundTextReceived(text.id, service.id))
            work.commit()
        return "received"


def _receiver(work: InboundWork, number: str) -> Service | None:
    for sender in work.senders.receiving(spellings(number)):
        service = work.services.get(sender.service_id)
        if service.active and Permission.INBOUND_SMS in service.permissions:
            return service
    return None
