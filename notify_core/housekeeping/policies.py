"""When a service's texts give cause for concern. Source: the page on jobs and callbacks, "Delivery"."""

from typing import Final

from notify_core.accounts.model import Service
from notify_core.housekeeping.model import TextsSent

FEWEST_TEXTS: Final = 100
HIGH_RATE: Final = 0.25
MOST_TO_TV_NUMBERS: Final = 500

# Numbers that Ofcom sets aside for drama and advice: nobody has one, so who writes to many of them is testing.
TV_NUMBERS: Final = frozenset(f"+447700900{number:03}" for number in range(1000))


def is_watched(service: Service) -> bool:
    """Whether it is a real one: active, no longer on trial, and counted."""
    return service.active and not service.restricted and service.count_as_live


def fails_often(sent: TextsSent) -> bool:
    """A quarter or more of at least a hundred texts failed for good."""
    return sent.total >= FEWEST_TEXTS and sent.failed_for_good >= HIGH_RATE * sent.total


def writes_to_television(sent: TextsSent) -> bool:
    """More than 500 texts went to numbers that nobody has."""
    return sent.to_tv_numbers > MOST_TO_TV_NUMBERS
