"""A job of texts drains while workers and relay are killed at random: every row sent, none recorded twice, and the
supplier sees a reference again at most once for each kill. ``python -m benchmarks.job_drain [embedded|celery]``; exit
status 1 and a list where that is not so.

embedded: ``notify serve`` on SQLite, killed as a whole. celery: groups of Celery workers, each with a relay, and beat,
on PostgreSQL and Redis; any of them, or one process of any.
"""

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from benchmarks.bulk_senders import Sender, provision
from benchmarks.drained_job import at_rest, look, violations
from benchmarks.figures import Figure, tell
from benchmarks.kills import Kills
from benchmarks.machine import describe
from benchmarks.platforms import on_celery
from demo.platform import EmbeddedPlatform, Platform
from notify_adapters.sms.fake import FakeSmsStore
from notify_core.kernel.ids import JobId
from notify_entrypoints.containers import Container
from notify_entrypoints.settings import load_settings

ROWS = int(os.environ.get("BENCH_ROWS", "20000"))
# Everything is over after so many seconds, drained or not.
PATIENCE = float(os.environ.get("BENCH_PATIENCE", "1200"))
# Seconds between two kills.
PAUSES: Mapping[str, tuple[float, float]] = {"embedded": (2.0, 8.0), "celery": (3.0, 12.0)}
REST = 0.5


@dataclass
class Drain:
    platform: Platform
    pause: tuple[float, float]
    container: Container = field(init=False)
    supplier: FakeSmsStore = field(init=False)

    def run(self) -> int:
        self.platform.prepare()
        try:
            sender = Sender(self.platform, "Clinic")
            provision(self.platform, [sender])
            self.container = Container(settings=load_settings(self.platform.environment))
            self.supplier = FakeSmsStore(self.platform.data_dir)
            try:
                self.platform.start()
                return self._drain(JobId(UUID(sender.submit(ROWS))))
            finally:
                self.supplier.close()
                self.container.wake().close()
                self.container.engine().dispose()
        finally:
            self.platform.stop()

    def _drain(self, job_id: JobId) -> int:
        kills = Kills(self.platform, self.pause)
        began = time.monotonic()
        kills.begin()
        drained = self._wait(job_id, began + PATIENCE)
        took = time.monotonic() - began
        kills.end()
        seen = look(self.container, self.supplier, job_id)
        found = [] if drained else [f"not drained in {PATIENCE:g} s"]
        found += violations(seen, ROWS, kills.count.total())
        if kills.failure is not None:
            found.append(f"what was killed could not be started: {kills.failure!r}")
        found += [f"{part} ended by itself" for part in self.platform.ended()]
        again = Counter(message.repeats for message in seen.messages if message.repeats)
        print(f"a job of {ROWS:,} texts drains, {self.platform.title}; load {os.getloadavg()[0]:.1f}")
        print(f"  {describe()}")
        print(f"  {kills.count.total()} kills: {', '.join(f'{part} {n}' for part, n in sorted(kills.count.items()))}")
        print(f"  one reference at most {max(again, default=0)} times")
        name = f"a job of {ROWS:,} texts drains, {self.platform.title}"
        tell(
            Figure(f"{name}: kills", kills.count.total(), ""),
            Figure(f"{name}: references that the supplier saw again", again.total(), ""),
            Figure(f"{name}: violations", len(found), "", most=0),
            Figure(name, ROWS / took, "texts/s"),
        )
        for line in found:
            print(f"  VIOLATION {line}")
        print(f"  {len(found) or 'no'} violations")
        return 1 if found else 0

    def _wait(self, job_id: JobId, until: float) -> bool:
        told = time.monotonic()
        while time.monotonic() < until:
            if at_rest(self.container, job_id, ROWS):
                return True
            if time.monotonic() > told + 30:
                told = time.monotonic()
                statistics = dict(self.container.get_job()(None, job_id).statistics)
                print(f"    {until - told:4.0f} s left: {statistics}", flush=True)
            time.sleep(REST)
        return False


class Embedded(EmbeddedPlatform):
    title = "embedded: SQLite, one process"


def main(arguments: Sequence[str]) -> int:
    (mode,) = arguments or ("embedded",)
    with tempfile.TemporaryDirectory(prefix="notify-bench-") as folder:
        platform = on_celery(Path(folder)) if mode == "celery" else Embedded(Path(folder))
        return Drain(platform, PAUSES[mode]).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
