"""What letters need from outside."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from notify_core.accounts.model import KeyType
from notify_core.alarms.ports import AlarmsWork
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.letters.model import Bucket, Letter, LetterRate, Location, StoredObject
from notify_core.letters.states import LetterStatus
from notify_core.notifications.ports import NotificationsWork
from notify_core.ports.unit_of_work import UnitOfWork


class LetterPdfNotFound(NotFound):
    """A letter's file is not where it should be. ``prefix`` is what its key begins with, or all of it."""

    def __init__(self, bucket: Bucket, prefix: str) -> None:
        super().__init__(f"bucket {bucket} has nothing that begins with {prefix}")
        self.bucket = bucket
        self.prefix = prefix


class LetterRates(Protocol):
    def put(self, rate: LetterRate) -> None:
        """One per moment, number of sheets and postage: replaces the earlier one."""
        ...

    def all(self) -> Sequence[LetterRate]:
        """By moment, sheets and postage."""
        ...


class LetterRatesWork(UnitOfWork, Protocol):
    @property
    def letter_rates(self) -> LetterRates: ...


@dataclass(frozen=True, slots=True)
class LetterFilter:
    """What a listing shows; empty fields filter nothing. ``key_types``: whose letters are seen."""

    key_types: frozenset[KeyType] = frozenset(KeyType)
    statuses: frozenset[LetterStatus] = frozenset()
    reference: str | None = None
    older_than: NotificationId | None = None


class Letters(Protocol):
    def add_many(self, letters: Sequence[Letter]) -> None:
        """:raises AlreadyExists: at commit, when an id or a file reference is taken."""
        ...

    def get(self, notification_id: NotificationId, service_id: ServiceId | None = None) -> Letter:
        """:raises NotFound: no such letter (of this service, when given)."""
        ...

    def by_file_references(self, references: Sequence[str]) -> Mapping[str, Letter]:
        """The letters of these references; what is unknown is left out."""
        ...

    def change(self, was: Letter, becomes: Letter) -> None:
        """Store ``becomes`` if the stored status is still that of ``was``.

        :raises Conflict: it is another by now.
        """
        ...

    def page(self, service_id: ServiceId, wanted: LetterFilter, limit: int = 250) -> Sequence[Letter]:
        """Newest first, from behind ``older_than``; empty when that id is unknown."""
        ...


class LettersWork(NotificationsWork, LetterRatesWork, AlarmsWork, Protocol):
    @property
    def letters(self) -> Letters: ...


class LetterStore(Protocol):
    """Files in buckets, by key. Keys sort by their code points. A file is replaced as a whole: nobody
    sees half of one.

    Metadata are a few short texts kept with a file (2 KB altogether); their names are lower-case
    letters, digits, ``_`` and ``-``.

    Every method raises TransientError when the store is not there now, PermanentError when it is
    there and refuses us (wrong credentials, no such bucket).
    """

    def put(self, bucket: Bucket, key: str, content: bytes, metadata: Mapping[str, str] | None = None) -> None:
        """Store a file, encrypted at rest; replaces the one of this key, its metadata too.

        :raises InvalidValue: the key is none (``policies.require_key``); or, in some stores, it is the
            folder of another key.
        """
        ...

    def listing(self, bucket: Bucket, prefix: str = "") -> Iterator[StoredObject]:
        """The files whose keys begin with ``prefix``, in the order of their keys; also those in folders
        below. Costs a request for every 1,000, made as the iterator comes to them; no file is read."""
        ...

    def find(self, bucket: Bucket, prefix: str) -> StoredObject:
        """The first file, in the order of keys, whose key begins with ``prefix``; one request.

        :raises LetterPdfNotFound: there is none.
        """
        ...

    def get(self, bucket: Bucket, key: str) -> bytes:
        """The content of a file.

        :raises LetterPdfNotFound: there is no such key.
        """
        ...

    def open(self, bucket: Bucket, key: str) -> AbstractContextManager[Iterator[bytes]]:
        """The content in pieces of at most 64 KiB, so that no file need fit into memory. Entering
        raises what :meth:`get` raises; reading on may raise TransientError.
        """
        ...

    def metadata(self, bucket: Bucket, key: str) -> Mapping[str, str]:
        """What was stored with the file; empty when nothing was.

        :raises LetterPdfNotFound: there is no such key.
        """
        ...

    def move(self, source: Location, target: Location, metadata: Mapping[str, str] | None = None) -> None:
        """Copy without the content passing through here, then delete: two requests. Metadata come
        along, unless ``metadata`` replaces them. A file at ``target`` is replaced. If it breaks off,
        ``source`` or both are there, and the same again completes it.

        :raises LetterPdfNotFound: ``source`` is not there (perhaps it was moved already).
        :raises InvalidValue: ``target``'s key is none, or ``target`` is ``source``.
        """
        ...

    def delete(self, bucket: Bucket, keys: Sequence[str]) -> None:
        """Delete these files; a request for every 1,000. Those that are not there are no error. Some
        may be gone when it raises; the same again completes it."""
        ...
