"""Telling a watcher that scheduled work still happens."""

from enum import StrEnum
from typing import Protocol


class Beat(StrEnum):
    RUN = "run"
    COMPLETE = "complete"
    FAIL = "fail"


class Heartbeats(Protocol):
    """One signal per schedule entry and phase. Never raises: a watcher that is down stops no work."""

    def beat(self, name: str, state: Beat) -> None:
        """The schedule entry ``name`` has begun, completed or failed."""
        ...
