"""Files with metadata by key, for the ports that keep files: in a folder of this machine, or in S3."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Self

from notify_core.kernel.errors import NotFound

PIECE = 64 * 1024


class NoSuchObject(NotFound):
    """Nothing is stored under this key."""


@dataclass(frozen=True, slots=True)
class Found:
    """``size`` in bytes, ``modified`` in UTC."""

    key: str
    size: int
    modified: datetime


class Objects(Protocol):
    """One place. Every method raises TransientError when it is not there now, PermanentError when it
    refuses us; reading raises NoSuchObject."""

    def put(self, key: str, content: bytes, metadata: Mapping[str, str]) -> None:
        """:raises InvalidValue: the key cannot be kept as it is."""
        ...

    def listing(self, prefix: str, *, at_most: int | None = None, behind: str = "") -> Iterator[Found]:
        """In the order of keys, from after ``behind``; ``at_most`` as many, where the caller wants few."""
        ...

    def open(self, key: str) -> AbstractContextManager[Iterator[bytes]]:
        """The content in pieces of at most ``PIECE`` bytes."""
        ...

    def metadata(self, key: str) -> Mapping[str, str]: ...

    def copy(self, source: Self, source_key: str, key: str, metadata: Mapping[str, str] | None) -> None:
        """From another place of the same kind; ``metadata`` None: they come along."""
        ...

    def delete(self, keys: Sequence[str]) -> None:
        """Those that are not there are no error."""
        ...


def is_plain(key: str) -> bool:
    """Whether a key names something below its place: no empty, hidden or climbing parts. Elsewhere
    than in S3 the others would mean another file, and on the way to S3 they are tidied away."""
    return all(part and not part.startswith(".") and part.isprintable() and "\\" not in part for part in key.split("/"))
