from datetime import timedelta

import pytest

from notify_core.documents.tasks import DeleteExpiredDocuments
from notify_core.documents.use_cases import DeleteExpired
from notify_core.kernel.errors import ClaimLost, TransientError
from notify_core.ports.task_ledger import RelayLimits
from notify_core.testing.builders import NOON, claim_row
from notify_core.testing.fakes.task_ledger import MemoryTaskLedger

WEEK = timedelta(weeks=1)


@pytest.fixture
def run(files):
    ledger = MemoryTaskLedger(files.database)

    def once(use_case=None):
        with files.work() as work:
            work.enqueue(DeleteExpiredDocuments())
            work.commit()
        ledger.publish_due(RelayLimits(), "relay")
        claim = claim_row(ledger, ledger.entries()[0].id, "worker", timedelta(minutes=5))
        (use_case or DeleteExpired(files.work, files.clock, files.store))(DeleteExpiredDocuments(), claim)
        assert claim.finished
        return len(ledger.entries())

    return once


def test_files_whose_time_is_over_are_deleted_and_no_others(files, run):
    over, _ = files.given(expires_at=NOON + WEEK)
    orphan, _ = files.given(expires_at=NOON + timedelta(hours=1), notification_id=None)
    kept, _ = files.given(expires_at=NOON + 2 * WEEK)
    assert run() == 0
    assert {row.id for row in files.rows()} == {over.id, orphan.id, kept.id}
    files.advance(WEEK)
    assert run() == 0
    assert files.rows() == [kept]
    assert set(files.store.files) == {kept.place}


def test_a_batch_at_a_time(files, run):
    for _ in range(3):
        files.given(expires_at=NOON)
    in_twos = DeleteExpired(files.work, files.clock, files.store, batch=2)
    assert run(in_twos) == 1
    assert len(files.rows()) == 1


def test_while_the_store_is_away_nothing_is_forgotten(files, run):
    document, _ = files.given(expires_at=NOON)
    files.store.fail_with(TransientError("away"))
    with pytest.raises(TransientError):
        run()
    assert files.rows() == [document]


def test_dying_between_bytes_and_row_leaves_what_the_next_run_deletes(files, run):
    files.given(expires_at=NOON)

    class Dying:
        def delete(self, places):
            files.store.delete(places)
            raise ClaimLost("the process is gone")

    with pytest.raises(ClaimLost):
        run(DeleteExpired(files.work, files.clock, Dying()))
    assert (len(files.rows()), len(files.store.files)) == (1, 0)
    files.database.table("task_ledger").clear()
    assert run() == 0
    assert files.rows() == []
