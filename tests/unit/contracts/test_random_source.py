import pytest

from notify_core.testing.contracts.random_source import RandomSourceContract
from notify_core.testing.fakes.random_source import SeededRandom


class TestSeededRandom(RandomSourceContract):
    @pytest.fixture
    def random(self):
        return SeededRandom(1)

    def test_the_same_seed_gives_the_same_identities(self):
        assert SeededRandom(5).uuid() == SeededRandom(5).uuid()
        assert SeededRandom(5).uuid() != SeededRandom(6).uuid()
