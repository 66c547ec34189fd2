"""Where the files of letters lie."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from notify_core.kernel.errors import NotFound
from notify_core.letters.model import Bucket, Location, StoredObject


class LetterPdfNotFound(NotFound):
    """A letter's file is not where it should be. ``prefix`` is what its key begins with, or all of it."""

    def __init__(self, bucket: Bucket, prefix: str) -> None:
        super().__init__(f"bucket {bucket} has nothing that begins with {prefix}")
        self.bucket = bucket
        self.prefix = prefix


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

    def listing(self, bucket: Bucket, prefix: str = "", behind: str = "") -> Iterator[StoredObject]:
        """The files whose keys begin with ``prefix``, in the order of their keys, from after the key ``behind``; also
        those in folders below. Costs a request for every 1,000, made as the iterator comes to them; no file is read."""
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
