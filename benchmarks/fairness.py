"""How long another service's single text takes to the supplier while one service's job of 100,000 rows goes out,
against how long it takes without. PostgreSQL, Celery on Redis, workers in the groups of docs/operations.md; the
supplier is a fake that takes a text at once.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.bulk_senders import Sender, provision
from benchmarks.machine import describe
from demo.platform import Platform
from demo.production import BEAT, WEB, ProductionPlatform
from notify_adapters.sms.fake import FakeSmsStore

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

    def _command(self, part: str) -> tuple[str, ...]:
        if part not in GROUPS:
            return super()._command(part)
        processes, queues = GROUPS[part]
        names = ",".join(self._prefix + queue for queue in queues.split(","))
        worker = ("celery", "-A", "notify_entrypoints.celery_app", "worker", "--without-gossip", "--without-mingle")
        return (*worker, "--concurrency", processes, "-n", f"{part}@%h", "-Q", names)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="notify-bench-") as folder:
        platform = InGroups(Path(folder))
        platform.prepare()
        try:
            return _compare(platform)
        finally:
            platform.stop()


def _compare(platform: Platform) -> int:
    flooding, single = Sender(platform, "Flooding"), Sender(platform, "Single")
    provision(platform, [flooding, single])
    store = FakeSmsStore(platform.data_dir)
    store.rescript(receipts=False)
    platform.start()
    _seconds(single, store, 5)
    alone = _seconds(single, store, SINGLES)
    began, before = time.monotonic(), store.count()
    flooding.submit(ROWS)
    _until(lambda: store.count() > before + FLOODED_AFTER)
    flooded = _seconds(single, store, SINGLES)
    sent, took = store.count() - before, time.monotonic() - began
    ratio = statistics.median(flooded) / statistics.median(alone)
    print(f"single texts of one service, while a job of {ROWS:,} rows of another goes out; {describe()}")
    print(f"  alone                {_told(alone)}")
    print(f"  during the flood     {_told(flooded)}, {sent / took:,.0f} texts/s of the flood meanwhile")
    print(f"  flood / alone: {ratio:.1f}  (to hold: at most {TO_HOLD:g})")
    if sent >= ROWS:
        print("  the flood was over before the last single: more rows are needed")
    return 0


def _seconds(single: Sender, store: FakeSmsStore, number: int) -> list[float]:
    """From asking for a text to its being with the supplier."""
    taken = []
    for _ in range(number):
        began = time.time()
        reference = single.send()
        _until(lambda: store.message(reference) is not None)  # noqa: B023 - called before the next round
        message = store.message(reference)
        taken.append(message.received_at - began if message else PATIENCE)
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
