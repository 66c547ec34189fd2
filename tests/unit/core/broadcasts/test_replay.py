"""``notify broadcasts replay EVENT PROVIDER``: after an integrity error, with the same checks."""

from datetime import timedelta

import pytest

from notify_core.broadcasts.tasks import SendBroadcastEvent, SendBroadcastProviderMessage
from notify_core.kernel.errors import AlreadyExists, Conflict, NotAllowed, NotFound
from notify_core.ports.task_ledger import RelayLimits
from notify_core.testing.builders import an_id
from notify_core.testing.fakes.networks import MemoryNetworks
from notify_core.testing.fakes.task_ledger import MemoryTaskLedger


@pytest.fixture
def world(world):
    world.networks = MemoryNetworks(["ee", "o2"])
    return world


@pytest.fixture
def message(world):
    return world.live()


@pytest.fixture
def alert(world, message):
    return world.events(message)[0]


@pytest.fixture
def refused(world, alert):
    """The alert failed while the service was suspended."""
    world.put_service(active=False)
    world.deliver()
    return alert


def purge(world):
    for row in world.rows():
        world.ledger.purge(row.id)


def test_what_was_refused_goes_out_when_its_reason_is_gone(world, message, refused):
    world.put_service(active=True)

    replayed = world.replay(refused.id, "ee")
    world.run()

    assert (replayed.event, replayed.provider, replayed.assume, replayed.settled) == (refused, "ee", None, ())
    assert [copy.provider for copy in world.copies(message)] == ["ee"]
    assert world.state(refused).where == "acknowledged"
    assert world.state(refused, "o2").where == "blocked"
    assert [row.limit for row in world.rows()] == ["network:o2"]


def test_it_is_in_the_audit_log(world, message, refused):
    world.put_service(active=True)
    world.replay(refused.id, "ee", where="somewhere")

    assert world.audited(message)[-1] == ("operator", f"alert {refused.id} replayed to ee", "somewhere")


def test_the_same_checks_with_the_command_that_mends_it(world, message, refused):
    before = world.audited(message)

    with pytest.raises(NotAllowed) as error:
        world.replay(refused.id, "ee")

    assert f"the alert {refused.id} at ee is not replayed. It is blocked: the service is suspended." in str(error.value)
    assert f"active = true in its provisioning file), then: `notify broadcasts replay {refused.id} ee`" in str(
        error.value
    )
    assert world.audited(message) == before
    assert {row.state for row in world.rows()} == {"failed"}


def test_what_is_still_out_of_order(world, message, alert):
    world.networks.fail("ee")
    world.deliver()
    world.cancelled(message)
    world.run(SendBroadcastEvent)
    cancel = world.events(message)[-1]
    world.run()

    with pytest.raises(NotAllowed, match=f"the earlier alert {alert.id} is sending"):
        world.replay(cancel.id, "ee")


@pytest.mark.parametrize("task", [SendBroadcastEvent, SendBroadcastProviderMessage])
def test_what_is_under_way_already(world, alert, task):
    if task is SendBroadcastProviderMessage:
        world.run(SendBroadcastEvent)

    with pytest.raises(NotAllowed, match="It is waiting: due since"):
        world.replay(alert.id, "ee")
    world.ledger.publish_due(RelayLimits(), "relay")
    with pytest.raises(NotAllowed, match="It is sending: it lies in its queue"):
        world.replay(alert.id, "ee")


def test_what_the_network_has_acknowledged(world, alert):
    world.deliver()

    with pytest.raises(NotAllowed, match="It is acknowledged: on route 1 at 2026-01-05 12:00:00"):
        world.replay(alert.id, "ee")


def test_what_has_expired(world, refused):
    world.put_service(active=True)
    world.advance(timedelta(hours=4))

    with pytest.raises(NotAllowed, match=r"It is expired: .* write a new alert"):
        world.replay(refused.id, "ee")


def test_practice(world):
    world.put_service(restricted=True)
    (event,) = world.events(world.live())
    world.put_service(restricted=False)

    with pytest.raises(NotAllowed, match="It is not-queued: practice"):
        world.replay(event.id, "ee")
    assert world.rows() == []


def test_networks_that_nothing_is_sent_to(world, refused):
    world.put_service(active=True)
    world.networks.disconnect()

    with pytest.raises(NotAllowed, match="It is not-connected"):
        world.replay(refused.id, "ee")


def test_unknown_things(world, alert):
    with pytest.raises(NotFound):
        world.replay(an_id(), "ee")
    with pytest.raises(NotFound):
        world.replay(alert.id, "giffgaff")
    with pytest.raises(NotAllowed, match=f"the alert {alert.id} is not for three but for ee, o2"):
        world.replay(alert.id, "three")


def test_where_no_work_is_left_it_is_written_again(world, message, alert):
    world.networks = _Broken(["ee", "o2"])
    world.deliver()
    purge(world)
    world.networks = MemoryNetworks(["ee", "o2"])

    world.replay(alert.id, "ee")
    assert [(row.limit, row.fair) for row in world.rows()] == [("network:ee", str(world.service.id))]
    world.run()

    assert world.state(alert).where == "acknowledged"


class _Broken(MemoryNetworks):
    def send(self, network, route, instruction):
        raise KeyError("headline")


@pytest.mark.parametrize("error", [NotFound("no failed row"), AlreadyExists("an unfinished row")])
def test_two_operators_at_once(world, message, refused, error):
    world.put_service(active=True)
    world.ledger = _SomebodyElse(world.database, error)

    with pytest.raises(Conflict, match=f"was first: look again with notify broadcasts show {message.id}"):
        world.replay(refused.id, "ee")


class _SomebodyElse(MemoryTaskLedger):
    """Another operator has replayed, or purged, the row in between."""

    def __init__(self, database, error):
        super().__init__(database)
        self._error = error

    def replay(self, entry_id):
        raise self._error


def test_a_cancellation_that_has_nothing_to_cancel_any_more_ends(world, message, alert):
    world.cancelled(message)
    cancel = world.events(message)[-1]
    world.run(SendBroadcastEvent)
    key = SendBroadcastProviderMessage(cancel.id, "ee").dedupe_key()
    row = next(row.id for row in world.rows() if row.dedupe == key)
    world.run_one(lambda due: next(one for one in due if one == row))
    world.assume_not_sent(cancel)

    world.run()

    assert world.networks.calls("ee") == ()
    assert world.state(cancel).where == "nothing-to-cancel"
    assert key not in {row.dedupe for row in world.rows()}
