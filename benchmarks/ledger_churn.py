"""A million rows through the task ledger on PostgreSQL: the last must be as fast as the first, and what
they leave behind must not grow."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from queue import Empty, SimpleQueue
from threading import Event, Thread

from sqlalchemy import Engine, text

from benchmarks.databases import fresh_database
from benchmarks.figures import Figure, tell
from benchmarks.machine import describe
from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.ledger import SqlTaskLedger
from notify_adapters.storage.sql.migrate import upgrade
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.kernel.ids import LedgerEntryId
from notify_core.ports.task_ledger import RelayLimits
from notify_core.testing.contracts.storage import Chore
from notify_core.testing.fakes.secrets import MemorySecrets

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
BATCH = 500
WORKERS = 4
TOGETHER = 10
# Rows that wait while others are under way: a flood, but not all of the million at once.
WAITING = 20_000
LEASE = timedelta(minutes=5)

_SIZES = text(
    "SELECT pg_table_size('task_ledger') AS heap, pg_indexes_size('task_ledger') AS indexes,"
    " n_dead_tup AS dead, autovacuum_count AS vacuums FROM pg_stat_user_tables WHERE relname = 'task_ledger'"
)


@dataclass
class Churn:
    engine: Engine
    rows: int
    entered: int = 0
    finished: int = 0
    moments: list[float] = field(default_factory=list)
    # Rows per second, of each tenth.
    rates: list[float] = field(default_factory=list)
    published: SimpleQueue[LedgerEntryId] = field(default_factory=SimpleQueue)
    over: Event = field(default_factory=Event)

    def run(self) -> None:
        jobs = [self.enter, self.relay, *[self.work] * WORKERS]
        threads = [Thread(target=job, daemon=True) for job in jobs]
        for thread in threads:
            thread.start()
        self._watch()
        for thread in threads:
            thread.join()

    def enter(self) -> None:
        storage = SqlStorage(self.engine, MemorySecrets())
        for start in range(0, self.rows, BATCH):
            while self.entered - self.finished > WAITING:
                time.sleep(0.01)
            batch = range(start, min(start + BATCH, self.rows))
            with storage() as work:
                for number in batch:
                    work.enqueue(Chore(number, fair=f"service {number % 10}", dedupe=f"{number}"))
                work.commit()
            self.entered += len(batch)

    def relay(self) -> None:
        ledger = SqlTaskLedger(self.engine)
        while not self.over.is_set():
            for publication in ledger.publish_due(RelayLimits(per_queue=1000, lease=LEASE), "relay"):
                self.published.put(publication.entry_id)
            time.sleep(0.02)

    def work(self) -> None:
        ledger, storage = SqlTaskLedger(self.engine), SqlStorage(self.engine, MemorySecrets())
        while not self.over.is_set():
            entry_ids = list(self._message())
            claims = ledger.claim(entry_ids, "worker", LEASE) if entry_ids else []
            if len(claims) != len(entry_ids):
                raise SystemExit("what was published could not be claimed")
            for claim in claims:
                with storage() as work:
                    work.finish(claim)
                    work.commit()
                self.moments.append(time.perf_counter())
                self.finished += 1

    def _message(self) -> Iterator[LedgerEntryId]:
        """The rows that one message would name."""
        with suppress(Empty):
            for _ in range(TOGETHER):
                yield self.published.get(timeout=0.1)

    def _watch(self) -> None:
        tenth = max(1, self.rows // 10)
        for part in range(1, 11):
            # Not ``finished``: threads that count together miss one now and then.
            while len(self.moments) < min(part * tenth, self.rows):
                time.sleep(0.05)
            with self.engine.connect() as connection:
                sizes = connection.execute(_SIZES).one()
            self.rates.append(self._rate(part - 1, tenth))
            print(
                f"  {len(self.moments):>9,} rows  {self.rates[-1]:>6,.0f} rows/s  "
                f"table {sizes.heap / 1e6:6.1f} MB  indexes {sizes.indexes / 1e6:6.1f} MB  "
                f"dead {sizes.dead:>8,}  vacuums {sizes.vacuums}",
                flush=True,
            )
        self.over.set()

    def _rate(self, part: int, tenth: int) -> float:
        moments = sorted(self.moments[part * tenth : (part + 1) * tenth])
        return (len(moments) - 1) / (moments[-1] - moments[0])


@contextmanager
def _database() -> Iterator[Engine]:
    with fresh_database() as url:
        engine = make_engine(url)
        try:
            upgrade(engine)
            yield engine
        finally:
            engine.dispose()


def main() -> int:
    print(f"{ROWS:,} rows through the ledger, {WORKERS} worker threads in one process; {describe()}")
    with _database() as engine:
        churn = Churn(engine, ROWS)
        churn.run()
    first, last = churn.rates[0], churn.rates[-1]
    tell(
        Figure(f"last tenth of {ROWS:,} rows through the ledger, of the first", last, "rows/s", first, least_share=0.8)
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
