"""Received texts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.inbound.model import InboundText
from notify_core.inbound.ports import InboundWork
from notify_core.kernel.errors import AlreadyExists, NotFound
from notify_core.kernel.ids import InboundTextId, ServiceId
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.testing.builders import NOON, an_id, an_inbound_text

Storage = UnitOfWorkFactory[InboundWork]


class InboundTextsContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def add(self, storage: Storage, *texts: InboundText) -> None:
        with storage() as work:
            for text in texts:
                work.inbound_texts.add(text)
            work.commit()

    def page(
        self, storage: Storage, service_id: ServiceId, older_than: InboundTextId | None = None, limit: int = 250
    ) -> list[InboundText]:
        with storage(read_only=True) as work:
            return list(work.inbound_texts.page(service_id, older_than, limit))

    def test_a_text_comes_back_as_it_was_added(self, storage: Storage) -> None:
        text = an_inbound_text(content="Mae'r dŵr yn y gegin 🌊", sent_at=NOON - timedelta(seconds=3))
        self.add(storage, text)
        with storage(read_only=True) as work:
            assert work.inbound_texts.get(text.id) == text
            with pytest.raises(NotFound):
                work.inbound_texts.get(InboundTextId(an_id()))

    def test_a_suppliers_reference_is_taken_once(self, storage: Storage) -> None:
        text = an_inbound_text()
        self.add(storage, text)
        with storage() as work:
            assert work.inbound_texts.is_known(text.supplier, text.supplier_reference)
            assert not work.inbound_texts.is_known("firetext", text.supplier_reference)
            work.inbound_texts.add(replace(text, id=InboundTextId(an_id())))
            with pytest.raises(AlreadyExists):
                work.commit()
        self.add(storage, replace(text, id=InboundTextId(an_id()), supplier="firetext"))

    def test_pages_are_newest_first_and_a_services_own(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        texts = [
            an_inbound_text(service_id=service, created_at=NOON + timedelta(seconds=second)) for second in (0, 1, 1, 2)
        ]
        newest_first = sorted(texts, key=lambda one: (one.created_at, one.id), reverse=True)
        other = an_inbound_text()
        self.add(storage, *texts, other)
        assert self.page(storage, service) == newest_first
        assert self.page(storage, service, limit=2) == newest_first[:2]
        assert self.page(storage, service, newest_first[1].id) == newest_first[2:]
        assert self.page(storage, service, other.id) == []
        assert self.page(storage, service, InboundTextId(an_id())) == []

    def test_old_ones_of_a_service_are_deleted_in_batches(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        texts = [
            an_inbound_text(service_id=service, created_at=NOON + timedelta(seconds=second)) for second in range(4)
        ]
        other = an_inbound_text()
        self.add(storage, *texts, other)
        with storage() as work:
            moment = NOON + timedelta(seconds=3)
            assert work.inbound_texts.delete_before(service, moment, 2) == 2
            assert work.inbound_texts.delete_before(service, moment, 2) == 1
            assert work.inbound_texts.delete_before(service, moment, 2) == 0
            work.commit()
        assert self.page(storage, service) == texts[3:]
        assert self.page(storage, other.service_id) == [other]
