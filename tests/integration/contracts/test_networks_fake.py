import pytest

from notify_adapters.cbc.fake import FakeNetworks
from notify_adapters.cbc.fake_store import Behaviour, FakeNetworkStore, Kind
from notify_adapters.cbc.networks import ee, o2, three, vodafone
from notify_adapters.cbc.profiles import Profiles
from notify_core.testing.contracts.networks import NetworksContract


class StoreOtherEnd:
    """Scripts and looks as another process would: through the store alone."""

    def __init__(self, store):
        self._store = store

    def make_it_fail(self, network, route=None, times=None):
        self._store.script(network, route, Behaviour(Kind.FUNCTION_ERROR), times)

    def make_it_lose_the_acknowledgement(self, network, route, times):
        self._store.script(network, route, Behaviour(Kind.ACKNOWLEDGEMENT_LOST), times)

    def taken(self, network):
        everything = self._store.broadcasts(network) + self._store.broadcasts(network, link_tests=True)
        return [broadcast.identifier for broadcast in everything]


class TestFakeNetworks(NetworksContract):
    @pytest.fixture
    def networks(self, tmp_path):
        profiles = {each.PROFILE.name: each.PROFILE for each in (ee, o2, three, vodafone)}
        return FakeNetworks(FakeNetworkStore(tmp_path), Profiles(profiles))

    @pytest.fixture
    def other_end(self, tmp_path):
        return StoreOtherEnd(FakeNetworkStore(tmp_path))
