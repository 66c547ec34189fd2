"""How letters that wait for too long are found."""

from datetime import timedelta

import pytest

from notify_core.accounts.model import KeyType
from notify_core.letters.model import Letter
from notify_core.letters.ports import LettersWork
from notify_core.letters.states import UNFINISHED, LetterStatus
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.testing.builders import NOON, a_letter

Storage = UnitOfWorkFactory[LettersWork]
MOMENT = timedelta(microseconds=1)
HOUR = timedelta(hours=1)


class LettersWaitingContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def given(self, storage: Storage, *letters: Letter) -> None:
        with storage() as work:
            work.letters.add_many(letters)
            work.commit()

    @pytest.mark.parametrize("status", sorted(UNFINISHED))
    def test_those_of_a_status_created_before_a_moment_oldest_first(
        self, storage: Storage, status: LetterStatus
    ) -> None:
        old, older, test = (a_letter(status=status, created_at=NOON - n * HOUR) for n in (1, 3, 2))
        self.given(
            storage,
            old,
            older,
            a_letter(id=test.id, key_type=KeyType.TEST, status=status, created_at=test.created_at),
            a_letter(status=status, created_at=NOON),
            *(a_letter(status=other, created_at=NOON - HOUR) for other in LetterStatus if other is not status),
        )
        with storage(read_only=True) as work:
            assert work.letters.waiting_since(status, NOON, 10) == [older.id, test.id, old.id]
            assert work.letters.waiting_since(status, NOON, 2) == [older.id, test.id]
            assert len(work.letters.waiting_since(status, NOON + MOMENT, 10)) == 4

    def test_those_still_sending_that_were_sent_before_a_moment(self, storage: Storage) -> None:
        def sent(hours: int, created: int, status: LetterStatus = LetterStatus.SENDING) -> Letter:
            return a_letter(status=status, created_at=NOON - created * HOUR, sent_at=NOON - hours * HOUR)

        second, first = sent(2, created=5), sent(1, created=9)
        self.given(storage, second, first, sent(0, created=20), sent(2, created=9, status=LetterStatus.DELIVERED))
        with storage(read_only=True) as work:
            assert work.letters.sent_before(NOON, 10) == [first.id, second.id]
            assert work.letters.sent_before(NOON, 1) == [first.id]
            assert len(work.letters.sent_before(NOON + MOMENT, 10)) == 3
