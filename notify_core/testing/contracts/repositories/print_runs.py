"""Print runs and their zips."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.kernel.errors import AlreadyExists, Conflict, NotFound
from notify_core.letters.model import Postage, Printed, PrintRun, Volume
from notify_core.letters.ports.printing import PrintingWork
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.testing.builders import NOON, a_print_group

Storage = UnitOfWorkFactory[PrintingWork]
DAY = timedelta(days=1)


class PrintRunsContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def test_a_run_begins_once(self, storage: Storage) -> None:
        run = PrintRun(NOON, NOON + timedelta(minutes=20), {Postage.FIRST: Volume(2, 3), Postage.ECONOMY: Volume(1, 1)})
        for expected in (True, False):
            with storage() as work:
                assert work.print_runs.begin(replace(run, started_at=NOON + DAY) if not expected else run) is expected
                work.commit()
        with storage(read_only=True) as work:
            assert work.print_runs.get(NOON) == run
            with pytest.raises(NotFound):
                work.print_runs.get(NOON + DAY)

    def test_the_latest_runs_come_first(self, storage: Storage) -> None:
        with storage() as work:
            for number in (1, 3, 2):
                work.print_runs.begin(PrintRun(NOON + number * DAY, NOON))
            work.commit()
        with storage(read_only=True) as work:
            assert [run.deadline for run in work.print_runs.latest(2)] == [NOON + 3 * DAY, NOON + 2 * DAY]

    def test_a_group_comes_back_as_it_was_added(self, storage: Storage) -> None:
        whole = a_print_group(
            keys=("2026-01-05/A.PDF", "2026-01-05/B.PDF"),
            sheets=3,
            pdf_bytes=5_000_000_000,
            zip_bytes=5_000_000_300,
            checksum="0f" * 32,
            uploaded_at=NOON,
            sent_at=NOON + DAY,
            sent_by="sftp",
        )
        bare = a_print_group(number=2)
        with storage() as work:
            work.print_runs.add_group(whole)
            work.print_runs.add_group(bare)
            work.commit()
        with storage(read_only=True) as work:
            assert work.print_runs.group(whole.zip_name) == whole
            assert work.print_runs.group(bare.zip_name) == bare
            with pytest.raises(NotFound):
                work.print_runs.group("another")

    def test_groups_of_a_run_come_by_postage_and_number(self, storage: Storage) -> None:
        groups = [
            a_print_group(postage=postage, number=number)
            for postage in (Postage.FIRST, Postage.SECOND, Postage.EUROPE)
            for number in (1, 2, 10)
        ]
        empty = a_print_group(postage=Postage.REST_OF_WORLD, keys=())
        with storage() as work:
            for group in (*reversed(groups), a_print_group(deadline=NOON + DAY), empty):
                work.print_runs.add_group(group)
            work.commit()
        with storage(read_only=True) as work:
            assert list(work.print_runs.groups(NOON)) == [*groups, empty]
            assert work.print_runs.printed(NOON) == Printed(9, 0, Volume(18, 18))
            assert work.print_runs.printed(NOON + 2 * DAY) == Printed(0, 0, Volume())
            assert work.print_runs.next_number(NOON, Postage.SECOND) == 11
            assert work.print_runs.next_number(NOON, Postage.ECONOMY) == 1

    @pytest.mark.parametrize("what", ["zip_name", "number"])
    def test_a_taken_name_or_number_shows_at_commit(self, storage: Storage, what: str) -> None:
        group = a_print_group()
        other = a_print_group(**({"zip_name": group.zip_name, "number": 2} if what == "zip_name" else {}))
        with storage() as work:
            work.print_runs.add_group(group)
            work.commit()
        with storage() as work:
            work.print_runs.add_group(other)
            with pytest.raises(AlreadyExists):
                work.commit()

    def test_a_group_gets_farther_once(self, storage: Storage) -> None:
        group = a_print_group()
        uploaded = replace(group, uploaded_at=NOON, zip_bytes=7, checksum="0f" * 32, keys=group.keys[:1])
        sent = replace(uploaded, sent_at=NOON + DAY, sent_by="sftp")
        with storage() as work:
            work.print_runs.add_group(group)
            work.commit()
        for was, becomes in ((group, uploaded), (uploaded, sent)):
            with storage() as work:
                work.print_runs.change_group(was, becomes)
                work.commit()
            with storage() as work, pytest.raises(Conflict):
                work.print_runs.change_group(was, becomes)
        with storage(read_only=True) as work:
            assert work.print_runs.group(group.zip_name) == sent
            assert work.print_runs.printed(NOON) == Printed(1, 1, Volume(1, 2))

    def test_old_runs_are_deleted_in_batches_after_their_zips(self, storage: Storage) -> None:
        sent = [a_print_group(number=number, sent_at=NOON) for number in (1, 2)]
        empty = a_print_group(number=3, keys=())
        unsent = a_print_group(deadline=NOON + DAY)
        new = a_print_group(deadline=NOON + 2 * DAY, sent_at=NOON)
        with storage() as work:
            for days in range(3):
                work.print_runs.begin(PrintRun(NOON + days * DAY, NOON))
            for group in (*sent, empty, unsent, new):
                work.print_runs.add_group(group)
            work.commit()
        for expected in (2, 2, 0):
            with storage() as work:
                assert work.print_runs.delete_before(NOON + 2 * DAY, 2) == expected
                work.commit()
        with storage(read_only=True) as work:
            assert [run.deadline for run in work.print_runs.latest(9)] == [NOON + 2 * DAY, NOON + DAY]
            assert list(work.print_runs.groups(NOON)) == []
            assert work.print_runs.group(unsent.zip_name) == unsent
            assert work.print_runs.group(new.zip_name) == new
