"""Until when a letter may still be stopped. Source: letters.md, section 6, last line."""

from datetime import datetime
from typing import Final

from notify_core.kernel.calendar import format_datetime
from notify_core.kernel.errors import NotAllowed
from notify_core.letters.model import Letter
from notify_core.letters.policies.cut_off import cut_off
from notify_core.letters.policies.statuses import shown_status
from notify_core.letters.states import LetterStatus

_CANCELLABLE: Final = frozenset({LetterStatus.PENDING_VIRUS_CHECK, LetterStatus.CREATED})


def check_letter_cancellable(letter: Letter, now: datetime) -> None:
    """:raises NotAllowed: it is with the printer or has ended, or the print run that takes it is closed; or an earlier
    one, begun by hand, has it in a zip, which may be with the printer by now."""
    if letter.status not in _CANCELLABLE:
        raise NotAllowed(f"Notification cannot be cancelled: it is {shown_status(letter.status)}")
    closed = cut_off(letter.created_at)
    if now > closed:
        raise NotAllowed(f"Notification cannot be cancelled: its print run closed at {format_datetime(closed)}")
    if letter.print_group is not None:
        raise NotAllowed("Notification cannot be cancelled: it is being printed")
