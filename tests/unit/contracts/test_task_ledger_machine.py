from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from notify_core.testing.contracts.storage import MemoryStorageUnderTest
from notify_core.testing.contracts.task_ledger_machine import TaskLedgerMachine


def test_whatever_happens_in_memory_everything_is_done_once():
    run_state_machine_as_test(
        lambda: TaskLedgerMachine(MemoryStorageUnderTest()),
        settings=settings(max_examples=100, stateful_step_count=40, deadline=None),
    )
