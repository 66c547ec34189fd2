"""Figures about the running system."""

from typing import Protocol


class Metrics(Protocol):
    """Names are dotted and lower case, without the deployment's prefix. Never raises, never blocks:
    a metrics server that is down costs nothing and breaks nothing."""

    def count(self, name: str, by: int = 1) -> None:
        """Something happened ``by`` times."""
        ...

    def timing(self, name: str, seconds: float) -> None:
        """Something took this many seconds."""
        ...

    def gauge(self, name: str, value: float) -> None:
        """Something now has this value."""
        ...
