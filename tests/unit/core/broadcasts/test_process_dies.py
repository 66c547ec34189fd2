"""What if the process dies right here? The next one ends what it began: acknowledged, once, the same
identifier and number."""

from datetime import timedelta

import pytest

from notify_core.broadcasts.model import Route
from notify_core.broadcasts.states import ProviderMessageStatus as P
from notify_core.broadcasts.tasks import SendBroadcastEvent
from notify_core.testing.fakes.networks import MemoryNetworks


class DyingNetworks(MemoryNetworks):
    """The process dies once, before the network has heard anything or after it has acknowledged."""

    def __init__(self, death, *, heard, route=Route.FIRST):
        super().__init__(["vodafone"])
        self._death, self._heard, self._route = death, heard, route

    def send(self, network, route, instruction):
        if self._death is None or route is not self._route:
            super().send(network, route, instruction)
            return
        if self._heard:
            super().send(network, route, instruction)
        death, self._death = self._death, None
        raise death


def ends_well(world, message):
    """The lease runs out, another process takes over."""
    (copy,) = world.copies(message)
    assert copy.status is P.SENDING
    begun = (copy.id, copy.message_number)

    world.advance(timedelta(minutes=6))
    world.run()

    (copy,) = world.copies(message)
    assert copy.status is P.RETURNED_ACK
    assert (copy.id, copy.message_number) == begun
    (acknowledged,) = world.networks.acknowledged("vodafone")
    assert (acknowledged.identifier, acknowledged.message_number) == (str(copy.id), "00000001")
    assert world.rows() == []
    assert world.attempts(copy)[-1][1] == "acknowledged"
    return copy


@pytest.mark.parametrize("heard", [False, True], ids=["before the network heard", "before it was recorded"])
def test_during_the_first_try(world, process_died, heard):
    world.networks = DyingNetworks(process_died(), heard=heard)
    message = world.live()
    with pytest.raises(process_died):
        world.deliver()

    copy = ends_well(world, message)

    assert [outcome for _, outcome, _ in world.attempts(copy)] == ["started", "started", "acknowledged"]


@pytest.mark.parametrize("heard", [False, True], ids=["before the network heard", "before it was recorded"])
def test_during_the_second_route(world, process_died, heard):
    world.networks = DyingNetworks(process_died(), heard=heard, route=Route.SECOND)
    world.networks.fail("vodafone", Route.FIRST, times=1)
    message = world.live()
    with pytest.raises(process_died):
        world.deliver()

    ends_well(world, message)


def test_while_its_tasks_are_written(world, process_died):
    world.networks = MemoryNetworks(["vodafone"])
    message = world.live()
    world.storage.fail_next_commit(process_died())
    with pytest.raises(process_died):
        world.run(SendBroadcastEvent)
    assert world.copies(message) == []

    world.advance(timedelta(minutes=6))
    world.run(times=2)

    (copy,) = world.copies(message)
    assert copy.status is P.RETURNED_ACK


def test_before_its_copy_is_kept(world, process_died):
    world.networks = MemoryNetworks(["vodafone"])
    message = world.live()
    world.run(SendBroadcastEvent)
    world.storage.fail_next_commit(process_died())
    with pytest.raises(process_died):
        world.run()
    assert (world.copies(message), world.networks.calls()) == ([], ())

    world.advance(timedelta(minutes=6))
    world.run()

    assert len(world.networks.acknowledged("vodafone")) == 1


def test_an_acknowledgement_that_got_lost(world):
    world.networks = MemoryNetworks(["vodafone"])
    world.networks.lose_acknowledgement("vodafone", times=1)
    message = world.live()

    world.deliver()
    world.advance(timedelta(seconds=1))
    world.run()

    (copy,) = world.copies(message)
    assert copy.status is P.RETURNED_ACK
    assert len(world.networks.acknowledged("vodafone")) == 1


@pytest.mark.parametrize("for_one_network", [False, True], ids=["with its event in hand", "with its copy in hand"])
def test_however_often(world, for_one_network):
    """Other work is given up when worker after worker dies of it. An alert is not."""
    world.networks = MemoryNetworks(["vodafone"])
    message = world.live()
    if for_one_network:
        world.run(SendBroadcastEvent)
    for _ in range(12):
        world.run_and_die(commits=0)
        world.advance(timedelta(minutes=6))
    assert world.networks.calls() == ()

    world.run(times=2)

    assert len(world.networks.acknowledged("vodafone")) == 1
    assert world.message(message).status == "broadcasting"
