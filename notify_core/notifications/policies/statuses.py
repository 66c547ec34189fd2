"""The words by which a listing asks for statuses."""

from collections.abc import Iterable
from typing import Final

from notify_core.kernel.errors import InvalidValue
from notify_core.notifications.states import FAILED, Status

ANY_FAILURE: Final = "failed"
# Statuses that only letters have.
OF_LETTERS: Final = (
    "pending-virus-check",
    "validation-failed",
    "virus-scan-failed",
    "returned-letter",
    "accepted",
    "received",
)
KNOWN: Final = (*(status.value for status in Status), ANY_FAILURE, *OF_LETTERS)


def statuses_named(words: Iterable[str]) -> frozenset[Status]:
    """The statuses of texts and emails that ``words`` mean; ``failed`` is every failure. Words for
    letters mean none of them.

    :raises InvalidValue: an unknown word.
    """
    return frozenset(status for word in words for status in _meant(word))


def _meant(word: str) -> frozenset[Status]:
    if word == ANY_FAILURE:
        return FAILED
    if word in OF_LETTERS:
        return frozenset()
    try:
        return frozenset({Status(word)})
    except ValueError:
        raise InvalidValue(f"status {word} is not one of [{', '.join(KNOWN)}]") from None
