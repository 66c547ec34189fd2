"""Rendering and checking agree on what can be printed: a rendered letter that is uploaded passes."""

import pytest

from notify_adapters.letter_renderer.reportlab import build as build_renderer
from notify_adapters.letter_sanitiser.pdfium import build as build_sanitiser
from tests.integration.letters.samples import SAMPLES


@pytest.mark.parametrize("content", SAMPLES.values(), ids=SAMPLES)
def test_a_rendered_letter_passes_the_check_of_uploads(content):
    rendered = build_renderer({}).render(content)
    sanitised = build_sanitiser({}).sanitise(rendered.pdf)
    assert sanitised.address == content.address
    assert sanitised.pages == rendered.pages
