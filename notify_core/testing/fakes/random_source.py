"""Chance that repeats itself."""

import random
from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

T = TypeVar("T")


class SeededRandom:
    """The same seed gives the same identities and choices in the same order."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)

    def uuid(self) -> UUID:
        return UUID(int=self._random.getrandbits(128), version=4)

    def choose(self, choices: Sequence[T], weights: Sequence[int]) -> T:
        if not choices or not any(weights):
            raise ValueError("there is nothing to choose from")
        return self._random.choices(choices, weights)[0]
