"""Requests that have names, with their answers."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from notify_core.accounts.model import Answer, IdempotencyRecord
from notify_core.accounts.ports import AccountsWork
from notify_core.kernel.errors import Conflict
from notify_core.kernel.ids import ApiKeyId
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.testing.builders import NOON, an_id, an_idempotency_record
from notify_core.testing.contracts.racing import race

Storage = UnitOfWorkFactory[AccountsWork]

ANSWER = Answer(201, '{"to": "Gwen ŵ"}')
MINUTE = timedelta(minutes=1)
YESTERDAY = NOON - timedelta(hours=24)
# A lease that has run out, as it is when a process has died.
NONE_LEFT = timedelta()


class IdempotencyRecordsContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def begin(
        self, storage: Storage, record: IdempotencyRecord, lease: timedelta = MINUTE, kept_since: datetime = YESTERDAY
    ) -> IdempotencyRecord:
        with storage() as work:
            held = work.idempotency.begin(record, lease, kept_since=kept_since)
            work.commit()
        return held

    def complete(self, storage: Storage, record: IdempotencyRecord, answer: Answer = ANSWER) -> None:
        with storage() as work:
            work.idempotency.complete(record, answer)
            work.commit()

    def drop(self, storage: Storage, record: IdempotencyRecord) -> None:
        with storage() as work:
            work.idempotency.drop(record)
            work.commit()

    def another(self, record: IdempotencyRecord) -> IdempotencyRecord:
        """The same request, taken up by somebody else."""
        return replace(record, token=an_id().hex)

    def test_the_first_has_the_name_and_others_are_shown_it(self, storage: Storage) -> None:
        first = an_idempotency_record()
        assert self.begin(storage, first) == first
        assert self.begin(storage, replace(self.another(first), body_index="another body's")) == first

    def test_a_name_counts_for_one_key_and_one_path(self, storage: Storage) -> None:
        first = an_idempotency_record()
        self.begin(storage, first)
        for elsewhere in (
            replace(first.request, api_key_id=ApiKeyId(an_id())),
            replace(first.request, path="/v2/notifications/email"),
            replace(first.request, key="order 8"),
        ):
            other = replace(self.another(first), request=elsewhere)
            assert self.begin(storage, other) == other

    def test_the_answer_is_kept(self, storage: Storage) -> None:
        first = an_idempotency_record()
        self.begin(storage, first)
        self.complete(storage, first)
        assert self.begin(storage, self.another(first)) == replace(first, answer=ANSWER)

    def test_what_is_not_committed_is_not_kept(self, storage: Storage) -> None:
        first = an_idempotency_record()
        self.begin(storage, first)
        with storage() as work:
            work.idempotency.complete(first, ANSWER)
        assert self.begin(storage, self.another(first)) == first

    def test_when_the_lease_has_run_out_another_takes_the_name(self, storage: Storage) -> None:
        first = an_idempotency_record()
        self.begin(storage, first, NONE_LEFT)
        second = replace(self.another(first), body_index="another body's", created_at=NOON + MINUTE)
        assert self.begin(storage, second) == second
        assert self.begin(storage, self.another(first)) == second

    def test_an_answer_outlasts_the_lease(self, storage: Storage) -> None:
        first = an_idempotency_record()
        self.begin(storage, first, NONE_LEFT)
        self.complete(storage, first)
        assert self.begin(storage, self.another(first)) == replace(first, answer=ANSWER)

    def test_whoever_lost_the_name_cannot_keep_an_answer(self, storage: Storage) -> None:
        first = an_idempotency_record()
        self.begin(storage, first, NONE_LEFT)
        second = self.another(first)
        self.begin(storage, second)
        with storage() as work, pytest.raises(Conflict):
            work.idempotency.complete(first, ANSWER)
        self.drop(storage, first)
        assert self.begin(storage, self.another(first)) == second

    def test_an_answer_is_given_once(self, storage: Storage) -> None:
        first = an_idempotency_record()
        self.begin(storage, first)
        self.complete(storage, first)
        with storage() as work, pytest.raises(Conflict):
            work.idempotency.complete(first, Answer(400, "{}"))
        self.drop(storage, first)
        assert self.begin(storage, self.another(first)) == replace(first, answer=ANSWER)

    def test_a_dropped_name_is_free(self, storage: Storage) -> None:
        first = an_idempotency_record()
        self.begin(storage, first)
        self.drop(storage, first)
        with storage() as work, pytest.raises(Conflict):
            work.idempotency.complete(first, ANSWER)
        second = self.another(first)
        assert self.begin(storage, second) == second

    def test_an_answer_that_is_too_old_holds_nothing(self, storage: Storage) -> None:
        first = an_idempotency_record()
        self.begin(storage, first)
        self.complete(storage, first)
        second = replace(self.another(first), created_at=NOON + timedelta(hours=25))
        assert self.begin(storage, second, kept_since=NOON) == replace(first, answer=ANSWER)
        assert self.begin(storage, second, kept_since=NOON + timedelta(microseconds=1)) == second
        assert self.begin(storage, self.another(first)) == second

    def test_old_ones_are_forgotten_in_batches_the_oldest_first(self, storage: Storage) -> None:
        records = [an_idempotency_record(created_at=NOON + minute * MINUTE) for minute in range(4)]
        for record in records:
            self.begin(storage, record)
        with storage() as work:
            assert work.idempotency.forget_before(NOON + 3 * MINUTE, 2) == 2
            assert work.idempotency.forget_before(NOON + 3 * MINUTE, 2) == 1
            assert work.idempotency.forget_before(NOON + 3 * MINUTE, 2) == 0
            work.commit()
        again = [self.another(record) for record in records]
        assert [self.begin(storage, one) for one in again] == [*again[:3], records[3]]

    @pytest.mark.parametrize("died", [False, True], ids=["a new name", "its holder has died"])
    def test_of_many_at_once_one_gets_the_name(self, storage: Storage, *, died: bool) -> None:
        record = an_idempotency_record()
        if died:
            self.begin(storage, record, NONE_LEFT)
        again = [self.another(record) for _ in range(8)]
        held = race(lambda number: self.begin(storage, again[number]))
        assert len({one.token for one in held}) == 1
        assert held[0] in again
