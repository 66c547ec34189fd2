"""Adding a thing whose identity may be taken."""

from collections.abc import MutableMapping
from typing import TypeVar

from notify_core.kernel.errors import AlreadyExists
from notify_core.testing.fakes.database import MemoryDatabase

K = TypeVar("K")
V = TypeVar("V")


def insert(
    database: MemoryDatabase, rows: MutableMapping[K, V], key: K, value: V, *, what: str, taken: bool = False
) -> None:
    """Add ``value``. Where its identity is taken (``taken``: another of its identities), the commit fails."""
    if taken or key in rows:
        database.refuse(AlreadyExists(f"{what} is there already"))
    else:
        rows[key] = value
