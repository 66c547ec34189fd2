import pytest

from notify_core.kernel.errors import InvalidValue, NotAllowed
from notify_core.letters.policies import MESSAGES, Flaw, NotPrintable
from notify_core.recipients.model import PostalAddress, postal_address


def test_every_flaw_is_explained_in_a_sentence_of_its_own():
    assert set(MESSAGES) == set(Flaw)
    assert len(set(MESSAGES.values())) == len(Flaw)


def test_a_refusal_says_why_and_where():
    refused = NotPrintable(Flaw.NOT_A4, [2, 5], 6)
    assert isinstance(refused, NotAllowed)
    assert (refused.flaw, refused.pages, refused.page_count) == (Flaw.NOT_A4, (2, 5), 6)
    assert str(refused) == "Every page must be A4 portrait (210 by 297 mm)."


ALL = [
    value for name, value in vars(postal_address).items() if name.isupper() and isinstance(value, str) and " " in value
]


@pytest.mark.parametrize("message", ALL)
def test_whatever_an_address_can_be_refused_for_is_a_flaw_on_page_1(message):
    refused = NotPrintable.for_address(InvalidValue(message), 3)
    assert (str(refused), refused.pages, refused.page_count) == (message, (1,), 3)


def test_those_are_all_messages_of_an_address():
    assert len(ALL) == 7
    with pytest.raises(InvalidValue) as refused:
        PostalAddress.parse([], abroad=True)
    assert str(refused.value) in ALL
