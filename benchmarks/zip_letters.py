"""Zipping letters and sending them, against plain parallel downloads of the same files in the same run.

The letters (500 of 80 KB, a full zip) are in S3, played by moto's server in a process of its own, and the printer is a
folder. The baseline downloads the same keys with as many threads and throws away what comes. The two take turns.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import boto3

from benchmarks.figures import Figure, tell
from benchmarks.machine import describe
from benchmarks.print_runs import DEADLINE, a_database, letters_due
from demo.processes import Processes, answers, clean_environment, free_port
from notify_adapters.letter_printer import directory
from notify_adapters.letter_store import s3
from notify_adapters.storage.sql.ledger import SqlTaskLedger
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.kernel.ids import ServiceId
from notify_core.letters.model import Bucket, Postage, PrintGroup
from notify_core.letters.policies.grouping import MOST_LETTERS
from notify_core.letters.ports import LetterStore
from notify_core.letters.tasks.printing import ZipAndSendLetters
from notify_core.letters.use_cases.printing import ZipAndSend
from notify_core.letters.use_cases.printing.packing import AT_ONCE
from notify_core.ports.task_ledger import LEASE
from notify_core.testing.builders import an_id
from notify_core.testing.fakes.clock import FakeClock
from notify_core.testing.fakes.metrics import MemoryMetrics

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SIZE = 80_000
WANTED = 0.8


@contextmanager
def a_store(folder: Path) -> Iterator[LetterStore]:
    """S3 by moto's server."""
    port, processes = free_port(), Processes(folder)
    url = f"http://127.0.0.1:{port}"
    processes.start("moto", "moto_server", "-p", str(port), environment=clean_environment())
    try:
        processes.wait_for("moto", lambda: answers(f"{url}/moto-api/"))
        os.environ |= {"AWS_ENDPOINT_URL_S3": url}
        keys = {"access_key_id": "bench", "secret_access_key": "bench", "region": "eu-west-1"}
        client = boto3.client(
            "s3",
            "eu-west-1",
            endpoint_url=url,
            aws_access_key_id="bench",
            aws_secret_access_key="bench",  # noqa: S106 - moto takes any
        )
        for bucket in Bucket:
            client.create_bucket(
                Bucket=f"bench-{bucket}", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
            )
        yield s3.build({f"{bucket.name.lower()}_bucket": f"bench-{bucket}" for bucket in Bucket} | keys)
    finally:
        processes.stop()


def a_group(work: SqlStorage, store: LetterStore, number: int) -> PrintGroup:
    """A full zip that is still to be sent."""
    letters = letters_due(work, MOST_LETTERS, SIZE, services=1)
    content = os.urandom(SIZE)
    keys = [one.pdf.key for one in letters if one.pdf]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda key: store.put(Bucket.PDF, key, content), keys))
    group = PrintGroup(
        zip_name=f"NOTIFY.{number}.ZIP",
        deadline=DEADLINE,
        postage=Postage.SECOND,
        number=number,
        service_id=ServiceId(an_id()),
        keys=tuple(keys),
        sheets=len(keys),
        pdf_bytes=SIZE * len(keys),
    )
    with work() as unit:
        unit.print_runs.add_group(group)
        unit.letters_to_print.put_into(group.zip_name, [one.id for one in letters])
        unit.commit()
    return group


def download(store: LetterStore, keys: Sequence[str]) -> float:
    """The baseline; bytes a second."""

    def fetch(key: str) -> int:
        with store.open(Bucket.PDF, key) as pieces:
            return sum(map(len, pieces))

    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        read = sum(pool.map(fetch, keys))
    return read / (time.perf_counter() - began)


def send(use: ZipAndSend, ledger: SqlTaskLedger, group: PrintGroup) -> float:
    """The whole task, with all that it records; bytes a second."""
    task = ZipAndSendLetters(group.zip_name)
    claim = ledger.begin(task, "bench", LEASE)
    began = time.perf_counter()
    use(task, claim)
    return group.pdf_bytes / (time.perf_counter() - began)


def main() -> int:
    print(describe())
    with tempfile.TemporaryDirectory(prefix="notify-bench-") as name:
        folder = Path(name)
        with a_database(folder) as work, a_store(folder) as store:
            printer = directory.build({"path": str(folder / "printer")})
            clock = FakeClock(DEADLINE + timedelta(minutes=20))
            use = ZipAndSend(work, clock, MemoryMetrics(), store, printer)
            ledger = SqlTaskLedger(work.engine)
            downloads, zips = [], []
            for number in range(ROUNDS):
                group = a_group(work, store, number)
                downloads.append(download(store, group.keys))
                zips.append(send(use, ledger, group))
    plain, ours = statistics.median(downloads), statistics.median(zips)
    name = f"a full zip of letters, read and sent, of plain downloads {AT_ONCE} at a time"
    tell(Figure(name, ours / 1e6, "MB/s", plain / 1e6, least_share=WANTED))
    return 0


if __name__ == "__main__":
    sys.exit(main())
