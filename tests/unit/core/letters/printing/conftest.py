import pytest

from tests.unit.core.letters.printing.house import PrintingHouse


@pytest.fixture
def house():
    return PrintingHouse()
