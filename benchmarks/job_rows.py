"""Rows per second from a CSV file to stored and queued notifications, against plain batched inserts into the same
two tables.

PostgreSQL with durable commits, one process. The baseline writes rows that are made beforehand, through SQLAlchemy
Core, a transaction of a notification and a ledger row for each of 1,000 rows: no file, no checks, no encryption.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import Engine

from benchmarks.figures import Figure, tell
from benchmarks.ledger_rate import fresh_bench
from benchmarks.machine import describe, spread
from notify_adapters.clock import system as system_clock
from notify_adapters.secrets.aes_gcm import AesGcmSecrets
from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.ledger import SqlTaskLedger
from notify_adapters.storage.sql.ledger_rows import new_row
from notify_adapters.storage.sql.repositories.notification_rows import NotificationRows
from notify_adapters.storage.sql.schema_ledger import task_ledger
from notify_adapters.storage.sql.schema_notifications import notifications
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.accounts.model import Service
from notify_core.jobs.states import JobStatus
from notify_core.jobs.tasks import ProcessJob
from notify_core.jobs.use_cases import GetJob, JobRequest, ProcessUploadedJob, SubmitJob
from notify_core.notifications.policies import SendingRules
from notify_core.notifications.tasks import DeliverSms
from notify_core.ports.task_ledger import LEASE
from notify_core.templates.model import Template
from notify_core.testing.builders import a_notification, a_service, a_template
from notify_core.testing.fakes.random_source import SeededRandom
from notify_core.testing.fakes.recipient_files import MemoryRecipientFiles

ROWS = int(os.environ.get("BENCH_ROWS", "10000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
BATCH = 1000
CONTENT = "Dear ((name)), your appointment is on ((day)) at ((time)). Reply STOP to cancel."


@dataclass
class Bench:
    storage: SqlStorage
    service: Service
    template: Template

    def __post_init__(self) -> None:
        with self.storage() as work:
            work.services.put(self.service)
            work.templates.put(self.template)
            work.commit()


def main() -> int:
    with fresh_bench() as bench:
        engine = make_engine(bench.database)
        storage = SqlStorage(engine, AesGcmSecrets(["a key for benchmarks, made by nobody in particular"]))
        service = a_service(restricted=False, message_limit={"sms": 10_000_000, "international_sms": 10_000_000})
        _compare(Bench(storage, service, a_template(service_id=service.id, content=CONTENT)), engine)
        engine.dispose()
    return 0


def _compare(bench: Bench, engine: Engine) -> None:
    plain: list[float] = []
    job: list[float] = []
    for _ in range(ROUNDS):
        plain.append(_plain(bench, engine))
        _empty(engine)
        job.append(_job(bench))
        _empty(engine)
    share = statistics.median(one / other for one, other in zip(job, plain, strict=True))
    print(f"{ROWS:,} SMS rows, {ROUNDS} rounds, alternating; {describe()}")
    print(f"  plain batched inserts    {spread(plain)} rows/s")
    print(f"  a job, stored and queued {spread(job)} rows/s")
    measured, base = statistics.median(job), statistics.median(plain)
    name = "rows of a job, stored and queued, of plain batched inserts"
    tell(Figure(name, measured, "rows/s", base, share, least=4000, least_share=0.4))


def _plain(bench: Bench, engine: Engine) -> float:
    rows = NotificationRows(bench.storage.secrets)
    messages = [
        a_notification(
            service_id=bench.service.id,
            template_id=bench.template.id,
            personalisation={"name": "Ann Other", "day": "Monday", "time": "10:30"},
        )
        for _ in range(ROWS)
    ]
    given = [
        {name: value for name, value in rows.from_notification(one).items() if value is not None} for one in messages
    ]
    now = time.time_ns() // 1000
    queued = [
        {
            **new_row(DeliverSms(one.id), delay=timedelta(), queue=None, fair=str(bench.service.id)),
            "id": uuid4(),
            "created_us": now,
            "due_us": now,
        }
        for one in messages
    ]
    for row in queued:
        del row["delay_us"]

    def insert() -> None:
        for start in range(0, ROWS, BATCH):
            with engine.begin() as connection:
                connection.execute(notifications.insert(), given[start : start + BATCH])
                connection.execute(task_ledger.insert(), queued[start : start + BATCH])

    return _rate(insert)


def _job(bench: Bench) -> float:
    """From the claim of its task to its last row; the upload itself is not counted."""
    lines = (f"0770090{number % 10_000:04d},Ann Other,Monday,10:{number % 60:02d}" for number in range(ROWS))
    content = "\n".join(("phone number,name,day,time", *lines)).encode()
    clock, files = system_clock.build({}), MemoryRecipientFiles()
    submit = SubmitJob(bench.storage, clock, SeededRandom(time.time_ns()), files, SendingRules("", "", ""))
    submitted = submit(JobRequest(bench.service.id, bench.template.id, "people.csv", content))
    process = ProcessUploadedJob(bench.storage, clock, files, longest=timedelta(hours=1))
    with bench.storage() as work:
        work.withdraw(ProcessJob(submitted.id))
        work.commit()
    claim = SqlTaskLedger(bench.storage.engine).begin(ProcessJob(submitted.id), "bench", LEASE * 60)
    rate = _rate(lambda: process(ProcessJob(submitted.id), claim))
    view = GetJob(bench.storage)(bench.service.id, submitted.id)
    if view.job.status is not JobStatus.FINISHED or sum(view.statistics.values()) != ROWS:
        raise SystemExit(f"the job is {view.job.status}: {view.statistics}, {view.errors[:3]}")
    return rate


def _empty(engine: Engine) -> None:
    with engine.begin() as connection:
        for table in (notifications, task_ledger):
            connection.exec_driver_sql(f"TRUNCATE {table.name}")


def _rate(do: Callable[[], None]) -> float:
    began = time.perf_counter()
    do()
    return ROWS / (time.perf_counter() - began)


if __name__ == "__main__":
    sys.exit(main())
