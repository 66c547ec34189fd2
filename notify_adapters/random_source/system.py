"""The operating system's randomness."""

from collections.abc import Mapping, Sequence
from random import SystemRandom as _Chance
from typing import TypeVar
from uuid import UUID, uuid4

from notify_adapters.options import known
from notify_core.ports.random_source import RandomSource

OPTIONS: Mapping[str, str] = {}

T = TypeVar("T")


class SystemRandom:
    def __init__(self) -> None:
        self._chance = _Chance()

    def uuid(self) -> UUID:
        return uuid4()

    def choose(self, choices: Sequence[T], weights: Sequence[int]) -> T:
        if not choices:
            raise ValueError("nothing to choose from")
        return self._chance.choices(choices, weights=weights)[0]


def build(options: Mapping[str, str]) -> RandomSource:
    known(options, *OPTIONS)
    return SystemRandom()
