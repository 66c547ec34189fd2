from notify_core.testing.contracts.unverified_token import UnverifiedTokenContract
from notify_core.testing.fakes.token import MemoryToken


class TestMemoryToken(UnverifiedTokenContract):
    def make(self, **claims):
        return MemoryToken(**claims)
