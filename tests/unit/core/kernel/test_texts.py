import pytest

from notify_core.kernel.texts import is_storable, storable


@pytest.mark.parametrize("text", ["", "Dŵr\n\t", "\N{WATER WAVE}", "\x1b", "\uffff"])
def test_nearly_every_text_can_be_kept(text):
    assert is_storable(text)


@pytest.mark.parametrize("text", ["a\0b", "\0", "half \ud83d", "\udc00"])
def test_zeros_and_halves_of_pairs_cannot(text):
    assert not is_storable(text)


@pytest.mark.parametrize(
    ("text", "kept"), [("Dŵr\n\t", "Dŵr\n\t"), ("a\0b", "a\ufffdb"), ("\udc00half \ud83d", "\ufffdhalf \ufffd")]
)
def test_what_somebody_else_said_can_be_made_so(text, kept):
    assert storable(text) == kept
