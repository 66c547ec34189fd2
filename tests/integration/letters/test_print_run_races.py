"""A print run made by several at the same moment, on both databases: each letter is in one zip and sent once."""

import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from notify_adapters.letter_printer import directory
from notify_adapters.letter_store import directory as letters_in_folders
from notify_adapters.storage.sql.ledger import SqlTaskLedger
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.kernel.errors import Conflict
from notify_core.kernel.ids import ServiceId
from notify_core.letters.model import Bucket, Location, Postage
from notify_core.letters.policies.naming import upload_name
from notify_core.letters.states import LetterStatus
from notify_core.letters.tasks.printing import FindLettersToPrint, ZipAndSendLetters
from notify_core.letters.use_cases.printing import FindLetters, GroupLetters, ZipAndSend
from notify_core.ports.task_ledger import RelayLimits
from notify_core.registry.execute import Execute, ExecutionOutcome
from notify_core.registry.under_way import UnderWay
from notify_core.testing.builders import a_letter, an_id
from notify_core.testing.contracts.racing import race
from notify_core.testing.fakes.clock import FakeClock
from notify_core.testing.fakes.heartbeats import MemoryHeartbeats
from notify_core.testing.fakes.metrics import MemoryMetrics
from notify_core.testing.fakes.secrets import MemorySecrets

DEADLINE = datetime(2026, 1, 5, 17, 30, tzinfo=UTC)
RUNNERS = 4


class House:
    """What a print run needs, of real parts, and letters that are due."""

    def __init__(self, engine, folder):
        self.work = SqlStorage(engine, MemorySecrets())
        self.ledger = SqlTaskLedger(engine)
        self.clock = FakeClock(DEADLINE + timedelta(minutes=20))
        self.metrics = MemoryMetrics()
        self.store = letters_in_folders.build({"data_dir": str(folder)})
        self.folder = folder
        self.printer = directory.build({"data_dir": str(folder)})
        self.letters = list(self._given())

    def _given(self):
        services = [ServiceId(an_id()) for _ in range(3)]
        for number in range(60):
            letter = a_letter(
                service_id=services[number % 3],
                created_at=DEADLINE - timedelta(minutes=number),
                postage=(Postage.FIRST, Postage.SECOND)[number % 2],
            )
            key = upload_name(Bucket.PDF, letter.file_reference, letter.created_at, letter.postage)
            self.store.put(Bucket.PDF, key, b"%PDF-1.7")
            if number:  # the one at the deadline waits
                yield replace(letter, pdf=Location(Bucket.PDF, key), pdf_bytes=8)

    def keep(self):
        with self.work() as work:
            work.letters.add_many(self.letters)
            work.commit()

    def collate(self, _runner=0):
        """Find and group until nobody comes in between any more."""
        find = FindLetters(self.work, self.clock, self.metrics, self.store)
        group = GroupLetters(self.work, self.clock)
        while True:
            try:
                find._search_for_a_while(FindLettersToPrint(DEADLINE.isoformat()))
                group._group_for_a_while(DEADLINE)
            except Conflict:
                continue
            return

    def groups(self):
        with self.work(read_only=True) as work:
            return work.print_runs.groups(DEADLINE)

    def executor(self):
        send = ZipAndSend(self.work, self.clock, self.metrics, self.store, self.printer)
        return Execute(
            self.ledger,
            {ZipAndSendLetters: send},
            self.work,
            self.metrics,
            MemoryHeartbeats(),
            self.clock,
            UnderWay(self.clock),
        )


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, tmp_path):
    made = House(request.getfixturevalue(f"{request.param}_engine"), tmp_path)
    made.keep()
    return made


def test_who_collates_at_the_same_moment_puts_no_letter_into_two_zips(house):
    race(house.collate, RUNNERS)
    groups = house.groups()
    keys = [key for group in groups for key in group.keys]
    assert sorted(keys) == sorted(letter.pdf.key for letter in house.letters)
    for postage in (Postage.FIRST, Postage.SECOND):
        assert [group.number for group in groups if group.postage is postage] == [1, 2, 3]
    assert len(house.ledger.entries()) == len(groups)


def test_workers_that_get_the_same_message_send_a_zip_once(house):
    house.collate()
    rows = [published.entry_id for published in house.ledger.publish_due(RelayLimits(per_limit_key=100), "relay")]
    assert len(rows) == 6
    executors = [house.executor() for _ in range(RUNNERS)]
    outcomes = race(lambda runner: [executors[runner](row, f"worker-{runner}") for row in rows], RUNNERS)
    for each in zip(*outcomes, strict=True):
        assert sorted(each) == sorted([ExecutionOutcome.DONE, *[ExecutionOutcome.DUPLICATE] * (RUNNERS - 1)])

    names = []
    for path in (house.folder / "printer").iterdir():
        with zipfile.ZipFile(path) as content:
            assert content.testzip() is None
            names += content.namelist()
    assert sorted(names) == sorted(letter.pdf.key.rpartition("/")[2] for letter in house.letters)
    with house.work(read_only=True) as work:
        assert {work.letters.get(letter.id).status for letter in house.letters} == {LetterStatus.SENDING}
        assert all(group.sent_at for group in house.groups())
    assert house.ledger.entries() == []


def test_collating_while_zips_are_sent_changes_nothing(house):
    house.collate()
    rows = [published.entry_id for published in house.ledger.publish_due(RelayLimits(per_limit_key=100), "relay")]
    execute = house.executor()
    with ThreadPoolExecutor(2) as pool:
        again = pool.submit(lambda: [house.collate() for _ in range(5)])
        outcomes = [execute(row, "worker") for row in rows]
        again.result(60)
    assert set(outcomes) == {ExecutionOutcome.DONE}
    assert len(house.groups()) == 6
