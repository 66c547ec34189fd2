"""How numbers of received texts are written."""

from dataclasses import replace
from typing import Final

from notify_core.inbound.model import ReceivedText
from notify_core.kernel.errors import InvalidValue, NotAllowed
from notify_core.kernel.texts import storable
from notify_core.recipients.model import PhoneNumber

LONGEST_SENDER: Final = 255

_COUNTRY: Final = "44"


def national(number: str) -> str:
    """A number of ours as it is written here: suppliers have a country code where it has a 0."""
    digits = number.strip().removeprefix("+")
    return f"0{digits.removeprefix(_COUNTRY)}" if digits.startswith(_COUNTRY) else digits


def spellings(number: str) -> frozenset[str]:
    """How a service's sender may have been written down."""
    own = national(number)
    abroad = _COUNTRY + own.removeprefix("0")
    return frozenset({own, abroad, f"+{abroad}"})


def keepable(received: ReceivedText) -> ReceivedText:
    """Without what no database keeps: refused, its supplier would bring it again and again."""
    return replace(
        received,
        reference=storable(received.reference),
        destination=storable(received.destination),
        content=storable(received.content),
    )


def sender_of(source: str) -> str:
    """Whom to answer: a number with its country code, or what the supplier calls a sender that is none."""
    try:
        return str(PhoneNumber.parse(source)).removeprefix("+")
    except (InvalidValue, NotAllowed):
        return storable(source.strip())[:LONGEST_SENDER]
