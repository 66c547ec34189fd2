import pytest

from notify_core.accounts.model import Caller
from notify_core.testing.builders import a_service, an_api_key
from tests.unit.core.letters.reading.desk import Reading


@pytest.fixture
def reading():
    return Reading()


@pytest.fixture
def stranger():
    return Caller(a_service(), an_api_key())
