"""Deleting several things at once."""

from collections.abc import Iterable, MutableMapping
from typing import Any, TypeVar

K = TypeVar("K")


def delete(rows: MutableMapping[K, Any], keys: Iterable[K]) -> int:
    """Delete what has these keys; how much that is."""
    gone = [rows.pop(key) for key in keys]
    return len(gone)
