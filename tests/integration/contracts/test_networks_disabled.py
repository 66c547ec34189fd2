import pytest

from notify_adapters.cbc.disabled import DisabledNetworks
from notify_adapters.cbc.networks import ee, o2, three, vodafone
from notify_adapters.cbc.profiles import Profiles
from notify_core.testing.contracts.networks import NetworksContract


class NobodyThere:
    def make_it_fail(self, network, route=None, times=None):
        """It is no worse than before."""

    def make_it_lose_the_acknowledgement(self, network, route, times):
        """There is none to lose."""

    def taken(self, network):
        return []


class TestDisabledNetworks(NetworksContract):
    connected = False

    @pytest.fixture
    def networks(self):
        return DisabledNetworks(Profiles({each.PROFILE.name: each.PROFILE for each in (ee, o2, three, vodafone)}))

    @pytest.fixture
    def other_end(self):
        return NobodyThere()
