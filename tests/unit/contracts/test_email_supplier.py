import pytest

from notify_core.testing.contracts.email_supplier import EmailSupplierContract
from notify_core.testing.fakes.suppliers import MemoryEmailSupplier


class TestMemoryEmailSupplier(EmailSupplierContract):
    @pytest.fixture
    def supplier(self):
        return MemoryEmailSupplier()

    @pytest.fixture
    def other_end(self, supplier):
        return supplier
