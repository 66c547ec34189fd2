"""What letters cost. Source: the rates that a deployer sets; amounts are exact."""

from collections.abc import Iterable
from typing import Final

from notify_core.accounts.model import KeyType
from notify_core.letters.model import Letter, LetterRate
from notify_core.letters.states import FAILED, LetterStatus
from notify_core.notifications.model import Cost
from notify_core.notifications.policies.costs import FREE

# Nothing was printed.
_UNPRINTED: Final = FAILED | {LetterStatus.CANCELLED}


def cost_of_letter(letter: Letter, rates: Iterable[LetterRate]) -> Cost | None:
    """None where it is not known yet: how many sheets a letter has shows when its PDF is made or checked, and what
    they cost is for the deployer to say."""
    if letter.key_type is KeyType.TEST or letter.status in _UNPRINTED:
        return FREE
    if not letter.sheets:
        return None
    fitting = (
        one
        for one in rates
        if one.valid_from <= letter.created_at and (one.sheets, one.postage) == (letter.sheets, letter.postage)
    )
    rate = max(fitting, key=lambda one: one.valid_from, default=None)
    return None if rate is None else Cost(rate.rate)
