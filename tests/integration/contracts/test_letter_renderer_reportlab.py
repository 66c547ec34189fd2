import pytest

from notify_adapters.letter_renderer.reportlab import build
from notify_core.testing.contracts.letter_renderer import LetterRendererContract


class TestReportlabRenderer(LetterRendererContract):
    @pytest.fixture
    def renderer(self):
        return build({})
