"""What an address decides about a letter."""

from typing import Final

from notify_core.letters.model import Postage
from notify_core.recipients.model import PostalAddress
from notify_core.recipients.model.countries import Zone

# What a sender may choose; how letters go abroad is for their country to say.
AT_HOME: Final = (Postage.FIRST, Postage.SECOND, Postage.ECONOMY)


def postage_to(address: PostalAddress, chosen: Postage) -> Postage:
    """What the sender chose goes within the UK; abroad, the country decides."""
    return chosen if address.zone is Zone.UK else Postage(address.zone.value)
