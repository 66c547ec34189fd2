"""What every implementation of the Metrics port does."""

from typing import ClassVar

import pytest

from notify_core.ports.metrics import Metrics


class MetricsContract:
    """Supply the fixture ``metrics`` and, unless ``records`` is declared false, :meth:`recorded`."""

    #: Whether what was told can be seen somewhere.
    records: ClassVar[bool] = True
    #: Whether each timing can be seen. If not, :meth:`recorded` gives their number and their sum.
    keeps_each_timing: ClassVar[bool] = True

    @pytest.fixture
    def metrics(self) -> Metrics:
        raise NotImplementedError

    def recorded(self, metrics: Metrics, kind: str, name: str) -> list[float]:
        """The values that arrived for ``name``, timings in seconds; ``kind`` is count, timing or gauge."""
        raise NotImplementedError

    def _expect(self, metrics: Metrics, kind: str, name: str, values: list[float]) -> None:
        if self.records:
            assert self.recorded(metrics, kind, name) == [pytest.approx(value) for value in values]

    def test_counts(self, metrics: Metrics) -> None:
        metrics.count("callback.mmg.delivered")
        metrics.count("callback.mmg.delivered", 4)
        if self.records:
            assert sum(self.recorded(metrics, "count", "callback.mmg.delivered")) == 5

    def test_timings_are_given_in_seconds(self, metrics: Metrics) -> None:
        metrics.timing("sms.total-time", 1.25)
        metrics.timing("sms.total-time", 0.0005)
        each = [1.25, 0.0005]
        self._expect(metrics, "timing", "sms.total-time", each if self.keeps_each_timing else [2, sum(each)])

    def test_a_gauge_has_its_latest_value(self, metrics: Metrics) -> None:
        metrics.gauge("ledger.depth", 12)
        metrics.gauge("ledger.depth", 3.5)
        if self.records:
            assert self.recorded(metrics, "gauge", "ledger.depth")[-1] == 3.5

    def test_names_do_not_mix(self, metrics: Metrics) -> None:
        metrics.count("a.b")
        metrics.count("a.c", 2)
        self._expect(metrics, "count", "a.b", [1])
        self._expect(metrics, "count", "a.c", [2])
