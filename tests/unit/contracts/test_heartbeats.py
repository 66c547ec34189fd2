import pytest

from notify_core.testing.contracts.heartbeats import HeartbeatsContract
from notify_core.testing.fakes.heartbeats import MemoryHeartbeats


class TestMemoryHeartbeats(HeartbeatsContract):
    @pytest.fixture
    def heartbeats(self) -> MemoryHeartbeats:
        return MemoryHeartbeats()

    def seen(self, heartbeats: MemoryHeartbeats) -> list[tuple[str, str]]:
        return [(name, str(state)) for name, state in heartbeats.beats]

    def make_the_watcher_fail(self, heartbeats: MemoryHeartbeats) -> None:
        heartbeats.down = True
