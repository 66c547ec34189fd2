import pytest

from notify_core.kernel.errors import TransientError
from notify_core.testing.contracts.storage import Chore
from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.unit_of_work import MemoryStorage


def test_a_failed_transaction_leaves_the_tables_as_they_were():
    database = MemoryDatabase()
    table = database.table("things")
    table.update({"kept": 1, "changed": 2, "deleted": 3})

    def fail():
        with database.transaction():
            table["changed"] = 20
            table["changed"] = 200
            del table["deleted"]
            table["added"] = 4
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert dict(table) == {"kept": 1, "changed": 2, "deleted": 3}


def test_a_unit_inside_a_unit_is_found_out():
    storage = MemoryStorage()
    with storage(), pytest.raises(RuntimeError, match="already"), storage():
        pass
    assert not storage.database.in_transaction


def test_reading_and_then_writing_is_allowed():
    storage = MemoryStorage()
    with storage(read_only=True), storage() as work:
        work.enqueue(Chore())
        work.commit()
    assert len(storage.database.table("task_ledger")) == 1


def test_a_commit_fails_as_scripted():
    storage = MemoryStorage()
    storage.fail_next_commit(TransientError("no database"))
    with storage() as work:
        work.enqueue(Chore())
        with pytest.raises(TransientError):
            work.commit()
    assert len(storage.database.table("task_ledger")) == 0
