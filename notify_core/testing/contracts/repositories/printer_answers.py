"""How what the printer and the post answer is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.letters.model import (
    AnswerCounts,
    AnswerFile,
    AnswerFileState,
    CostThreshold,
    PrinterAnswer,
    ReturnedLetter,
    SortedCounts,
)
from notify_core.letters.ports import AnswersWork
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.testing.builders import NOON, an_id

Storage = UnitOfWorkFactory[AnswersWork]
SECOND = timedelta(seconds=1)


@contextmanager
def changing(storage: Storage) -> Iterator[AnswersWork]:
    with storage() as work:
        yield work
        work.commit()


class AnswerFilesContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def named(self, storage: Storage, *names: str) -> dict[str, AnswerFile]:
        with storage(read_only=True) as work:
            return dict(work.answer_files.named(names))

    def test_a_file_comes_back_as_it_was_put(self, storage: Storage) -> None:
        bare = AnswerFile("NOTIFY-20260105120000-RSP.TXT", NOON)
        full = AnswerFile(
            "NOTIFY-20260105130000-RSP.TXT",
            NOON + SECOND,
            AnswerFileState.INVALID,
            lines=7,
            counts=AnswerCounts(1, 2, 3, 4, 5),
            fault="line 1: ŵ is no reference",
            read_at=NOON + 2 * SECOND,
        )
        with changing(storage) as work:
            work.answer_files.put(bare)
            work.answer_files.put(full)
        assert self.named(storage, bare.name, "unknown", full.name) == {bare.name: bare, full.name: full}
        assert self.named(storage) == {}

    def test_put_replaces_and_add_does_not(self, storage: Storage) -> None:
        file = AnswerFile("a", NOON)
        done = replace(file, state=AnswerFileState.DONE, lines=3, read_at=NOON)
        with changing(storage) as work:
            work.answer_files.add(file)
        with changing(storage) as work:
            work.answer_files.put(done)
        with changing(storage) as work:
            work.answer_files.add(file)
        assert self.named(storage, "a") == {"a": done}

    def test_the_newest_come_first(self, storage: Storage) -> None:
        files = [AnswerFile(name, NOON + SECOND * n) for name, n in (("b", 0), ("a", 1), ("d", 2), ("c", 2))]
        with changing(storage) as work:
            for file in files:
                work.answer_files.add(file)
        with storage(read_only=True) as work:
            assert [file.name for file in work.answer_files.newest()] == ["d", "c", "a", "b"]
            assert [file.name for file in work.answer_files.newest(1)] == ["d"]

    def test_a_day_s_counts_are_those_of_its_files_each_once(self, storage: Storage) -> None:
        monday, tuesday = date(2026, 1, 5), date(2026, 1, 6)
        for name, counts in (
            ("a", SortedCounts(monday, 100, 100)),
            ("a", SortedCounts(monday, 1, 2)),
            ("b", SortedCounts(monday, 10, 20)),
            ("c", SortedCounts(tuesday, 5, 0)),
        ):
            with changing(storage) as work:
                work.answer_files.put_counts(name, counts)
        with storage(read_only=True) as work:
            of_monday, of_tuesday = SortedCounts(monday, 11, 22), SortedCounts(tuesday, 5, 0)
            assert work.answer_files.daily_counts(monday, tuesday) == [of_monday, of_tuesday]
            assert work.answer_files.daily_counts(tuesday, tuesday) == [of_tuesday]
            assert work.answer_files.daily_counts(date(2026, 1, 7), date(2027, 1, 1)) == []

    def test_old_files_are_deleted_in_batches_and_what_they_counted_later(self, storage: Storage) -> None:
        monday = date(2026, 1, 5)
        files = [AnswerFile(f"file {n}", NOON + SECOND * n) for n in range(4)]
        with changing(storage) as work:
            for number, file in enumerate(files):
                work.answer_files.add(file)
                work.answer_files.put_counts(file.name, SortedCounts(monday + timedelta(days=number), 1, 0))
        with changing(storage) as work:
            assert work.answer_files.delete_before(NOON + SECOND * 3, 2) == 2
            assert work.answer_files.delete_before(NOON + SECOND * 3, 2) == 1
            assert work.answer_files.delete_before(NOON + SECOND * 3, 2) == 0
        with changing(storage) as work:
            assert work.answer_files.newest() == files[3:]
            assert len(work.answer_files.daily_counts(monday, monday + timedelta(days=9))) == 4
            assert work.answer_files.delete_counts_before(monday + timedelta(days=3), 2) == 2
            assert work.answer_files.delete_counts_before(monday + timedelta(days=3), 2) == 1
        with storage(read_only=True) as work:
            left = work.answer_files.daily_counts(monday, monday + timedelta(days=9))
            assert [counts.day for counts in left] == [monday + timedelta(days=3)]


class WaitingAnswersContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def test_they_wait_in_order_until_they_are_forgotten(self, storage: Storage) -> None:
        answers = [PrinterAnswer(f"REFERENCE{n}", "Sent", n, CostThreshold.SORTED) for n in range(5)]
        with changing(storage) as work:
            work.waiting_answers.keep(answers[::-1])
        with storage(read_only=True) as work:
            assert work.waiting_answers.first(10) == answers
            assert work.waiting_answers.first(2, "REFERENCE1") == answers[2:4]
        with changing(storage) as work:
            work.waiting_answers.forget(["REFERENCE0", "REFERENCE3", "UNKNOWN"])
        with storage(read_only=True) as work:
            assert work.waiting_answers.first(10) == [answers[1], answers[2], answers[4]]

    def test_the_latest_answer_for_a_letter_counts(self, storage: Storage) -> None:
        first = PrinterAnswer("REFERENCE", "Sent", 1, CostThreshold.SORTED)
        latest = PrinterAnswer("REFERENCE", "Damaged", 2, CostThreshold.UNSORTED)
        with changing(storage) as work:
            work.waiting_answers.keep([first])
        with changing(storage) as work:
            work.waiting_answers.keep([latest])
        with storage(read_only=True) as work:
            assert work.waiting_answers.first(10) == [latest]

    def test_forgotten_and_kept_again_in_one_go(self, storage: Storage) -> None:
        answer = PrinterAnswer("REFERENCE", "Sent", 1, CostThreshold.SORTED)
        with changing(storage) as work:
            work.waiting_answers.keep([answer])
        with changing(storage) as work:
            work.waiting_answers.forget(["REFERENCE"])
            work.waiting_answers.keep([answer])
        with storage(read_only=True) as work:
            assert work.waiting_answers.first(10) == [answer]


class ReturnedLettersContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def test_those_of_a_service_newest_first_each_once(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        letters = [
            ReturnedLetter(NotificationId(UUID(int=n)), service, NOON + SECOND * when)
            for n, when in ((1, 0), (2, 1), (3, 1), (4, 0))
        ]
        again = replace(letters[0], reported_at=NOON + 5 * SECOND)
        with changing(storage) as work:
            work.returned_letters.add_many(letters)
        with changing(storage) as work:
            work.returned_letters.add_many([again])
        with changing(storage) as work:
            work.returned_letters.add_many([])
        with storage(read_only=True) as work:
            found = work.returned_letters.of_service(service)
            assert [one.notification_id.int for one in found] == [3, 2, 4, 1]
            assert found[3] == letters[0]
            assert work.returned_letters.of_service(service, 2) == found[:2]
            assert work.returned_letters.of_service(ServiceId(an_id())) == []

    def test_old_ones_of_a_service_are_deleted_in_batches(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        letters = [ReturnedLetter(NotificationId(an_id()), service, NOON + SECOND * when) for when in range(4)]
        other = ReturnedLetter(NotificationId(an_id()), ServiceId(an_id()), NOON)
        with changing(storage) as work:
            work.returned_letters.add_many([*letters, other])
        with changing(storage) as work:
            assert work.returned_letters.delete_before(service, NOON + SECOND * 3, 2) == 2
            assert work.returned_letters.delete_before(service, NOON + SECOND * 3, 2) == 1
            assert work.returned_letters.delete_before(service, NOON + SECOND * 3, 2) == 0
        with storage(read_only=True) as work:
            assert list(work.returned_letters.of_service(service)) == letters[3:]
            assert list(work.returned_letters.of_service(other.service_id)) == [other]
