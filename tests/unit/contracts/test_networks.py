import pytest

from notify_core.testing.contracts.network_profile import NetworkProfileContract
from notify_core.testing.contracts.networks import NetworksContract
from notify_core.testing.fakes.networks import PROFILES, MemoryNetworks


class MemoryOtherEnd:
    def __init__(self, networks):
        self._networks = networks

    def make_it_fail(self, network, route=None, times=None):
        self._networks.fail(network, route, times)

    def make_it_lose_the_acknowledgement(self, network, route, times):
        self._networks.lose_acknowledgement(network, route, times)

    def taken(self, network):
        return [instruction.identifier for instruction in self._networks.acknowledged(network)]


class TestMemoryNetworks(NetworksContract):
    @pytest.fixture
    def networks(self):
        return MemoryNetworks()

    @pytest.fixture
    def other_end(self, networks):
        return MemoryOtherEnd(networks)


class TestDisconnectedMemoryNetworks(TestMemoryNetworks):
    connected = False

    @pytest.fixture
    def networks(self):
        return MemoryNetworks(connected=False)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
class TestMemoryProfiles(NetworkProfileContract):
    @pytest.fixture
    def networks(self):
        return MemoryNetworks()
