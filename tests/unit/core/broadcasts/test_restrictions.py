import pytest

from notify_core.accounts.model import Permission
from notify_core.broadcasts.use_cases.restrictions import FindMisdirected, Misdirected
from notify_core.testing.builders import a_service, broadcast_settings


@pytest.fixture
def find(world):
    return FindMisdirected(world.storage, world.networks)


@pytest.fixture
def restricted(world):
    """A service that may broadcast, to ``network`` only."""

    def put(network, **changes):
        service = a_service(**({"permissions": frozenset({Permission.BROADCAST})} | changes))
        with world.storage() as work:
            work.services.put(service)
            work.settings.put_broadcast(broadcast_settings(service_id=service.id, provider=network))
            work.commit()
        return service

    return put


def test_all_networks_or_one_that_is_enabled_is_right(find, restricted):
    restricted("ee")

    assert find() == []


def test_a_network_that_nobody_knows(find, restricted):
    second, first = restricted("giffgaff", name="b"), restricted("gifgaf", name="a")

    assert find() == [Misdirected(first.id, "gifgaf", known=False), Misdirected(second.id, "giffgaff", known=False)]


def test_a_network_that_is_disabled(world, find, restricted):
    service = restricted("o2")
    world.networks.enable("ee", "three")

    assert find() == [Misdirected(service.id, "o2", known=True)]


def test_who_may_not_broadcast_does_not_matter(world, find, restricted):
    restricted("giffgaff", permissions=frozenset({Permission.SMS}))
    with world.storage() as work:
        work.services.put(a_service(permissions=frozenset({Permission.BROADCAST})))
        work.commit()

    assert find() == []
