import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.kernel.errors import TransientError
from notify_core.letters.policies.content import LetterContent
from notify_core.templates.model.markdown import parse
from notify_core.testing.contracts.letter_renderer import LETTER, LetterRendererContract
from notify_core.testing.fakes.letter_renderer import MemoryLetterRenderer

texts = st.text(max_size=200)


class TestMemoryLetterRenderer(LetterRendererContract):
    @pytest.fixture
    def renderer(self):
        return MemoryLetterRenderer()


@given(address=texts, subject=texts, body=texts)
def test_any_text_is_a_page(address, subject, body):
    content = LetterContent((address,), (address,), "1 May 2026", subject, parse(body))
    assert MemoryLetterRenderer().render(content).pages >= 1


def test_it_can_be_told_to_fail():
    renderer = MemoryLetterRenderer()
    renderer.fail_with(TransientError("out of paper"))
    with pytest.raises(TransientError):
        renderer.render(LETTER)
    assert renderer.render(LETTER).pages == 1
    assert renderer.rendered == [LETTER, LETTER]
