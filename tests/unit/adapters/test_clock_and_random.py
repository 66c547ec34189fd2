import pytest

from notify_adapters.clock.system import build as build_clock
from notify_adapters.random_source.system import build as build_random
from notify_core.testing.contracts.clock import ClockContract
from notify_core.testing.contracts.random_source import RandomSourceContract


class TestSystemClock(ClockContract):
    @pytest.fixture
    def clock(self):
        return build_clock({})


class TestSystemRandom(RandomSourceContract):
    @pytest.fixture
    def random(self):
        return build_random({})
