import pytest

from tests.unit.core.letters.accepting.desk import Accepting


@pytest.fixture
def accepting():
    return Accepting()
