"""Metrics that Prometheus fetches."""

import logging
import re
import time
from bisect import bisect_left
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.mmap_dict import mmap_key
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.utils import floatToGoString

from notify_adapters.metrics.figure_files import COUNTER, HISTOGRAM, FigureFiles
from notify_adapters.options import integer, known, required
from notify_core.ports.metrics import Metrics
from notify_core.registry.metric_names import BUCKETS, Kind, find

OPTIONS: Mapping[str, str] = {
    "token": "what Prometheus shows as its bearer token (secret)",
    "port": "where workers and relays serve /metrics (none; 0 is none)",
    "host": "the address they serve it on (127.0.0.1)",
    "path": "the folder of the figures of all processes (default: metrics in the data directory)",
}

_log = logging.getLogger(__name__)

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_]+")
_BOUNDS = (*BUCKETS, float("inf"))
_LABELS: tuple[str, ...] = tuple(map(floatToGoString, _BOUNDS))
_ENDINGS: Mapping[Kind, str] = {Kind.COUNTER: "_total", Kind.TIMING: "_seconds", Kind.GAUGE: ""}


class PrometheusMetrics:
    """What all processes of this folder have told, as one. ``token`` is what a scraper shows; ``address`` where
    processes that are no API serve it, if anywhere."""

    def __init__(self, folder: Path, token: str, address: tuple[str, int] | None = None) -> None:
        """:raises OSError: there can be no such folder."""
        self._files = FigureFiles(folder)
        self.token = token
        self.address = address
        self._said = False
        self._histograms: dict[str, tuple[str, list[str]]] = {}

    def __repr__(self) -> str:
        return f"PrometheusMetrics({self._files.folder})"

    def count(self, name: str, by: int = 1) -> None:
        self._tell(lambda: self._files.add(COUNTER, {_key(name, Kind.COUNTER): by}))

    def timing(self, name: str, seconds: float) -> None:
        self._tell(lambda: self._observe(name, seconds))

    def gauge(self, name: str, value: float) -> None:
        self._tell(lambda: self._files.put(_key(name, Kind.GAUGE), value, time.time()))

    def exposition(self) -> tuple[bytes, str]:
        """What Prometheus reads, and its content type.

        :raises OSError: the folder cannot be read.
        """
        registry = CollectorRegistry()
        MultiProcessCollector(registry, str(self._files.folder))  # type: ignore[no-untyped-call]  # it has no types
        with self._files.reading():
            return generate_latest(registry), CONTENT_TYPE_LATEST

    def close(self) -> None:
        """What was told stays; what is told later opens new files."""
        self._files.close()

    def _observe(self, name: str, seconds: float) -> None:
        if name not in self._histograms:
            self._histograms[name] = self._new_histogram(name)
        total, buckets = self._histograms[name]
        self._files.add(HISTOGRAM, {buckets[bisect_left(_BOUNDS, seconds)]: 1, total: seconds})

    def _new_histogram(self, name: str) -> tuple[str, list[str]]:
        """The keys of its sum and of its buckets, which are all there from the first value on: quantiles of several
        series would be wrong otherwise."""
        total = _key(name, Kind.TIMING, "_sum")
        buckets = [_key(name, Kind.TIMING, "_bucket", le=bound) for bound in _LABELS]
        self._files.add(HISTOGRAM, dict.fromkeys([total, *buckets], 0.0))
        return total, buckets

    def _tell(self, tell: Callable[[], None]) -> None:
        try:
            tell()
        except (OSError, ValueError) as error:
            # A disk that is full is a matter of its own, and must not stop what is measured.
            if not self._said:
                _log.warning("figures for Prometheus are lost: %s", type(error).__name__)
            self._said = True
        else:
            self._said = False


@lru_cache(maxsize=10_000)
def _key(name: str, kind: Kind, ending: str = "", le: str | None = None) -> str:
    found = find(name, kind)
    if found is None:
        # Told by an application of its own, which has its own dashboards.
        series, labels, says = f"notify_{_NOT_IN_NAMES.sub('_', name).lower()}{_ENDINGS[kind]}", {}, name
    else:
        series, labels, says = found[0].series, dict(found[1]), found[0].says
    if le is not None:
        labels["le"] = le
    family = series.removesuffix("_total") if kind is Kind.COUNTER else series
    key: str = mmap_key(family, series + ending, list(labels), list(labels.values()), says)
    return key


def build(options: Mapping[str, str]) -> Metrics:
    """Options ``token``, ``port``, ``host`` (127.0.0.1) and ``path`` (``metrics`` in the data directory)."""
    known(options, *OPTIONS)
    port = integer(options, "port", 0)
    host = options.get("host", "").strip() or "127.0.0.1"
    folder = Path(options.get("path") or Path(required(options, "data_dir")) / "metrics")
    return PrometheusMetrics(folder, required(options, "token"), (host, port) if port else None)
