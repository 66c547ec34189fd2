import pytest

from notify_core.accounts.model import KeyType
from notify_core.letters.model import Postage
from notify_core.letters.policies import billed_sheets, postage_to
from notify_core.recipients.model import PostalAddress


@pytest.mark.parametrize("chosen", [Postage.FIRST, Postage.SECOND, Postage.ECONOMY])
@pytest.mark.parametrize(
    ("last", "postage"),
    [
        ("SW1A 1AA", None),
        ("Jersey\nJE2 3AB", None),
        ("France", Postage.EUROPE),
        ("New Zealand", Postage.REST_OF_WORLD),
    ],
)
def test_abroad_the_country_decides_on_the_postage(chosen, last, postage):
    address = PostalAddress.parse(["Grace", "1 High Street", "Some town", last], abroad=True)
    assert postage_to(address, chosen) is (postage or chosen)


@pytest.mark.parametrize(("pages", "sheets"), [(0, 0), (1, 1), (2, 1), (3, 2), (10, 5)])
def test_two_pages_are_a_sheet(pages, sheets):
    assert billed_sheets(pages, KeyType.NORMAL) == billed_sheets(pages, KeyType.TEAM) == sheets
    assert billed_sheets(pages, KeyType.TEST) == 0
