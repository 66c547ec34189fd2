"""Where files that go by email are kept: their bytes in a store, what is known of them in the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from notify_core.accounts.ports import AccountsWork
from notify_core.documents.model import Document, DocumentPlace
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import DocumentId, NotificationId


class DocumentNotFound(NotFound):
    """There is no such file, or not for whoever asks."""


class DocumentStore(Protocol):
    """The bytes of files. They are encrypted with what is derived from the key in the file's link, so that
    neither the store nor the database alone gives anything away.

    Every method raises TransientError when the store is not there now, PermanentError when it is there and
    refuses us.
    """

    def put(self, place: DocumentPlace, content: bytes, *, key: str) -> None:
        """Keep a file; replaces what was at this place. Nobody sees half of it."""
        ...

    def get(self, place: DocumentPlace, *, key: str) -> bytes:
        """The file, byte for byte.

        :raises DocumentNotFound: there is none that this key opens.
        """
        ...

    def delete(self, places: Sequence[DocumentPlace]) -> None:
        """Delete these, a request for every 1,000; those that are not there are no error."""
        ...


class Documents(Protocol):
    def add(self, documents: Sequence[Document]) -> None:
        """:raises AlreadyExists: at commit, when an id is taken."""
        ...

    def get(self, place: DocumentPlace) -> Document:
        """:raises DocumentNotFound: there is none."""
        ...

    def is_recipient(self, place: DocumentPlace, address: str) -> bool:
        """Whether ``address`` (normalised) is the recipient's; in constant time. False where there is none."""
        ...

    def accept(self, documents: Sequence[Document], notification_id: NotificationId) -> None:
        """They go with this message, and are kept as long as each says.

        :raises Conflict: one is there no more.
        """
        ...

    def expired(self, moment: datetime, limit: int) -> Sequence[DocumentPlace]:
        """Those that expire at ``moment`` or before, the earliest first."""
        ...

    def remove(self, document_ids: Sequence[DocumentId]) -> None:
        """Forget these; those that are not there are no error."""
        ...


class DocumentsWork(AccountsWork, Protocol):
    @property
    def documents(self) -> Documents: ...
