"""What things cost as the notifications stored grow from a thousand to a million: a request, the delivery of a text,
every periodic task; and a look of the relay, as the texts that wait grow likewise. One table, in milliseconds.

The server is PostgreSQL, the API gunicorn's, the supplier a server over HTTP; everything else happens in this process.
What counts the messages of a day costs what there are of them; all else must be flat.
"""

import logging
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
import requests

from benchmarks.databases import POSTGRESQL
from benchmarks.figures import Figure, Section, number, table, tell, tell_more
from benchmarks.http_load import APPS, Bench, bench, served
from benchmarks.machine import describe
from benchmarks.stored import grow
from demo.processes import Processes, answers, free_port
from notify_core.kernel.ids import LedgerEntryId
from notify_core.kernel.tasks import Task
from notify_core.ports.task_ledger import LEASE, RelayLimits
from notify_core.registry.schedule import SCHEDULE
from notify_entrypoints.containers import Container
from notify_entrypoints.settings import load_settings

SIZES = tuple(int(size) for size in os.environ.get("BENCH_SIZES", "1000,10000,100000,1000000").split(","))
TRIES = int(os.environ.get("BENCH_TRIES", "30"))
RUNS = 3
# So much longer at most: what a busy moment makes of a flat line.
FLAT = 2.0
_WORKER = "bench"
_FLOOD = """
    INSERT INTO task_ledger (id, task, arguments, queue, state, attempt, created_us, due_us, fair, lane)
    SELECT gen_random_uuid(), 'deliver_sms', '{}', 'send-sms-tasks', 'due', 0, n, n, 'flood',
        'send-sms-tasks' || chr(31) || 'flood' || chr(31)
    FROM generate_series(1, %s) AS n
"""


@dataclass
class Costs:
    """Milliseconds by what was done, one for each size so far."""

    made: Bench
    container: Container
    url: str
    found: dict[str, list[float]] = field(default_factory=dict)

    def measure(self) -> None:
        self._note("POST of a text", self._median(self.post))
        message = self.post()["id"]
        self._note("GET of one", self._median(lambda: self.read(message)))
        self._note("a page of the listing", self._median(self.page))
        self.work_off()
        for _ in range(TRIES):
            self.post()
        began = time.perf_counter()
        done = self.work_off()
        self._note("delivery of a text: relay, ledger, supplier", (time.perf_counter() - began) / done * 1000)
        for entry in SCHEDULE:
            # The best: once an hour or a day it runs beside everything else, whose cost this is not.
            self._note(f"`{entry.name}`", min(self._task(entry.task) for _ in range(RUNS)))

    def _task(self, task: Task) -> float:
        """Milliseconds of one run, with all that follows from it."""
        began = time.perf_counter()
        self.container.run_now()(task)
        self.work_off()
        return (time.perf_counter() - began) * 1000

    def measure_flood(self, size: int) -> None:
        """The relay's look at so many due texts of one service, and its taking of 500 of them, which are put back."""
        ledger = self.container.ledger()
        with psycopg.connect(self.made.sql_url, autocommit=True) as connection:
            connection.execute(_FLOOD.encode(), (size,))
            connection.execute("VACUUM ANALYZE task_ledger")
            self._note("the relay's look, so many texts waiting", self._median(ledger.next_due_in))

            def take() -> None:
                taken = ledger.publish_due(RelayLimits(per_queue=500, lease=LEASE), _WORKER)
                ledger.put_back([one.entry_id for one in taken], _WORKER)

            self._note("its taking and giving back of 500 of these", self._median(take))
            connection.execute("DELETE FROM task_ledger WHERE fair = 'flood'")
            connection.execute("VACUUM task_ledger")

    def post(self) -> Any:
        return self._ask("POST", "/sms", self.made.body)

    def read(self, message: str) -> Any:
        return self._ask("GET", f"/{message}")

    def page(self) -> Any:
        return self._ask("GET", "")

    def work_off(self) -> int:
        """Carry out everything that is due, as relay and worker do; how many rows."""
        done = 0
        while published := self.container.ledger().publish_due(RelayLimits(lease=LEASE), _WORKER):
            by_task: dict[str, list[LedgerEntryId]] = {}
            for one in published:
                by_task.setdefault(one.task, []).append(one.entry_id)
            for task, rows in by_task.items():
                for start in range(0, len(rows), 10):
                    self.container.execute().together(rows[start : start + 10], _WORKER, task=task)
            done += len(published)
        return done

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self.made.token}"}
        answer = requests.request(method, f"{self.url}/v2/notifications{path}", json=body, headers=headers, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def _median(self, do: Callable[[], object]) -> float:
        took = []
        for _ in range(TRIES):
            began = time.perf_counter()
            do()
            took.append((time.perf_counter() - began) * 1000)
        return statistics.median(took)

    def _note(self, what: str, milliseconds: float) -> None:
        self.found.setdefault(what, []).append(milliseconds)


def main() -> int:
    # One line for every request and task would be measured, too.
    logging.disable(logging.CRITICAL)
    print(f"cost as notifications grow, median of {TRIES} in ms; {describe()}", flush=True)
    with prepared() as costs:
        # Once for nothing: what is imported and prepared at the first use is not measured.
        costs.measure()
        costs.found.clear()
        before = 0
        for size in SIZES:
            grow(costs.container, before + 1, size, SIZES[-1])
            before = size
            costs.measure()
            costs.measure_flood(size)
            print(f"  {size:,} stored", flush=True)
    _tell(costs.found)
    return 0


@contextmanager
def prepared(server: str = POSTGRESQL) -> Iterator[Costs]:
    """An API that answers, a supplier that takes, and the parts of a worker in this process."""
    port = free_port()
    supplier = f"http://127.0.0.1:{port}/"
    with bench(server) as made, served(made, APPS["notify"]) as web:
        sending = {"NOTIFY_SMS": "mmg", "NOTIFY_SMS_MMG_URL": supplier, "NOTIFY_SMS_MMG_API_KEY": "bench"}
        sending["NOTIFY_TICKETS"] = "memory"
        processes = Processes(made.folder)
        command = ("python", "-m", "benchmarks.http_supplier", str(port))
        processes.start("supplier", *command, environment=made.environment)
        try:
            processes.wait_for("supplier", lambda: answers(supplier))
            container = Container(settings=load_settings({**made.environment, **sending}), worker=_WORKER)
            try:
                yield Costs(made, container, f"http://127.0.0.1:{web}")
            finally:
                container.wake().close()
                container.engine().dispose()
        finally:
            processes.stop()


def _tell(found: Mapping[str, list[float]]) -> None:
    rows = [(what, *map(number, costs)) for what, costs in found.items()]
    head = ("milliseconds, at so many", *(f"{size:,}" for size in SIZES))
    tell_more(Section("How cost grows with the notifications stored", table(head, rows)))
    for what, (few, *_, many) in found.items():
        # Of the periodic tasks, milliseconds each, the table tells enough.
        if not what.startswith("`"):
            tell(Figure(f"{what}, at {SIZES[-1]:,} against {SIZES[0]:,}", many, "ms", few, most_share=FLAT))


if __name__ == "__main__":
    sys.exit(main())
