import pytest

from notify_adapters.options import BadOption
from notify_adapters.virus_scanner.none import build
from notify_core.testing.contracts.virus_scanner import VirusScannerContract


class TestNoScanner(VirusScannerContract):
    finds = False
    can_fail = False  # nothing is on the other side

    @pytest.fixture
    def scanner(self):
        return build({})


def test_options_are_checked():
    with pytest.raises(BadOption, match="known ones: none"):
        build({"host": "localhost"})
