"""How every store of schedule marks behaves."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from notify_core.testing.contracts.racing import race
from notify_core.testing.contracts.storage import StorageUnderTest

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def advance(storage: StorageUnderTest, entry: str, due: datetime) -> bool:
    with storage.work()() as work:
        ours = work.schedule_marks.advance(entry, due)
        work.commit()
    return ours


def last(storage: StorageUnderTest, entry: str) -> datetime | None:
    with storage.work()(read_only=True) as work:
        return work.schedule_marks.last(entry)


class ScheduleMarksContract:
    """Supply ``storage``."""

    @pytest.fixture
    def storage(self) -> StorageUnderTest:
        raise NotImplementedError

    def test_an_entry_that_was_never_due_has_no_mark(self, storage: StorageUnderTest) -> None:
        assert last(storage, "tidy") is None

    def test_the_first_run_is_the_callers(self, storage: StorageUnderTest) -> None:
        assert advance(storage, "tidy", NOON)
        assert last(storage, "tidy") == NOON

    def test_the_same_run_is_nobody_elses(self, storage: StorageUnderTest) -> None:
        advance(storage, "tidy", NOON)
        assert not advance(storage, "tidy", NOON)
        assert not advance(storage, "tidy", NOON.astimezone(ZoneInfo("Europe/London")))

    def test_marks_only_move_forward(self, storage: StorageUnderTest) -> None:
        advance(storage, "tidy", NOON)
        assert not advance(storage, "tidy", NOON - MINUTE)
        assert last(storage, "tidy") == NOON
        assert advance(storage, "tidy", NOON + MINUTE)
        assert last(storage, "tidy") == NOON + MINUTE

    def test_entries_are_independent(self, storage: StorageUnderTest) -> None:
        advance(storage, "tidy", NOON)
        assert advance(storage, "count", NOON - MINUTE)

    def test_marks_are_in_utc(self, storage: StorageUnderTest) -> None:
        advance(storage, "tidy", NOON.astimezone(ZoneInfo("Europe/London")))
        mark = last(storage, "tidy")
        assert mark is not None
        assert mark.tzinfo is UTC

    def test_a_mark_that_is_not_committed_never_was(self, storage: StorageUnderTest) -> None:
        with storage.work()() as work:
            assert work.schedule_marks.advance("tidy", NOON)
        assert last(storage, "tidy") is None

    def test_a_read_only_unit_moves_no_mark(self, storage: StorageUnderTest) -> None:
        with storage.work()(read_only=True) as work, pytest.raises(RuntimeError, match="read only"):
            work.schedule_marks.advance("tidy", NOON)

    def test_of_many_at_the_same_moment_one_gets_the_run(self, storage: StorageUnderTest) -> None:
        assert sorted(race(lambda _: advance(storage, "tidy", NOON))) == [False] * 7 + [True]
