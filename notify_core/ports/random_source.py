"""Where identities and chance come from."""

from collections.abc import Sequence
from typing import Protocol, TypeVar
from uuid import UUID

T = TypeVar("T")


class RandomSource(Protocol):
    """Unpredictable in production, repeatable in tests."""

    def uuid(self) -> UUID:
        """A fresh version 4 UUID."""
        ...

    def choose(self, choices: Sequence[T], weights: Sequence[int]) -> T:
        """One of ``choices``, each with a chance in proportion to its weight.

        :raises ValueError: when there are no choices or all weights are 0.
        """
        ...
