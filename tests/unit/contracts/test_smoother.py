import pytest

from notify_core.testing.contracts.smoother import PolygonSmootherContract
from notify_core.testing.fakes.smoother import MemorySmoother


class TestMemorySmoother(PolygonSmootherContract):
    smooths = False

    @pytest.fixture
    def smoother(self):
        return MemorySmoother()
