"""What one metric costs whoever tells it, in microseconds: it must be under 20, whether anybody hears it or not."""

import os
import socket
import tempfile
import time
from collections.abc import Callable, Iterator

from benchmarks.figures import Figure, tell
from benchmarks.machine import describe
from notify_adapters.metrics import none, prometheus, statsd
from notify_core.ports.metrics import Metrics

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "20000"))
AT_MOST = 20.0
TOLD_EACH_ROUND = 3
# The best of so many: what else the machine does is not what a metric costs.
TRIES = 5


def cost(metrics: Metrics, rounds: int) -> float:
    """Microseconds a metric, told as tasks tell it: a timing with an old name, a counter and a gauge."""

    def once() -> float:
        begun = time.perf_counter()
        for _ in range(rounds):
            metrics.timing("celery.send-sms-tasks.deliver_sms.success", 0.0123)
            metrics.count("clients.mmg.success")
            metrics.gauge("ledger.depth", 12)
        return (time.perf_counter() - begun) / rounds / TOLD_EACH_ROUND * 1e6

    return min(once() for _ in range(TRIES))


def told(folder: str) -> Iterator[tuple[str, Callable[[], Metrics]]]:
    listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listening.bind(("127.0.0.1", 0))
    closed = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    closed.bind(("127.0.0.1", 0))
    dead = closed.getsockname()[1]
    closed.close()
    yield "nobody (none)", lambda: none.build({})
    for says, host, port in (
        ("StatsD, where nobody reads", "127.0.0.1", listening.getsockname()[1]),
        ("StatsD, at a closed port", "127.0.0.1", dead),
        ("StatsD, by a name that does not resolve", "statsd.invalid", 8125),
        ("StatsD, at an address that does not answer", "192.0.2.1", 8125),
    ):
        options = {"host": host, "port": str(port)}
        yield says, lambda options=options: statsd.build(options)  # type: ignore[misc]
    yield "Prometheus", lambda: prometheus.build({"data_dir": folder, "token": "word"})


def main() -> None:
    print(describe())
    print(f"microseconds a metric, the best of {TRIES} times {ROUNDS * TOLD_EACH_ROUND}")
    with tempfile.TemporaryDirectory() as folder:
        for says, build in told(folder):
            tell(Figure(f"telling a metric to {says}", cost(build(), ROUNDS), "µs", most=AT_MOST))


if __name__ == "__main__":
    main()
