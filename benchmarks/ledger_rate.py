"""Rows per second through ledger, relay and workers, against empty Celery tasks on the same broker.

Redis, PostgreSQL with durable commits, one worker with four processes, since each waits for the database
half of its time.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import redis
from sqlalchemy import make_url

from benchmarks.celery_apps import Nothing, bare
from benchmarks.databases import POSTGRESQL, REDIS, dsn, fresh_database
from benchmarks.figures import Figure, tell
from benchmarks.machine import describe, spread
from demo.processes import Processes, clean_environment, run
from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.kernel.queues import REPORTING, Queue
from notify_core.testing.fakes.secrets import MemorySecrets

ROWS = int(os.environ.get("BENCH_ROWS", "4000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
PROCESSES = int(os.environ.get("BENCH_PROCESSES", "4"))
ROOT = Path(__file__).parent.parent


@dataclass
class Bench:
    folder: Path
    database: str
    # Besides those that every bench needs.
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Of its database and of its queues."""
        return str(make_url(self.database).database)

    @property
    def environment(self) -> dict[str, str]:
        return {
            **clean_environment(),
            "PYTHONPATH": str(ROOT),
            "NOTIFY_DATABASE_URL": self.database,
            "NOTIFY_DATA_DIR": str(self.folder / "data"),
            "NOTIFY_TASK_QUEUE": "celery",
            "NOTIFY_TASK_QUEUE_BROKER_URL": REDIS,
            "NOTIFY_TASK_QUEUE_PREFIX": f"{self.name}-",
            **self.variables,
        }


@contextmanager
def fresh_bench(server: str = POSTGRESQL) -> Iterator[Bench]:
    """A database of its own, migrated, and nothing left of it or of its queues afterwards."""
    broker = redis.Redis.from_url(REDIS)
    with tempfile.TemporaryDirectory(prefix="notify-bench-") as folder, fresh_database(server) as database:
        bench = Bench(Path(folder), database)
        try:
            run("notify", "migrate", environment=bench.environment)
            yield bench
        finally:
            for key in broker.scan_iter(f"{bench.name}-*"):
                broker.delete(key)


def main() -> int:
    with fresh_bench() as bench:
        _compare(bench, redis.Redis.from_url(REDIS))
    return 0


def _compare(bench: Bench, broker: redis.Redis) -> None:
    queue = f"{bench.name}-{REPORTING}"
    empty: list[float] = []
    rows: list[float] = []
    for _ in range(ROUNDS):
        _publish(bench, queue)
        empty.append(drain(bench, "benchmarks.celery_apps:bare_app", queue, lambda: int(broker.llen(queue))))
        rows.append(empty_rows(bench))
    share = statistics.median(row / one for row, one in zip(rows, empty, strict=True))
    how = f"{ROUNDS} rounds, alternating, one worker of {PROCESSES} processes on Redis"
    print(f"{ROWS:,} empty tasks, {how}; {describe()}")
    print(f"  Celery alone        {spread(empty)} tasks/s")
    print(f"  through the ledger  {spread(rows)} rows/s, up to {Nothing.together} to a message")
    measured, alone = statistics.median(rows), statistics.median(empty)
    tell(Figure("empty tasks through the ledger, of Celery alone", measured, "rows/s", alone, share, least_share=0.5))


def _publish(bench: Bench, queue: str) -> None:
    os.environ.update({name: value for name, value in bench.environment.items() if name.startswith("NOTIFY_")})
    app = bare()
    for _ in range(ROWS):
        app.send_task("bare-nothing", queue=queue, ignore_result=True)


def empty_rows(bench: Bench) -> float:
    """Rows per second of empty tasks through the ledger."""
    engine = make_engine(bench.database)
    storage = SqlStorage(engine, MemorySecrets())
    for start in range(0, ROWS, 500):
        with storage() as work:
            for number in range(start, min(start + 500, ROWS)):
                work.enqueue(Nothing(number))
            work.commit()
    engine.dispose()
    return drain_rows(bench, REPORTING)


def drain_rows(bench: Bench, queue: Queue) -> float:
    """Rows per second of ``queue``, which has all rows of the ledger."""
    with psycopg.connect(dsn(bench.database), autocommit=True) as connection:

        def unfinished() -> int:
            row = connection.execute("SELECT count(*) FROM task_ledger").fetchone()
            return int(row[0]) if row else 0

        return drain(bench, "benchmarks.celery_apps:ledger_app", f"{bench.name}-{queue}", unfinished)


def drain(bench: Bench, app: str, queue: str, left: Callable[[], int]) -> float:
    """Tasks per second of a worker, between the first and the last tenth of them."""
    processes, moments = Processes(bench.folder), {}
    worker = (
        "worker",
        "--concurrency",
        str(PROCESSES),
        "-Q",
        queue,
        "--without-gossip",
        "--without-mingle",
        "-l",
        "WARNING",
    )
    processes.start("worker", "celery", "-A", app, *worker, environment=bench.environment)
    marks = [int(ROWS * 0.9), int(ROWS * 0.1)]
    end = time.monotonic() + 180
    try:
        while marks:
            if time.monotonic() > end:
                raise SystemExit(processes.log("worker").read_text(encoding="utf-8")[-2000:])
            remaining = left()
            while marks and remaining <= marks[0]:
                moments[marks.pop(0)] = (time.perf_counter(), remaining)
            # Rarely: looking costs the database something too.
            time.sleep(0.1)
        while left():
            time.sleep(0.1)
    finally:
        processes.stop()
    (first, many), (last, few) = moments.values()
    return (many - few) / (last - first)


if __name__ == "__main__":
    sys.exit(main())
