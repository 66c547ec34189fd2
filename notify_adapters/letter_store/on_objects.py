"""The letter store over one place per bucket."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Generic, TypeVar

from notify_adapters.objects import NoSuchObject, Objects
from notify_core.kernel.errors import InvalidValue
from notify_core.letters.model import Bucket, Location, StoredObject
from notify_core.letters.policies import require_key
from notify_core.letters.ports import LetterPdfNotFound

_Place = TypeVar("_Place", bound=Objects)


class LetterStoreOnObjects(Generic[_Place]):
    """``places`` has one for every bucket, no two the same."""

    def __init__(self, places: Mapping[Bucket, _Place]) -> None:
        self._places = places

    def put(self, bucket: Bucket, key: str, content: bytes, metadata: Mapping[str, str] | None = None) -> None:
        self._places[bucket].put(require_key(key), content, metadata or {})

    def listing(self, bucket: Bucket, prefix: str = "", behind: str = "") -> Iterator[StoredObject]:
        for found in self._places[bucket].listing(prefix, behind=behind):
            yield StoredObject(found.key, found.size, found.modified)

    def find(self, bucket: Bucket, prefix: str) -> StoredObject:
        for found in self._places[bucket].listing(prefix, at_most=1):
            return StoredObject(found.key, found.size, found.modified)
        raise LetterPdfNotFound(bucket, prefix)

    def get(self, bucket: Bucket, key: str) -> bytes:
        with self.open(bucket, key) as pieces:
            return b"".join(pieces)

    @contextmanager
    def open(self, bucket: Bucket, key: str) -> Iterator[Iterator[bytes]]:
        with _missing(bucket, key), self._places[bucket].open(key) as pieces:
            yield pieces

    def metadata(self, bucket: Bucket, key: str) -> Mapping[str, str]:
        with _missing(bucket, key):
            return self._places[bucket].metadata(key)

    def move(self, source: Location, target: Location, metadata: Mapping[str, str] | None = None) -> None:
        require_key(target.key)
        if source == target:
            raise InvalidValue(f"{source.key} cannot be moved onto itself")
        place = self._places[source.bucket]
        with _missing(source.bucket, source.key):
            self._places[target.bucket].copy(place, source.key, target.key, metadata)
        place.delete([source.key])

    def delete(self, bucket: Bucket, keys: Sequence[str]) -> None:
        self._places[bucket].delete(keys)


@contextmanager
def _missing(bucket: Bucket, key: str) -> Iterator[None]:
    try:
        yield
    except NoSuchObject:
        raise LetterPdfNotFound(bucket, key) from None
