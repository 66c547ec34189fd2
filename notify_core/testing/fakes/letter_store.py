"""Letters' files in a dictionary."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from notify_core.kernel.errors import InvalidValue, NotifyError
from notify_core.letters.model import Bucket, Location, StoredObject
from notify_core.letters.policies import require_key
from notify_core.letters.ports import LetterPdfNotFound
from notify_core.ports.clock import Clock
from notify_core.testing.fakes.clock import FakeClock

_PIECE = 64 * 1024
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class StoredFile:
    content: bytes
    metadata: Mapping[str, str]
    modified: datetime


@dataclass
class MemoryLetterStore:
    """``files`` by bucket and key; ``requests`` names every request that a store across a network
    would have been sent, also those that failed."""

    clock: Clock = field(default_factory=FakeClock)
    files: dict[Location, StoredFile] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    _failures: list[NotifyError] = field(default_factory=list)

    def fail_with(self, *errors: NotifyError) -> None:
        """The next requests meet these errors, one each."""
        self._failures.extend(errors)

    def keys(self, bucket: Bucket) -> list[str]:
        """What a bucket holds, in order."""
        return sorted(location.key for location in self.files if location.bucket is bucket)

    def put(self, bucket: Bucket, key: str, content: bytes, metadata: Mapping[str, str] | None = None) -> None:
        location = Location(bucket, require_key(key))
        self._request("put")
        self.files[location] = StoredFile(content, dict(metadata or {}), self.clock.now())

    def listing(self, bucket: Bucket, prefix: str = "", behind: str = "") -> Iterator[StoredObject]:
        after = behind
        while True:
            self._request("list")
            found = [key for key in self.keys(bucket) if key.startswith(prefix) and key > after]
            for key in found[:_PAGE]:
                # Deleted since this page was asked for: a listing shows it all the same elsewhere.
                if Location(bucket, key) in self.files:
                    yield self._described(bucket, key)
            if len(found) <= _PAGE:
                return
            after = found[_PAGE - 1]

    def find(self, bucket: Bucket, prefix: str) -> StoredObject:
        self._request("list")
        for key in self.keys(bucket):
            if key.startswith(prefix):
                return self._described(bucket, key)
        raise LetterPdfNotFound(bucket, prefix)

    def get(self, bucket: Bucket, key: str) -> bytes:
        self._request("get")
        return self._file(Location(bucket, key)).content

    @contextmanager
    def open(self, bucket: Bucket, key: str) -> Iterator[Iterator[bytes]]:
        content = self.get(bucket, key)
        yield (content[start : start + _PIECE] for start in range(0, len(content), _PIECE))

    def metadata(self, bucket: Bucket, key: str) -> Mapping[str, str]:
        self._request("head")
        return dict(self._file(Location(bucket, key)).metadata)

    def move(self, source: Location, target: Location, metadata: Mapping[str, str] | None = None) -> None:
        require_key(target.key)
        if source == target:
            raise InvalidValue(f"{source.key} cannot be moved onto itself")
        self._request("copy")
        file = self._file(source)
        kept = file.metadata if metadata is None else dict(metadata)
        self.files[target] = StoredFile(file.content, kept, self.clock.now())
        self._request("delete")
        self.files.pop(source, None)

    def delete(self, bucket: Bucket, keys: Sequence[str]) -> None:
        for start in range(0, len(keys), _PAGE):
            self._request("delete")
            for key in keys[start : start + _PAGE]:
                self.files.pop(Location(bucket, key), None)

    def _file(self, location: Location) -> StoredFile:
        try:
            return self.files[location]
        except KeyError:
            raise LetterPdfNotFound(location.bucket, location.key) from None

    def _described(self, bucket: Bucket, key: str) -> StoredObject:
        file = self.files[Location(bucket, key)]
        return StoredObject(key, len(file.content), file.modified)

    def _request(self, name: str) -> None:
        self.requests.append(name)
        if self._failures:
            raise self._failures.pop(0)
