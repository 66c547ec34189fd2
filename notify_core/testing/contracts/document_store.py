"""How every store of files that go by email behaves."""

from collections.abc import Callable, Sequence
from typing import ClassVar

import pytest

from notify_core.documents.model import DocumentPlace
from notify_core.documents.policies import new_key
from notify_core.documents.ports import DocumentNotFound, DocumentStore
from notify_core.kernel.errors import NotFound, PermanentError, TransientError
from notify_core.kernel.ids import DocumentId, ServiceId
from notify_core.testing.builders import an_id
from notify_core.testing.fakes.random_source import SeededRandom

LETTER = b"%PDF-1.7 \0\xff\r\n a letter to Sian"
KEY, OTHER_KEY = (new_key(SeededRandom(seed)) for seed in (1, 2))


def a_place(service: ServiceId | None = None) -> DocumentPlace:
    return DocumentPlace(service or ServiceId(an_id()), DocumentId(an_id()))


class DocumentStoreContract:
    """Supply ``store``, empty; where ``can_fail`` also :meth:`make_it_fail`; where ``can_refuse`` also
    :meth:`make_it_refuse`; where there is a place to look at, :meth:`raw`."""

    #: Whether something is on the other side that may be down.
    can_fail: ClassVar[bool] = True
    #: Whether something is on the other side that may turn us away.
    can_refuse: ClassVar[bool] = True
    #: Whether what is kept can be looked at from outside, see :meth:`raw`.
    can_be_looked_at: ClassVar[bool] = True

    @pytest.fixture
    def store(self) -> DocumentStore:
        raise NotImplementedError

    def make_it_fail(self, store: DocumentStore) -> None:
        """From now on the store is not there."""
        raise NotImplementedError

    def make_it_refuse(self, store: DocumentStore) -> None:
        """From now on the store is there, but not for us."""
        raise NotImplementedError

    def raw(self, place: DocumentPlace) -> bytes:
        """What lies at the place, past the store."""
        raise NotImplementedError

    def replace(self, place: DocumentPlace, content: bytes) -> None:
        """Put ``content`` at the place, past the store."""
        raise NotImplementedError

    def test_a_file_comes_back_byte_for_byte(self, store: DocumentStore) -> None:
        place, empty = a_place(), a_place()
        store.put(place, LETTER, key=KEY)
        store.put(empty, b"", key=KEY)

        assert store.get(place, key=KEY) == LETTER
        assert store.get(empty, key=KEY) == b""

    def test_the_largest_file(self, store: DocumentStore) -> None:
        place, content = a_place(), bytes(range(256)) * 8192
        store.put(place, content, key=KEY)

        assert store.get(place, key=KEY) == content

    def test_a_later_file_replaces_the_earlier_one(self, store: DocumentStore) -> None:
        place = a_place()
        store.put(place, LETTER, key=KEY)
        store.put(place, b"another", key=KEY)

        assert store.get(place, key=KEY) == b"another"

    def test_only_its_key_opens_it(self, store: DocumentStore) -> None:
        place = a_place()
        store.put(place, LETTER, key=KEY)

        for other in (OTHER_KEY, "", KEY[:-1]):
            with pytest.raises(DocumentNotFound):
                store.get(place, key=other)

    def test_what_is_not_there_is_not_found(self, store: DocumentStore) -> None:
        place = a_place()
        store.put(place, LETTER, key=KEY)

        for missing in (a_place(), a_place(place.service_id), DocumentPlace(ServiceId(an_id()), place.document_id)):
            with pytest.raises(DocumentNotFound, match=str(missing.document_id)) as error:
                store.get(missing, key=KEY)
            assert isinstance(error.value, NotFound)

    def test_what_lies_there_says_nothing(self, store: DocumentStore) -> None:
        if not self.can_be_looked_at:
            return
        place, again = a_place(), a_place()
        for each in (place, again):
            store.put(each, LETTER, key=KEY)

        assert b"letter" not in self.raw(place)
        assert self.raw(place) != self.raw(again)

    def test_what_was_altered_or_moved_is_not_given_out(self, store: DocumentStore) -> None:
        if not self.can_be_looked_at:
            return
        place, other = a_place(), a_place()
        for each in (place, other):
            store.put(each, LETTER, key=KEY)

        sealed = self.raw(place)
        for content in (sealed[:-1], sealed[:-1] + bytes([sealed[-1] ^ 1]), b"", self.raw(other)):
            self.replace(place, content)
            with pytest.raises(DocumentNotFound):
                store.get(place, key=KEY)

    def test_deleted_files_are_gone_and_deleting_may_be_repeated(self, store: DocumentStore) -> None:
        kept, places = a_place(), [a_place() for _ in range(3)]
        for place in (*places, kept):
            store.put(place, LETTER, key=KEY)

        for _ in range(2):
            store.delete([*places, a_place()])
        store.delete([])

        for place in places:
            with pytest.raises(DocumentNotFound):
                store.get(place, key=KEY)
        assert store.get(kept, key=KEY) == LETTER

    def test_a_store_that_is_not_there_is_worth_another_try(self, store: DocumentStore) -> None:
        place = a_place()
        store.put(place, LETTER, key=KEY)
        if not self.can_fail:
            return
        self.make_it_fail(store)

        for action in _everything(store, place):
            with pytest.raises(TransientError):
                action()

    def test_a_store_that_refuses_us_is_no_use_to_try_again(self, store: DocumentStore) -> None:
        place = a_place()
        store.put(place, LETTER, key=KEY)
        if not self.can_refuse:
            return
        self.make_it_refuse(store)

        for action in _everything(store, place):
            with pytest.raises(PermanentError):
                action()


def _everything(store: DocumentStore, place: DocumentPlace) -> Sequence[Callable[[], object]]:
    """Everything that can be asked of a store which holds this file."""
    return (
        lambda: store.put(place, LETTER, key=KEY),
        lambda: store.get(place, key=KEY),
        lambda: store.delete([place]),
    )
