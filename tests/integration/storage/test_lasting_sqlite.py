"""What is kept over a power cut, and what need not be."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from notify_core.ports.task_ledger import RelayLimits
from notify_core.testing.builders import claim_row
from notify_core.testing.contracts.storage import Chore


@pytest.fixture
def waited(sqlite_engine):
    """For each statement that changes the ledger: whether its commit waits for the disk."""
    seen = []

    def look(_connection, cursor, statement, *_):
        if "task_ledger" in statement and not statement.startswith(("SELECT", "WITH")):
            ((mode,),) = cursor.connection.execute("PRAGMA synchronous")
            seen.append((statement.split()[0], mode == 2))

    event.listen(sqlite_engine, "before_cursor_execute", look)
    return seen


def test_only_who_has_a_row_may_be_forgotten(sqlite_storage, waited):
    ledger, work = sqlite_storage.ledger, sqlite_storage.work()
    for number in range(2):
        with work() as unit:
            unit.enqueue(Chore(number))
            unit.commit()
    handed, put_back = ledger.publish_due(RelayLimits(), "relay")
    ledger.put_back([put_back.entry_id], "relay")
    claim = claim_row(ledger, handed.entry_id, "worker", timedelta(minutes=1))
    ledger.retry(claim, delay=timedelta(), queue=None, reason="time-out")
    ledger.publish_due(RelayLimits(), "relay")
    with work() as unit:
        unit.finish(claim_row(ledger, handed.entry_id, "worker", timedelta(minutes=1)))
        unit.commit()

    assert waited == [
        ("INSERT", True),
        ("INSERT", True),
        ("UPDATE", False),  # published
        ("UPDATE", False),  # put back
        ("UPDATE", False),  # claimed
        ("UPDATE", True),  # how an attempt ended
        ("UPDATE", False),
        ("UPDATE", False),
        ("DELETE", True),  # done
    ]
