"""Figures kept in this process, for tests and trials."""

from collections.abc import Mapping

from notify_adapters.options import known
from notify_core.ports.metrics import Metrics
from notify_core.testing.fakes.metrics import MemoryMetrics

OPTIONS: Mapping[str, str] = {}


def build(options: Mapping[str, str]) -> Metrics:
    known(options, *OPTIONS)
    return MemoryMetrics()
