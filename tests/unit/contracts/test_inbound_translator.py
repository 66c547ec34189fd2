import pytest

from notify_core.testing.contracts.inbound_translator import InboundTranslatorContract
from notify_core.testing.fakes.inbound import MemoryInboundTranslator


class TestMemoryInboundTranslator(InboundTranslatorContract):
    @pytest.fixture
    def translator(self):
        return MemoryInboundTranslator()

    def genuine(self, translator, source, destination, content):
        return translator.request(source, destination, content)
