import pytest

from notify_core.testing.contracts.sms_supplier import SmsSupplierContract
from notify_core.testing.fakes.suppliers import MemorySmsSupplier


class TestMemorySmsSupplier(SmsSupplierContract):
    @pytest.fixture
    def supplier(self):
        return MemorySmsSupplier()

    @pytest.fixture
    def other_end(self, supplier):
        return supplier
