"""What is known of files that go by email."""

from datetime import timedelta
from typing import Any

import pytest

from notify_core.documents.model import Document, DocumentPlace
from notify_core.documents.ports import DocumentNotFound, DocumentsWork
from notify_core.kernel.errors import AlreadyExists, Conflict
from notify_core.kernel.ids import DocumentId, NotificationId, ServiceId
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.testing.builders import NOON, a_document, an_id

Storage = UnitOfWorkFactory[DocumentsWork]
MINUTE = timedelta(minutes=1)


class DocumentsContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def given(self, storage: Storage, **facts: Any) -> Document:
        document = a_document(**facts)
        with storage() as work:
            work.documents.add([document])
            work.commit()
        return document

    def stored(self, storage: Storage, document: Document) -> Document:
        with storage(read_only=True) as work:
            return work.documents.get(document.place)

    def test_it_comes_back_as_it_was_added(self, storage: Storage) -> None:
        plain = self.given(storage, filename=None, recipient=None, notification_id=None)
        whole = self.given(
            storage, filename="Llythyr ŵyn.pdf", recipient="sian@example.com", notification_id=NotificationId(an_id())
        )
        assert self.stored(storage, plain) == plain
        assert self.stored(storage, whole) == whole

    def test_no_other_place_has_it(self, storage: Storage) -> None:
        document = self.given(storage)
        for place in (
            DocumentPlace(ServiceId(an_id()), document.id),
            DocumentPlace(document.service_id, DocumentId(an_id())),
        ):
            with storage(read_only=True) as work, pytest.raises(DocumentNotFound, match=str(place.document_id)):
                work.documents.get(place)

    def test_an_identity_is_taken_once(self, storage: Storage) -> None:
        document = self.given(storage)
        with storage() as work:
            work.documents.add([a_document(id=document.id)])
            with pytest.raises(AlreadyExists):
                work.commit()
        assert self.stored(storage, document) == document

    def test_whose_it_is(self, storage: Storage) -> None:
        ours = self.given(storage, recipient="sian@example.com")
        anybodys = self.given(storage, recipient=None)
        elsewhere = DocumentPlace(ServiceId(an_id()), ours.id)
        with storage(read_only=True) as work:
            assert work.documents.is_recipient(ours.place, "sian@example.com")
            assert not work.documents.is_recipient(ours.place, "sion@example.com")
            assert not work.documents.is_recipient(anybodys.place, "sian@example.com")
            assert not work.documents.is_recipient(elsewhere, "sian@example.com")

    def test_accepted_with_its_message(self, storage: Storage) -> None:
        documents = [self.given(storage, expires_at=NOON + MINUTE, notification_id=None) for _ in range(2)]
        other = self.given(storage, expires_at=NOON + MINUTE, notification_id=None)
        message = NotificationId(an_id())
        wanted = [a_document(**_facts(one, expires_at=NOON + n * MINUTE)) for n, one in enumerate(documents, 7)]
        with storage() as work:
            work.documents.accept(wanted, message)
            work.commit()
        for document in wanted:
            kept = self.stored(storage, document)
            assert (kept.notification_id, kept.expires_at) == (message, document.expires_at)
        assert self.stored(storage, other) == other

    def test_what_was_deleted_meanwhile_goes_with_no_message(self, storage: Storage) -> None:
        there, gone = self.given(storage, notification_id=None), a_document(notification_id=None)
        with storage() as work, pytest.raises(Conflict):
            work.documents.accept([there, gone], NotificationId(an_id()))
        assert self.stored(storage, there).notification_id is None

    def test_those_whose_time_is_over_the_earliest_first_in_batches(self, storage: Storage) -> None:
        documents = [self.given(storage, expires_at=NOON + n * MINUTE) for n in (3, 0, 2, 1)]
        places = [documents[n].place for n in (1, 3, 2, 0)]
        with storage(read_only=True) as work:
            assert list(work.documents.expired(NOON - MINUTE, 10)) == []
            assert list(work.documents.expired(NOON + 2 * MINUTE, 10)) == places[:3]
            assert list(work.documents.expired(NOON + 9 * MINUTE, 2)) == places[:2]

    def test_removed_ones_are_gone_and_removing_may_be_repeated(self, storage: Storage) -> None:
        gone, kept = [self.given(storage) for _ in range(2)], self.given(storage)
        for _ in range(2):
            with storage() as work:
                work.documents.remove([one.id for one in gone])
                work.documents.remove([])
                work.commit()
        for document in gone:
            with pytest.raises(DocumentNotFound):
                self.stored(storage, document)
        assert self.stored(storage, kept) == kept


def _facts(document: Document, **changes: Any) -> dict[str, Any]:
    return {"id": document.id, "service_id": document.service_id, **changes}
