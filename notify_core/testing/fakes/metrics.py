"""Metrics that can be asked what they were told."""

from collections import Counter, defaultdict, deque
from threading import Lock

# An application may run on this for days: the latest values are enough to look at.
_KEPT = 10_000


class MemoryMetrics:
    """``counts`` by name, ``timings`` in seconds by name (the latest 10,000 of each), ``gauges`` by name."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.timings: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=_KEPT))
        self.gauges: dict[str, float] = {}
        self._lock = Lock()

    def count(self, name: str, by: int = 1) -> None:
        with self._lock:
            self.counts[name] += by

    def timing(self, name: str, seconds: float) -> None:
        with self._lock:
            self.timings[name].append(seconds)

    def gauge(self, name: str, value: float) -> None:
        with self._lock:
            self.gauges[name] = value
