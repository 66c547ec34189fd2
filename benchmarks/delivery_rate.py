"""Texts per second from the ledger to a supplier over HTTP, against empty tasks through the same ledger and broker.

Redis, PostgreSQL with durable commits, one worker with four processes, and the supplier, a process of its own, all on
the same processors.
"""

import statistics
import sys
from uuid import uuid4

import requests

from benchmarks.figures import Figure, tell
from benchmarks.ledger_rate import PROCESSES, ROUNDS, ROWS, Bench, drain_rows, empty_rows, fresh_bench
from benchmarks.machine import describe, spread
from demo.processes import Processes, answers, free_port
from notify_adapters.secrets.aes_gcm import AesGcmSecrets
from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.accounts.model import Service
from notify_core.kernel.ids import NotificationId
from notify_core.kernel.queues import SEND_SMS
from notify_core.notifications.tasks import DeliverSms
from notify_core.templates.model import Template
from notify_core.testing.builders import a_notification, a_service, a_template

_KEY = "delivery-bench-" + "0" * 32


def main() -> int:
    port = free_port()
    supplier = f"http://127.0.0.1:{port}/"
    with fresh_bench() as bench:
        bench.variables = {
            "NOTIFY_SECRET_KEYS": _KEY,
            "NOTIFY_SMS": "mmg",
            "NOTIFY_SMS_MMG_URL": supplier,
            "NOTIFY_SMS_MMG_API_KEY": "bench",
        }
        processes = Processes(bench.folder)
        command = ("python", "-m", "benchmarks.http_supplier", str(port))
        processes.start("supplier", *command, environment=bench.environment)
        try:
            processes.wait_for("supplier", lambda: answers(supplier))
            _compare(bench, supplier)
        finally:
            processes.stop()
    return 0


def _compare(bench: Bench, supplier: str) -> None:
    empty: list[float] = []
    texts: list[float] = []
    for _ in range(ROUNDS):
        empty.append(empty_rows(bench))
        _accept(bench)
        texts.append(drain_rows(bench, SEND_SMS))
    figures = requests.get(supplier, timeout=5).json()
    share = statistics.median(text / one for text, one in zip(texts, empty, strict=True))
    print(f"{ROWS:,} texts of one service, {ROUNDS} rounds, one worker of {PROCESSES} processes on Redis; {describe()}")
    print(f"  empty tasks through the ledger  {spread(empty)} rows/s")
    print(f"  texts to the supplier           {spread(texts)} texts/s")
    measured, plain = statistics.median(texts), statistics.median(empty)
    tell(
        Figure(
            "texts to a supplier, of empty tasks through the ledger",
            measured,
            "a second",
            plain,
            share,
            least_share=0.5,
        )
    )
    taken = "{taken:,} texts, {repeats} of them again, over {connections} connections".format(**figures)
    print(f"  the supplier took {taken}")


def _accept(bench: Bench) -> None:
    """As the API and jobs leave them: accepted, with a delivery each."""
    engine = make_engine(bench.database)
    storage = SqlStorage(engine, AesGcmSecrets([_KEY]))
    service, template = _sender(storage)
    for start in range(0, ROWS, 500):
        texts = [
            a_notification(
                id=NotificationId(uuid4()),
                service_id=service.id,
                template_id=template.id,
                template_version=template.version,
                personalisation={"name": f"person {number}"},
            )
            for number in range(start, min(start + 500, ROWS))
        ]
        with storage() as work:
            work.notifications.add_many(texts)
            for text in texts:
                work.enqueue(DeliverSms(text.id), fair=str(service.id))
            work.commit()
    engine.dispose()


def _sender(storage: SqlStorage) -> tuple[Service, Template]:
    service = a_service(name=f"bench {uuid4()}", email_from=f"bench.{uuid4()}")
    template = a_template(service_id=service.id, content="Hello ((name)), the river is rising.")
    with storage() as work:
        work.services.put(service)
        work.templates.put(template)
        work.commit()
    return service, template


if __name__ == "__main__":
    sys.exit(main())
