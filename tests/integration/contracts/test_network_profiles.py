import pytest

from notify_adapters.cbc.fake import FakeNetworks
from notify_adapters.cbc.fake_store import FakeNetworkStore
from notify_adapters.cbc.networks import ee, o2, three, vodafone
from notify_adapters.cbc.profiles import Profiles
from notify_core.testing.contracts.network_profile import NetworkProfileContract


class CheckedByTheFake(NetworkProfileContract):
    @pytest.fixture
    def networks(self, profile, tmp_path):
        return FakeNetworks(FakeNetworkStore(tmp_path), Profiles({profile.name: profile}))


class TestEe(CheckedByTheFake):
    @pytest.fixture
    def profile(self):
        return ee.PROFILE


class TestO2(CheckedByTheFake):
    @pytest.fixture
    def profile(self):
        return o2.PROFILE


class TestThree(CheckedByTheFake):
    @pytest.fixture
    def profile(self):
        return three.PROFILE


class TestVodafone(CheckedByTheFake):
    @pytest.fixture
    def profile(self):
        return vodafone.PROFILE
