import pytest

from notify_core.testing.contracts.metrics import MetricsContract
from notify_core.testing.fakes.metrics import MemoryMetrics


class TestMemoryMetrics(MetricsContract):
    @pytest.fixture
    def metrics(self) -> MemoryMetrics:
        return MemoryMetrics()

    def recorded(self, metrics: MemoryMetrics, kind: str, name: str) -> list[float]:
        values = {"count": [metrics.counts[name]], "timing": list(metrics.timings[name])}
        return values[kind] if kind in values else [metrics.gauges[name]]
