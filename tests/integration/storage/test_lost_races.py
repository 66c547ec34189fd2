"""Use cases that pass over what somebody else has changed, when it is the database that says so."""

from datetime import timedelta

import pytest

from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.kernel.errors import Conflict
from notify_core.notifications.states import Status
from notify_core.notifications.tasks import TimeOutSending
from notify_core.notifications.use_cases.sweep import TIME_OUT, TimeOutSendingNotifications
from notify_core.testing.builders import NOON, a_notification
from notify_core.testing.contracts.storage import claim_one, enqueue
from notify_core.testing.fakes.clock import FakeClock
from notify_core.testing.fakes.secrets import MemorySecrets


@pytest.fixture
def deadlocks(postgresql_engine):
    """Every change of a notification meets a deadlock, which ends its transaction."""
    with postgresql_engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION meet() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RAISE EXCEPTION SQLSTATE '40P01'; END $$"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER meet BEFORE UPDATE ON notifications FOR EACH ROW EXECUTE FUNCTION meet()"
        )
    yield
    with postgresql_engine.begin() as connection:
        connection.exec_driver_sql("DROP FUNCTION meet() CASCADE")


@pytest.mark.usefixtures("deadlocks")
def test_a_sweep_that_meets_a_deadlock_is_done_again(postgresql_engine, postgresql_storage):
    storage = SqlStorage(postgresql_engine, MemorySecrets())
    stuck = [a_notification(status=Status.SENDING, created_at=NOON) for _ in range(3)]
    with storage() as work:
        work.notifications.add_many(stuck)
        work.commit()
    enqueue(postgresql_storage, TimeOutSending())
    claim = claim_one(postgresql_storage)
    sweep = TimeOutSendingNotifications(storage, FakeClock(NOON + TIME_OUT + timedelta(seconds=1)))
    with pytest.raises(Conflict):
        sweep(TimeOutSending(), claim)
    assert not claim.finished
    assert [entry.id for entry in postgresql_storage.ledger.entries()] == [claim.entry.id]
