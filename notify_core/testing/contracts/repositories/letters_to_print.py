"""Letters as print runs see them: due, found, in a zip, sent."""

from dataclasses import replace
from datetime import timedelta
from typing import Protocol

import pytest

from notify_core.accounts.model import KeyType
from notify_core.kernel.errors import Conflict
from notify_core.kernel.ids import ServiceId
from notify_core.letters.model import Bucket, Letter, Location, Postage, Volume
from notify_core.letters.ports import LettersWork
from notify_core.letters.ports.printing import Due, PrintingWork
from notify_core.letters.states import LetterStatus
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.testing.builders import NOON, a_letter, an_id

SECOND = timedelta(seconds=1)
DEADLINE = NOON + timedelta(hours=5, minutes=30)
ZIP = "NOTIFY.2026-01-05.2.001.9G8_x-1234567890abcd.d6aa2c68-a2d9-4437-ab19-3ae8eb202553.ZIP"
PDF = Location(Bucket.PDF, "2026-01-05/NOTIFY.FOO.D.2.C.20260105120000.PDF")


class WorkUnderTest(LettersWork, PrintingWork, Protocol):
    pass


Storage = UnitOfWorkFactory[WorkUnderTest]


class LettersToPrintContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def given(self, storage: Storage, *letters: Letter) -> None:
        with storage() as work:
            work.letters.add_many(letters)
            work.commit()

    def unfound(self, storage: Storage, due: Due, limit: int = 100) -> list[object]:
        with storage(read_only=True) as work:
            return [one.id for one in work.letters_to_print.unfound(due, limit)]

    def found(self, storage: Storage, *letters: Letter) -> None:
        with storage() as work:
            work.letters_to_print.found(DEADLINE, [one.id for one in letters])
            work.commit()

    def put_into(self, storage: Storage, zip_name: str, *letters: Letter) -> None:
        with storage() as work:
            work.letters_to_print.put_into(zip_name, [one.id for one in letters])
            work.commit()

    def test_due_is_what_is_created_normal_in_no_zip_and_older_than_the_deadline(self, storage: Storage) -> None:
        due = a_letter(created_at=DEADLINE - timedelta(microseconds=1), pdf=PDF, pdf_bytes=5, sheets=2)
        others = [
            a_letter(created_at=DEADLINE),
            a_letter(key_type=KeyType.TEST),
            a_letter(print_group="another"),
            *(a_letter(status=status) for status in LetterStatus if status is not LetterStatus.CREATED),
        ]
        self.given(storage, due, *others)
        with storage(read_only=True) as work:
            (one,) = work.letters_to_print.unfound(Due(DEADLINE), 10)
            assert work.letters_to_print.count_unfound(Due(DEADLINE)) == 1
            assert work.letters_to_print.oldest(Due(DEADLINE)) == due.created_at
        for name in ("id", "service_id", "file_reference", "created_at", "sheets", "pdf", "pdf_bytes"):
            assert getattr(one, name) == getattr(due, name)

    def test_what_is_due_can_be_narrowed(self, storage: Storage) -> None:
        first, second, third = (a_letter(created_at=NOON + n * SECOND) for n in range(3))
        third = replace(third, pdf=PDF, pdf_bytes=5)
        self.given(storage, third, first, second)
        assert self.unfound(storage, Due(DEADLINE)) == [first.id, second.id, third.id]
        assert self.unfound(storage, Due(DEADLINE), limit=2) == [first.id, second.id]
        assert self.unfound(storage, Due(DEADLINE, after=first.created_at)) == [second.id, third.id]
        assert self.unfound(storage, Due(DEADLINE, until=second.created_at)) == [first.id, second.id]
        assert self.unfound(storage, Due(DEADLINE, first.created_at, second.created_at)) == [second.id]
        assert self.unfound(storage, Due(DEADLINE, with_pdf=True)) == [third.id]
        with storage(read_only=True) as work:
            assert work.letters_to_print.oldest(Due(DEADLINE, after=first.created_at)) == second.created_at
            assert work.letters_to_print.oldest(Due(DEADLINE, after=third.created_at)) is None

    def test_volumes_are_counted_by_postage(self, storage: Storage) -> None:
        self.given(
            storage,
            a_letter(sheets=2),
            a_letter(sheets=3),
            a_letter(postage=Postage.REST_OF_WORLD, sheets=1),
            a_letter(created_at=DEADLINE, sheets=7),
        )
        with storage(read_only=True) as work:
            assert work.letters_to_print.volumes(Due(DEADLINE)) == {
                Postage.SECOND: Volume(2, 5),
                Postage.REST_OF_WORLD: Volume(1, 1),
            }
            assert work.letters_to_print.volumes(Due(NOON)) == {}

    def test_what_a_run_has_found_it_need_not_find_again_but_another_may(self, storage: Storage) -> None:
        one, other = a_letter(), a_letter()
        self.given(storage, one, other)
        self.found(storage, one)
        assert self.unfound(storage, Due(DEADLINE)) == [other.id]
        assert set(self.unfound(storage, Due(DEADLINE + SECOND))) == {one.id, other.id}

    def test_letters_are_known_by_the_names_of_their_files(self, storage: Storage) -> None:
        many = [a_letter() for _ in range(1200)]
        self.given(storage, *many)
        self.found(storage, many[0])
        references = [one.file_reference for one in many[:1100]]
        with storage(read_only=True) as work:
            found = work.letters_to_print.unfound_of(Due(DEADLINE), ["UNKNOWN000000000", *references])
            assert {one.id for one in found} == {one.id for one in many[1:1100]}
            assert list(work.letters_to_print.unfound_of(Due(DEADLINE), [])) == []

    def test_a_file_may_be_found_elsewhere(self, storage: Storage) -> None:
        one = a_letter(pdf=PDF, pdf_bytes=5)
        self.given(storage, one)
        elsewhere = Location(Bucket.PDF, PDF.key.replace(".C.", ".C.N."))
        with storage() as work:
            work.letters_to_print.found_elsewhere(one.id, elsewhere, 6)
            work.commit()
        with storage(read_only=True) as work:
            assert work.letters.get(one.id) == replace(one, pdf=elsewhere, pdf_bytes=6)

    def test_what_is_found_comes_by_service_creation_and_id(self, storage: Storage) -> None:
        services = sorted(ServiceId(an_id()) for _ in range(2))
        letters = [
            a_letter(service_id=service, created_at=NOON + SECOND * (n // 2)) for service in services for n in range(4)
        ]
        first_class = a_letter(postage=Postage.FIRST)
        self.given(storage, *letters, first_class, a_letter())
        self.found(storage, *letters, first_class)
        expected = sorted(letters, key=lambda one: (one.service_id, one.created_at, one.id))
        with storage(read_only=True) as work:
            to_print = work.letters_to_print
            assert [one.id for one in to_print.ungrouped(DEADLINE, Postage.SECOND, 100)] == [o.id for o in expected]
            assert [one.id for one in to_print.ungrouped(DEADLINE, Postage.SECOND, 3)] == [o.id for o in expected[:3]]
            assert [one.id for one in to_print.ungrouped(DEADLINE, Postage.FIRST, 3)] == [first_class.id]
            assert list(to_print.ungrouped(DEADLINE + SECOND, Postage.SECOND, 3)) == []

    def test_a_letter_is_put_into_one_zip(self, storage: Storage) -> None:
        one, other = a_letter(created_at=NOON + SECOND), a_letter()
        self.given(storage, one, other)
        self.found(storage, one, other)
        self.put_into(storage, ZIP, one, other)
        with storage() as work, pytest.raises(Conflict):
            work.letters_to_print.put_into("another", [one.id])
        self.found(storage, one)
        with storage(read_only=True) as work:
            assert [letter.id for letter in work.letters_to_print.of_group(ZIP)] == [other.id, one.id]
            assert work.letters.get(one.id).print_group == ZIP
            assert list(work.letters_to_print.ungrouped(DEADLINE, Postage.SECOND, 10)) == []
            assert list(work.letters_to_print.of_group("another")) == []

    @pytest.mark.parametrize("change", [{"status": LetterStatus.CANCELLED}, {"key_type": KeyType.TEST}])
    def test_what_is_not_to_be_printed_is_put_into_no_zip(self, storage: Storage, change: dict[str, object]) -> None:
        one, other = a_letter(), a_letter(**change)
        self.given(storage, one, other)
        with storage() as work, pytest.raises(Conflict):
            work.letters_to_print.put_into(ZIP, [one.id, other.id])

    def test_what_is_taken_out_waits_for_another_run(self, storage: Storage) -> None:
        one, other = a_letter(), a_letter()
        self.given(storage, one, other)
        self.found(storage, one, other)
        self.put_into(storage, ZIP, one)
        with storage() as work:
            work.letters_to_print.take_out(ZIP, [one.id, other.id])
            work.commit()
        assert self.unfound(storage, Due(DEADLINE)) == [one.id]
        with storage(read_only=True) as work:
            assert list(work.letters_to_print.of_group(ZIP)) == []

    def test_a_zip_is_sent_as_a_whole(self, storage: Storage) -> None:
        one, other, cancelled = a_letter(), a_letter(), a_letter(status=LetterStatus.CANCELLED, print_group=ZIP)
        self.given(storage, one, other, cancelled)
        self.put_into(storage, ZIP, one)
        now = NOON + SECOND
        for expected in (1, 0):
            with storage() as work:
                moved = work.letters_to_print.move_group(ZIP, LetterStatus.CREATED, LetterStatus.SENDING, "sftp", now)
                work.commit()
            assert moved == expected
        with storage(read_only=True) as work:
            assert work.letters.get(one.id) == replace(
                one, status=LetterStatus.SENDING, print_group=ZIP, sent_by="sftp", sent_at=now, updated_at=now
            )
            assert work.letters.get(other.id) == other
            assert work.letters.get(cancelled.id) == cancelled
