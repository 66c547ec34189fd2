import pytest

from notify_core.testing.contracts.cap_reader import CapReaderContract
from notify_core.testing.fakes.cap_reader import MemoryCapReader


class TestMemoryCapReader(CapReaderContract):
    @pytest.fixture
    def reader(self):
        return MemoryCapReader()
