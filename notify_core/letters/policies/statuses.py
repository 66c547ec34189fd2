"""The words in which senders speak of a letter's status. Source: letters.md, section 7, statuses to the outside."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from notify_core.letters.states import FAILED, LetterStatus
from notify_core.notifications.policies.statuses import ANY_FAILURE

ACCEPTED: Final = "accepted"
RECEIVED: Final = "received"

_S = LetterStatus
_SHOWN: Final[Mapping[LetterStatus, str]] = MappingProxyType(
    {_S.CREATED: ACCEPTED, _S.SENDING: ACCEPTED, _S.DELIVERED: RECEIVED, _S.RETURNED: RECEIVED}
)
_MEANT: Final[Mapping[str, frozenset[LetterStatus]]] = MappingProxyType(
    {
        **{status.value: frozenset({status}) for status in _S},
        ANY_FAILURE: FAILED,
        **{word: frozenset(status for status, shown in _SHOWN.items() if shown == word) for word in _SHOWN.values()},
    }
)


def shown_status(status: LetterStatus) -> str:
    """What a sender reads."""
    return _SHOWN.get(status, status.value)


def letter_statuses_named(words: Iterable[str]) -> frozenset[LetterStatus]:
    """What ``words`` of a listing mean of letters: those that senders read, and our own; words for texts and emails
    mean none."""
    return frozenset(status for word in words for status in _MEANT.get(word, ()))
