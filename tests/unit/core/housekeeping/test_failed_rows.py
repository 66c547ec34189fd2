"""``notify tasks replay`` and ``purge``: who did what to an alert is in the audit log, whichever command they used."""

from datetime import timedelta

import pytest

from notify_core.broadcasts.tasks import SendBroadcastEvent, SendBroadcastProviderMessage, SimplifyBroadcastAreas
from notify_core.housekeeping.use_cases import RowAct, TendFailedRow
from notify_core.kernel.errors import AlreadyExists, NotFound
from notify_core.kernel.ids import BroadcastEventId
from notify_core.notifications.tasks import TimeOutSending
from notify_core.ports.task_ledger import LEASE, EntryState, RelayLimits
from notify_core.testing.builders import an_id, claim_row
from tests.unit.core.broadcasts.world import World


@pytest.fixture
def world():
    return World()


@pytest.fixture
def message(world):
    return world.live()


@pytest.fixture
def alert(world, message):
    return world.events(message)[0]


@pytest.fixture
def tend(world):
    return TendFailedRow(world.storage, world.clock, world.ledger)


@pytest.fixture
def fail(world):
    """The row of this work, which has failed."""

    def fail(task):
        with world.storage() as work:
            work.enqueue(task)
            work.commit()
        (entry_id,) = [
            one.entry_id for one in world.ledger.publish_due(RelayLimits(), "relay") if one.task == task.name
        ]
        world.ledger.fail(claim_row(world.ledger, entry_id, "worker", LEASE), "PermanentError")
        return world.ledger.get(entry_id)

    return fail


@pytest.fixture
def refused(world, alert):
    """The row of the alert at one network, which failed because the service was suspended."""
    world.put_service(active=False)
    world.deliver()
    return next(row for row in world.rows(SendBroadcastProviderMessage) if row.limit == "network:ee")


def test_a_replayed_row_is_due_and_the_audit_log_says_by_whom(world, message, refused, tend):
    tend(refused.id, RowAct.REPLAYED, where="somewhere")

    assert world.ledger.get(refused.id).state is EntryState.DUE
    line = f"task send-broadcast-provider-message for ee ({refused.id}) replayed"
    assert world.audited(message)[-1] == ("operator", line, "somewhere")


def test_a_purged_row_is_gone_and_the_audit_log_says_by_whom(world, message, refused, tend):
    tend(refused.id, RowAct.PURGED)

    assert refused.id not in [row.id for row in world.rows()]
    line = f"task send-broadcast-provider-message for ee ({refused.id}) purged"
    assert world.audited(message)[-1] == ("operator", line, "cli")


def test_work_that_is_for_all_networks_names_none(world, message, tend, fail):
    row = fail(SimplifyBroadcastAreas(message.id))
    tend(row.id, RowAct.PURGED)

    assert world.audited(message)[-1][1] == f"task simplify-broadcast-areas ({row.id}) purged"


def test_what_has_not_failed_is_neither_done_nor_told(world, message, tend):
    before = world.audited(message)
    (row,) = world.rows(SendBroadcastEvent)
    for act in RowAct:
        with pytest.raises(NotFound, match=f"no failed task ledger row {row.id}"):
            tend(row.id, act)

    assert world.ledger.get(row.id).state is EntryState.DUE
    assert world.audited(message) == before


def test_a_row_that_is_gone(tend):
    with pytest.raises(NotFound, match="no failed task ledger row"):
        tend(an_id(), RowAct.REPLAYED)


def test_what_could_run_twice_is_not_due_again(world, alert, refused, tend):
    with world.storage() as work:
        work.enqueue(SendBroadcastProviderMessage(alert.id, "ee"), delay=timedelta(hours=1))
        work.commit()
    with pytest.raises(AlreadyExists):
        tend(refused.id, RowAct.REPLAYED)


@pytest.mark.parametrize("task", [TimeOutSending(), SendBroadcastEvent(BroadcastEventId(an_id()))])
def test_work_of_no_broadcast_is_told_nowhere(world, tend, fail, task):
    row = fail(task)
    before = world.snapshot().get("audit_log")
    tend(row.id, RowAct.PURGED)

    assert world.snapshot().get("audit_log") == before
