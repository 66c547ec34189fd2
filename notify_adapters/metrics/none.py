"""Nobody measures."""

from collections.abc import Mapping

from notify_adapters.options import known
from notify_core.ports.metrics import Metrics

OPTIONS: Mapping[str, str] = {}


class NoMetrics:
    def count(self, name: str, by: int = 1) -> None:
        """There is nobody to tell."""

    def timing(self, name: str, seconds: float) -> None:
        """There is nobody to tell."""

    def gauge(self, name: str, value: float) -> None:
        """There is nobody to tell."""


def build(options: Mapping[str, str]) -> Metrics:
    known(options, *OPTIONS)
    return NoMetrics()
