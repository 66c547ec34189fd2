import pytest

from notify_core.notifications.model import Outcome
from notify_core.notifications.ports import ReceiptRequest
from notify_core.testing.contracts.receipt_translator import ReceiptTranslatorContract
from notify_core.testing.fakes.receipts import MemoryReceiptTranslator


class TestMemoryReceiptTranslator(ReceiptTranslatorContract):
    outcomes = frozenset(Outcome)

    @pytest.fixture
    def translator(self):
        return MemoryReceiptTranslator()

    def genuine(self, translator, reference, outcome):
        return translator.request((reference, outcome))

    def forged(self, translator):
        return ReceiptRequest(translator.request(("reference-1", "delivered")).body, {})
