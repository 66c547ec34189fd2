"""From the approval of an alert to the acknowledgements of four networks, in the embedded mode.

``notify serve`` in a process of its own, its fake networks with it; one of them takes its time. Ours is what
lies between the approval and the last acknowledgement beyond that.
"""

import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from benchmarks.alerts import NETWORKS, Agency
from benchmarks.figures import Figure, tell
from benchmarks.machine import describe
from demo.platform import EmbeddedPlatform
from notify_adapters.cbc.fake_store import Behaviour, FakeNetworkStore

ALERTS = int(os.environ.get("BENCH_ALERTS", "50"))
LATENCIES = (0.0, 0.2, 1.0)
SLOWEST = NETWORKS[2]
# Milliseconds that may be ours.
TO_HOLD = 50
# Seconds until everybody is at rest again and the next alert is measured for itself.
REST = 0.3


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="notify-bench-") as folder:
        platform = EmbeddedPlatform(Path(folder))
        agency = Agency(platform)
        agency.provision()
        platform.start()
        try:
            _measure(agency, FakeNetworkStore(platform.data_dir))
        finally:
            platform.stop()
    return 0


def _measure(agency: Agency, networks: FakeNetworkStore) -> None:
    print(f"approval to four acknowledgements, embedded, {ALERTS} alerts each; load {os.getloadavg()[0]:.1f}")
    print(f"  {describe()}")
    _alert(agency, REST)
    for latency in LATENCIES:
        networks.script(SLOWEST, None, Behaviour(latency=latency))
        took = [_alert(agency, latency + REST) for _ in range(ALERTS)]
        beyond = [(seconds - latency) * 1000 for seconds in took]
        print(f"  slowest network {latency:.1f} s: ours {min(beyond):.1f}–{max(beyond):.1f} ms")
        name = f"an alert's approval to its last acknowledgement, beyond {latency:.1f} s of the slowest network"
        tell(
            Figure(f"{name}, median", statistics.median(beyond), "ms", most=TO_HOLD),
            Figure(f"{name}, 95 % within", _within(beyond, 0.95), "ms", most=TO_HOLD),
        )


def _alert(agency: Agency, patience: float) -> float:
    """Seconds from the approval to the last acknowledgement, both as the platform recorded them. Nobody asks
    meanwhile: that would be work beside what is measured."""
    message = agency.pending()
    time.sleep(REST)
    agency.approve(message)
    time.sleep(patience)
    while True:
        (event,) = agency.events(message)
        copies = event["provider_messages"]
        if len(copies) == len(NETWORKS) and all(copy["status"] == "returned-ack" for copy in copies):
            break
        time.sleep(REST)
    last = max(_moment(copy["attempts"][-1]["at"]) for copy in copies)
    return (last - _moment(event["sent_at"])).total_seconds()


def _within(values: Sequence[float], share: float) -> float:
    return sorted(values)[math.ceil(share * len(values)) - 1]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


if __name__ == "__main__":
    sys.exit(main())
