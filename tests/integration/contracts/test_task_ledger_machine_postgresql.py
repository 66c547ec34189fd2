import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import delete

from notify_adapters.storage.sql.schema_ledger import held_keys, task_ledger
from notify_core.testing.contracts.task_ledger_machine import TaskLedgerMachine


@pytest.mark.timeout(300)
def test_whatever_happens_on_postgresql_everything_is_done_once(postgresql_storage):
    def emptied():
        with postgresql_storage.engine.begin() as connection:
            connection.execute(delete(task_ledger))
            connection.execute(delete(held_keys))
        return TaskLedgerMachine(postgresql_storage)

    run_state_machine_as_test(emptied, settings=settings(max_examples=15, stateful_step_count=30, deadline=None))
