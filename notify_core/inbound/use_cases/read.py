"""Showing received texts to their service."""

from collections.abc import Sequence
from dataclasses import dataclass

from notify_core.inbound.model import InboundText
from notify_core.inbound.ports import InboundWork
from notify_core.kernel.ids import InboundTextId, ServiceId
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True)
class ListInboundTexts:
    """A page, newest first."""

    work: UnitOfWorkFactory[InboundWork]

    def __call__(self, service_id: ServiceId, older_than: InboundTextId | None = None) -> Sequence[InboundText]:
        with self.work(read_only=True) as work:
            return work.inbound_texts.page(service_id, older_than)
