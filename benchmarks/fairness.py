"""How long another service's single text takes to the supplier while one service's job of 100,000 rows goes out,
against how long it takes without. PostgreSQL, Celery on Redis, workers in the groups of docs/operations.md; the
supplier is a server over HTTP that takes a text at once.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import requests

from benchmarks.bulk_senders import Sender, provision
from benchmarks.figures import Figure, tell
from benchmarks.http_load import ROOT
from benchmarks.machine import describe
from demo.processes import Processes, answers, free_port
from demo.production import BEAT, WEB, ProductionPlatform

ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
SINGLES = int(os.environ.get("BENCH_SINGLES", "40"))
# Seconds between two singles, and until the flood has reached the supplier.
PAUSE = 0.25
FLOODED_AFTER = 500
PATIENCE = 120.0
TO_HOLD = 3.0

# The groups of docs/operations.md that have to do with it, with processes for a machine of two processors.
GROUPS = {
    "deliveries": ("2", "send-sms-tasks,send-email-tasks,research-mode-tasks"),
    "priority": ("1", "priority-tasks"),
    "jobs": ("1", "job-tasks,database-tasks,reporting-tasks"),
    "others": ("1", "periodic-tasks,retry-tasks,sms-callbacks,notify-internal-tasks"),
}


class InGroups(ProductionPlatform):
    parts = (WEB, *GROUPS, BEAT)
    supplier = f"http://127.0.0.1:{free_port()}/"

    @property
    def environment(self) -> dict[str, str]:
        mmg = {"NOTIFY_SMS": "mmg", "NOTIFY_SMS_MMG_URL": self.supplier, "NOTIFY_SMS_MMG_API_KEY": "bench"}
        return {**super().environment, **mmg, "PYTHONPATH": str(ROOT)}

    def _command(self, part: str) -> tuple[str, ...]:
        if part not in GROUPS:
            return super()._command(part)
        processes, queues = GROUPS[part]
        names = ",".join(self._prefix + queue for queue in queues.split(","))
        worker = ("celery", "-A", "notify_entrypoints.celery_app", "worker", "--without-gossip", "--without-mingle")
        return (*worker, "--concurrency", processes, "-n", f"{part}@%h", "-Q", names)


class Taken:
    """What the supplier has taken."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()

    def count(self) -> int:
        return int(self._session.get(self._url, timeout=5).json()["taken"])

    def at(self, reference: str) -> float | None:
        """When it took the text, in seconds since 1970."""
        moment: float | None = self._session.get(f"{self._url}at/{reference}", timeout=5).json()["at"]
        return moment


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="notify-bench-") as folder:
        platform, processes = InGroups(Path(folder)), Processes(Path(folder))
        platform.prepare()
        try:
            command = ("python", "-m", "benchmarks.http_supplier", platform.supplier.strip("/").rpartition(":")[2])
            processes.start("supplier", *command, environment=platform.environment)
            processes.wait_for("supplier", lambda: answers(platform.supplier))
            return _compare(platform)
        finally:
            platform.stop()
            processes.stop()


def _compare(platform: InGroups) -> int:
    flooding, single = Sender(platform, "Flooding"), Sender(platform, "Single")
    provision(platform, [flooding, single])
    supplier = Taken(platform.supplier)
    platform.start()
    _seconds(single, supplier, 5)
    alone = _seconds(single, supplier, SINGLES)
    began, before = time.monotonic(), supplier.count()
    flooding.submit(ROWS)
    _until(lambda: supplier.count() > before + FLOODED_AFTER)
    flooded = _seconds(single, supplier, SINGLES)
    sent, took = supplier.count() - before, time.monotonic() - began
    before_flood, in_flood = (statistics.median(taken) * 1000 for taken in (alone, flooded))
    print(f"single texts of one service, while a job of {ROWS:,} rows of another goes out; {describe()}")
    print(f"  alone                {_told(alone)}")
    print(f"  during the flood     {_told(flooded)}, {sent / took:,.0f} texts/s of the flood meanwhile")
    name = f"a single text to the supplier during a job of {ROWS:,} rows, against alone"
    tell(Figure(name, in_flood, "ms", before_flood, most_share=TO_HOLD))
    tell(Figure("texts of that job meanwhile", sent / took, "a second"))
    if sent >= ROWS:
        print("  the flood was over before the last single: more rows are needed")
    return 0


def _seconds(single: Sender, supplier: Taken, number: int) -> list[float]:
    """From asking for a text to its being with the supplier."""
    taken = []
    for _ in range(number):
        began = time.time()
        reference = single.send()
        _until(lambda: supplier.at(reference) is not None)  # noqa: B023 - called before the next round
        taken.append((supplier.at(reference) or began + PATIENCE) - began)
        time.sleep(PAUSE)
    return taken


def _until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > end:
            raise SystemExit(f"nothing happened for {PATIENCE:g} s")
        time.sleep(0.01)


def _told(seconds: Sequence[float]) -> str:
    ordered = sorted(seconds)
    return f"median {statistics.median(ordered) * 1000:,.0f} ms, slowest {ordered[-1] * 1000:,.0f} ms"


if __name__ == "__main__":
    sys.exit(main())
