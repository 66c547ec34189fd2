"""Received texts, in memory."""

from collections.abc import MutableMapping, Sequence
from datetime import datetime

from notify_core.inbound.model import InboundText
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import InboundTextId, ServiceId
from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.repositories.inserting import insert


class MemoryInboundTexts:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._rows: MutableMapping[InboundTextId, InboundText] = database.table("inbound_texts")

    def add(self, text: InboundText) -> None:
        taken = self.is_known(text.supplier, text.supplier_reference)
        insert(self._database, self._rows, text.id, text, what=f"received text {text.id}", taken=taken)

    def get(self, text_id: InboundTextId) -> InboundText:
        if text_id not in self._rows:
            raise NotFound(f"no received text {text_id}")
        return self._rows[text_id]

    def is_known(self, supplier: str, reference: str) -> bool:
        return any((one.supplier, one.supplier_reference) == (supplier, reference) for one in self._rows.values())

    def page(
        self, service_id: ServiceId, older_than: InboundTextId | None = None, limit: int = 250
    ) -> Sequence[InboundText]:
        own = sorted((one for one in self._rows.values() if one.service_id == service_id), key=_age, reverse=True)
        if older_than is not None:
            start = [one for one in own if one.id == older_than]
            own = [one for one in own if start and _age(one) < _age(start[0])]
        return own[:limit]

    def delete_before(self, service_id: ServiceId, moment: datetime, limit: int) -> int:
        old = [one for one in self._rows.values() if one.service_id == service_id and one.created_at < moment]
        for text in old[:limit]:
            del self._rows[text.id]
        return len(old[:limit])


def _age(text: InboundText) -> tuple[datetime, InboundTextId]:
    return text.created_at, text.id
