from datetime import timedelta

import pytest

from notify_core.kernel.errors import TransientError
from notify_core.testing.contracts.virus_scanner import VirusScannerContract
from notify_core.testing.fakes.virus_scanner import MemoryVirusScanner


class TestMemoryVirusScanner(VirusScannerContract):
    @pytest.fixture
    def scanner(self):
        return MemoryVirusScanner()

    def make_it_fail(self, scanner):
        scanner.fail_with(TransientError("away", retry_after=timedelta(seconds=30)))
